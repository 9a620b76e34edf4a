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
  let runs = ''
  for (let y = 0; y < size; y++) runs += runsOf(modules.subarray(y * size, (y + 1) * size), across - QUIET_ZONE - 1 - y)
  return { sizeMm, sizePt, content: fromLatin1(`q\n0 g\n${module} 0 0 ${module} 0 0 cm\n${runs}f\nQ\n`) }
}

function codeOf(text: string): QrCode {
  const code = /^[!-~]{1,200}$/.test(text) ? qrCode(fromLatin1(text)) : undefined
  if (code !== undefined) return code
  const details = { length: text.length, max: MAX_TEXT }
  throw new SealError('QR_TEXT_INVALID', 'a QR code here holds 1 to 200 printable ASCII characters', details)
}

/** One rectangle for each run of dark modules in a row, `y` from below. */
function runsOf(row: Uint8Array, y: number): string {
  let operators = ''
  for (let column = 0; column < row.length; column++) {
    const from = column
    while (row[column] === 1) column++
    if (column > from) operators += `${from + QUIET_ZONE} ${y} ${column - from} 1 re\n`
  }
  return operators
}
