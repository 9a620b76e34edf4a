import { MAX_APPEND_BYTES, MAX_ENTRIES } from '@cinnabar/chaincode'
import {
  type DepositEntry,
  type Digest,
  type InstitutionId,
  type Ledger,
  type LogEntry,
  OpeningFormat,
  parseToken,
  type Seal,
  SealFormat,
  type SealId,
  type SealSignatureEntry,
  type SealSignatureId,
  type Time,
  type Use,
} from '@cinnabar/core'
import { NotarizeError } from './notarize-error'
import type { BatchRecord } from './records'

/** A use of a seal, or a deposit, on its way to the ledger. */
export interface PendingUse {
  readonly id: SealSignatureId
  readonly use: Use
  /** Of a deposit: the part of a request that it came with. */
  readonly part?: string
  /** Of its token, if that was read already. */
  readonly tokenTime?: Time
}

/** A head that holds a batch's entries. */
export interface Landing {
  readonly institution: InstitutionId
  readonly size: number
  readonly root: Digest
}

/** Where a use stands in the log. */
export interface Place {
  readonly landing: Landing
  readonly index: number
  readonly entry: LogEntry
  /** The seal's record in force when it was recorded; a deposit has none. */
  readonly seal?: Seal
}

/** The entry beside the use, with all names as long as they may be, and what both are wrapped in. */
const ENTRY_BYTES = 1200

/** How many of the uses fit into one append; at least one. */
export function countThatFits(uses: readonly PendingUse[]): number {
  let bytes = 0
  let count = 0
  for (const { use } of uses) {
    bytes += ENTRY_BYTES + Buffer.byteLength(JSON.stringify(use))
    if (count > 0 && (bytes > MAX_APPEND_BYTES || count === MAX_ENTRIES)) break
    count++
  }
  return count
}

/**
 * The batch with the entries as the rules will make them, at the log's present size.
 * @throws {@link LedgerError} `LEDGER_UNAVAILABLE`; {@link NotarizeError} `SEAL_UNKNOWN`.
 */
export async function batchOf(
  ledger: Ledger,
  institution: InstitutionId,
  uses: readonly PendingUse[],
): Promise<BatchRecord> {
  // Head first: a change of the register after it changes the size, and the append is refused.
  const { size } = await ledger.head(institution)
  const counts = new Map<SealId, { seal: Seal; digest: Digest; uses: number }>()
  for (const id of new Set(uses.flatMap(({ use }) => (isSealUse(use) ? [use.opening.seal] : [])))) {
    const state = await ledger.seal(institution, id)
    if (state === undefined) throw new NotarizeError('SEAL_UNKNOWN', `there is no seal ${id}`, { seal: id })
    counts.set(id, { seal: state.seal, digest: SealFormat.digest(state.seal), uses: state.uses })
  }
  const entries = uses.map(({ use, tokenTime }) => {
    if (!isSealUse(use)) return { ...commonOf(use, tokenTime), kind: 'deposit' } as const
    const count = counts.get(use.opening.seal)
    if (count === undefined) throw new NotarizeError('INTERNAL', 'a seal was not read')
    count.uses++
    return entryOf(use, count.digest, count.uses)
  })
  return {
    institution,
    state: 'submitted',
    expectedSize: size,
    uses: uses.map(({ id }) => id),
    parts: [...new Set(uses.flatMap(({ part }) => part ?? []))],
    entries,
    seals: [...counts.values()].map(({ seal }) => seal),
  }
}

type SealUse = Extract<Use, { readonly type: 'cinnabar.sealUse.v1' }>

function isSealUse(use: Use): use is SealUse {
  return use.type === 'cinnabar.sealUse.v1'
}

function entryOf(use: SealUse, sealRecord: Digest, useNumber: number): SealSignatureEntry {
  const { certificate, seal } = use.opening
  return { ...commonOf(use), certificate, kind: 'sealSignature', seal, sealRecord, useNumber }
}

function commonOf({ opening, token }: Use, known?: Time): Omit<DepositEntry, 'kind'> {
  return {
    commitment: OpeningFormat.digest(opening),
    institution: opening.institution,
    tokenTime: known ?? (parseToken(Buffer.from(token, 'base64')).genTimeText as Time),
    type: 'cinnabar.entry.v1',
  }
}

/** The place of each use of a batch that landed. */
export function placesOf(batch: BatchRecord, landing: Landing): ReadonlyMap<SealSignatureId, Place> {
  const seals = new Map(batch.seals.map((seal) => [SealFormat.digest(seal), seal]))
  const places = new Map<SealSignatureId, Place>()
  for (const [i, entry] of batch.entries.entries()) {
    const seal = entry.kind === 'sealSignature' ? seals.get(entry.sealRecord) : undefined
    if (entry.kind === 'sealSignature' && seal === undefined) {
      throw new NotarizeError('INTERNAL', 'a batch lacks the record of a seal')
    }
    places.set(batch.uses[i], { landing, index: batch.expectedSize + i, entry, ...(seal && { seal }) })
  }
  return places
}
