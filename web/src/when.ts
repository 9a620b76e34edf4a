import { localClock, utcOffset } from '@cinnabar/core'
import type { Texts } from './texts'

/** A time as people read it: in UTC, then where the reader is, each said which. */
export function describeTime(at: Date, texts: Texts, zone?: string): readonly [utc: string, local: string] {
  return [`${localClock(at, 'UTC')} ${texts.time.utc}`, texts.time.local(localClock(at, zone), utcOffset(at, zone))]
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** The same for tables, where each line counts: the second names its offset alone. */
export function describeTimeShortly(at: Date, zone?: string): readonly [utc: string, local: string] {
  return [`${localClock(at, 'UTC')} UTC`, `${localClock(at, zone)} (${utcOffset(at, zone)})`]
}

/** A span in the largest unit that it fills, rounded down. */
export function describeSpan(seconds: number, texts: Texts): string {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
  const format = new Intl.NumberFormat(texts.locale, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.trunc(seconds / size))
}
