import type { SealSignatureId } from '@cinnabar/core'
import {
  BULK_AT_WORK,
  type BulkCounts,
  type BulkDocumentRecord,
  type BulkDocumentState,
  type BulkJobRecord,
  documentsOfBulk,
} from './bulk-records'
import type { Surroundings } from './ports'
import type { Identified } from './receive'
import type { JobRecord, JobState } from './records'

/** One document in the list of its bulk job. */
export interface BulkLine {
  readonly number: number
  readonly state: BulkDocumentState
  /** Unless it is missing. */
  readonly record?: BulkDocumentRecord
  readonly sealSignature?: SealSignatureId
}

/** How many documents are how far. */
export async function bulkCounts(
  { store }: Pick<Surroundings, 'store'>,
  { id, value }: Identified<BulkJobRecord>,
): Promise<BulkCounts> {
  if (value.counts !== undefined) return value.counts
  // Lists show many of these: before the start none has got further than another.
  const came = value.times.sealing === undefined ? await store.count('bulkDocuments', 'bulk', id) : undefined
  if (came !== undefined) {
    return countsOf([
      ['missing', value.count - came],
      [value.state === 'cancelled' ? 'cancelled' : 'received', came],
    ])
  }
  const documents = await documentsOfBulk(store, id)
  const one = (document: BulkDocumentRecord) => [stateOf(value, document), 1] as const
  return countsOf([
    ['missing', value.count - documents.length],
    ...documents.map(({ value: document }) => one(document)),
  ])
}

function countsOf(some: readonly (readonly [state: BulkDocumentState, count: number])[]): BulkCounts {
  const counts = new Map<BulkDocumentState, number>()
  for (const [state, count] of some) if (count > 0) counts.set(state, (counts.get(state) ?? 0) + count)
  return Object.fromEntries(counts)
}

/**
 * Documents of a bulk job by number, the missing ones included.
 * @returns those from `from` on that are in the state, at most `limit`; `next` is where the others begin.
 */
export async function bulkLines(
  env: Pick<Surroundings, 'store'>,
  { id, value }: Identified<BulkJobRecord>,
  query: { readonly from: number; readonly limit: number; readonly state?: BulkDocumentState | undefined },
): Promise<{ readonly lines: readonly BulkLine[]; readonly next?: number }> {
  const documents = await documentsOfBulk(env.store, id)
  const byNumber = new Map(documents.map(({ value: document }) => [document.number, document]))
  const lines: BulkLine[] = []
  for (let number = query.from; number < value.count; number++) {
    const line = await bulkLine(env, value, number, byNumber.get(number))
    if (query.state !== undefined && query.state !== line.state) continue
    if (lines.length === query.limit) return { lines, next: number }
    lines.push(line)
  }
  return { lines }
}

/** One document as its job stands. */
export async function bulkLine(
  { store }: Pick<Surroundings, 'store'>,
  bulk: BulkJobRecord,
  number: number,
  record: BulkDocumentRecord | undefined,
): Promise<BulkLine> {
  if (record === undefined) return { number, state: 'missing' }
  const job = bulk.state === 'open' ? undefined : await store.get<JobRecord>('jobs', record.job)
  const known = stateOf(bulk, record, job?.value.state)
  return { number, state: known, record, ...(job && { sealSignature: job.value.sealSignature }) }
}

/** @param job - the state of the document's job, if that was looked up and is there. */
function stateOf({ state }: BulkJobRecord, { end }: BulkDocumentRecord, job?: JobState): BulkDocumentState {
  if (end !== undefined) return end.state
  if (state === 'cancelled') return 'cancelled'
  // Its end is not written down yet.
  return BULK_AT_WORK.includes(state) && job !== undefined ? job : 'received'
}
