import { localClock, type Time, utcOffset } from '@cinnabar/core'

/** Where the reader is, and what to call it. */
export interface Reader {
  readonly local: string
  /** IANA name; undefined: the machine's. */
  readonly timeZone?: string
}

/** A time in UTC, digit for digit, then by the reader's clock: `2026-11-22 03:04:05 UTC (2026-11-22 11:04:05 local, UTC+08:00)`. */
export function describeTime(time: Time, { local, timeZone }: Reader): string {
  const at = new Date(time)
  return `${time.slice(0, -1).replace('T', ' ')} UTC (${localClock(at, timeZone)} ${local}, ${utcOffset(at, timeZone)})`
}
