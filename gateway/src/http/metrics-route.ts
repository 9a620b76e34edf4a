import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { bytes, openRoute, type Route } from './route'

/** What `/metrics` says, and to whom. */
export interface MetricsAnswer {
  text(): Promise<string>
  /** Who asks must send it; undefined: who asks must be on this machine, with no proxy between. */
  readonly token: string | undefined
}

const TEXT = 'text/plain; version=0.0.4; charset=utf-8'

/** `GET /metrics`, for Prometheus. */
export function metricsRoutes({ metrics }: Pick<AppDeps, 'metrics'>): readonly Route[] {
  if (metrics === undefined) return []
  return [
    openRoute({
      method: 'get',
      path: '/metrics',
      access: 'operator',
      operation: 'getMetrics',
      tag: 'operation',
      summary: 'Figures for Prometheus',
      description: 'For this machine, or for who sends the token that the operator set.',
      answers: { 200: { description: 'Prometheus text format 0.0.4', type: 'text/plain' } },
      problems: ['METRICS_FORBIDDEN'],
      async handle({ request }) {
        if (!mayAsk(request, metrics.token)) {
          throw new HttpError('METRICS_FORBIDDEN', 'the metrics are not for everybody')
        }
        return bytes(new TextEncoder().encode(await metrics.text()), TEXT)
      },
    }),
  ]
}

function mayAsk(request: Request, token: string | undefined): boolean {
  const { authorization, forwarded, 'x-forwarded-for': forwardedFor } = request.headers
  if (token !== undefined) return isSame(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '', token)
  const here = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(request.socket.remoteAddress ?? '')
  return here && forwarded === undefined && forwardedFor === undefined
}

/** In the same time for any guess. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
