import type { InstitutionId } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { guardedRoute, json, parameter, type Route, readInput } from './route'

const Paging = z.object({
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

/** `GET /v1/institutions/:id/log`: the institution's own entries, as they are on the ledger. */
export function logRoutes({ env }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/institutions/:id/log',
      access: 'user',
      async handle(request, { institution }) {
        const asked = parameter(request, 'id')
        if (asked !== institution) {
          throw new HttpError('INSTITUTION_NOT_YOURS', 'an institution shows its log to its own users', { asked })
        }
        return json(await pageOf(env.ledger, institution, readInput(Paging, request.query)))
      },
    }),
  ]
}

async function pageOf(
  ledger: AppDeps['env']['ledger'],
  institution: InstitutionId,
  { from, limit }: z.infer<typeof Paging>,
) {
  const { size, root } = await ledger.head(institution)
  const to = Math.min(from + limit, size)
  const entries = from < to ? await ledger.entries(institution, from, to) : []
  return { institution, size, root, from, entries, ...(to < size && from < to ? { next: to } : {}) }
}
