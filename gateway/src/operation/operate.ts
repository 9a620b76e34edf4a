import { readFile } from 'node:fs/promises'
import { CodedError } from '@cinnabar/core'
import type { Config } from '../config'
import type { AppDeps } from '../http/deps'
import type { RequestEnd } from '../http/request-watch'
import type { Logger } from '../log'
import type { Node } from '../node'
import type { Notarizer } from '../notarize/notarizer'
import type { Webhooks } from '../webhooks/webhooks'
import type { Metrics } from './metrics'
import { readinessOf } from './readiness'
import { processMetrics, requestMetrics, serviceMetrics } from './service-metrics'

/** `METRICS_TOKEN_INVALID`: the file of the token cannot be read, or holds no token of 16 to 256 printable characters. */
export class OperationError extends CodedError<'METRICS_TOKEN_INVALID'> {}

/** What {@link operate} puts together. */
export interface OperateParts {
  readonly node: Pick<Node, 'env' | 'chainCheck'>
  readonly notarizer: Notarizer
  readonly webhooks: Pick<Webhooks, 'queue'>
  readonly metrics: Metrics
  readonly log: Logger
  readonly version: string
}

/** What of the HTTP side is for those who run it; `stop` ends the measuring. */
export type Operation = Required<Pick<AppDeps, 'readiness' | 'watch' | 'metrics'>> & { readonly stop: () => void }

const MINUTE_MS = 60_000

/** Readiness, metrics and one line of the log for each request. @throws {@link OperationError} `METRICS_TOKEN_INVALID`. */
export async function operate(config: Config, parts: OperateParts): Promise<Operation> {
  const { node, notarizer, webhooks, metrics, log, version } = parts
  const readiness = readinessOf({
    env: node.env,
    notarizer,
    chainCheck: node.chainCheck,
    disk: { folder: config.dataFolder, minFreeBytes: config.minFreeBytes },
    onFailure: (component, error) =>
      log.warn('a component is not ready', { component, error: error instanceof Error ? error : String(error) }),
  })
  const { store, clock } = node.env
  const stuckMs = config.stuckMinutes * MINUTE_MS
  serviceMetrics(metrics, { store, notarizer, webhooks, now: () => clock.now(), stuckMs, readiness, version })
  const requests = requestMetrics(metrics)
  return {
    readiness,
    stop: processMetrics(metrics),
    metrics: { text: () => metrics.text(), token: await tokenIn(config.metricsTokenFile) },
    watch: {
      begun: () => requests.begun(),
      ended(end) {
        requests.ended(end)
        logRequest(log, end)
      },
    },
  }
}

async function tokenIn(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new OperationError('METRICS_TOKEN_INVALID', `${file} cannot be read`, { file }, cause)
  })
  if (/^[!-~]{16,256}$/.test(text.trim())) return text.trim()
  throw new OperationError('METRICS_TOKEN_INVALID', `${file} holds no token of 16 to 256 printable characters`, {
    file,
  })
}

/** Asked every few seconds by machines, or for each picture of a page. */
const FREQUENT: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics', 'page'])

function logRequest(log: Logger, { id, seconds, person, bodyBytes, ...rest }: RequestEnd): void {
  const { user, institution } = person ?? {}
  const fields = { request: id, ...rest, ms: Math.round(seconds * 1e4) / 10, bodyBytes, user, institution }
  if (rest.status >= 500 && rest.route !== '/readyz') log.error('request', fields)
  else if (FREQUENT.has(rest.route)) log.debug('request', fields)
  else log.info('request', fields)
}
