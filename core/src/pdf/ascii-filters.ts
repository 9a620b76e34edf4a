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
export function decodeAscii85(input: Uint8Array, maxBytes: number, at: number): Uint8Array {
  const out = new Uint8Array(ascii85Capacity(input, maxBytes))
  let length = 0
  let word = 0
  let digits = 0
  for (const byte of input) {
    if (isWhite(byte)) continue
    if (byte === 0x7e) break
    if (byte === 0x7a && digits === 0) length += 4
    else if (byte < 0x21 || byte > 0x75) throw damaged('invalid character in ASCII85Decode', at)
    else {
      word = word * 85 + byte - 0x21
      if (++digits < 5) continue
      length = putWord(out, length, { word, at })
      word = 0
      digits = 0
    }
  }
  if (digits === 0) return out.subarray(0, length)
  if (digits === 1) throw damaged('incomplete group in ASCII85Decode', at)
  for (let i = digits; i < 5; i++) word = word * 85 + 84
  putWord(out, length, { word, at })
  return out.subarray(0, length + digits - 1)
}

/** Only z, four zero bytes, grows. */
function ascii85Capacity(input: Uint8Array, maxBytes: number): number {
  let capacity = input.length + 4
  for (const byte of input) if (byte === 0x7a) capacity += 3
  if (capacity > 4 * maxBytes + 64) throw tooComplex('decoded stream')
  return capacity
}

function putWord(out: Uint8Array, to: number, { word, at }: { word: number; at: number }): number {
  if (word > 0xffffffff) throw damaged('group too large in ASCII85Decode', at)
  out[to] = word >>> 24
  out[to + 1] = word >>> 16
  out[to + 2] = word >>> 8
  out[to + 3] = word
  return to + 4
}

/** RunLengthDecode, ISO 32000-2, 7.4.5. @throws PdfError `PDF_TOO_COMPLEX` past `maxBytes`. */
export function decodeRunLength(input: Uint8Array, maxBytes: number, at: number): Uint8Array {
  const out = new Uint8Array(runsLength(input, maxBytes, at))
  let to = 0
  for (let i = 0; i < input.length && input[i] !== 128; ) {
    const count = runOf(input[i])
    if (input[i] < 128) out.set(input.subarray(i + 1, i + 1 + count), to)
    else out.fill(input[i + 1], to, to + count)
    i += input[i] < 128 ? count + 1 : 2
    to += count
  }
  return out
}

const runOf = (length: number) => (length < 128 ? length + 1 : 257 - length)

/** What the runs come to: known before anything is written. */
function runsLength(input: Uint8Array, maxBytes: number, at: number): number {
  let length = 0
  for (let i = 0; i < input.length && input[i] !== 128; ) {
    const count = runOf(input[i])
    i += input[i] < 128 ? count + 1 : 2
    if (i > input.length) throw damaged('incomplete run in RunLengthDecode', at)
    length += count
    if (length > maxBytes) throw tooComplex('decoded stream')
  }
  return length
}
