import { createHash } from 'node:crypto'
import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import type { IncomingFile } from '../store/store'
import { type SealRequest, usableSeal } from './admit'
import {
  BULK_ENDED,
  type BulkDocumentRecord,
  type BulkJobRecord,
  bulkDocumentId,
  documentsOfBulk,
} from './bulk-records'
import { idForKey, newId } from './idempotency'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import { type Identified, receive } from './receive'
import { change } from './records'

/** Which seal is to be set, and where, on how many documents. */
export interface BulkRequest extends Omit<SealRequest, 'document'> {
  /** From 1. */
  readonly count: number
}

/** One document of a bulk job as it comes in. */
export interface BulkUpload {
  readonly institution: InstitutionId
  readonly user: string
  readonly bulk: string
  /** From 0. */
  readonly number: number
  /** As the user calls it; shown, never used as a path. */
  readonly name: string
  readonly file: IncomingFile
  /** The most that all documents of a bulk job may have together. */
  readonly maxBulkBytes: number
}

/**
 * Makes a bulk job, without documents yet.
 * @param key - Idempotency-Key: a repeat is answered with the first one.
 * @throws {@link NotarizeError} as `usableSeal` and {@link idForKey} do.
 */
export async function createBulk(
  env: Surroundings,
  request: BulkRequest,
  key: string | undefined,
): Promise<Identified<BulkJobRecord>> {
  const { institution, user, count, page, xMm, yMm, reason } = request
  const { seal } = await usableSeal(env, institution, request.seal)
  const asked = ['bulk', request.seal, count, page ?? 0, xMm ?? '', yMm ?? '', reason ?? '']
  const id = key === undefined ? newId(env) : await idForKey(env, { institution, user, key, asked })
  const value: BulkJobRecord = {
    institution,
    requestedBy: user,
    seal: seal.id,
    count,
    bytes: 0,
    state: 'open',
    events: 0,
    times: { open: timeOf(env.clock.now()) as Time },
    ...(page !== undefined && { page }),
    ...(xMm !== undefined && { xMm }),
    ...(yMm !== undefined && { yMm }),
    ...(reason !== undefined && { reason }),
  }
  await env.store.insert('bulkJobs', id, value)
  return bulkOf(env, institution, id)
}

/**
 * The institution's own bulk job.
 * @throws {@link NotarizeError} `BULK_JOB_UNKNOWN`, also for another institution's.
 */
export async function bulkOf(
  { store }: Pick<Surroundings, 'store'>,
  institution: InstitutionId,
  id: string,
): Promise<Identified<BulkJobRecord>> {
  const found = await store.get<BulkJobRecord>('bulkJobs', id)
  if (found?.value.institution === institution) return { id, value: found.value }
  throw new NotarizeError('BULK_JOB_UNKNOWN', 'there is no such bulk job here', { bulkJob: id })
}

/**
 * Takes one document into a bulk job. The same one sent again changes nothing.
 * @throws {@link NotarizeError} `BULK_JOB_UNKNOWN`, `BULK_JOB_CLOSED`, `BULK_JOB_TOO_LARGE`, `BULK_DOCUMENT_UNKNOWN` for a
 * number that the job has not, `BULK_DOCUMENT_DIFFERS` when another file has that number; as {@link receive} does.
 */
export async function receiveIntoBulk(
  env: Surroundings,
  upload: BulkUpload,
): Promise<Identified<BulkDocumentRecord> & { readonly isNew: boolean }> {
  const { institution, user, bulk, number, name, file } = upload
  const { value: job } = await bulkOf(env, institution, bulk)
  if (number >= job.count) throw unknownNumber(bulk, number)
  const id = bulkDocumentId(bulk, number)
  const { sha256, bytes } = file
  const before = await env.store.get<BulkDocumentRecord>('bulkDocuments', id)
  if (before !== undefined) return { id, value: requireSame(before.value, sha256), isNew: false }
  requireOpen(job, bulk)
  requireRoom(job, upload)
  const document = await receive(env, { institution, user, name, file }, documentIdOf(bulk, number, sha256))
  await reserve(env, upload)
  const value: BulkDocumentRecord = {
    institution,
    bulk,
    number,
    name,
    sha256,
    bytes,
    document: document.id,
    job: newId(env),
  }
  if (await env.store.insert('bulkDocuments', id, value)) return { id, value, isNew: true }
  await change<BulkJobRecord>(env.store, 'bulkJobs', bulk, (now) => ({ ...now, bytes: now.bytes - bytes }))
  const first = await env.store.get<BulkDocumentRecord>('bulkDocuments', id)
  return { id, value: requireSame(first?.value ?? value, sha256), isNew: false }
}

/** One document for one upload, however often it is sent: 12 digits of time as {@link newId} has them, and 20 of a digest. */
function documentIdOf(bulk: string, number: number, sha256: string): string {
  const digest = createHash('sha256').update(`${bulk}/${number}/${sha256}`).digest('hex')
  return `${bulk.slice(0, 12)}${digest.slice(0, 20)}`
}

/** Counts the bytes before the document is there: what comes at the same time cannot pass the limit together. */
async function reserve(env: Surroundings, { bulk, file, maxBulkBytes }: BulkUpload): Promise<void> {
  const { bytes } = file
  let fits = false
  const after = await change<BulkJobRecord>(env.store, 'bulkJobs', bulk, (job) => {
    fits = job.state === 'open' && job.bytes + bytes <= maxBulkBytes
    return fits ? { ...job, bytes: job.bytes + bytes } : undefined
  })
  if (fits || after === undefined) return
  requireOpen(after, bulk)
  requireRoom(after, { file, maxBulkBytes })
}

function requireRoom(job: BulkJobRecord, { file, maxBulkBytes }: Pick<BulkUpload, 'file' | 'maxBulkBytes'>): void {
  if (job.bytes + file.bytes <= maxBulkBytes) return
  const details = { bytes: job.bytes, maxBulkBytes }
  throw new NotarizeError('BULK_JOB_TOO_LARGE', 'the documents of this bulk job are too large together', details)
}

/** What a crash counted for a document that never came is no longer counted. */
export async function recountBytes(env: Pick<Surroundings, 'store'>, bulk: string): Promise<void> {
  const documents = await documentsOfBulk(env.store, bulk)
  const bytes = documents.reduce((sum, { value }) => sum + value.bytes, 0)
  await change<BulkJobRecord>(env.store, 'bulkJobs', bulk, (job) =>
    job.bytes === bytes ? undefined : { ...job, bytes },
  )
}

function requireSame(known: BulkDocumentRecord, sha256: string): BulkDocumentRecord {
  if (known.sha256 === sha256) return known
  const details = { number: known.number, sha256: known.sha256 }
  throw new NotarizeError('BULK_DOCUMENT_DIFFERS', 'another file was uploaded with this number', details)
}

/** @throws {@link NotarizeError} `BULK_JOB_CLOSED`. */
export function requireOpen({ state }: BulkJobRecord, bulk: string): void {
  if (state === 'open') return
  const what = BULK_ENDED.includes(state) ? 'is over' : 'is at work'
  throw new NotarizeError('BULK_JOB_CLOSED', `the bulk job ${what}`, { bulkJob: bulk, state })
}

/** @throws always. */
export function unknownNumber(bulk: string, number: number): NotarizeError {
  return new NotarizeError('BULK_DOCUMENT_UNKNOWN', `the bulk job has no document ${number}`, { bulkJob: bulk, number })
}
