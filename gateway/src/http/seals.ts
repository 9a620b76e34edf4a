import type { AppDeps } from './deps'
import { guardedRoute, json, type Route } from './route'

/** `GET /v1/seals`: the institution's own seals with their counts of uses. */
export function sealRoutes({ env }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/seals',
      access: 'user',
      async handle(_request, { institution }) {
        const seals = await env.ledger.seals(institution)
        return json({ institution, seals: seals.map(({ seal, uses }) => ({ ...seal, uses })) })
      },
    }),
  ]
}
