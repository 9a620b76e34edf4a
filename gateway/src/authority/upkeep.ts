import type { Logger } from '../log'
import { forgetKeys } from '../notarize/forget-keys'
import { compactPeople, type Retention as PeopleRetention } from '../people/compact'
import { type RenewalParts, renewSeals } from './seal-renewal'
import { bringRevocations } from './seal-revocation'

/** How long what is over is kept, in days. */
export interface Retention extends PeopleRetention {
  readonly requestKeysKeptDays: number
  readonly unstartedBulkJobsKeptDays: number
}

/** What {@link keepUp} works with. */
export interface UpkeepParts extends RenewalParts {
  readonly log: Logger
  readonly retention: Retention
  /** Forgets bulk jobs made before then that were never started. @returns how many. */
  readonly forgetUnstarted: (before: Date) => Promise<number>
}

const EVERY_MS = 3600_000

/**
 * Renews seals before their certificates end, brings revocations to CRLs and forgets what has been kept long enough: now,
 * every hour, and whenever a revocation is recorded. What fails is told and tried again at the next turn.
 * @returns stops it, and waits for a turn under way.
 */
export function keepUp(parts: UpkeepParts): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  const turn = () => {
    last = last.then(() => upkeep(parts))
  }
  const timer = setInterval(turn, EVERY_MS).unref()
  const unfollow = parts.ledger.follow(({ entries }) => {
    if (entries.some((entry) => entry.kind === 'register' && entry.change === 'certificateRevoked')) turn()
  })
  turn()
  return async () => {
    clearInterval(timer)
    unfollow()
    await last
  }
}

async function upkeep(parts: UpkeepParts): Promise<void> {
  const { log } = parts
  const told = (message: string) => (error: unknown) =>
    log.error(message, { error: error instanceof Error ? error : new Error(String(error)) })
  await bringRevocations(parts).catch(told('a revocation did not reach its CRL; it is tried again'))
  const renewed = await renewSeals(parts).catch((error) => {
    told('a seal was not renewed; it is tried again')(error)
    return []
  })
  await compact(parts).catch(told('old log-ins and events were not removed; it is tried again'))
  await forgetRequests(parts).catch(told('old Idempotency-Keys and bulk jobs were not removed; it is tried again'))
  for (const { institution, id } of renewed) log.info('renewed a seal', { institution, seal: id })
}

async function compact({ store, clock, ledger, retention, log }: UpkeepParts): Promise<void> {
  const institutions = (await ledger.institutions()).map(({ id }) => id)
  const { families, events } = await compactPeople({ store, clock, institutions, ...retention })
  if (families + events > 0) log.info('removed log-ins and events that were kept long enough', { families, events })
}

const DAY_MS = 24 * 3600_000

async function forgetRequests({ store, clock, retention, log, forgetUnstarted }: UpkeepParts): Promise<void> {
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS)
  const keys = await forgetKeys(store, daysAgo(retention.requestKeysKeptDays))
  const bulkJobs = await forgetUnstarted(daysAgo(retention.unstartedBulkJobsKeptDays))
  if (keys + bulkJobs > 0) log.info('removed Idempotency-Keys and bulk jobs never started', { keys, bulkJobs })
}
