import { CodedError } from './coded-error'

/** Text that is not the one spelling of its bytes that we accept. */
export class EncodingError extends CodedError<'HEX_INVALID' | 'BASE64_INVALID' | 'UTF8_INVALID'> {}

/** One new array with the parts end to end. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return concatAll(parts)
}

/** {@link concat} of a list: a million parts are more than a call takes arguments. */
export function concatAll(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Whether both hold the same bytes. Not constant-time: nothing compared here is secret. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Orders as DER's SET OF does: byte by byte, a prefix before what it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return a.length - b.length
}

/** Each digit's character code. */
const HEX_CODES = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  // Codes first: a text that grows by its digits is a tree of them until it is used.
  const codes = new Uint8Array(bytes.length * 2)
  for (let i = 0; i < bytes.length; i++) {
    codes[2 * i] = HEX_CODES[bytes[i] >> 4]
    codes[2 * i + 1] = HEX_CODES[bytes[i] & 15]
  }
  return latin1(codes)
}

/** @throws {@link EncodingError} `HEX_INVALID` unless `text` is lower-case hexadecimal of whole bytes. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1)
  let wrong = 0
  for (let i = 0; i < bytes.length; i++) {
    const high = nibble(text.charCodeAt(2 * i))
    const low = nibble(text.charCodeAt(2 * i + 1))
    wrong |= high | low
    bytes[i] = (high << 4) | low
  }
  if (wrong > 15 || text.length % 2 !== 0) {
    throw new EncodingError('HEX_INVALID', 'expected lower-case hexadecimal of whole bytes', { length: text.length })
  }
  return bytes
}

/** The value of a lower-case digit, else 16. */
function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : 16
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** The value of each digit's character code. */
const SEXTET = new Uint8Array(128)
for (let value = 0; value < 64; value++) SEXTET[BASE64.charCodeAt(value)] = value

/** Each digit's character code. */
const BASE64_CODES = Uint8Array.from(BASE64, (digit) => digit.charCodeAt(0))
const PADDING = 0x3d

/** RFC 4648 section 4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0)
    codes[at++] = BASE64_CODES[word >> 18]
    codes[at++] = BASE64_CODES[(word >> 12) & 63]
    codes[at++] = left > 1 ? BASE64_CODES[(word >> 6) & 63] : PADDING
    codes[at++] = left > 2 ? BASE64_CODES[word & 63] : PADDING
  }
  return latin1(codes)
}

/** By character code: whether it is a digit. */
const IS_DIGIT = new Uint8Array(128)
for (const code of BASE64_CODES) IS_DIGIT[code] = 1

/**
 * How many bytes a text that {@link toBase64} writes stands for; undefined for any other text. Bits of the last digit that are
 * left over must be zero: one spelling for each value.
 */
export function base64Bytes(text: string): number | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const digits = text.length - padding
  for (let i = 0; i < digits; i++) if (IS_DIGIT[text.charCodeAt(i)] !== 1) return undefined
  const leftOver = padding === 0 ? 0 : (1 << (2 * padding)) - 1
  if (padding > 0 && (sextet(text, digits - 1) & leftOver) !== 0) return undefined
  return (text.length / 4) * 3 - padding
}

/** @throws {@link EncodingError} `BASE64_INVALID` unless `text` is exactly what {@link toBase64} writes. */
export function fromBase64(text: string): Uint8Array {
  const length = base64Bytes(text)
  if (length === undefined) throw new EncodingError('BASE64_INVALID', 'expected base64 in its one spelling')
  const bytes = new Uint8Array(length)
  for (let i = 0, at = 0; at < length; i += 4) {
    const word =
      (sextet(text, i) << 18) | (sextet(text, i + 1) << 12) | (sextet(text, i + 2) << 6) | sextet(text, i + 3)
    bytes[at++] = word >> 16
    if (at < length) bytes[at++] = word >> 8
    if (at < length) bytes[at++] = word
  }
  return bytes
}

/** The value of a digit; of the padding, 0. */
function sextet(text: string, at: number): number {
  return SEXTET[text.charCodeAt(at)]
}

interface Text {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new (
    label: string,
    options: { fatal: boolean; ignoreBOM: boolean },
  ) => {
    decode(bytes: Uint8Array): string
  }
}
const { TextEncoder, TextDecoder } = globalThis as unknown as Text
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a text without lone surrogates. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** @throws {@link EncodingError} `UTF8_INVALID` when the bytes are not well-formed UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new EncodingError('UTF8_INVALID', 'expected well-formed UTF-8', { length: bytes.length }, cause)
  }
}

/** One character for each byte, as PDF and ASN.1 syntax is read. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) {
    // Spreading would go through an iterator, ten times as slowly.
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192) as unknown as number[])
  }
  return text
}

/** The bytes of a text whose characters are all below U+0100. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
