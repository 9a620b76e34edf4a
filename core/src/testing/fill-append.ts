import { fromBase64 } from '../encode/bytes'
import { encodeCanonical, type Json } from '../encode/canonical'
import { type DerNode, readDer, TAG } from '../encode/der'
import { octetString, retag, sequence, setOf, tlv } from '../encode/der-write'
import type { LogEntry } from '../model/entry'
import type { Ledger } from '../model/ledger'
import type { SealUse } from '../model/opening'
import type { Pki } from './pki'
import { type HeldSeal, sealer, useOf } from './scene'
import { sealEntries, withParts } from './uses'

/** What an append is to be filled with. */
export interface Filling {
  readonly held: HeldSeal
  /** Whose authority stamps. */
  readonly stampedBy: Pki
  /** Uses of the seal recorded so far. */
  readonly recorded: number
  readonly at: Date
  readonly count: number
  /** What entries and uses are to take together, as canonical JSON. */
  readonly bytes: number
}

/** An append's entries and the uses they are of. */
export interface Filled {
  readonly entries: readonly LogEntry[]
  readonly uses: readonly SealUse[]
}

/**
 * Base64 grows by four. Two times' fractions, in milliseconds, stand in their entries too, and make up for the rest:
 * 0, 2, 3 and 5 characters.
 */
const FRACTIONS = [
  [0, 0],
  [0, 100],
  [0, 120],
  [100, 120],
] as const

/** Left for the last token's filling when the others share out the rest: far from where its length fields grow. */
const LAST_BYTES = 10_000
/** Tags and lengths around the filling. */
const HEADER_BYTES = 12

/**
 * Real uses that take exactly so many bytes: their tokens carry filling where the chain's certificates stand, which no
 * signature covers.
 * @param filling.count - 2 or more.
 * @throws Error when there is no such append: `bytes` too few, or more than tokens may have.
 */
export async function fillAppend(filling: Filling): Promise<Filled> {
  const { held, stampedBy, recorded, at, count, bytes } = filling
  const bare = await Promise.all(Array.from({ length: count }, () => useOf(held, stampedBy, at)))
  const entriesOf = (uses: readonly SealUse[]) => sealEntries(uses, held.seal, recorded)
  const missing = (uses: readonly SealUse[]) => bytes - sizeOf(entriesOf(uses)) - sizeOf(uses)
  const share = Math.floor(((missing(bare) * 3) / 4 - LAST_BYTES) / count) - HEADER_BYTES
  const others = bare.slice(2).map((use) => filled(use, share))
  const stamped = (ms: number) => useOf(held, stampedBy, new Date(Math.floor(at.getTime() / 1000) * 1000 + ms))
  for (const [first, second] of FRACTIONS) {
    const last = await stamped(first)
    const rest = [filled(await stamped(second), share), ...others]
    const room = missing([last, ...rest])
    for (let more = Math.floor((room * 3) / 4) - 64; more < room; more++) {
      const uses = [filled(last, more), ...rest]
      const grown = uses[0].token.length - last.token.length
      if (grown === room) return { entries: entriesOf(uses), uses }
      if (grown > room) break
    }
  }
  throw new Error(`no append of ${count} uses takes ${bytes} bytes`)
}

/** What a test at the edge of the limits does with one seal, again and again. */
export interface Filler {
  /** {@link fillAppend} with the seal's next uses. */
  filled(count: number, bytes: number): Promise<Filled>
  /** @returns by how many entries the log grew. */
  append(filled: Filled): Promise<number>
}

/** Fills appends for a seal of the ledger. @param now - when their tokens are of. */
export function fillerOf(ledger: Ledger, held: HeldSeal, stampedBy: Pki, now: () => Date): Filler {
  const { institution } = held.pki
  return {
    async filled(count, bytes) {
      const recorded = (await ledger.seal(institution, held.seal.id))?.uses ?? Number.NaN
      return fillAppend({ held, stampedBy, recorded, at: now(), count, bytes })
    },
    async append({ entries, uses }) {
      const { size } = await ledger.head(institution)
      const head = await ledger.append(sealer(held.pki), institution, size, entries, uses)
      return head.size - size
    },
  }
}

function sizeOf(value: readonly LogEntry[] | readonly SealUse[]): number {
  return encodeCanonical(value as unknown as Json).length
}

/** The use with so many bytes more in its token. */
function filled(use: SealUse, bytes: number): SealUse {
  const [type, content] = readDer(fromBase64(use.token)).children
  const parts = content.children[0].children
  const certificates = parts.filter(({ tag }) => tag === 0xa0).flatMap(({ children }) => children)
  const [before, after] = [parts.slice(0, 3), parts.slice(3).filter(({ tag }) => tag !== 0xa0)]
  const carried = setOf(...dersOf(certificates), sequence(octetString(new Uint8Array(bytes))))
  const signedData = sequence(...dersOf(before), retag(0xa0, carried), ...dersOf(after))
  return withParts(use, { token: tlv(TAG.sequence, type.der, tlv(content.tag, signedData)) })
}

function dersOf(nodes: readonly DerNode[]): readonly Uint8Array[] {
  return nodes.map(({ der }) => der)
}
