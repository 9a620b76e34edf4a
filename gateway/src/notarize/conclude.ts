import { CodedError, PdfError, type Receipt, type Time, timeOf } from '@cinnabar/core'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { Identified } from './receive'
import { change, type DocumentRecord, ENDED, type JobRecord, type SealSignatureRecord } from './records'
import { isRefusal } from './retry'

/** Why a job did not come to its end. */
export interface BadEnd {
  readonly state: 'refused' | 'failed'
  readonly code: string
  readonly detail: string
}

/** How a request ends that a stop of the server cut short. */
export const INTERRUPTED: BadEnd = {
  state: 'failed',
  code: 'REQUEST_INTERRUPTED',
  detail: 'the server stopped before the request was acknowledged; nothing was sealed or recorded',
}

/** Reasons that lie in what was asked for; all others are ours. */
const REFUSALS: readonly string[] = [
  'SEAL_UNKNOWN',
  'SEAL_NOT_YOURS',
  'SEAL_SUSPENDED',
  'SEAL_RETIRED',
  'SEAL_EXPIRED',
  'SEAL_NOT_YET_VALID',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_REVOKED',
  'DOCUMENT_BUSY',
  'DOCUMENT_UNKNOWN',
]

/** How a job ends by this error. Texts of unknown errors stay in the server's log. */
export function badEndOf(error: unknown): BadEnd {
  if (error instanceof PdfError || isRefusal(error)) {
    return { state: 'refused', code: error.code, detail: error.message }
  }
  if (error instanceof NotarizeError && REFUSALS.includes(error.code)) {
    return { state: 'refused', code: error.code, detail: error.message }
  }
  if (error instanceof CodedError) return { state: 'failed', code: error.code, detail: error.message }
  return { state: 'failed', code: 'INTERNAL', detail: 'a fault of the server' }
}

/** Moves a job on, and notes when. A job that ended, or is in that state already, stays as it is. */
export async function reach(
  { store, clock, telling }: Pick<Surroundings, 'store' | 'clock' | 'telling'>,
  id: string,
  to: Pick<JobRecord, 'state' | 'code' | 'detail' | 'batch'>,
): Promise<void> {
  const now = timeOf(clock.now()) as Time
  const isEnd = ENDED.includes(to.state)
  await change<JobRecord>(store, 'jobs', id, (job) => {
    if (ENDED.includes(job.state) || (job.state === to.state && job.batch === to.batch)) return undefined
    const isAwaited = isEnd && telling?.wants(job.institution)
    const times = { ...job.times, [to.state]: job.times[to.state] ?? now }
    return { ...job, ...to, times, ...(isAwaited && { untold: 'yes' as const }) }
  })
  if (isEnd) telling?.ended()
}

/**
 * The use is in the log: its receipt is stored, then the document takes the sealed revision and is free again, then the
 * job ends. Repeated after a crash it changes nothing that is done.
 */
export async function conclude(
  env: Surroundings,
  { id, value }: Identified<JobRecord>,
  receipt: Receipt,
): Promise<void> {
  const { store } = env
  const signed = await change<SealSignatureRecord>(store, 'sealSignatures', value.sealSignature, (one) =>
    one.receipts.length > 0 ? undefined : { ...one, receipts: [receipt] },
  )
  if (signed === undefined) throw new NotarizeError('INTERNAL', 'a recorded use is missing from the store')
  const revision = { sha256: signed.fileSha256, sealSignature: value.sealSignature }
  await release(env, { id, value }, (document) => ({ ...document, revisions: [...document.revisions, revision] }))
  await reach(env, id, { state: 'anchored' })
}

/** The job ends without a seal: the document is as it was before, and free. */
export async function giveUp(env: Surroundings, job: Identified<JobRecord>, end: BadEnd): Promise<void> {
  await release(env, job, (document) => document)
  await reach(env, job.id, end)
}

async function release(
  { store }: Pick<Surroundings, 'store'>,
  { id, value: { document } }: Identified<JobRecord>,
  next: (document: DocumentRecord) => DocumentRecord,
): Promise<void> {
  await change<DocumentRecord>(store, 'documents', document, (found) => {
    // Not ours any more: an earlier attempt came this far.
    if (found.busyWith !== id) return undefined
    const { busyWith: _, ...free } = next(found)
    return free
  })
}
