import { CodedError } from '@cinnabar/core'
import { z } from 'zod'
import type { Identified } from '../notarize/receive'
import { ENDED, type JobRecord } from '../notarize/records'
import type { AppDeps } from './deps'
import { kindOf } from './problem'
import { type Answer, guardedRoute, json, parameter, type Route, readInput } from './route'

const WAIT_MS = 30_000
/** A page of PDF is at most 200 inches. */
const Millimetres = z.number().min(-100_000).max(100_000)

const SealAsked = z.strictObject({
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
const Wait = z.object({ wait: z.enum(['anchored']).optional() })
/** draft-ietf-httpapi-idempotency-key-header: any printable text; quotes around it are part of the key. */
const IdempotencyKey = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[!-~ ]{1,200}$/)
    .optional(),
})

/** `POST /v1/documents/:id/seal-signatures`, and the job that it becomes. */
export function jobRoutes({ notarizer }: AppDeps): readonly Route[] {
  const answer = (job: Identified<JobRecord>): Answer => ({
    status: job.value.state === 'anchored' ? 200 : 202,
    headers: { Location: `/v1/jobs/${job.id}` },
    ...json(shown(job, notarizer.troubleOf(job.value.institution))),
  })
  return [
    guardedRoute({
      method: 'post',
      path: '/v1/documents/:id/seal-signatures',
      access: ['sealer'],
      body: { kind: 'json' },
      async handle(request, { institution, user }) {
        const document = parameter(request, 'id')
        const asked = readInput(SealAsked, request.body)
        const { wait } = readInput(Wait, request.query)
        const header = { 'Idempotency-Key': request.get('Idempotency-Key') }
        const key = readInput(IdempotencyKey, header)['Idempotency-Key']
        const job = await notarizer.request({ ...asked, institution, user, document }, key)
        if (wait === undefined) return answer(job)
        await notarizer.settled(job.id, WAIT_MS)
        const ended = await notarizer.job(institution, job.id)
        refuseBadEnd(ended)
        return answer(ended)
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/jobs/:id',
      access: 'user',
      async handle(request, { institution }) {
        const job = await notarizer.job(institution, parameter(request, 'id'))
        return { ...answer(job), status: 200 }
      },
    }),
  ]
}

/** Who waits for a seal and gets none hears why. */
function refuseBadEnd({ id, value: { state, code, detail } }: Identified<JobRecord>): void {
  if (state !== 'refused' && state !== 'failed') return
  throw new CodedError(code ?? 'INTERNAL', detail ?? 'the document was not sealed', { job: id })
}

function shown({ id, value: { batch: _, detail, ...job } }: Identified<JobRecord>, trouble: string | undefined) {
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
