import { deflateSync } from 'node:zlib'
import {
  type Appearance,
  composeAppearance,
  type Digest,
  drawQr,
  encodeText,
  keepRecent,
  type PdfObject,
  pdfObjects,
  QR_GAP_MM,
  QR_SIZE_MM,
  qrTextOf,
  type Seal,
  type SealPicture,
  type SealSignatureId,
} from '@cinnabar/core'
import { registeredPicture } from './picture'
import type { Surroundings } from './ports'

const { array, dict, name, number, stream, string } = pdfObjects

/** Size of what is set on the page: the picture with its QR code, in mm. */
export function sizeOnPage(seal: Pick<Seal, 'widthUm' | 'heightUm'>, scale = 1) {
  return {
    widthMm: (seal.widthUm / 1000 + QR_GAP_MM + QR_SIZE_MM) * scale,
    heightMm: Math.max(seal.heightUm / 1000, QR_SIZE_MM) * scale,
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
  const qr = drawQr(qrTextOf(publicUrl, id), QR_SIZE_MM)
  const { content, widthPt, heightPt } = composeAppearance(picture, qr)
  const xobjects = {
    Seal: pictureForm(seal.appearance, picture),
    // Not compressed: that would take as long as signing, here and for every verifier, to spare 3 KB.
    QR: stream(dict(formEntries(qr.sizePt, qr.sizePt)), qr.content),
  }
  return { content, bbox: [0, 0, widthPt, heightPt], resources: dict({ XObject: dict(xobjects) }) }
}

/** A registered picture never changes, and compressing it takes longer than signing: these many stay compressed. */
const MAX_FORMS = 64
const forms = new Map<Digest, PdfObject>()

function pictureForm(appearance: Digest, picture: SealPicture): PdfObject {
  return keepRecent(forms, MAX_FORMS, appearance, forms.get(appearance) ?? compressedForm(picture))
}

function compressedForm({ widthPt, heightPt, content }: SealPicture): PdfObject {
  return stream(dict({ ...formEntries(widthPt, heightPt), Filter: name('FlateDecode') }), deflateSync(content))
}

/** FORMAT.md 2, Picture: a form with empty resources, so that its look depends on nothing but its content. */
function formEntries(width: number, height: number): Readonly<Record<string, PdfObject>> {
  return {
    Type: name('XObject'),
    Subtype: name('Form'),
    FormType: number(1),
    BBox: array([0, 0, width, height].map(number)),
    Resources: dict({}),
  }
}

/** What the signature dictionary says beside the signature. */
export interface SignatureWords {
  readonly reason: string | undefined
  readonly now: Date
  readonly qrText: string
}

/**
 * The signature dictionary's own words. `M` is when we say that we signed, which EN 319 142-1 6.3 demands; the time that
 * counts is the token's.
 */
export function entriesOf(seal: Seal, { reason, now, qrText }: SignatureWords): Readonly<Record<string, PdfObject>> {
  const digits = now.toISOString().replace(/\D/g, '').slice(0, 14)
  return {
    M: string(encodeText(`D:${digits}Z`)),
    Name: string(encodeText(seal.displayName)),
    ContactInfo: string(encodeText(qrText)),
    ...(reason === undefined ? {} : { Reason: string(encodeText(reason)) }),
  }
}
