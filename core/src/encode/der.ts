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

interface Header {
  readonly tag: number
  /** Offset of the content. */
  readonly start: number
  /** Offset behind the content. */
  readonly end: number
}

function invalid(text: string, at: number): DerError {
  return new DerError('DER_INVALID', text, { at })
}

/** X.690 8.1.3 and 10.1: a definite length in the fewest bytes. */
function readLength(bytes: Uint8Array, at: number, limit: number): { readonly length: number; readonly start: number } {
  const first = bytes[at]
  if (first < 0x80) return { length: first, start: at + 1 }
  if (first === 0x80) throw invalid('indefinite length is BER, not DER', at)
  const count = first & 0x7f
  if (count > 4 || limit - at - 1 < count) throw invalid('length field is too long', at)
  let length = 0
  for (let i = 1; i <= count; i++) length = length * 256 + bytes[at + i]
  if (length < 0x80 || length < 256 ** (count - 1)) throw invalid('length is not in the fewest bytes', at)
  return { length, start: at + 1 + count }
}

/** X.690 8.1.2: tags of a single byte. */
function readHeader(bytes: Uint8Array, at: number, limit: number): Header {
  if (limit - at < 2) throw invalid('expected a tag and a length', at)
  const tag = bytes[at]
  if ((tag & 0x1f) === 0x1f) throw invalid('tag numbers above 30 are not supported', at)
  if (tag === 0) throw invalid('end-of-contents is BER, not DER', at)
  const { length, start } = readLength(bytes, at + 1, limit)
  if (length > limit - start) throw invalid('value ends before its length says', at)
  return { tag, start, end: start + length }
}

/**
 * How many bytes the first value takes, so that padding behind it can be cut off.
 * Only its outermost tag and length are read.
 * @throws {@link DerError} `DER_INVALID` when there is no complete value with a DER length.
 */
export function derLength(bytes: Uint8Array): number {
  return readHeader(bytes, 0, bytes.length).end
}

interface Span {
  readonly bytes: Uint8Array
  /** Of the content. */
  readonly start: number
  readonly end: number
  /** Of the tag, for messages. */
  readonly at: number
}

function checkInteger({ bytes, start, end, at }: Span): void {
  if (start === end) throw invalid('INTEGER without content', at)
  const first = bytes[start]
  if (end - start > 1 && (first === 0 ? bytes[start + 1] < 0x80 : first === 0xff && bytes[start + 1] >= 0x80)) {
    throw invalid('INTEGER is not in the fewest bytes', at)
  }
}

function checkOid({ bytes, start, end, at }: Span): void {
  if (start === end || bytes[end - 1] >= 0x80) throw invalid('OBJECT IDENTIFIER is cut short', at)
  for (let i = start; i < end; i++) {
    if (bytes[i] === 0x80 && (i === start || bytes[i - 1] < 0x80)) {
      throw invalid('OBJECT IDENTIFIER arc is not in the fewest bytes', at)
    }
  }
}

function checkBitString({ bytes, start, end, at }: Span): void {
  const unused = bytes[start]
  const length = end - start
  const fits = length === 1 ? unused === 0 : length > 1 && unused <= 7
  if (!fits || (bytes[end - 1] & ((1 << unused) - 1)) !== 0) throw invalid('BIT STRING has wrong unused bits', at)
}

function checkBoolean({ bytes, start, end, at }: Span): void {
  if (end - start !== 1 || (bytes[start] !== 0 && bytes[start] !== 0xff)) throw invalid('BOOLEAN is not 00 or FF', at)
}

function checkNull({ start, end, at }: Span): void {
  if (start !== end) throw invalid('NULL has content', at)
}

/** By tag: what a universal type's content must be. */
const CHECKS: readonly (((span: Span) => void) | undefined)[] = Array.from({ length: 256 }, (_, tag) => {
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

/** Views are made when asked for: most values of a certificate are never looked at. */
class ReadNode implements DerNode, Span {
  readonly tag: number
  readonly bytes: Uint8Array
  readonly at: number
  readonly start: number
  readonly end: number
  readonly children: readonly DerNode[]

  constructor(bytes: Uint8Array, at: number, { tag, start, end }: Header, children: readonly DerNode[]) {
    this.tag = tag
    this.bytes = bytes
    this.at = at
    this.start = start
    this.end = end
    this.children = children
  }

  get der(): Der {
    return this.bytes.subarray(this.at, this.end)
  }

  get content(): Uint8Array {
    return this.bytes.subarray(this.start, this.end)
  }
}

function readNode(bytes: Uint8Array, at: number, limit: number, depth: number): ReadNode {
  if (depth > MAX_DEPTH) throw new DerError('DER_TOO_DEEP', 'values are nested too deep', { at, max: MAX_DEPTH })
  const header = readHeader(bytes, at, limit)
  checkForm(header.tag, at)
  const constructed = (header.tag & CONSTRUCTED) !== 0
  const node = new ReadNode(bytes, at, header, constructed ? readChildren(bytes, header, depth + 1) : NO_CHILDREN)
  CHECKS[header.tag]?.(node)
  return node
}

function readChildren(bytes: Uint8Array, { start, end }: Header, depth: number): readonly DerNode[] {
  const children: DerNode[] = []
  for (let next = start; next < end; ) {
    const child = readNode(bytes, next, end, depth)
    children.push(child)
    next = child.end
  }
  return children
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
  const node = readNode(bytes, 0, bytes.length, 1)
  if (node.end !== bytes.length) throw invalid('bytes behind the value', node.end)
  return node
}

/** Whether the values of a SET OF are in the order that DER demands (X.690 11.6). Equal neighbours are in order. */
export function isSetOfOrdered(set: DerNode): boolean {
  return set.children.every((child, i) => i === 0 || compareBytes(set.children[i - 1].der, child.der) <= 0)
}
