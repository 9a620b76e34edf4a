import { damaged, tooComplex } from './pdf-error'
import { hexValue, isWhite } from './tokens'

/** ASCIIHexDecode, ISO 32000-2, 7.4.2. @throws PdfError `PDF_DAMAGED` for other characters. */
export function decodeAsciiHex(input: Uint8Array, at: number): Uint8Array {
  const out = new Uint8Array((input.length + 1) >> 1)
  let nibbles = 0
  for (const byte of input) {
    if (byte === 0x3e) break
    const value = hexValue(byte)
    if (value >= 0) out[nibbles >> 1] |= (nibbles++ & 1) === 0 ? value << 4 : value
    else if (!isWhite(byte)) throw damaged('invalid character in ASCIIHexDecode', at)
  }
  return out.subarray(0, (nibbles + 1) >> 1)
}

/** ASCII85Decode, ISO 32000-2, 7.4.3. @throws PdfError `PDF_DAMAGED` for what no encoder writes. */
export function decodeAscii85(input: Uint8Array, at: number): Uint8Array {
  const out: number[] = []
  let group: number[] = []
  for (const byte of input) {
    if (isWhite(byte)) continue
    if (byte === 0x7e) break
    if (byte === 0x7a && group.length === 0) out.push(0, 0, 0, 0)
    else if (byte < 0x21 || byte > 0x75) throw damaged('invalid character in ASCII85Decode', at)
    else group.push(byte - 0x21)
    if (group.length === 5) {
      out.push(...base85(group, at))
      group = []
    }
  }
  if (group.length === 1) throw damaged('incomplete group in ASCII85Decode', at)
  if (group.length > 1) out.push(...base85([...group, 84, 84, 84, 84].slice(0, 5), at).slice(0, group.length - 1))
  return Uint8Array.from(out)
}

function base85(group: readonly number[], at: number): number[] {
  const word = group.reduce((sum, digit) => sum * 85 + digit, 0)
  if (word > 0xffffffff) throw damaged('group too large in ASCII85Decode', at)
  return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]
}

/** RunLengthDecode, ISO 32000-2, 7.4.5. @throws PdfError `PDF_TOO_COMPLEX` past `maxBytes`. */
export function decodeRunLength(input: Uint8Array, maxBytes: number, at: number): Uint8Array {
  const parts: Uint8Array[] = []
  let length = 0
  for (let i = 0; i < input.length && input[i] !== 128; ) {
    const count = input[i] < 128 ? input[i] + 1 : 257 - input[i]
    const part = input[i] < 128 ? input.subarray(i + 1, i + 1 + count) : new Uint8Array(count).fill(input[i + 1] ?? 0)
    if (part.length < count || i + 1 >= input.length) throw damaged('incomplete run in RunLengthDecode', at)
    i += input[i] < 128 ? count + 1 : 2
    parts.push(part)
    length += count
    if (length > maxBytes) throw tooComplex('decoded stream')
  }
  const out = new Uint8Array(length)
  let to = 0
  for (const part of parts) {
    out.set(part, to)
    to += part.length
  }
  return out
}
