import {
  type Appearance,
  composeAppearance,
  drawQr,
  encodeText,
  type PdfObject,
  pdfObjects,
  QR_GAP_MM,
  QR_SIZE_MM,
  type Seal,
  type SealSignatureId,
} from '@cinnabar/core'
import { registeredPicture } from './picture'
import type { Surroundings } from './ports'

const { array, dict, name, number, stream, string } = pdfObjects

/** Size of what is set on the page: the picture with its QR code, in mm. */
export function sizeOnPage(seal: Pick<Seal, 'widthUm' | 'heightUm'>) {
  return {
    widthMm: seal.widthUm / 1000 + QR_GAP_MM + QR_SIZE_MM,
    heightMm: Math.max(seal.heightUm / 1000, QR_SIZE_MM),
  }
}

/**
 * What the widget shows: the registered picture, and beside it the address of the seal's facts as a QR code (FORMAT.md,
 * sections 2 and 8).
 * @throws {@link NotarizeError} `SEAL_PICTURE_MISSING`; {@link SealError} `QR_TEXT_INVALID` for too long an address.
 */
export async function appearanceOf(
  { files, publicUrl }: Pick<Surroundings, 'files' | 'publicUrl'>,
  seal: Seal,
  id: SealSignatureId,
): Promise<Appearance> {
  const picture = await registeredPicture(files, seal)
  const qr = drawQr(`${publicUrl}/s/${id}`, QR_SIZE_MM)
  const { content, widthPt, heightPt } = composeAppearance(picture, qr)
  const forms = {
    Seal: form(picture.widthPt, picture.heightPt, picture.content),
    QR: form(qr.sizePt, qr.sizePt, qr.content),
  }
  return { content, bbox: [0, 0, widthPt, heightPt], resources: dict({ XObject: dict(forms) }) }
}

/** A form XObject without resources: its look depends on nothing else. */
function form(width: number, height: number, content: Uint8Array): PdfObject {
  const bbox = array([0, 0, width, height].map(number))
  return stream(dict({ Type: name('XObject'), Subtype: name('Form'), BBox: bbox }), content)
}

/**
 * The signature dictionary's own words. `M` is when we say that we signed, which EN 319 142-1 6.3 demands; the time that
 * counts is the token's.
 */
export function entriesOf(seal: Seal, reason: string | undefined, now: Date): Readonly<Record<string, PdfObject>> {
  const digits = now.toISOString().replace(/\D/g, '').slice(0, 14)
  return {
    M: string(encodeText(`D:${digits}Z`)),
    Name: string(encodeText(seal.displayName)),
    ...(reason === undefined ? {} : { Reason: string(encodeText(reason)) }),
  }
}
