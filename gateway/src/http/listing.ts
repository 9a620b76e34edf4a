import { compareTimes, type InstitutionId, type Time } from '@cinnabar/core'
import { z } from 'zod'
import type { Identified } from '../notarize/receive'
import type { Collection, Store } from '../store/store'
import { wholeNumber } from './input'
import { TimeShape } from './shapes/named'

/** What every list takes. */
export const Paging = {
  limit: wholeNumber(1, 200).default(50),
  cursor: z.string().min(1).max(130).optional().describe('`next` of the page before.'),
}
/** What lists of things with a time take. */
export const Period = {
  from: TimeShape.optional().describe('Made at this time or later.'),
  to: TimeShape.optional().describe('Made before this time.'),
}
/** What every list answers beside its items. */
export const NextShape = z
  .string()
  .optional()
  .describe('Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`.')

/** One page of a list. */
export interface ListPage<T> {
  readonly items: readonly Identified<T>[]
  readonly next?: string
}

export interface ListQuery<T> {
  readonly institution: InstitutionId
  readonly limit: number
  readonly cursor?: string | undefined
  readonly matches: (value: T) => boolean
}

const CHUNK = 200
/** One request looks through this many; the next page goes on from there. */
const MAX_LOOKED_AT = 5000

/** An institution's own records that match, newest first. */
export async function listOf<T>(store: Store, collection: Collection, query: ListQuery<T>): Promise<ListPage<T>> {
  const items: Identified<T>[] = []
  let after = query.cursor
  for (let looked = 0; looked < MAX_LOOKED_AT; looked += CHUNK) {
    const where = { field: 'institution', equals: query.institution, order: 'descending' } as const
    const chunk = await store.find<T>(collection, { ...where, limit: CHUNK, ...(after !== undefined && { after }) })
    for (const one of chunk) {
      if (items.length === query.limit) return { items, ...(after !== undefined && { next: after }) }
      after = one.id
      if (query.matches(one.value)) items.push({ id: one.id, value: one.value })
    }
    if (chunk.length < CHUNK) return { items }
  }
  return { items, ...(after !== undefined && { next: after }) }
}

/** Whether a time lies in the period. */
export function isWithin(
  time: string | undefined,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): boolean {
  if (time === undefined) return from === undefined && to === undefined
  const isAfter = from === undefined || compareTimes(time as Time, from as Time) >= 0
  return isAfter && (to === undefined || compareTimes(time as Time, to as Time) < 0)
}
