import { FormatError, type Json } from '../encode/canonical'
import type { Schema } from './schema'

/**
 * A UTC time as text, the one form used everywhere: `2026-11-22T03:04:05Z`, with a fraction of 1 to 9 digits only
 * when the source had one, never ending in 0. It is DER GeneralizedTime (X.690 11.7) with separators.
 */
export type Time = string & { readonly __brand: 'Time' }

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{0,8}[1-9])?Z$/
const DAYS = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** @throws {@link FormatError} `FORMAT_INVALID` unless the value is a {@link Time} that exists in the calendar. */
export const time: Schema<Time> = (value: Json | undefined, path: string) => {
  const parts = typeof value === 'string' ? SHAPE.exec(value) : null
  if (parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))) return value as Time
  throw new FormatError('FORMAT_INVALID', `${path}: expected a UTC time such as 2026-11-22T03:04:05Z`, { path })
}

/** The Gregorian calendar, whatever the year. */
function isDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day >= 1 && day <= (month === 2 && !isLeap ? 28 : (DAYS[month] ?? 0))
}

/** The time as text, to the millisecond. */
export function timeOf(at: Date): Time {
  return at.toISOString().replace(/\.?0*Z$/, 'Z') as Time
}

/** The time to the millisecond; finer digits are cut off. */
export function dateOf(value: Time): Date {
  return new Date(value)
}

/** Negative when `a` is earlier. Compares all digits. */
export function compareTimes(a: Time, b: Time): number {
  const left = a.slice(0, -1)
  const right = b.slice(0, -1)
  if (left.slice(0, 19) !== right.slice(0, 19)) return left.slice(0, 19) < right.slice(0, 19) ? -1 : 1
  const fractionA = left.slice(20).padEnd(9, '0')
  const fractionB = right.slice(20).padEnd(9, '0')
  return fractionA < fractionB ? -1 : fractionA > fractionB ? 1 : 0
}
