import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { json, openRoute, type Route } from './route'

/**
 * `/healthz`: the process answers. `/readyz`: store and ledger do, too, nothing waits for the ledger, and its chain was
 * not found damaged. Names nobody: everybody may ask.
 */
export function healthRoutes({ env, notarizer, chainCheck, onFault }: AppDeps): readonly Route[] {
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
        const troubles = notarizer.troubles()
        const chain = chainCheck?.state ?? 'ok'
        const status = chain === 'damaged' ? 'damaged' : troubles.length > 0 ? 'waiting' : 'ok'
        const waiting = troubles.map(({ code, waiting: uses }) => ({ code, uses }))
        return { status: status === 'ok' ? 200 : 503, ...json({ status, chain, waiting }) }
      },
    }),
  ]
}
