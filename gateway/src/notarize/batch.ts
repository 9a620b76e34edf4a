import {
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
  type SealUse,
  type Time,
} from '@cinnabar/core'
import { NotarizeError } from './notarize-error'
import type { BatchRecord } from './records'

/** A use on its way to the ledger. */
export interface PendingUse {
  readonly id: SealSignatureId
  readonly use: SealUse
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
  /** The seal's record in force when it was recorded. */
  readonly seal: Seal
}

/** FORMAT.md section 5: an append has at most 1,000 leaves. */
const MAX_USES = 1000
/** As JSON. A transaction of 3 MB is endorsed in under a second. */
const MAX_BATCH_BYTES = 3_000_000
/** The entry beside the use, with all names as long as they may be, and what both are wrapped in. */
const ENTRY_BYTES = 1200

/** How many of the uses fit into one append; at least one. */
export function countThatFits(uses: readonly PendingUse[]): number {
  let bytes = 0
  let count = 0
  for (const { use } of uses) {
    bytes += ENTRY_BYTES + Buffer.byteLength(JSON.stringify(use))
    if (count > 0 && (bytes > MAX_BATCH_BYTES || count === MAX_USES)) break
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
  for (const id of new Set(uses.map(({ use }) => use.opening.seal))) {
    const state = await ledger.seal(institution, id)
    if (state === undefined) throw new NotarizeError('SEAL_UNKNOWN', `there is no seal ${id}`, { seal: id })
    counts.set(id, { seal: state.seal, digest: SealFormat.digest(state.seal), uses: state.uses })
  }
  const entries = uses.map(({ use }) => {
    const count = counts.get(use.opening.seal)
    if (count === undefined) throw new NotarizeError('INTERNAL', 'a seal was not read')
    count.uses++
    return entryOf(use, count.digest, count.uses)
  })
  return {
    institution,
    state: 'submitted',
    expectedSize: size,
    sealSignatures: uses.map(({ id }) => id),
    entries,
    seals: [...counts.values()].map(({ seal }) => seal),
  }
}

function entryOf({ opening, token }: SealUse, sealRecord: Digest, useNumber: number): SealSignatureEntry {
  return {
    certificate: opening.certificate,
    commitment: OpeningFormat.digest(opening),
    institution: opening.institution,
    kind: 'sealSignature',
    seal: opening.seal,
    sealRecord,
    tokenTime: parseToken(Buffer.from(token, 'base64')).genTimeText as Time,
    type: 'cinnabar.entry.v1',
    useNumber,
  }
}

/** The place of each use of a batch that landed. */
export function placesOf(batch: BatchRecord, landing: Landing): ReadonlyMap<SealSignatureId, Place> {
  const seals = new Map(batch.seals.map((seal) => [SealFormat.digest(seal), seal]))
  const places = new Map<SealSignatureId, Place>()
  for (const [i, entry] of batch.entries.entries()) {
    const seal = entry.kind === 'sealSignature' ? seals.get(entry.sealRecord) : undefined
    if (seal === undefined) throw new NotarizeError('INTERNAL', 'a batch lacks the record of a seal')
    places.set(batch.sealSignatures[i], { landing, index: batch.expectedSize + i, entry, seal })
  }
  return places
}
