import { fromBase64 } from '../encode/bytes'
import { digestOfRecord } from '../encode/sha256'
import type { InstitutionId } from '../model/identifiers'
import { preservationRecord, type Receipt } from '../model/receipt'
import { TimestampError } from '../timestamp/timestamp-error'
import { parseToken, type TimestampToken } from '../timestamp/token'
import { verifyToken } from '../timestamp/verify-token'
import { DIGESTS } from '../x509/algorithm'
import { validatePath } from '../x509/path'
import { type Authentic, authenticOf } from './attested'
import { certificatesOf, endsAtOneOf } from './timestamp'
import type { TrustedTsa, TrustView } from './trust-view'

/** One token that preserves a receipt's attestations. */
export interface Preserving {
  /** Undefined when it cannot be read. */
  readonly token: TimestampToken | undefined
  /** The canonical bytes that it must be over. */
  readonly record: Uint8Array
}

/** The tokens over a receipt's attestations, oldest first; none when it has none. */
export function preservingTokens(receipt: Receipt): readonly Preserving[] {
  const { crls = [], tokens = [] } = receipt.preservation ?? {}
  return tokens.map((token, position) => ({
    token: tokenOf(token),
    record: preservationRecord(receipt, crls, tokens.slice(0, position)),
  }))
}

/**
 * {@link authenticOf} a receipt: peers are judged when their attestations existed; a node's key is pinned, whatever the time.
 * @param preserving - {@link preservingTokens} of the receipt.
 * @param at - when peers are judged where no preservation token says when.
 */
export async function authenticWhenPreserved(
  receipt: Receipt,
  preserving: () => readonly Preserving[],
  { trust, at }: { readonly trust: TrustView; readonly at: Date },
): Promise<readonly Authentic[]> {
  const byPeers = receipt.attestations.some(({ kind }) => kind === 'fabric')
  if (!byPeers) return authenticOf(receipt, trust, at)
  const tsas = authoritiesFor(receipt.entry.institution, trust)
  return authenticOf(receipt, trust, await preservedAt(preserving(), tsas, at))
}

/**
 * FORMAT.md 6, Lasting: when a receipt's attestations existed at the latest, which is when their signers are judged.
 *
 * The first token's genTime, if every token is over what came before it, by an authority of the trust file that is not the log
 * owner's and was not withdrawn (its key may be in other hands, which can put any time into a token), and each later one
 * was made while its predecessor's authority was valid. As for the signature's own timestamp, the last one is judged at its genTime.
 * @param at - the time of verification, given back when the tokens prove no time.
 */
async function preservedAt(preserving: readonly Preserving[], tsas: Authorities, at: Date): Promise<Date> {
  for (const [position, { token, record }] of preserving.entries()) {
    const last = position + 1 === preserving.length
    const seenAt = last ? token?.genTime : preserving[position + 1].token?.genTime
    if (token === undefined || seenAt === undefined) return at
    if (!(await provesTime(token, { record, seenAt, at, tsas }))) return at
  }
  return preserving[0]?.token?.genTime ?? at
}

interface Authorities {
  readonly own: readonly TrustedTsa[]
  readonly others: readonly TrustedTsa[]
}

function authoritiesFor(owner: InstitutionId, { tsas }: TrustView): Authorities {
  return {
    own: tsas.filter(({ organisation }) => organisation === owner),
    others: tsas.filter(({ organisation, withdrawnAt }) => organisation !== owner && withdrawnAt === undefined),
  }
}

interface Expected {
  readonly record: Uint8Array
  /** When the token was still to be believed: its authority's path must be valid then. */
  readonly seenAt: Date
  readonly at: Date
  readonly tsas: Authorities
}

async function provesTime(token: TimestampToken, { record, seenAt, at, tsas }: Expected): Promise<boolean> {
  const algorithm = DIGESTS.get(token.imprint.oid)
  if (algorithm === undefined || seenAt < token.genTime) return false
  const imprint = await digestOfRecord(algorithm, record)
  const check = await verifyToken(token, { imprint, certificates: certificatesOf(tsas.others), at })
  if (!check.ok) return false
  if (await endsAtOneOf(check, tsas.own)) return false
  const { tsa: leaf, chain: others } = check
  return (await validatePath({ leaf, others, anchors: certificatesOf(tsas.others), at: seenAt, purpose: 'tsa' })).ok
}

function tokenOf(base64: string): TimestampToken | undefined {
  try {
    return parseToken(fromBase64(base64))
  } catch (refusal) {
    if (refusal instanceof TimestampError) return undefined
    throw refusal
  }
}
