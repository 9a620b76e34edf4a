import { concat, fromHex, fromLatin1, toHex, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { SealSignatureId } from '../model/identifiers'
import { pointsOf } from './picture'
import { decimal } from './picture-path'
import { type QrCode, qrCode } from './qr-code'
import { SealError } from './seal-error'

/** A QR code as the content of a PDF form XObject whose BBox is `[0 0 sizePt sizePt]` and which needs no resources. */
export interface QrPicture {
  readonly sizeMm: number
  readonly sizePt: number
  readonly content: Uint8Array
}

/**
 * The code that is printed beside the seal (FORMAT.md 8): the first 16 bytes of SHA-256("cinnabar.qr" ‖ id). Paper shows it
 * to everybody, and it leads to the seal's facts only; the id inside the file, which leads to the evidence, does not follow
 * from it.
 */
export function printedCodeOf(id: SealSignatureId): string {
  return toHex(sha256(concat(utf8('cinnabar.qr'), fromHex(id))).subarray(0, 16))
}

/** What the QR code of a use says, and the signature dictionary's ContactInfo with it. */
export function qrTextOf(publicUrl: string, id: SealSignatureId): string {
  return `${publicUrl}/s/${printedCodeOf(id)}`
}

/** ISO/IEC 18004 6.3.8: four light modules on every side. */
const QUIET_ZONE = 4

/** Above this a code of 16 mm has modules under 0.3 mm, which phones misread from paper. */
const MAX_TEXT = 200

/**
 * Draws the code in black, `sizeMm` wide with its quiet zone; nothing is painted where it is light.
 * @throws {@link SealError} `QR_TEXT_INVALID` unless the text is 1 to 200 printable ASCII characters, as an address is:
 * readers disagree about the encoding of others; `QR_SIZE_INVALID` unless `sizeMm` is 8 to 60.
 */
export function drawQr(text: string, sizeMm: number): QrPicture {
  if (!(sizeMm >= 8 && sizeMm <= 60)) throw new SealError('QR_SIZE_INVALID', 'a QR code is 8 to 60 mm wide', { sizeMm })
  const { size, modules } = codeOf(text)
  const sizePt = pointsOf(sizeMm)
  const across = size + 2 * QUIET_ZONE
  // Rounded down, so that the code stays inside its box.
  const module = decimal(Math.floor((sizePt / across) * 1000) / 1000)
  const begin = `q\n0 g\n${module} 0 0 ${module} 0 0 cm\n`
  return { sizeMm, sizePt, content: concat(fromLatin1(begin), darkRuns(modules, size), fromLatin1('f\nQ\n')) }
}

function codeOf(text: string): QrCode {
  const code = /^[!-~]{1,200}$/.test(text) ? qrCode(fromLatin1(text)) : undefined
  if (code !== undefined) return code
  const details = { length: text.length, max: MAX_TEXT }
  throw new SealError('QR_TEXT_INVALID', 'a QR code here holds 1 to 200 printable ASCII characters', details)
}

/** ` 1 re` and a line feed. */
const RECTANGLE = fromLatin1(' 1 re\n')
/** Of one run, with three numbers below 1000. */
const MAX_RUN_BYTES = 11 + RECTANGLE.length

/**
 * One rectangle, `x y width 1 re`, for each run of dark modules in a row, `y` from below. Bytes, not text: a verifier draws the
 * code of every seal again.
 */
function darkRuns(modules: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(((size * (size + 1)) / 2) * MAX_RUN_BYTES)
  let at = 0
  const number = (value: number) => {
    if (value > 99) out[at++] = 0x30 + Math.floor(value / 100)
    if (value > 9) out[at++] = 0x30 + (Math.floor(value / 10) % 10)
    out[at++] = 0x30 + (value % 10)
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = x
      while (x < size && modules[y * size + x] === 1) x++
      if (x === from) continue
      number(from + QUIET_ZONE)
      out[at++] = 0x20
      number(size + QUIET_ZONE - 1 - y)
      out[at++] = 0x20
      number(x - from)
      out.set(RECTANGLE, at)
      at += RECTANGLE.length
    }
  }
  return out.subarray(0, at)
}
