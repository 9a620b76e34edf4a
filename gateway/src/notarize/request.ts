import { type SealSignatureId, type Time, timeOf, toHex } from '@cinnabar/core'
import { type Admitted, admit, type SealRequest } from './admit'
import { reach } from './conclude'
import { idForKey } from './idempotency'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import { documentOf, type Identified, readingOf } from './receive'
import { change, type DocumentRecord, type JobRecord } from './records'

/** A request's job. */
export interface Taken extends Identified<JobRecord> {
  /** False when the same request, sent again, had made it before: then somebody else carries it out. */
  readonly isNew: boolean
}

/**
 * Takes a seal request: checked first, so that a refusal changes nothing, then written down, then the document is taken.
 * From that moment on it is acknowledged and will be carried out.
 * @param id - of the new job.
 * @throws as {@link admit} does; {@link NotarizeError} `DOCUMENT_UNKNOWN`, `DOCUMENT_BUSY`.
 */
export async function take(env: Surroundings, request: SealRequest, id: string): Promise<Taken> {
  const before = await env.store.get<JobRecord>('jobs', id)
  if (before !== undefined && before.value.state !== 'received') return stored(env, id)
  const document = await documentOf(env, request.institution, request.document)
  const { busyWith, revisions } = document.value
  if (busyWith === id) return stored(env, id)
  if (busyWith !== undefined) throw busy(request.document)
  const admitted = await admit(env, request, await readingOf(env, document))
  // Written down before, but the document was never taken: the store failed between.
  if (before !== undefined) await change<JobRecord>(env.store, 'jobs', id, (job) => ({ ...job, ...admitted }))
  const value: JobRecord = before !== undefined ? { ...before.value, ...admitted } : newJob(env, request, admitted)
  if (before === undefined && !(await env.store.insert('jobs', id, value))) return stored(env, id)
  const taken = await change<DocumentRecord>(env.store, 'documents', request.document, (found) =>
    // Sealed meanwhile, it is no longer the file that was looked at: the place may be taken.
    found.busyWith === undefined && found.revisions.length === revisions.length
      ? { ...found, busyWith: id }
      : undefined,
  )
  if (taken?.busyWith === id) return { id, value, isNew: true }
  await reach(env, id, { state: 'refused', code: 'DOCUMENT_BUSY', detail: 'another seal was first' })
  throw busy(request.document)
}

function newJob(env: Surroundings, request: SealRequest, admitted: Admitted): JobRecord {
  return {
    ...admitted,
    document: request.document,
    institution: request.institution,
    requestedBy: request.user,
    sealSignature: toHex(env.randomBytes(16)) as SealSignatureId,
    state: 'received',
    times: { received: timeOf(env.clock.now()) as Time },
    ...(request.reason === undefined ? {} : { reason: request.reason }),
  }
}

async function stored(env: Surroundings, id: string): Promise<Taken> {
  const job = await env.store.get<JobRecord>('jobs', id)
  if (job === undefined) throw new NotarizeError('JOB_UNKNOWN', 'there is no such job', { job: id })
  return { id, value: job.value, isNew: false }
}

function busy(document: string): NotarizeError {
  return new NotarizeError('DOCUMENT_BUSY', 'another seal is being set on this document', { document })
}

/**
 * The job that a seal request's Idempotency-Key stands for.
 * @throws as {@link idForKey} does.
 */
export function jobIdFor(env: Surroundings, request: SealRequest, key: string): Promise<string> {
  const { institution, user } = request
  return idForKey(env, { institution, user, key, asked: ['seal', ...inOrder(request)] })
}

function inOrder({ document, seal, page, xMm, yMm, reason }: SealRequest) {
  return [document, seal, page ?? 0, xMm ?? '', yMm ?? '', reason ?? '']
}
