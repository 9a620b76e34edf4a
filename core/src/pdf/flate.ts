import { Unzlib, unzlibSync } from 'fflate'
import { concatAll } from '../encode/bytes'
import { damaged, type PdfError, tooComplex } from './pdf-error'

/** Deflate cannot grow input by more than this factor, so input up to SMALL may be inflated at once. */
const MAX_RATIO = 1032
const SMALL = 32 << 10
/** Input pushed between two looks at the output's size: at most 4 MiB may come out unseen. */
const PIECE = 4096

/** How far to go, and whom to tell how much came out, whether it was good or not. */
export interface Inflating {
  /** Of output. */
  readonly maxBytes: number
  /** Where the stream lies, for messages. */
  readonly at: number
  produced(bytes: number): void
}

/**
 * Inflates a zlib stream (RFC 1950), its Adler-32 compared.
 * @throws PdfError `PDF_DAMAGED` when the stream is not whole, `PDF_TOO_COMPLEX` when more comes out than `maxBytes`.
 */
export function inflate(input: Uint8Array, { maxBytes, at, produced }: Inflating): Uint8Array {
  const output =
    input.length <= SMALL ? inflateAtOnce(input, { at, produced }) : inflateInPieces(input, { maxBytes, at, produced })
  if (output.length > maxBytes) throw tooComplex('decoded stream')
  if (!endsWithChecksum(input, adler32(output))) throw damaged('compressed stream with a wrong checksum', at)
  return output
}

function inflateAtOnce(input: Uint8Array, { at, produced }: Omit<Inflating, 'maxBytes'>): Uint8Array {
  let output: Uint8Array | undefined
  try {
    output = unzlibSync(input)
  } catch {
    output = undefined
  }
  produced(output?.length ?? input.length * MAX_RATIO)
  if (output === undefined) throw notWhole(at)
  return output
}

function inflateInPieces(input: Uint8Array, { maxBytes, at, produced }: Inflating): Uint8Array {
  const parts: Uint8Array[] = []
  let length = 0
  const inflater = new Unzlib((part) => {
    parts.push(part)
    length += part.length
  })
  for (let from = 0; from < input.length; from += PIECE) {
    const piece = input.subarray(from, from + PIECE)
    const before = length
    let isWhole = true
    try {
      inflater.push(piece, from + PIECE >= input.length)
    } catch {
      isWhole = false
    }
    produced(length - before)
    if (!isWhole) throw notWhole(at)
    if (length > Math.min(maxBytes, input.length * MAX_RATIO)) throw tooComplex('decoded stream')
  }
  return parts.length === 1 ? parts[0] : concatAll(parts)
}

/** fflate's own error says only that its input is bad, in words that may change. */
function notWhole(at: number): PdfError {
  return damaged('compressed stream that does not inflate', at)
}

function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (let from = 0; from < bytes.length; from += 3800) {
    const to = Math.min(from + 3800, bytes.length)
    for (let i = from; i < to; i++) {
      a += bytes[i]
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return b * 65536 + a
}

/** Writers leave line ends, and some a few more bytes, after the checksum. */
const MAX_TRAILING = 16

function endsWithChecksum(input: Uint8Array, sum: number): boolean {
  for (let at = input.length - 4; at >= Math.max(2, input.length - 4 - MAX_TRAILING); at--) {
    const found = ((input[at] << 24) | (input[at + 1] << 16) | (input[at + 2] << 8) | input[at + 3]) >>> 0
    if (found === sum) return true
  }
  return false
}
