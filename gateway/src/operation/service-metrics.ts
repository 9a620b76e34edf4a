import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Ledger } from '@cinnabar/core'
import { stopwatch } from '../clock'
import type { RequestWatch } from '../http/request-watch'
import type { Notarizer } from '../notarize/notarizer'
import { ENDED } from '../notarize/records'
import type { Store } from '../store/store'
import type { Webhooks } from '../webhooks/webhooks'
import type { Counter, Histogram, Metrics } from './metrics'
import { OPEN_STATES, stuckJobs } from './open-jobs'
import { COMPONENTS, type Readiness } from './readiness'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** How many requests, how long they take, how many are under way. */
export function requestMetrics(metrics: Metrics): RequestWatch {
  const total = metrics.counter('cinnabar_http_requests_total', 'Requests answered, by method, route and status.')
  const seconds = metrics.histogram(
    'cinnabar_http_request_duration_seconds',
    'From the head of a request to the end of its answer, by route.',
    SECONDS,
  )
  let underWay = 0
  metrics.gauge('cinnabar_http_requests_in_flight', 'Requests not answered yet.', () => [[{}, underWay]])
  return {
    begun() {
      underWay++
    },
    ended({ method, route, status, seconds: took }) {
      underWay--
      total.add({ method, route, status })
      seconds.observe({ route }, took)
    },
  }
}

type Method = 'change' | 'append' | 'head' | 'attest' | 'institutions' | 'entries' | 'appendOf'

/** The same ledger; how long its calls take, how they end and what is appended is counted. */
export function measuredLedger(ledger: Ledger, metrics: Metrics): Ledger {
  const seconds = metrics.histogram(
    'cinnabar_ledger_duration_seconds',
    'How long calls of the ledger take, by operation.',
    SECONDS,
  )
  const calls = metrics.counter('cinnabar_ledger_calls_total', 'Calls of the ledger, by operation and outcome.')
  const entries = metrics.counter('cinnabar_appended_entries_total', 'Entries that appends brought into logs.')
  const measured = measurer(seconds, calls)
  return {
    ...ledger,
    change: measured('change', ledger.change.bind(ledger)),
    append: measured('append', async (caller, institution, expectedSize, given, uses) => {
      const head = await ledger.append(caller, institution, expectedSize, given, uses)
      entries.add({}, given.length)
      return head
    }),
    head: measured('head', ledger.head.bind(ledger)),
    attest: measured('attest', ledger.attest.bind(ledger)),
    institutions: measured('institutions', ledger.institutions.bind(ledger)),
    entries: measured('entries', ledger.entries.bind(ledger)),
    appendOf: measured('appendOf', ledger.appendOf.bind(ledger)),
  }
}

function measurer(seconds: Histogram, calls: Counter) {
  return <A extends readonly unknown[], R>(operation: Method, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const took = stopwatch()
      let outcome = 'ok'
      try {
        return await call(...args)
      } catch (cause) {
        const { code } = cause as { readonly code?: unknown }
        outcome = typeof code === 'string' ? code : 'INTERNAL'
        throw cause
      } finally {
        calls.add({ operation, outcome })
        seconds.observe({ operation }, took())
      }
    }
}

/** What {@link serviceMetrics} reads. */
export interface ServiceParts {
  readonly store: Store
  readonly notarizer: Pick<Notarizer, 'queue'>
  readonly webhooks: Pick<Webhooks, 'queue'>
  readonly now: () => Date
  /** A job that has not ended is stuck after so long. */
  readonly stuckMs: number
  readonly readiness: () => Promise<Readiness>
  readonly version: string
}

const COUNTED = [
  ['cinnabar_jobs', 'Jobs to seal, by state.', 'jobs'],
  ['cinnabar_deposit_parts', 'Parts of deposits, at most 500 files each, by state.', 'depositParts'],
] as const

/** Jobs, queues, readiness and the process itself. */
export function serviceMetrics(metrics: Metrics, parts: ServiceParts): void {
  const { store, notarizer, readiness, version } = parts
  metrics.gauge('cinnabar_build_info', 'Always 1; the version is in the label.', () => [[{ version }, 1]])
  for (const [name, help, collection] of COUNTED) {
    metrics.gauge(name, help, () =>
      Promise.all(
        [...OPEN_STATES[collection], ...ENDED].map(
          async (state) => [{ state }, await store.count(collection, 'state', state)] as const,
        ),
      ),
    )
  }
  metrics.gauge(
    'cinnabar_stuck_jobs',
    'Jobs and parts of deposits that have not ended for longer than CINNABAR_STUCK_MINUTES.',
    async () => {
      const before = parts.now().getTime() - parts.stuckMs
      return [[{}, (await stuckJobs(store, before)).length]]
    },
  )
  metrics.gauge('cinnabar_queue_length', 'What waits, by queue: uses for the ledger, jobs under way.', () => {
    const { uses, jobs } = notarizer.queue()
    return [
      [{ queue: 'ledger' }, uses],
      [{ queue: 'jobs' }, jobs],
    ]
  })
  metrics.gauge('cinnabar_webhook_deliveries', 'Deliveries to webhooks that have not ended, by state.', () => {
    const { waiting, sending } = parts.webhooks.queue()
    return [
      [{ state: 'waiting' }, waiting - sending],
      [{ state: 'sending' }, sending],
    ]
  })
  metrics.gauge('cinnabar_ready', '1 where the component answers, by component, as /readyz says.', async () => {
    const { components } = await readiness()
    return COMPONENTS.map((component) => [{ component }, components[component].status === 'ok' ? 1 : 0] as const)
  })
  metrics.gauge('cinnabar_disk_free_bytes', 'Free for the data folder.', async () => {
    const { freeBytes } = (await readiness()).components.disk
    return freeBytes === undefined ? [] : [[{}, freeBytes]]
  })
}

/** Memory and the delay of the event loop, by the names that dashboards of Node know. */
export function processMetrics(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  metrics.gauge('process_resident_memory_bytes', 'Resident memory.', () => [[{}, process.memoryUsage.rss()]])
  metrics.gauge('process_uptime_seconds', 'Since the start.', () => [[{}, process.uptime()]])
  metrics.gauge('nodejs_eventloop_lag_p99_seconds', '99th percentile since it was last read.', () => {
    const p99 = delay.percentile(99) / 1e9
    delay.reset()
    return [[{}, p99]]
  })
  return () => delay.disable()
}
