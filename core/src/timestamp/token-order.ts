import { equal } from '../encode/bytes'
import type { TimestampToken } from './token'

/** What two tokens' times say of which was made first. */
export type TokenOrder = 'before' | 'after' | 'unknown'

/** What the order of tokens is told by. */
export type OrderedToken = Pick<TimestampToken, 'genTime' | 'genTimeText' | 'accuracyMs' | 'ordering' | 'signer'>

/** Of a token that does not say: an authority of good practice is at least as accurate (EN 319 421 7.7.1). */
const UNSTATED_ACCURACY_MS = 1000

/** By the certificate that the tokens name: which authority it belongs to is for its path to say. */
function areOfOne({ signer: a }: OrderedToken, { signer: b }: OrderedToken): boolean {
  if (a.keyId !== undefined && b.keyId !== undefined) return equal(a.keyId, b.keyId)
  if (a.issuer === undefined || b.issuer === undefined || a.serial === undefined || b.serial === undefined) return false
  return equal(a.issuer, b.issuer) && equal(a.serial, b.serial)
}

/** All digits of the second's fraction count, which never end in 0; negative when `a` is earlier. */
function compareAllDigits(a: OrderedToken, b: OrderedToken): number {
  const whole = a.genTime.getTime() - b.genTime.getTime()
  if (whole !== 0) return whole
  const [left, right] = [a, b].map(({ genTimeText }) => genTimeText.slice(20, -1))
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * Whether `a` was made before or after `b` (RFC 3161 2.4.2): by their times alone where one authority made both and sets
 * ordering; else only where they differ by more than the sum of both accuracies.
 * @returns `unknown` when nobody can tell.
 */
export function orderOf(a: OrderedToken, b: OrderedToken): TokenOrder {
  const difference = compareAllDigits(a, b)
  if (difference === 0) return 'unknown'
  const order = difference < 0 ? 'before' : 'after'
  if (a.ordering && b.ordering && areOfOne(a, b)) return order
  const { accuracyMs: first = UNSTATED_ACCURACY_MS } = a
  const { accuracyMs: second = UNSTATED_ACCURACY_MS } = b
  // Digits finer than a millisecond were cut off of either time.
  return Math.abs(a.genTime.getTime() - b.genTime.getTime()) - 1 > first + second ? order : 'unknown'
}
