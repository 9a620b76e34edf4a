import { CodedError } from '@cinnabar/core'
import { z } from 'zod'
import type { SealRequest } from '../notarize/admit'
import type { Notarizer } from '../notarize/notarizer'
import type { Identified } from '../notarize/receive'
import { ENDED, type JobRecord } from '../notarize/records'
import type { AppDeps } from './deps'
import { Id, IdempotencyKey } from './input'
import { isWithin, listOf, NextShape, Paging, Period } from './listing'
import { kindOf } from './problem'
import { type Answer, guardedRoute, json, type Route } from './route'
import { JobShape, JobStateShape } from './shapes/job-shape'

const WAIT_MS = 30_000
/** A page of PDF is at most 200 inches. */
const Millimetres = z.number().min(-100_000).max(100_000)

/** Which seal, and where it goes. */
export const SealAsked = z.strictObject({
  seal: z.string().min(1).max(130),
  page: z.int().min(-1_000_000).max(1_000_000).optional(),
  xMm: Millimetres.optional(),
  yMm: Millimetres.optional(),
  reason: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'text without invisible characters')
    .optional(),
})
const Wait = z.strictObject({ wait: z.enum(['anchored']).optional().describe('Answer when it has ended, or in 30 s.') })
const Filters = z.strictObject({
  ...Paging,
  ...Period,
  state: JobStateShape.optional(),
  ended: z
    .enum(['true', 'false'])
    .optional()
    .describe('`false`: those still under way; with `to`, those that are stuck.'),
  document: Id.optional(),
  seal: Id.optional(),
  requestedBy: z.string().min(1).max(64).optional(),
})
const JobsShape = z.object({ jobs: z.array(JobShape), next: NextShape })
const LOCATION = { Location: "The job's address" }
/** Why a seal cannot be used, whatever the document. */
export const SEAL_NOT_USABLE = [
  'SEAL_UNKNOWN',
  'SEAL_NOT_YOURS',
  'SEAL_SUSPENDED',
  'SEAL_RETIRED',
  'SEAL_EXPIRED',
  'SEAL_NOT_YET_VALID',
  'SEAL_KEY_MISSING',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_REVOKED',
] as const
/** Why a request is not taken, or, to who waits for the seal, why there is none. */
export const NOT_SEALED = [
  'DOCUMENT_UNKNOWN',
  'DOCUMENT_BUSY',
  'IDEMPOTENCY_KEY_REUSED',
  'PAGE_NOT_FOUND',
  'PDF_SIGNING_FORBIDDEN',
  'SEAL_ON_SEAL',
  'SEAL_NO_ROOM',
  'SEAL_OFF_PAGE',
  ...SEAL_NOT_USABLE,
] as const

/** What a request to seal is answered with. */
export const jobAnswers = {
  200: { description: 'The job, anchored', json: JobShape, headers: LOCATION },
  202: { description: 'The job, acknowledged: what is taken is not lost', json: JobShape, headers: LOCATION },
} as const

/** The job as it stands. */
export function jobAnswer(job: Identified<JobRecord>, notarizer: Notarizer): Answer {
  return {
    status: job.value.state === 'anchored' ? 200 : 202,
    headers: { Location: `/v1/jobs/${job.id}` },
    ...json(shown(job, notarizer.troubleOf(job.value.institution))),
  }
}

interface Waiting {
  readonly key?: string
  readonly wait: 'anchored' | undefined
}

/** Takes a request to seal, and waits for its end where that is asked for. @throws as `request` does; the job's code when it ended badly. */
export async function sealAndAnswer(
  notarizer: Notarizer,
  request: SealRequest,
  { key, wait }: Waiting,
): Promise<Identified<JobRecord>> {
  const job = await notarizer.request(request, key)
  if (wait === undefined) return job
  await notarizer.settled(job.id, WAIT_MS)
  const ended = await notarizer.job(request.institution, job.id)
  refuseBadEnd(ended)
  return ended
}

/** `POST /v1/documents/:id/seal-signatures`, and the job that it becomes. */
export function jobRoutes({ env, notarizer }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/v1/documents/:id/seal-signatures',
      access: ['sealer'],
      operation: 'sealDocument',
      tag: 'documents',
      summary: 'Sets a seal on a document',
      description: 'The answer is a job; it goes on by itself until it is `anchored`, `refused` or `failed`.',
      params: z.object({ id: Id }),
      query: Wait,
      headers: IdempotencyKey,
      body: { kind: 'json', schema: SealAsked },
      answers: jobAnswers,
      problems: NOT_SEALED,
      others: 'DOCUMENT_UNKNOWN',
      async handle(call, { institution, user }) {
        const request = { ...call.body, institution, user, document: call.params.id }
        const options = { key: call.headers['Idempotency-Key'], wait: call.query.wait }
        return jobAnswer(await sealAndAnswer(notarizer, request, options), notarizer)
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/jobs',
      access: 'user',
      operation: 'listJobs',
      tag: 'documents',
      summary: "The institution's requests to seal, newest first",
      query: Filters,
      answers: { 200: { description: 'A page of them', json: JobsShape } },
      async handle({ query }, { institution }) {
        const matches = (job: JobRecord) => isWanted(job, query)
        const { items, ...next } = await listOf<JobRecord>(env.store, 'jobs', { ...query, institution, matches })
        const trouble = notarizer.troubleOf(institution)
        return json({ jobs: items.map((job) => shown(job, trouble)), ...next })
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/jobs/:id',
      access: 'user',
      operation: 'getJob',
      tag: 'documents',
      summary: 'How far a request to seal has come',
      params: z.object({ id: Id }),
      answers: { 200: { description: 'The job', json: JobShape, headers: LOCATION } },
      problems: ['JOB_UNKNOWN'],
      others: 'JOB_UNKNOWN',
      async handle({ params: { id } }, { institution }) {
        const job = await notarizer.job(institution, id)
        return { ...jobAnswer(job, notarizer), status: 200 }
      },
    }),
  ]
}

function isWanted(job: JobRecord, query: z.output<typeof Filters>): boolean {
  const equal = (['state', 'document', 'seal', 'requestedBy'] as const).every(
    (name) => query[name] === undefined || query[name] === job[name],
  )
  const hasEnded = query.ended === undefined || ENDED.includes(job.state) === (query.ended === 'true')
  return equal && hasEnded && isWithin(job.times.received, query)
}

/** Who waits for a seal and gets none hears why. */
function refuseBadEnd({ id, value: { state, code, detail } }: Identified<JobRecord>): void {
  if (state !== 'refused' && state !== 'failed') return
  throw new CodedError(code ?? 'INTERNAL', detail ?? 'the document was not sealed', { job: id })
}

function shown(
  { id, value: { batch: _, untold: __, detail, ...job } }: Identified<JobRecord>,
  trouble: string | undefined,
) {
  const kind = job.code === undefined ? undefined : kindOf(job.code)
  // As in a problem: of a fault of ours the text may name folders and hosts.
  const tells = detail !== undefined && kind !== undefined && kind.status < 500
  const waits = trouble !== undefined && !ENDED.includes(job.state)
  return {
    id,
    ...job,
    ...(tells ? { detail } : {}),
    ...(kind === undefined ? {} : { advice: kind.advice }),
    ...(waits ? { waitingFor: trouble } : {}),
    ...(job.state === 'anchored' ? { evidence: `/v1/evidence/${job.sealSignature}` } : {}),
  }
}
