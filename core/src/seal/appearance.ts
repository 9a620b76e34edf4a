import { utf8 } from '../encode/bytes'
import { pointsOf, type SealPicture } from './picture'
import { decimal } from './picture-path'
import type { QrPicture } from './qr'

/** Space between the seal and its QR code, in mm. */
export const QR_GAP_MM = 2

/** The usual width of the QR code beside a seal, quiet zone included, in mm. */
export const QR_SIZE_MM = 16

/** What a seal's widget shows: a wrapper form that draws two forms, the seal and the QR code. */
export interface SealAppearance {
  readonly widthMm: number
  readonly heightMm: number
  /** The wrapper's BBox is `[0 0 widthPt heightPt]`. */
  readonly widthPt: number
  readonly heightPt: number
  /** The wrapper's content, exactly {@link wrapperContent}'s. */
  readonly content: Uint8Array
  readonly xobjects: { readonly Seal: SealPicture; readonly QR: QrPicture }
}

/** Width and height of a seal's picture in points, as its BBox has them. */
export interface PictureSize {
  readonly widthPt: number
  readonly heightPt: number
}

/**
 * Whether a page of this size takes a seal smaller than registered, in proportion: one narrower or lower than two such
 * appearances (FORMAT.md 2, Picture). On any other page the registered size is the only one.
 */
export function mayShrink(
  page: { readonly widthMm: number; readonly heightMm: number },
  appearance: { readonly widthMm: number; readonly heightMm: number },
): boolean {
  return page.widthMm < 2 * appearance.widthMm || page.heightMm < 2 * appearance.heightMm
}

/** The seal at the lower left, the QR code to its right on the same line. */
export function composeAppearance(picture: SealPicture, qr: QrPicture): SealAppearance {
  return {
    widthMm: picture.widthMm + QR_GAP_MM + qr.sizeMm,
    heightMm: Math.max(picture.heightMm, qr.sizeMm),
    ...wrapperSize(picture, qr),
    content: wrapperContent(picture),
    xobjects: { Seal: picture, QR: qr },
  }
}

/** The wrapper's BBox for forms of these sizes, in points. */
export function wrapperSize(picture: PictureSize, qr: Pick<QrPicture, 'sizePt'>): PictureSize {
  return {
    widthPt: Number(decimal(qrOffsetPt(picture) + qr.sizePt)),
    heightPt: Math.max(picture.heightPt, qr.sizePt),
  }
}

/**
 * The wrapper's content beside a seal picture of this size, byte for byte. The sealer writes it and the verifier compares with it,
 * so that nothing but the registered picture and a QR code can be drawn.
 */
export function wrapperContent(picture: PictureSize): Uint8Array {
  return utf8(`q 1 0 0 1 0 0 cm /Seal Do Q\nq 1 0 0 1 ${decimal(qrOffsetPt(picture))} 0 cm /QR Do Q\n`)
}

function qrOffsetPt(picture: PictureSize): number {
  return Number(decimal(picture.widthPt + pointsOf(QR_GAP_MM)))
}
