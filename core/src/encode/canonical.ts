import { EncodingError, fromUtf8, utf8 } from './bytes'
import { CodedError } from './coded-error'

/** A value that canonical JSON can hold: no fractions, no negative numbers, no null. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json }

export class FormatError extends CodedError<
  'FORMAT_INVALID' | 'FORMAT_NOT_CANONICAL' | 'FORMAT_TOO_LARGE' | 'DIGEST_UNSUPPORTED'
> {}

const MAX_DEPTH = 24

/**
 * The one spelling of a value: RFC 8785 (JCS) over objects, arrays, strings, booleans and integers 0 to 2^53 - 1.
 * @throws {@link FormatError} `FORMAT_INVALID` for any other value, for a lone surrogate and for too deep nesting.
 */
export function encodeCanonical(value: Json): Uint8Array {
  return utf8(textOfValue(value))
}

/** The platform's writer where it gives the same text: it is several times as fast, and most values are in order. */
function textOfValue(value: Json): string {
  if (!isOrdered(value, 0)) return canonicalText(value, 0)
  const text = JSON.stringify(value)
  // It would write a lone surrogate as an escape.
  return text.includes('\\ud') ? canonicalText(value, 0) : text
}

/** Whether a value has a canonical form and its members stand in that form's order. */
function isOrdered(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false
  if (typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) {
    // Not every: it would pass over holes.
    for (let i = 0; i < value.length; i++) if (!isOrdered(value[i], depth + 1)) return false
    return true
  }
  let last: string | undefined
  for (const key of Object.keys(value)) {
    if (last !== undefined && last >= key) return false
    if (!isOrdered((value as Record<string, unknown>)[key], depth + 1)) return false
    last = key
  }
  return Object.getPrototypeOf(value) === Object.prototype
}

function canonicalText(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new FormatError('FORMAT_INVALID', `nested deeper than ${MAX_DEPTH}`)
  if (typeof value === 'string') return stringText(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') return integerText(value)
  if (Array.isArray(value)) return `[${Array.from(value, (item) => canonicalText(item, depth + 1)).join(',')}]`
  if (typeof value === 'object' && value !== null) return objectText(value as Record<string, unknown>, depth)
  throw new FormatError('FORMAT_INVALID', `${value === null ? 'null' : typeof value} has no canonical form`)
}

function objectText(value: Record<string, unknown>, depth: number): string {
  const members = []
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) members.push(`${stringText(key)}:${canonicalText(value[key], depth + 1)}`)
  }
  return `{${members.join(',')}}`
}

function stringText(value: string): string {
  if (/[\ud800-\udfff]/u.test(value)) throw new FormatError('FORMAT_INVALID', 'a text holds a lone surrogate')
  return JSON.stringify(value)
}

function integerText(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
    throw new FormatError('FORMAT_INVALID', `expected an integer from 0 to 2^53 - 1, got ${value}`)
  }
  return String(value)
}

/**
 * Reads canonical JSON, and only that: the value is written again and must give the same bytes, so duplicate keys,
 * white space, other number spellings and other key orders are refused.
 * @param maxBytes - longer input is refused unread.
 * @throws {@link FormatError} `FORMAT_TOO_LARGE`, `FORMAT_INVALID` (no such JSON), `FORMAT_NOT_CANONICAL`.
 */
export function parseCanonical(bytes: Uint8Array, maxBytes: number): Json {
  if (bytes.length > maxBytes) {
    throw new FormatError('FORMAT_TOO_LARGE', `${bytes.length} bytes, at most ${maxBytes} are read`, { maxBytes })
  }
  if (bytes.length > SHALLOW_BYTES) requireShallow(bytes)
  const text = textOf(bytes)
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new FormatError('FORMAT_INVALID', 'not JSON', { bytes: bytes.length }, cause)
  }
  if (textOfValue(value) !== text) {
    throw new FormatError('FORMAT_NOT_CANONICAL', 'not in the canonical spelling of RFC 8785')
  }
  return value
}

const [QUOTE, BACKSLASH, OPEN_ARRAY, OPEN_OBJECT, CLOSE_ARRAY, CLOSE_OBJECT] = utf8('"\\[{]}')

/** What is shorter cannot be nested deep enough to cost anything. */
const SHALLOW_BYTES = 1 << 16

/** Before it is parsed: a megabyte of brackets would become a million arrays. */
function requireShallow(bytes: Uint8Array): void {
  let depth = 0
  let inText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) inText = !inText
    else if (byte === BACKSLASH) at++
    else if (inText) continue
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--
    if (depth > MAX_DEPTH + 1) throw new FormatError('FORMAT_INVALID', `nested deeper than ${MAX_DEPTH}`)
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    if (cause instanceof EncodingError) throw new FormatError('FORMAT_INVALID', 'not UTF-8', {}, cause)
    throw cause
  }
}
