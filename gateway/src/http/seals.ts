import type { SealState } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { wholeNumber } from './input'
import { NextShape, Paging } from './listing'
import { guardedRoute, json, type Route } from './route'
import { InstitutionIdShape, SealKindShape, SealStatusShape } from './shapes/named'
import { SealShape } from './shapes/seal-shape'

const Filters = z.strictObject({
  ...Paging,
  limit: wholeNumber(1, 1000).default(1000),
  status: SealStatusShape.optional(),
  kind: SealKindShape.optional(),
})

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
      query: Filters,
      answers: {
        200: {
          description: 'A page of them, by id',
          json: z.object({ institution: InstitutionIdShape, seals: z.array(SealShape), next: NextShape }),
        },
      },
      async handle({ query }, { institution }) {
        const all = await env.ledger.seals(institution)
        const { seals, ...next } = pageOf(all, query)
        return json({ institution, seals: seals.map(({ seal, uses }) => ({ ...seal, uses })), ...next })
      },
    }),
  ]
}

function pageOf(all: readonly SealState[], { limit, cursor = '', status, kind }: z.output<typeof Filters>) {
  const wanted = all
    .filter(
      ({ seal }) => seal.id > cursor && seal.status === (status ?? seal.status) && seal.kind === (kind ?? seal.kind),
    )
    .sort((a, b) => (a.seal.id < b.seal.id ? -1 : 1))
  const seals = wanted.slice(0, limit)
  return { seals, ...(wanted.length > limit && { next: seals[seals.length - 1].seal.id }) }
}
