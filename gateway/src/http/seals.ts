import { z } from 'zod'
import type { AppDeps } from './deps'
import { guardedRoute, json, type Route } from './route'
import { InstitutionIdShape } from './shapes/named'
import { SealShape } from './shapes/seal-shape'

/** `GET /v1/seals`: the institution's own seals with their counts of uses. */
export function sealRoutes({ env }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/seals',
      access: 'user',
      operation: 'listSeals',
      tag: 'seals',
      summary: "The institution's own seals with their counts of uses",
      answers: {
        200: {
          description: 'All of them',
          json: z.object({ institution: InstitutionIdShape, seals: z.array(SealShape) }),
        },
      },
      async handle(_call, { institution }) {
        const seals = await env.ledger.seals(institution)
        return json({ institution, seals: seals.map(({ seal, uses }) => ({ ...seal, uses })) })
      },
    }),
  ]
}
