import type { SealSignatureId } from '@cinnabar/core'
import { BULK_AT_WORK, type BulkDocumentRecord, type BulkJobRecord, documentsOfBulk } from './bulk-records'
import type { Surroundings } from './ports'
import type { Identified } from './receive'
import type { JobRecord, JobState } from './records'

/** States of a bulk job's document: of its job, and before and beside that. */
export const BULK_DOCUMENT_STATES = [
  'missing',
  'received',
  'sealed',
  'submitted',
  'anchored',
  'refused',
  'failed',
  'cancelled',
] as const
export type BulkDocumentState = (typeof BULK_DOCUMENT_STATES)[number]

/** Documents in each state; those on their way count as `received`. */
export type BulkCounts = Readonly<Partial<Record<BulkDocumentState, number>>>

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
  const documents = await documentsOfBulk(store, id)
  const counts = new Map<BulkDocumentState, number>()
  const add = (state: BulkDocumentState, count: number) => {
    if (count > 0) counts.set(state, (counts.get(state) ?? 0) + count)
  }
  add('missing', value.count - documents.length)
  for (const { value: document } of documents) add(stateOf(value, document), 1)
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
