import type { Store } from '../store/store'
import { dayOf } from './idempotency'
import { setSetting } from './records'

const DAY_MS = 24 * 3600_000
const PAGE = 500
const MARK = 'requestKeys/forgotten'
/** Clocks are set back now and then: keys of so many days before are looked for again; at first, those of a year. */
const AGAIN_DAYS = 30
const AT_FIRST_DAYS = 366

/** Before which day all keys are forgotten. */
interface Forgotten {
  readonly before: string
}

/**
 * Forgets the Idempotency-Keys that came first before the day of `before`. Up to where that was done is written down at the
 * end: a crash has it done again.
 * @returns how many.
 */
export async function forgetKeys(store: Store, before: Date): Promise<number> {
  const mark = await store.get<Forgotten>('settings', MARK)
  const from =
    mark === undefined
      ? before.getTime() - AT_FIRST_DAYS * DAY_MS
      : new Date(mark.value.before).getTime() - AGAIN_DAYS * DAY_MS
  let removed = 0
  for (let at = from; dayOf(new Date(at)) < dayOf(before); at += DAY_MS) {
    removed += await forgetDay(store, dayOf(new Date(at)))
  }
  await setSetting<Forgotten>(store, MARK, { before: dayOf(before) })
  return removed
}

async function forgetDay(store: Store, day: string): Promise<number> {
  for (let removed = 0; ; ) {
    const found = await store.find('requestKeys', { field: 'day', equals: day, limit: PAGE })
    const ids = found.map(({ id }) => id)
    await store.remove('requestKeys', ids)
    removed += ids.length
    if (ids.length < PAGE) return removed
  }
}
