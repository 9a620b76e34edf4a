import type { Digest, SealSignatureId } from '@cinnabar/core'
import { z } from 'zod'
import { type Deposited, depositsOfFile, findDeposit } from '../notarize/deposit-evidence'
import { MAX_DEPOSITS } from '../notarize/deposit-request'
import { hasEnded, linesOf } from '../notarize/deposit-summary'
import { NotarizeError } from '../notarize/notarize-error'
import { depositJobRoutes, shownJob } from './deposit-jobs'
import type { AppDeps } from './deps'
import { Id, IdempotencyKey } from './input'
import { reason } from './reason'
import { guardedRoute, json, type Route } from './route'
import { DepositedShape, DepositShape } from './shapes/deposit-shape'
import { DigestShape } from './shapes/named'

const WAIT_MS = 30_000
/** 10,000 digests with names of 200 characters of three bytes each. */
const MAX_LIST_BYTES = 8 << 20

const Asked = z.strictObject({
  deposits: z
    .array(
      z.strictObject({
        digest: DigestShape.describe('SHA-256 of the file, which stays where it is.'),
        name: z
          .string()
          .min(1)
          .max(200)
          .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'text without invisible characters')
          .optional()
          .describe('As you call the file; it is kept here and goes nowhere else.'),
      }),
    )
    .min(1)
    .max(MAX_DEPOSITS),
})
const Wait = z.strictObject({ wait: z.enum(['anchored']).optional().describe('Answer when it has ended, or in 30 s.') })
const LOCATION = { Location: "The job's address" }

/** `POST /v1/deposits`: files recorded by digest, without a seal; the job that it becomes, and each deposit. */
export function depositRoutes(deps: AppDeps): readonly Route[] {
  return [askRoute(deps), findRoute(deps), oneRoute(deps), ...depositJobRoutes(deps)]
}

function askRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'post',
    path: '/v1/deposits',
    access: ['sealer'],
    operation: 'depositFiles',
    tag: 'documents',
    summary: `Deposits up to ${MAX_DEPOSITS} files by their digests: each is timestamped and recorded, without a seal`,
    description: 'The files are not sent. The answer is a job; it goes on by itself until every deposit has ended.',
    query: Wait,
    headers: IdempotencyKey,
    body: { kind: 'json', schema: Asked, maxBytes: MAX_LIST_BYTES },
    answers: {
      200: { description: 'The job with its deposits, all ended', json: DepositedShape, headers: LOCATION },
      202: { description: 'The job, acknowledged: what is taken is not lost', json: DepositedShape, headers: LOCATION },
    },
    problems: ['IDEMPOTENCY_KEY_REUSED'],
    async handle({ body, query, headers }, { institution, user }) {
      const { deposits } = notarizer
      const request = { institution, user, files: body.deposits as { digest: Digest; name?: string }[] }
      const job = await deposits.request(request, headers['Idempotency-Key'])
      if (query.wait !== undefined) await deposits.settled(job.value, WAIT_MS)
      const shown = await shownJob({ env, notarizer }, job)
      const lines = await linesOf(env.store, job.value, { from: 0, to: job.value.count })
      return {
        status: hasEnded(shown) ? 200 : 202,
        headers: { Location: `/v1/deposit-jobs/${job.id}` },
        ...json({ ...shown, deposits: lines }),
      }
    },
  })
}

function findRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/deposits',
    access: 'user',
    operation: 'findDeposits',
    tag: 'documents',
    summary: "The institution's own deposits of a file, by its digest",
    query: z.strictObject({ digest: DigestShape }),
    answers: { 200: { description: 'Those there are', json: z.object({ deposits: z.array(DepositShape) }) } },
    async handle({ query }, { institution }) {
      const found = await depositsOfFile(env.store, institution, query.digest as Digest)
      return json({ deposits: found.map((one) => shown(one, notarizer.deposits.troubleOf(institution))) })
    },
  })
}

function oneRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/deposits/:id',
    access: 'user',
    operation: 'getDeposit',
    tag: 'documents',
    summary: 'One deposit and how far it has come',
    params: z.object({ id: Id }),
    answers: { 200: { description: 'The deposit', json: DepositShape } },
    problems: ['DEPOSIT_UNKNOWN'],
    others: 'DEPOSIT_UNKNOWN',
    async handle({ params: { id } }, { institution }) {
      const found = await findDeposit(env.store, id as SealSignatureId)
      if (found?.deposit.institution === institution) {
        return json(shown(found, notarizer.deposits.troubleOf(institution)))
      }
      throw new NotarizeError('DEPOSIT_UNKNOWN', 'there is no such deposit here', { deposit: id })
    },
  })
}

function shown({ id, deposit, job, part, state, outcome }: Deposited, trouble: string | undefined) {
  const { institution, digest, name } = deposit
  const { submitted, received, timestamped, ...ends } = part.times
  const ended = Object.values(ends)[0]
  const times = { received, timestamped, submitted, ...(outcome && ended ? { [state]: ended } : {}) }
  return {
    id,
    institution,
    digest,
    ...(name === undefined ? {} : { name }),
    job: deposit.job,
    requestedBy: job.requestedBy,
    state,
    times: Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined)),
    ...(outcome !== undefined && 'index' in outcome ? { index: outcome.index, evidence: `/v1/evidence/${id}` } : {}),
    ...reason(outcome !== undefined && 'code' in outcome ? outcome : {}, outcome === undefined ? trouble : undefined),
  }
}
