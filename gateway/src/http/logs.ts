import type { InstitutionId } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { Id, wholeNumber } from './input'
import { guardedRoute, json, type Route } from './route'
import { EntryShape } from './shapes/entry-shape'
import { Count, DigestShape, InstitutionIdShape } from './shapes/named'

const Paging = z.strictObject({
  from: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: wholeNumber(1, 1000).default(100),
})
const LogPageShape = z.object({
  institution: InstitutionIdShape,
  size: Count,
  root: DigestShape,
  from: Count,
  entries: z.array(EntryShape),
  next: Count.optional(),
})

/** `GET /v1/institutions/:id/log`: the institution's own entries, as they are on the ledger. */
export function logRoutes({ env }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/institutions/:id/log',
      access: 'user',
      operation: 'listLog',
      tag: 'log',
      summary: "The institution's own entries, as they are on the ledger",
      params: z.object({ id: Id }),
      query: Paging,
      answers: { 200: { description: 'Entries in the order of the log', json: LogPageShape } },
      others: 'INSTITUTION_NOT_YOURS',
      async handle({ params: { id: asked }, query }, { institution }) {
        if (asked !== institution) {
          throw new HttpError('INSTITUTION_NOT_YOURS', 'an institution shows its log to its own users', { asked })
        }
        return json(await pageOf(env.ledger, institution, query))
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
