import { compareBytes } from './bytes'
import { CodedError } from './coded-error'

/** The complete DER encoding of one ASN.1 value: tag, length and content. */
export type Der = Uint8Array

/** Bytes that are not the one DER encoding of what was expected, or more than the reader's limits allow. */
export class DerError extends CodedError<'DER_INVALID' | 'DER_TOO_LARGE' | 'DER_TOO_DEEP'> {}

/** Identifier octets of the universal types used in certificates, CMS and timestamps. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** One value of a DER tree. All byte arrays are views of the bytes that were read. */
export interface DerNode {
  /** The identifier octet: class, constructed bit and tag number 0 to 30. */
  readonly tag: number
  /** Tag, length and content. */
  readonly der: Der
  readonly content: Uint8Array
  /** The values inside a constructed value; empty for a primitive one. */
  readonly children: readonly DerNode[]
}

/** A larger input is refused unread unless the caller says otherwise: certificates and CMS take a few kilobytes. */
const MAX_BYTES = 1 << 20
const MAX_DEPTH = 32
const CONSTRUCTED = 0x20

function invalid(text: string, at: number): DerError {
  return new DerError('DER_INVALID', text, { at })
}

/**
 * Offsets of the content that {@link readHeader} read last, and behind it. Not its result: an object for each of a token's
 * two hundred values is most of what reading it would allocate.
 */
let contentStart = 0
let contentEnd = 0

/** X.690 8.1.3 and 10.1: a definite length in the fewest bytes; it sets the offsets. */
function readLength(bytes: Uint8Array, at: number, limit: number): void {
  const first = bytes[at]
  contentStart = at + 1
  contentEnd = contentStart + first
  if (first < 0x80) return
  if (first === 0x80) throw invalid('indefinite length is BER, not DER', at)
  const count = first & 0x7f
  if (count > 4 || limit - at - 1 < count) throw invalid('length field is too long', at)
  let length = 0
  for (let i = 1; i <= count; i++) length = length * 256 + bytes[at + i]
  if (length < 0x80 || length < 256 ** (count - 1)) throw invalid('length is not in the fewest bytes', at)
  contentStart = at + 1 + count
  contentEnd = contentStart + length
}

/** X.690 8.1.2: tags of a single byte. @returns the tag; the offsets are set. */
function readHeader(bytes: Uint8Array, at: number, limit: number): number {
  if (limit - at < 2) throw invalid('expected a tag and a length', at)
  const tag = bytes[at]
  if ((tag & 0x1f) === 0x1f) throw invalid('tag numbers above 30 are not supported', at)
  if (tag === 0) throw invalid('end-of-contents is BER, not DER', at)
  readLength(bytes, at + 1, limit)
  if (contentEnd > limit) throw invalid('value ends before its length says', at)
  return tag
}

/**
 * How many bytes the first value takes, so that padding behind it can be cut off.
 * Only its outermost tag and length are read.
 * @throws {@link DerError} `DER_INVALID` when there is no complete value with a DER length.
 */
export function derLength(bytes: Uint8Array): number {
  readHeader(bytes, 0, bytes.length)
  return contentEnd
}

/** @param start - of the content. @param at - of the tag, for messages. */
type Check = (bytes: Uint8Array, start: number, end: number, at: number) => void

const checkInteger: Check = (bytes, start, end, at) => {
  if (start === end) throw invalid('INTEGER without content', at)
  const first = bytes[start]
  if (end - start > 1 && (first === 0 ? bytes[start + 1] < 0x80 : first === 0xff && bytes[start + 1] >= 0x80)) {
    throw invalid('INTEGER is not in the fewest bytes', at)
  }
}

const checkOid: Check = (bytes, start, end, at) => {
  if (start === end || bytes[end - 1] >= 0x80) throw invalid('OBJECT IDENTIFIER is cut short', at)
  for (let i = start; i < end; i++) {
    if (bytes[i] === 0x80 && (i === start || bytes[i - 1] < 0x80)) {
      throw invalid('OBJECT IDENTIFIER arc is not in the fewest bytes', at)
    }
  }
}

const checkBitString: Check = (bytes, start, end, at) => {
  const unused = bytes[start]
  const length = end - start
  const fits = length === 1 ? unused === 0 : length > 1 && unused <= 7
  if (!fits || (bytes[end - 1] & ((1 << unused) - 1)) !== 0) throw invalid('BIT STRING has wrong unused bits', at)
}

const checkBoolean: Check = (bytes, start, end, at) => {
  if (end - start !== 1 || (bytes[start] !== 0 && bytes[start] !== 0xff)) throw invalid('BOOLEAN is not 00 or FF', at)
}

const checkNull: Check = (_bytes, start, end, at) => {
  if (start !== end) throw invalid('NULL has content', at)
}

/** By tag: what a universal type's content must be. */
const CHECKS: readonly (Check | undefined)[] = Array.from({ length: 256 }, (_, tag) => {
  if (tag === TAG.integer || tag === TAG.enumerated) return checkInteger
  if (tag === TAG.boolean) return checkBoolean
  if (tag === TAG.bitString) return checkBitString
  if (tag === TAG.null) return checkNull
  return tag === TAG.oid ? checkOid : undefined
})

/** X.690 10.2: of the universal types only SEQUENCE and SET (and EXTERNAL kin, unused here) are constructed. */
function checkForm(tag: number, at: number): void {
  const universal = tag < 0x40
  if (universal && ((tag & CONSTRUCTED) !== 0) !== ((tag & 0x1f) === 0x10 || (tag & 0x1f) === 0x11)) {
    throw invalid('a SEQUENCE or SET is constructed, every other universal type primitive', at)
  }
}

const NO_CHILDREN: readonly DerNode[] = []

/** Views, and the values inside, are made when asked for: most of a certificate's are never looked at. */
class ReadNode implements DerNode {
  readonly tag: number
  readonly #bytes: Uint8Array
  readonly #at: number
  readonly #start: number
  readonly #end: number
  #children: readonly DerNode[] | undefined

  /** @param at - of a value that was checked. */
  constructor(bytes: Uint8Array, at: number) {
    this.tag = readHeader(bytes, at, bytes.length)
    this.#bytes = bytes
    this.#at = at
    this.#start = contentStart
    this.#end = contentEnd
  }

  get der(): Der {
    return this.#bytes.subarray(this.#at, this.#end)
  }

  get content(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end)
  }

  get children(): readonly DerNode[] {
    this.#children ??= (this.tag & CONSTRUCTED) === 0 ? NO_CHILDREN : this.#readChildren()
    return this.#children
  }

  #readChildren(): readonly DerNode[] {
    const children: ReadNode[] = []
    for (let next = this.#start; next < this.#end; ) {
      const child = new ReadNode(this.#bytes, next)
      children.push(child)
      next = child.#end
    }
    return children
  }
}

/** Everything inside the value is checked, before any of it is used. @returns the offset behind it. */
function checkValue(bytes: Uint8Array, at: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new DerError('DER_TOO_DEEP', 'values are nested too deep', { at, max: MAX_DEPTH })
  const tag = readHeader(bytes, at, limit)
  const start = contentStart
  const end = contentEnd
  checkForm(tag, at)
  if ((tag & CONSTRUCTED) !== 0) {
    for (let next = start; next < end; ) next = checkValue(bytes, next, end, depth + 1)
  } else {
    CHECKS[tag]?.(bytes, start, end, at)
  }
  return end
}

/**
 * Reads exactly one DER value (X.690 clause 10) with everything inside it, at most 32 levels deep.
 * BOOLEAN, INTEGER, ENUMERATED, BIT STRING, NULL and OBJECT IDENTIFIER contents are checked here; times and texts
 * where they are read. Content of an OCTET STRING is not looked into.
 * @param options.maxBytes - the largest input that is read at all, 1 MiB unless given.
 * @throws {@link DerError} `DER_TOO_LARGE`; `DER_TOO_DEEP`; `DER_INVALID` for anything that is not DER, including
 * BER's indefinite lengths, and for bytes behind the value.
 */
export function readDer(bytes: Uint8Array, options: { readonly maxBytes?: number } = {}): DerNode {
  const max = options.maxBytes ?? MAX_BYTES
  if (bytes.length > max) {
    throw new DerError('DER_TOO_LARGE', `value takes ${bytes.length} bytes, limit ${max}`, { got: bytes.length, max })
  }
  const end = checkValue(bytes, 0, bytes.length, 1)
  if (end !== bytes.length) throw invalid('bytes behind the value', end)
  return new ReadNode(bytes, 0)
}

/** Whether the values of a SET OF are in the order that DER demands (X.690 11.6). Equal neighbours are in order. */
export function isSetOfOrdered(set: DerNode): boolean {
  return set.children.every((child, i) => i === 0 || compareBytes(set.children[i - 1].der, child.der) <= 0)
}
