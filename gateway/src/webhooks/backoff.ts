import { randomInt } from 'node:crypto'

/** Attempts of one delivery before it counts as failed: about 35 hours. */
export const MAX_TRIES = 12

const FIRST_MS = 10_000
const LONGEST_MS = 8 * 3600_000

/**
 * How long to wait after failed attempt `tries`: 10 s, then three times as long each time, at most 8 h; by chance half as
 * much more or less, so that what failed together does not come back together.
 */
export function backoffMs(tries: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 3 ** (tries - 1))
  return Math.round(base * (0.5 + randomInt(1001) / 1000))
}
