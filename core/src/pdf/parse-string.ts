import type { PdfString } from './objects'
import { damaged } from './pdf-error'
import { type Cursor, endsToken, hexPair, hexValue, isWhite, tokenText } from './tokens'
import { STEPS } from './work'

/** `/Name` with `#xx`, ISO 32000-2, 7.3.5. @returns one character for each byte. */
export function readName(cursor: Cursor): string {
  const { bytes } = cursor
  const from = ++cursor.at
  let at = from
  let escaped = false
  while (!endsToken(bytes, at)) escaped = bytes[at++] === 0x23 || escaped
  cursor.at = at
  cursor.work?.spendBytes(at - from)
  const text = tokenText(bytes, from, at)
  if (escaped) cursor.work?.spend(STEPS.escapedName)
  return escaped ? unescapeName(text, from) : text
}

function unescapeName(text: string, at: number): string {
  return text.replace(/#(.?.?)/g, (_, digits: string) => {
    // A stray # or #00 is read differently by different readers, so it is damage.
    if (!/^[0-9A-Fa-f]{2}$/.test(digits) || digits === '00') throw damaged('invalid # in a name', at)
    return String.fromCharCode(Number.parseInt(digits, 16))
  })
}

/** `<48656C>`, ISO 32000-2, 7.3.4.3. */
export function readHexString(cursor: Cursor): PdfString {
  const { bytes } = cursor
  const start = cursor.at
  const close = bytes.indexOf(0x3e, start)
  if (close < 0) throw damaged('hexadecimal string without end', start)
  cursor.work?.spendBytes(close - start)
  const decoded = new Uint8Array((close - start) >> 1)
  let at = start + 1
  // Signatures are long runs of digits: two at a time until there is anything else.
  for (let to = 0; at + 1 < close; at += 2) {
    const value = hexPair(bytes[at], bytes[at + 1])
    if (value < 0) break
    decoded[to++] = value
  }
  const plainHex = at === close && cursor.inFile
  let nibbles = at - start - 1
  for (; at < close; at++) {
    const value = hexValue(bytes[at])
    if (value >= 0) decoded[nibbles >> 1] |= (nibbles++ & 1) === 0 ? value << 4 : value
    else if (!isWhite(bytes[at])) throw damaged('invalid character in a hexadecimal string', at)
  }
  cursor.at = close + 1
  return placed(cursor, decoded.subarray(0, (nibbles + 1) >> 1), { hex: true, start, plainHex })
}

/** `(Text \(nested\))`, ISO 32000-2, 7.3.4.2. */
export function readLiteralString(cursor: Cursor): PdfString {
  const { bytes } = cursor
  const start = cursor.at
  let depth = 1
  let plain = true
  let at = start + 1
  for (; ; at++) {
    if (at >= bytes.length) throw damaged('string without end', start)
    const byte = bytes[at]
    if (byte === 0x28) depth++
    else if (byte === 0x29) {
      if (--depth === 0) break
    } else if (byte === 0x5c) {
      plain = false
      at++
    } else if (byte === 13) plain = false
  }
  cursor.work?.spendBytes(at - start)
  const inside = bytes.subarray(start + 1, at)
  cursor.at = at + 1
  return placed(cursor, plain ? inside : unescapeString(inside), { hex: false, start })
}

function placed(
  cursor: Cursor,
  bytes: Uint8Array,
  spelling: { hex: boolean; start: number; plainHex?: boolean },
): PdfString {
  const { hex, start, plainHex } = spelling
  return cursor.inFile
    ? { kind: 'string', bytes, hex, start, end: cursor.at, plainHex }
    : { kind: 'string', bytes, hex, start: -1, end: -1 }
}

const ESCAPES = new Map<number, number>([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
])

function unescapeString(inside: Uint8Array): Uint8Array {
  const out = new Uint8Array(inside.length)
  let length = 0
  for (let at = 0; at < inside.length; at++) {
    const byte = inside[at]
    if (byte === 13) {
      // Any line end inside a string counts as one line feed.
      if (inside[at + 1] === 10) at++
      out[length++] = 10
    } else if (byte !== 0x5c) out[length++] = byte
    else {
      const escaped = readEscape(inside, at + 1)
      if (escaped.byte >= 0) out[length++] = escaped.byte
      at += escaped.length
    }
  }
  return out.subarray(0, length)
}

/** What follows a backslash: the byte it means, -1 for a continued line, and how many bytes it takes. */
function readEscape(inside: Uint8Array, at: number): { byte: number; length: number } {
  const byte = inside[at]
  if (byte === 13) return { byte: -1, length: inside[at + 1] === 10 ? 2 : 1 }
  if (byte === 10) return { byte: -1, length: 1 }
  if (byte < 0x30 || byte > 0x37) return { byte: ESCAPES.get(byte) ?? byte, length: 1 }
  let value = 0
  let length = 0
  while (length < 3 && inside[at + length] >= 0x30 && inside[at + length] <= 0x37) {
    value = value * 8 + inside[at + length++] - 0x30
  }
  return { byte: value & 255, length }
}
