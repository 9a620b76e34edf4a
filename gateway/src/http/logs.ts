import type { InstitutionId, LogEntry } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { Id, wholeNumber } from './input'
import { NextShape } from './listing'
import { guardedRoute, json, type Route } from './route'
import { EntryShape } from './shapes/entry-shape'
import { Count, DigestShape, InstitutionIdShape, SealIdShape } from './shapes/named'

const Filters = z.strictObject({
  from: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('Index of the first entry looked at.'),
  cursor: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('`next` of the page before.'),
  limit: wholeNumber(1, 1000).default(100),
  kind: z.enum(['sealSignature', 'deposit', 'register']).optional(),
  seal: SealIdShape.optional().describe('Uses of this seal only.'),
})
const LogPageShape = z.object({
  institution: InstitutionIdShape,
  size: Count,
  root: DigestShape,
  from: Count,
  entries: z.array(EntryShape),
  indices: z.array(Count).describe('Of each entry, in the log.'),
  next: NextShape,
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
      query: Filters,
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

/** One request looks through this many entries; the next page goes on from there. */
const MAX_LOOKED_AT = 5000
const CHUNK = 1000

async function pageOf(ledger: AppDeps['env']['ledger'], institution: InstitutionId, query: z.output<typeof Filters>) {
  const { size, root } = await ledger.head(institution)
  const from = query.cursor ?? query.from ?? 0
  const end = Math.min(from + MAX_LOOKED_AT, size)
  const entries: LogEntry[] = []
  const indices: number[] = []
  const isFiltered = query.kind !== undefined || query.seal !== undefined
  let at = from
  while (at < end && entries.length < query.limit) {
    const chunk = await ledger.entries(institution, at, Math.min(at + (isFiltered ? CHUNK : query.limit), end))
    for (const entry of chunk) {
      if (entries.length === query.limit) break
      if (isWanted(entry, query)) {
        entries.push(entry)
        indices.push(at)
      }
      at++
    }
  }
  return { institution, size, root, from, entries, indices, ...(at < size && { next: String(at) }) }
}

function isWanted(entry: LogEntry, { kind, seal }: z.output<typeof Filters>): boolean {
  const isSeals = seal === undefined || (entry.kind === 'sealSignature' && entry.seal === seal)
  return isSeals && (kind === undefined || entry.kind === kind)
}
