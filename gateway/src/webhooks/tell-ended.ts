import { compareTimes } from '@cinnabar/core'
import type { Clock } from '../clock'
import { BULK_ENDED, type BulkJobRecord } from '../notarize/bulk-records'
import { DEPOSIT_ENDED, type DepositJobRecord, type DepositPartRecord } from '../notarize/deposit-records'
import { change, type JobRecord } from '../notarize/records'
import type { Store, Stored } from '../store/store'
import { type WebhookEvent, webhookEvent } from './webhook-events'

/** What tellers read, and whom they tell. */
export interface TellerParts {
  readonly store: Store
  readonly clock: Clock
  /** Resolves when all who want to hear will be told, whatever happens from now on. */
  readonly tell: (events: readonly WebhookEvent[]) => Promise<void>
}

const AT_ONCE = 200

/**
 * Tells of jobs, bulk jobs and deposits that ended. Each was marked in the same write that ended it; the mark is taken off once the
 * telling is durable: a crash between the two tells again, by the same ids.
 */
export async function tellEnded(parts: TellerParts): Promise<void> {
  await untold<JobRecord>(parts, 'jobs', async (job) => eventsOfJob(job))
  await untold<BulkJobRecord>(parts, 'bulkJobs', async (bulk) => eventsOfBulk(bulk))
  await untold<DepositPartRecord>(parts, 'depositParts', (part) => eventsOfPart(parts.store, part))
}

async function untold<T extends { readonly untold?: 'yes' }>(
  { store, tell }: TellerParts,
  collection: 'jobs' | 'bulkJobs' | 'depositParts',
  eventsOf: (one: Stored<T>) => Promise<readonly WebhookEvent[]>,
): Promise<void> {
  for (;;) {
    const found = await store.find<T>(collection, { field: 'untold', equals: 'yes', limit: AT_ONCE })
    await tell((await Promise.all(found.map(eventsOf))).flat())
    await Promise.all(found.map(({ id }) => change<T>(store, collection, id, withoutMark)))
    if (found.length < AT_ONCE) return
  }
}

function withoutMark<T extends { readonly untold?: 'yes' }>({ untold: _, ...rest }: T): T {
  return rest as T
}

function eventsOfJob({ id, value }: Stored<JobRecord>): readonly WebhookEvent[] {
  const { state, institution, document, seal, code, times } = value
  const at = times[state]
  if ((state !== 'anchored' && state !== 'refused' && state !== 'failed') || at === undefined) return []
  // Not the use's own id: whoever has that may fetch its evidence, and who receives a webhook need not be who may.
  const data = { job: id, document, seal, ...(code !== undefined && { code }) }
  return [webhookEvent(id, { institution, type: `sealSignature.${state}`, at, data })]
}

function eventsOfBulk({ id, value }: Stored<BulkJobRecord>): readonly WebhookEvent[] {
  const { state, institution, seal, count, counts = {}, times } = value
  const at = times[state]
  if (!BULK_ENDED.includes(state) || at === undefined) return []
  const { anchored = 0 } = counts
  const type = anchored === count ? 'bulk.completed' : 'bulk.failed'
  return [webhookEvent(id, { institution, type, at, data: { bulkJob: id, seal, state, count, ...counts, anchored } })]
}

/** One event for a request, when the last of its parts has ended. */
async function eventsOfPart(store: Store, { value }: Stored<DepositPartRecord>): Promise<readonly WebhookEvent[]> {
  const job = await store.get<DepositJobRecord>('depositJobs', value.job)
  if (job === undefined) return []
  const found = await Promise.all(job.value.parts.map((id) => store.get<DepositPartRecord>('depositParts', id)))
  const parts = found.flatMap((part) => (part === undefined ? [] : [part.value]))
  const isOver = parts.length === job.value.parts.length && parts.every(({ state }) => DEPOSIT_ENDED.includes(state))
  const at = parts
    .flatMap(({ state, times }) => times[state] ?? [])
    .sort(compareTimes)
    .at(-1)
  if (!isOver || at === undefined) return []
  const outcomes = parts.flatMap((part) => part.outcomes ?? [])
  const anchored = outcomes.filter((one) => 'index' in one).length
  const { institution, count } = job.value
  const type = anchored === count ? 'deposits.anchored' : 'deposits.failed'
  return [webhookEvent(value.job, { institution, type, at, data: { job: value.job, count, anchored } })]
}
