import type { InstitutionId, Ledger, LogEntry } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { Id, wholeNumber } from './input'
import { NextShape } from './listing'
import { requireOwn } from './log-heads'
import { guardedRoute, json, type Route } from './route'
import { EntryShape } from './shapes/entry-shape'
import { Count, DigestShape, InstitutionIdShape, SealIdShape } from './shapes/named'

const Filters = z.strictObject({
  order: z.enum(['ascending', 'descending']).default('ascending').describe('By index; from the newest if descending.'),
  from: wholeNumber(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Index of the first entry looked at; if descending, of the last one not looked at.'),
  cursor: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('`next` of the page before.'),
  limit: wholeNumber(1, 1000).default(100),
  kind: z.enum(['sealSignature', 'deposit', 'register']).optional(),
  seal: SealIdShape.optional().describe('Uses of this seal only.'),
})
type Asked = z.output<typeof Filters>
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
      answers: { 200: { description: 'Entries in the order asked for', json: LogPageShape } },
      others: 'INSTITUTION_NOT_YOURS',
      async handle({ params: { id: asked }, query }, { institution }) {
        requireOwn(asked, institution)
        return json(await pageOf(env.ledger, institution, query))
      },
    }),
  ]
}

/** One request looks through this many entries; the next page goes on from there. */
const MAX_LOOKED_AT = 5000
const CHUNK = 1000

async function pageOf(ledger: Ledger, institution: InstitutionId, query: Asked) {
  const { size, root } = await ledger.head(institution)
  const isDown = query.order === 'descending'
  const from = Math.min(query.cursor ?? query.from ?? (isDown ? size : 0), size)
  const end = isDown ? Math.max(from - MAX_LOOKED_AT, 0) : Math.min(from + MAX_LOOKED_AT, size)
  const found: Placed[] = []
  let at = from
  for await (const one of walk(ledger, institution, { from, end, step: stepOf(query) })) {
    if (found.length === query.limit) break
    if (isWanted(one.entry, query)) found.push(one)
    at = isDown ? one.index : one.index + 1
  }
  const isMore = isDown ? at > 0 : at < size
  const [entries, indices] = [found.map(({ entry }) => entry), found.map(({ index }) => index)]
  return { institution, size, root, from, entries, indices, ...(isMore && { next: String(at) }) }
}

/** What is filtered needs more than is shown. */
function stepOf({ kind, seal, limit }: Asked): number {
  return kind !== undefined || seal !== undefined ? CHUNK : limit
}

/** The entries from one place to another, up or down, read step by step. */
async function* walk(
  ledger: Ledger,
  institution: InstitutionId,
  { from, end, step }: { readonly from: number; readonly end: number; readonly step: number },
): AsyncGenerator<Placed> {
  for (let at = from; at < end; at += step) yield* await placed(ledger, institution, at, Math.min(at + step, end))
  for (let at = from; at > end; at -= step) {
    yield* (await placed(ledger, institution, Math.max(at - step, end), at)).reverse()
  }
}

interface Placed {
  readonly index: number
  readonly entry: LogEntry
}

async function placed(ledger: Ledger, institution: InstitutionId, from: number, to: number): Promise<Placed[]> {
  const entries = await ledger.entries(institution, from, to)
  return entries.map((entry, i) => ({ index: from + i, entry }))
}

function isWanted(entry: LogEntry, { kind, seal }: Asked): boolean {
  const isSeals = seal === undefined || (entry.kind === 'sealSignature' && entry.seal === seal)
  return isSeals && (kind === undefined || entry.kind === kind)
}
