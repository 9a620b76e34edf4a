import { concat, concatAll } from './bytes'
import { type Der, DerError } from './der'

const CONSTRUCTED = 0x20
const OCTET_STRING = 0x04
const INTEGER = 0x02
const MAX_DEPTH = 32
/** Each becomes an object; a CMS has hundreds of values, or with revocation lists some ten thousand. */
const MAX_VALUES = 250_000
const END_OF_CONTENTS: Read = { der: new Uint8Array(0), next: -1, last: true }

interface Read {
  readonly der: Der
  /** Behind the value. */
  readonly next: number
  /** Whether it was the end-of-contents mark. */
  readonly last: boolean
}

function invalid(text: string, at: number): DerError {
  return new DerError('DER_INVALID', text, { at })
}

/** X.690 8.1.3: `length` is -1 where it is indefinite. */
function readLength(bytes: Uint8Array, at: number, limit: number): { readonly length: number; readonly start: number } {
  if (at >= limit) throw invalid('expected a length', at)
  const first = bytes[at]
  if (first < 0x80) return { length: first, start: at + 1 }
  if (first === 0x80) return { length: -1, start: at + 1 }
  const count = first & 0x7f
  if (count > 4 || limit - at - 1 < count) throw invalid('length field is too long', at)
  let length = 0
  for (let i = 1; i <= count; i++) length = length * 256 + bytes[at + i]
  return { length, start: at + 1 + count }
}

function encode(tag: number, content: Uint8Array): Der {
  const { length } = content
  if (length < 0x80) return concat(new Uint8Array([tag, length]), content)
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff)
  return concat(new Uint8Array([tag, 0x80 | octets.length, ...octets]), content)
}

/** X.690 8.7.3: an octet string in segments, each itself an octet string. Read DER, they are all primitive. */
function joined(segments: readonly Der[], at: number): Uint8Array {
  const contents = segments.map((segment) => {
    if (segment[0] !== OCTET_STRING) throw invalid('an octet string in segments holds something else', at)
    const long = segment[1] >= 0x80
    return segment.subarray(long ? 2 + (segment[1] & 0x7f) : 2)
  })
  return concatAll(contents)
}

/** X.690 8.3.2: an integer without octets that say nothing. */
function shortest(content: Uint8Array): Uint8Array {
  let from = 0
  const isIdle = (at: number) => content[at] === (content[at + 1] < 0x80 ? 0 : 0xff)
  while (from + 1 < content.length && isIdle(from)) from++
  return content.subarray(from)
}

/** How far a value may reach, and how much may be inside. */
interface Within {
  readonly limit: number
  readonly depth: number
  readonly left: { values: number }
}

function readValue(bytes: Uint8Array, at: number, within: Within): Read {
  const { limit, depth, left } = within
  if (left.values-- === 0) throw new DerError('DER_TOO_LARGE', 'more values than a CMS has', { at })
  if (at >= limit) throw invalid('expected a tag', at)
  const tag = bytes[at]
  if ((tag & 0x1f) === 0x1f) throw invalid('tag numbers above 30 are not supported', at)
  const { length, start } = readLength(bytes, at + 1, limit)
  if (tag === 0 && length === 0) return { ...END_OF_CONTENTS, next: start }
  if (length > limit - start) throw invalid('value ends before its length says', at)
  const isConstructed = (tag & CONSTRUCTED) !== 0
  if (!isConstructed) {
    if (length < 0) throw invalid('a primitive value of indefinite length', at)
    const content = bytes.subarray(start, start + length)
    return { der: encode(tag, tag === INTEGER ? shortest(content) : content), next: start + length, last: false }
  }
  if (depth === 0) throw new DerError('DER_TOO_DEEP', 'values are nested too deep', { at })
  const { children, next } = readChildren(bytes, start, { limit, depth: depth - 1, left, length })
  const isString = tag === (OCTET_STRING | CONSTRUCTED)
  return {
    der: isString ? encode(OCTET_STRING, joined(children, at)) : encode(tag, concatAll(children)),
    next,
    last: false,
  }
}

function readChildren(
  bytes: Uint8Array,
  start: number,
  { limit, depth, left, length }: Within & { readonly length: number },
): { readonly children: readonly Der[]; readonly next: number } {
  const end = length < 0 ? limit : start + length
  const children: Der[] = []
  let at = start
  while (length < 0 || at < end) {
    const child = readValue(bytes, at, { limit: end, depth, left })
    at = child.next
    if (child.last) {
      if (length >= 0) throw invalid('end-of-contents inside a definite length', at)
      return { children, next: at }
    }
    children.push(child.der)
  }
  return { children, next: at }
}

/**
 * Re-encodes the first value in DER as far as lengths, segmented octet strings and long integers go (X.690 8.1.3, 8.7.3,
 * 8.3.2): CMS may be BER but for what is signed (RFC 5652 2), and foreign signers use that. Sets keep their order. What is signed
 * or digested in DER, and was not, no longer verifies.
 * @returns the DER and how many bytes the value took.
 * @throws {@link DerError} `DER_INVALID`, `DER_TOO_DEEP`, `DER_TOO_LARGE` above `maxBytes` or 250,000 values.
 */
export function derOfBer(bytes: Uint8Array, maxBytes: number): { readonly der: Der; readonly length: number } {
  if (bytes.length > maxBytes) throw new DerError('DER_TOO_LARGE', `${bytes.length} bytes of BER`, { maxBytes })
  const { der, next, last } = readValue(bytes, 0, {
    limit: bytes.length,
    depth: MAX_DEPTH,
    left: { values: MAX_VALUES },
  })
  if (last) throw invalid('end-of-contents where a value should be', 0)
  return { der, length: next }
}
