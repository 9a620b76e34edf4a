import type { Clock } from '../clock'
import type { Logger } from '../log'
import type { Notarizer } from '../notarize/notarizer'
import type { Store } from '../store/store'
import { stuckJobs } from './open-jobs'

/** What {@link retryStuck} works with. */
export interface RetryParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly notarizer: Pick<Notarizer, 'takeUp'>
  /** A job that has not ended is stuck after so long. */
  readonly stuckMs: number
}

const EVERY_MS = 60_000

/**
 * Looks every minute for jobs that are stuck, tells of them, and takes up those that nobody carries: a failure of the
 * store may have left them behind.
 * @returns stops it, and waits for a look under way.
 */
export function retryStuck(parts: RetryParts, everyMs = EVERY_MS): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    last = last.then(() => look(parts)).catch((error) => tell(parts, error))
  }, everyMs).unref()
  return async () => {
    clearInterval(timer)
    await last
  }
}

async function look({ store, clock, log, notarizer, stuckMs }: RetryParts): Promise<void> {
  const stuck = await stuckJobs(store, clock.now().getTime() - stuckMs)
  if (stuck.length === 0) return
  const taken = await Promise.all(stuck.map(({ collection, id }) => notarizer.takeUp(collection, id)))
  const oldest = stuck.map(({ since }) => since).sort((a, b) => a.getTime() - b.getTime())[0]
  log.warn('jobs are stuck; those that nobody carried were taken up again', {
    jobs: stuck.length,
    takenUp: taken.filter(Boolean).length,
    oldest: oldest.toISOString(),
  })
}

function tell({ log }: RetryParts, error: unknown): void {
  log.error('stuck jobs could not be looked for', { error: error instanceof Error ? error : new Error(String(error)) })
}
