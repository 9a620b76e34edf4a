import { z } from 'zod'
import type { DepositJobRecord } from '../notarize/deposit-records'
import { MAX_DEPOSITS } from '../notarize/deposit-request'
import { hasEnded, linesOf, summaryOf } from '../notarize/deposit-summary'
import type { Identified } from '../notarize/receive'
import type { AppDeps } from './deps'
import { Id, wholeNumber } from './input'
import { isWithin, listOf, NextShape, Paging, Period } from './listing'
import { reason } from './reason'
import { guardedRoute, json, type Route } from './route'
import { DepositJobShape, DepositLineShape, ListedDepositJobShape } from './shapes/deposit-shape'
import { Count } from './shapes/named'

const JOB = { access: 'user', tag: 'documents', params: z.object({ id: Id }), others: 'JOB_UNKNOWN' } as const
const Filters = z.strictObject({ ...Paging, ...Period, requestedBy: z.string().min(1).max(64).optional() })

/** Requests to deposit: all of them, one, and the deposits of one. */
export function depositJobRoutes(deps: AppDeps): readonly Route[] {
  return [listRoute(deps), jobRoute(deps), linesRoute(deps)]
}

function listRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/deposit-jobs',
    access: 'user',
    operation: 'listDepositJobs',
    tag: 'documents',
    summary: "The institution's requests to deposit, newest first",
    query: Filters,
    answers: {
      200: { description: 'A page of them', json: z.object({ jobs: z.array(ListedDepositJobShape), next: NextShape }) },
    },
    async handle({ query }, { institution }) {
      const matches = ({ requestedBy, receivedAt }: DepositJobRecord) =>
        requestedBy === (query.requestedBy ?? requestedBy) && isWithin(receivedAt, query)
      const asked = { ...query, institution, matches }
      const { items, ...next } = await listOf<DepositJobRecord>(env.store, 'depositJobs', asked)
      const jobs = items.map(async (job) => {
        const [first] = await linesOf(env.store, job.value, { from: 0, to: 1 })
        return { ...(await shownJob({ env, notarizer }, job)), ...(first?.name && { name: first.name }) }
      })
      return json({ jobs: await Promise.all(jobs), ...next })
    },
  })
}

function jobRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/deposit-jobs/:id',
    ...JOB,
    operation: 'getDepositJob',
    summary: 'How far a request to deposit has come',
    answers: { 200: { description: 'The job', json: DepositJobShape } },
    async handle({ params: { id } }, { institution }) {
      return json(await shownJob({ env, notarizer }, await notarizer.deposits.job(institution, id)))
    },
  })
}

function linesRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/deposit-jobs/:id/deposits',
    ...JOB,
    operation: 'listJobDeposits',
    summary: 'The deposits of a request, in its order',
    query: z.strictObject({
      from: wholeNumber(0, MAX_DEPOSITS).default(0),
      limit: wholeNumber(1, 1000).default(100),
    }),
    answers: {
      200: {
        description: 'Some of them; `next` is where the others begin',
        json: z.object({ count: Count, from: Count, deposits: z.array(DepositLineShape), next: Count.optional() }),
      },
    },
    async handle({ params: { id }, query: { from, limit } }, { institution }) {
      const { value } = await notarizer.deposits.job(institution, id)
      const to = Math.min(from + limit, value.count)
      const lines = await linesOf(env.store, value, { from, to })
      return json({ count: value.count, from, deposits: lines, ...(to < value.count && from < to ? { next: to } : {}) })
    },
  })
}

type Parts = Pick<AppDeps, 'env' | 'notarizer'>

/** A job as it is told. */
export async function shownJob({ env, notarizer }: Parts, { id, value }: Identified<DepositJobRecord>) {
  const { institution, requestedBy, receivedAt, count } = value
  const { state, counts, ...why } = await summaryOf(env.store, value)
  const trouble = hasEnded({ state }) ? undefined : notarizer.deposits.troubleOf(institution)
  return { id, institution, requestedBy, receivedAt, count, state, counts, ...reason(why, trouble) }
}
