import { compareBytes, concat, fromHex, fromLatin1, utf8 } from './bytes'
import { type Der, DerError, TAG } from './der'

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

/** One value from its identifier octet and the parts of its content. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Der {
  let length = 0
  for (const part of parts) length += part.length
  return concat(Uint8Array.of(tag, ...lengthBytes(length)), ...parts)
}

export function sequence(...parts: readonly Der[]): Der {
  return tlv(TAG.sequence, ...parts)
}

/** A SET OF, its values in the order that DER demands (X.690 11.6). */
export function setOf(...parts: readonly Der[]): Der {
  return tlv(TAG.set, ...[...parts].sort(compareBytes))
}

/** Context-specific and constructed: an EXPLICIT tag, or an IMPLICIT one of a SEQUENCE or SET. */
export function context(number: number, ...parts: readonly Der[]): Der {
  return tlv(0xa0 | number, ...parts)
}

/** Context-specific and primitive: an IMPLICIT tag of a primitive type with this content. */
export function contextPrimitive(number: number, content: Uint8Array): Der {
  return tlv(0x80 | number, content)
}

/** The same value under another identifier octet, as an IMPLICIT tag writes it. */
export function retag(tag: number, value: Der): Der {
  const copy = value.slice()
  copy[0] = tag
  return copy
}

export function octetString(content: Uint8Array): Der {
  return tlv(TAG.octetString, content)
}

/** A BIT STRING of whole bytes. */
export function bitString(bytes: Uint8Array): Der {
  return tlv(TAG.bitString, Uint8Array.of(0), bytes)
}

/** A BIT STRING with named bits, without trailing zero bits (X.690 11.2.2). Bit 0 is the first. */
export function namedBits(bits: readonly number[]): Der {
  if (bits.length === 0) return tlv(TAG.bitString, Uint8Array.of(0))
  const last = Math.max(...bits)
  const bytes = new Uint8Array(1 + Math.floor(last / 8) + 1)
  bytes[0] = 7 - (last % 8)
  for (const bit of bits) bytes[1 + (bit >> 3)] |= 0x80 >> (bit & 7)
  return tlv(TAG.bitString, bytes)
}

function integerContent(value: bigint): Uint8Array {
  let bytes = 1
  while (BigInt.asIntN(bytes * 8, value) !== value) bytes++
  return fromHex(
    BigInt.asUintN(bytes * 8, value)
      .toString(16)
      .padStart(bytes * 2, '0'),
  )
}

/** An INTEGER. Bytes are taken as an unsigned number, most significant first. */
export function integer(value: bigint | number | Uint8Array): Der {
  if (!(value instanceof Uint8Array)) return tlv(TAG.integer, integerContent(BigInt(value)))
  let from = 0
  while (from < value.length - 1 && value[from] === 0) from++
  const digits = value.length === 0 ? Uint8Array.of(0) : value.subarray(from)
  return digits[0] < 0x80 ? tlv(TAG.integer, digits) : tlv(TAG.integer, Uint8Array.of(0), digits)
}

/** An ENUMERATED from 0 to 127. */
export function enumerated(value: number): Der {
  return tlv(TAG.enumerated, Uint8Array.of(value))
}

function base128(arc: bigint): readonly number[] {
  const bytes = [Number(arc & 0x7fn)]
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80)
  return bytes
}

/**
 * An OBJECT IDENTIFIER from dotted decimal; arcs of any size.
 * @throws {@link DerError} `DER_INVALID` when the text is not one.
 */
export function oid(text: string): Der {
  const known = written.get(text)
  if (known !== undefined) return known.slice()
  const made = writeOid(text)
  if (written.size < MAX_WRITTEN) written.set(text, made)
  return made.slice()
}

/** A program writes few different ones, and the same ones all the time. */
const MAX_WRITTEN = 256
const written = new Map<string, Der>()

function writeOid(text: string): Der {
  if (!/^[0-2](\.(0|[1-9]\d*))+$/.test(text)) {
    throw new DerError('DER_INVALID', 'expected an object identifier in dotted decimal', { length: text.length })
  }
  const [first, second, ...arcs] = text.split('.').map(BigInt)
  if (first < 2n && second >= 40n) throw new DerError('DER_INVALID', 'second arc must be below 40', { text })
  return tlv(TAG.oid, Uint8Array.from([first * 40n + second, ...arcs].flatMap(base128)))
}

export function boolean(value: boolean): Der {
  return Uint8Array.of(TAG.boolean, 1, value ? 0xff : 0)
}

export function nullValue(): Der {
  return Uint8Array.of(TAG.null, 0)
}

export function utf8String(text: string): Der {
  return tlv(TAG.utf8String, utf8(text))
}

/** @throws {@link DerError} `DER_INVALID` when a character is not a PrintableString's (X.680 41.4). */
export function printableString(text: string): Der {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw new DerError('DER_INVALID', 'not a PrintableString', { text })
  return tlv(TAG.printableString, fromLatin1(text))
}

/** An IA5String. @throws {@link DerError} `DER_INVALID` when a character is not ASCII. */
export function ia5String(text: string): Der {
  if (!/^[ -~]*$/.test(text)) throw new DerError('DER_INVALID', 'not printable ASCII', { text })
  return tlv(TAG.ia5String, fromLatin1(text))
}

function digits(at: Date): { readonly seconds: string; readonly fraction: string } {
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1000 || at.getUTCFullYear() > 9999) {
    throw new DerError('DER_INVALID', 'time is outside the years 1000 to 9999')
  }
  const text = at.toISOString()
  const fraction = text.slice(20, 23).replace(/0+$/, '')
  return { seconds: text.slice(0, 19).replace(/[-:T]/g, ''), fraction: fraction === '' ? '' : `.${fraction}` }
}

/** A GeneralizedTime in UTC, with the milliseconds unless they are zero (X.690 11.7). */
export function generalizedTime(at: Date): Der {
  const { seconds, fraction } = digits(at)
  return tlv(TAG.generalizedTime, fromLatin1(`${seconds}${fraction}Z`))
}

/** RFC 5280 4.1.2.5: UTCTime through the year 2049, GeneralizedTime after it; whole seconds, cut off. */
export function x509Time(at: Date): Der {
  const { seconds } = digits(at)
  const year = at.getUTCFullYear()
  if (year >= 1950 && year < 2050) return tlv(TAG.utcTime, fromLatin1(`${seconds.slice(2)}Z`))
  return tlv(TAG.generalizedTime, fromLatin1(`${seconds}Z`))
}
