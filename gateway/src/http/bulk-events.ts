import { setTimeout as wait } from 'node:timers/promises'
import type { InstitutionId } from '@cinnabar/core'
import { stopwatch } from '../clock'
import { endsAfter } from '../notarize/bulk-ends'
import { BULK_ENDED } from '../notarize/bulk-records'
import { bulkLine } from '../notarize/bulk-summary'
import { shownBulk, shownLine } from './bulk-answers'
import type { AppDeps } from './deps'

/** Whose bulk job, and the last event that the reader knows. */
export interface BulkEventsQuery {
  readonly institution: InstitutionId
  readonly id: string
  /** 0 for none. */
  readonly after: number
}

/** Many documents end at once: they are told together. */
const GATHER_MS = 100
/** Proxies close what is silent. */
const SILENCE_MS = 15_000
/** Who reads for longer asks again, with a token that still counts. */
const LONGEST_SECONDS = 600
const RETRY_MS = 2000

/**
 * The events of a bulk job as HTML's server-sent events: `document` for each end, with its number as id, `progress` with
 * the counts, and at last `ended`, both with the whole bulk job. What happened before is told first, so that nothing is
 * missed between two connections.
 */
export async function* bulkEvents(
  deps: Pick<AppDeps, 'env' | 'notarizer'>,
  { institution, id, after }: BulkEventsQuery,
  gone: AbortSignal,
): AsyncGenerator<string> {
  const { env, notarizer } = deps
  const changes = changesOf(deps, id)
  const seconds = stopwatch()
  let [last, told] = [after, '']
  yield `retry: ${RETRY_MS}\n\n`
  try {
    while (!gone.aborted && seconds() < LONGEST_SECONDS) {
      // The job first: once it is over, every end is there.
      const job = await notarizer.bulk.job(institution, id)
      for (const { value } of await endsAfter(env, id, last)) {
        last = value.end?.event ?? last
        yield eventOf('document', shownLine(await bulkLine(env, job.value, value.number, value)), last)
      }
      const progress = eventOf('progress', await shownBulk(deps, job))
      if (progress !== told) yield progress
      told = progress
      if (BULK_ENDED.includes(job.value.state)) {
        yield eventOf('ended', await shownBulk(deps, job))
        return
      }
      if (await changes.next(gone)) await wait(GATHER_MS)
      else yield ': still here\n\n'
    }
  } finally {
    changes.end()
  }
}

/** JSON has no line ends of its own. */
function eventOf(event: string, value: unknown, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(value)}\n\n`
}

function changesOf({ notarizer }: Pick<AppDeps, 'notarizer'>, id: string) {
  let changed = false
  let wake: () => void = () => undefined
  const end = notarizer.bulk.follow((bulk) => {
    if (bulk !== id) return
    changed = true
    wake()
  })
  return {
    end,
    /** @returns whether something changed since the last call; after a while without, or when the reader is gone, false. */
    async next(gone: AbortSignal): Promise<boolean> {
      if (!changed && !gone.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, SILENCE_MS)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          gone.addEventListener('abort', () => wake(), { once: true })
        })
      }
      const found = changed
      changed = false
      return found
    },
  }
}
