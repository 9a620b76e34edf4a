import type { Time } from '@cinnabar/core'

/** Where the reader is, and what to call it. */
export interface Reader {
  readonly local: string
  /** IANA name; undefined: the machine's. */
  readonly timeZone?: string
}

/** A time in UTC, digit for digit, then by the reader's clock: `2026-11-22 03:04:05 UTC (2026-11-22 11:04:05 local, UTC+08:00)`. */
export function describeTime(time: Time, { local, timeZone }: Reader): string {
  const at = new Date(time)
  return `${time.slice(0, -1).replace('T', ' ')} UTC (${clock(at, timeZone)} ${local}, ${offset(at, timeZone)})`
}

function clock(at: Date, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`
}

function offset(at: Date, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
  return name === 'GMT' ? 'UTC+00:00' : name.replace('GMT', 'UTC')
}
