import { fromUtf8, latin1, toHex } from './bytes'
import { DerError, type DerNode, TAG } from './der'
import { expectTag } from './der-fields'

/** The value of an INTEGER's content bytes, two's complement; also for IMPLICIT tags. */
export function integerValue(content: Uint8Array): bigint {
  if (content.length === 0) throw new DerError('DER_INVALID', 'INTEGER without content')
  return BigInt.asIntN(content.length * 8, BigInt(`0x${toHex(content)}`))
}

/** @throws {@link DerError} `DER_INVALID` unless the node is an INTEGER. */
export function readInteger(node: DerNode): bigint {
  return integerValue(expectTag(node, TAG.integer).content)
}

/** @throws {@link DerError} `DER_INVALID` unless the node is an INTEGER from 0 to `max`. */
export function readCount(node: DerNode, max: number): number {
  const value = expectTag(node, TAG.integer).content.length > 7 ? -1n : readInteger(node)
  if (value < 0n || value > BigInt(max)) throw new DerError('DER_INVALID', `expected an INTEGER from 0 to ${max}`)
  return Number(value)
}

/** @throws {@link DerError} `DER_INVALID` unless the node is a BOOLEAN. */
export function readBoolean(node: DerNode): boolean {
  return expectTag(node, TAG.boolean).content[0] !== 0
}

/** @throws {@link DerError} `DER_INVALID` unless the node is an OCTET STRING. */
export function readOctets(node: DerNode): Uint8Array {
  return expectTag(node, TAG.octetString).content
}

/** @throws {@link DerError} `DER_INVALID` unless the node is a BIT STRING of whole bytes. */
export function readBitStringBytes(node: DerNode): Uint8Array {
  const { content } = expectTag(node, TAG.bitString)
  if (content[0] !== 0) throw new DerError('DER_INVALID', 'expected a BIT STRING of whole bytes')
  return content.subarray(1)
}

/**
 * The numbers of the bits set in a BIT STRING with named bits; bit 0 is the first.
 * @throws {@link DerError} `DER_INVALID` unless the node is a BIT STRING of at most 64 bits.
 */
export function readNamedBits(node: DerNode): readonly number[] {
  const { content } = expectTag(node, TAG.bitString)
  if (content.length > 9) throw new DerError('DER_INVALID', 'too many named bits', { bytes: content.length })
  const bits: number[] = []
  for (let bit = 0; bit < (content.length - 1) * 8; bit++) {
    if ((content[1 + (bit >> 3)] & (0x80 >> (bit & 7))) !== 0) bits.push(bit)
  }
  return bits
}

/** Longer object identifiers are refused: the longest in use, of UUIDs, take 20 bytes. */
const MAX_OID_BYTES = 64

/**
 * An OBJECT IDENTIFIER in dotted decimal; arcs of any size, as those made of UUIDs (2.25).
 * @throws {@link DerError} `DER_INVALID` unless the node is an OBJECT IDENTIFIER of at most 64 bytes.
 */
export function readOid(node: DerNode): string {
  const { content } = expectTag(node, TAG.oid)
  if (content.length > MAX_OID_BYTES) throw new DerError('DER_INVALID', 'OBJECT IDENTIFIER is too long')
  let text = ''
  let arc = 0
  for (const byte of content) {
    if (arc > MAX_SMALL_ARC) return longOid(content)
    arc = arc * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      text += text === '' ? firstArcs(arc) : `.${arc}`
      arc = 0
    }
  }
  return text
}

/** Seven bits more are still an exact number. */
const MAX_SMALL_ARC = 2 ** 45

/** X.690 8.19.4: the first subidentifier holds two arcs. */
function firstArcs(value: number): string {
  const first = value < 80 ? Math.floor(value / 40) : 2
  return `${first}.${value - first * 40}`
}

function longOid(content: Uint8Array): string {
  const arcs: bigint[] = []
  let arc = 0n
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(arc)
      arc = 0n
    }
  }
  const first = arcs[0] < 80n ? arcs[0] / 40n : 2n
  return [first, arcs[0] - first * 40n, ...arcs.slice(1)].join('.')
}

/** @throws {@link DerError} `DER_INVALID` unless the node is a UTF8String of well-formed UTF-8. */
export function readUtf8(node: DerNode): string {
  const { content } = expectTag(node, TAG.utf8String)
  try {
    return fromUtf8(content)
  } catch (cause) {
    throw new DerError('DER_INVALID', 'UTF8String is not UTF-8', { bytes: content.length }, cause)
  }
}

/** @throws {@link DerError} `DER_INVALID` unless every byte is ASCII. */
export function asciiText(content: Uint8Array): string {
  if (content.some((byte) => byte > 0x7f)) throw new DerError('DER_INVALID', 'expected ASCII')
  return latin1(content)
}
