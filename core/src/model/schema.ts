import { base64Bytes } from '../encode/bytes'
import { encodeCanonical, FormatError, type Json, parseCanonical } from '../encode/canonical'
import { sha256Hex } from '../encode/sha256'
import type { Digest } from './digest'

/** Checks the shape of a parsed value and gives it back as it is; `path` names the place for the error. */
export type Schema<T> = (value: Json | undefined, path: string) => T

/** The type that a schema yields. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never

function refuse(path: string, wanted: string): never {
  throw new FormatError('FORMAT_INVALID', `${path || 'the record'}: expected ${wanted}`, { path })
}

/**
 * C0, DEL and C1, soft hyphen, zero-width, separators, bidirectional controls, BOM: they could make one name look like
 * another's. By number and not by Unicode property: every peer must decide alike, whatever its ICU version.
 */
const UNSEEN: readonly (readonly [number, number])[] = [
  [0x0000, 0x001f],
  [0x007f, 0x009f],
  [0x00ad, 0x00ad],
  [0x061c, 0x061c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
]

const UNSEEN_CHARACTER = new RegExp(
  `[${UNSEEN.map((range) => range.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('-')).join('')}]`,
)

/** Text of 1 to `max` UTF-16 units without control or invisible characters; it is never normalised. */
export function text(max: number): Schema<string> {
  return (value, path) => {
    if (typeof value !== 'string' || value.length === 0 || value.length > max) refuse(path, `1 to ${max} characters`)
    if (UNSEEN_CHARACTER.test(value) || value.trim() !== value)
      refuse(path, 'no control, invisible or outer space characters')
    return value
  }
}

/** Text of one shape. */
export function pattern<T extends string = string>(shape: RegExp, wanted: string): Schema<T> {
  return (value, path) => (typeof value === 'string' && shape.test(value) ? (value as T) : refuse(path, wanted))
}

/** One of a closed list of words. */
export function word<const T extends string>(...words: readonly T[]): Schema<T> {
  return (value, path) => (words.includes(value as T) ? (value as T) : refuse(path, words.join(' or ')))
}

export const flag: Schema<boolean> = (value, path) => (typeof value === 'boolean' ? value : refuse(path, 'a boolean'))

/** An integer from `min` to `max`. */
export function integer(min = 0, max = Number.MAX_SAFE_INTEGER): Schema<number> {
  return (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : refuse(path, `an integer from ${min} to ${max}`)
}

/** Base64 of `minBytes` to `maxBytes` bytes in its one spelling. */
export function base64(maxBytes: number, minBytes = 1): Schema<string> {
  const maxLength = 4 * Math.ceil(maxBytes / 3)
  return (value, path) => {
    const bytes = typeof value === 'string' && value.length <= maxLength ? base64Bytes(value) : undefined
    if (bytes === undefined || bytes < minBytes || bytes > maxBytes) {
      refuse(path, `base64 of ${minBytes} to ${maxBytes} bytes`)
    }
    return value as string
  }
}

/** A list of `min` to `max` items. */
export function list<T>(item: Schema<T>, max: number, min = 0): Schema<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) refuse(path, `a list of ${min} to ${max}`)
    // Not forEach: it would pass over holes.
    for (let i = 0; i < value.length; i++) item(value[i], `${path}[${i}]`)
    return value
  }
}

/** A member that may be absent. */
export function optional<T>(schema: Schema<T>): Schema<T | undefined> {
  return (value, path) => (value === undefined ? undefined : schema(value, path))
}

type Members = Readonly<Record<string, Schema<unknown>>>
type OptionalKeys<M extends Members> = { [K in keyof M]: undefined extends TypeOf<M[K]> ? K : never }[keyof M]
type ObjectOf<M extends Members> = { readonly [K in Exclude<keyof M, OptionalKeys<M>>]: TypeOf<M[K]> } & {
  readonly [K in OptionalKeys<M>]?: TypeOf<M[K]>
}

/** An object with exactly these members: an unknown member is refused, since it would be signed but not understood. */
export function object<const M extends Members>(members: M): Schema<ObjectOf<M>> {
  const entries = Object.entries(members)
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'an object')
    const given = value as Readonly<Record<string, Json>>
    for (const key of Object.keys(given)) if (!Object.hasOwn(members, key)) refuse(`${path}.${key}`, 'no such member')
    for (const [key, schema] of entries) schema(Object.hasOwn(given, key) ? given[key] : undefined, `${path}.${key}`)
    return given as ObjectOf<M>
  }
}

/** One of several objects, told apart by the member `key`. */
export function choice<const C extends Readonly<Record<string, Schema<unknown>>>>(
  key: string,
  cases: C,
): Schema<TypeOf<C[keyof C]>> {
  return (value, path) => {
    const tag = (value as Readonly<Record<string, Json>> | undefined)?.[key]
    if (typeof tag !== 'string' || !Object.hasOwn(cases, tag)) refuse(`${path}.${key}`, Object.keys(cases).join(' or '))
    return cases[tag](value, path) as TypeOf<C[keyof C]>
  }
}

/** A record's canonical bytes: the one writer and the one reader of its type. */
export interface Format<T> {
  /** Canonical bytes. @throws {@link FormatError} when `record` is not of the type. */
  encode(record: T): Uint8Array
  /** @throws {@link FormatError} unless `bytes` are the canonical bytes of such a record. */
  parse(bytes: Uint8Array): T
  /** Checks a value that was read as part of a larger record. @throws {@link FormatError} */
  check(value: Json): T
  /** SHA-256 of the canonical bytes; the `type` member inside them separates the domains. */
  digest(record: T): Digest
}

/** Makes the reader and writer of a record type whose canonical bytes are at most `maxBytes` long. */
export function format<T>(schema: Schema<T>, maxBytes: number): Format<T> {
  const encode = (record: T) => {
    const bytes = encodeCanonical(schema(record as Json, '') as Json)
    if (bytes.length > maxBytes) {
      throw new FormatError('FORMAT_TOO_LARGE', `the record takes ${bytes.length} bytes, at most ${maxBytes}`, {
        maxBytes,
      })
    }
    return bytes
  }
  return {
    encode,
    parse: (bytes) => schema(parseCanonical(bytes, maxBytes), ''),
    check: (value) => schema(value, ''),
    digest: (record) => `sha256:${sha256Hex(encode(record))}` as Digest,
  }
}
