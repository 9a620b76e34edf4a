import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { json, openRoute, type Route } from './route'

/** `/healthz`: the process answers. `/readyz`: store and ledger do, too, and nothing waits for the ledger. */
export function healthRoutes({ env, notarizer, onFault }: AppDeps): readonly Route[] {
  return [
    openRoute({ method: 'get', path: '/healthz', access: 'public', handle: async () => json({ status: 'ok' }) }),
    openRoute({
      method: 'get',
      path: '/readyz',
      access: 'public',
      async handle(request) {
        try {
          await env.store.get('settings', 'ready')
          await env.ledger.institutions()
        } catch (error) {
          onFault(error, { id: '', method: request.method, path: request.path })
          throw new HttpError('NOT_READY', 'store or ledger does not answer')
        }
        const waiting = notarizer.troubles()
        return {
          status: waiting.length === 0 ? 200 : 503,
          ...json({ status: waiting.length ? 'waiting' : 'ok', waiting }),
        }
      },
    }),
  ]
}
