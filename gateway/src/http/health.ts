import type { AppDeps } from './deps'
import { json, openRoute, type Route } from './route'

/** `/healthz`: the process answers. `/readyz`: whether requests can be served, and which component is in the way. */
export function healthRoutes({ readiness }: AppDeps): readonly Route[] {
  return [
    openRoute({ method: 'get', path: '/healthz', access: 'public', handle: async () => json({ status: 'ok' }) }),
    openRoute({
      method: 'get',
      path: '/readyz',
      access: 'public',
      async handle() {
        const found = await readiness()
        return { status: found.status === 'ok' ? 200 : 503, ...json(found) }
      },
    }),
  ]
}
