import type { TimestampToken } from '../timestamp/token'
import { orderOf } from '../timestamp/token-order'

/** A timestamp and what it lies in. */
export interface Layer {
  readonly token: TimestampToken
  /** End of the revision that it came with: what ends later covers it. */
  readonly level: number
  /** Whether it holds: only those that do say anything. */
  readonly good: boolean
}

/**
 * Whether good timestamps contradict each other: one that covers another was made after it, and its time must not be shown to be
 * earlier (EN 319 102-1 5.5.4, on the coherence of times; RFC 3161 2.4.2). Of which is wrong nobody can tell.
 * @returns what contradicts what, for people.
 */
export function disorderAmong(layers: readonly Layer[]): string | undefined {
  const good = layers.filter((one) => one.good)
  for (const outer of good) {
    const inner = good.find(({ level, token }) => level < outer.level && orderOf(outer.token, token) === 'before')
    if (inner === undefined) continue
    return `a timestamp of ${outer.token.genTimeText} covers one that was made later, at ${inner.token.genTimeText}`
  }
  return undefined
}
