import { concat, utf8 } from '../encode/bytes'
import { type Digest, digestOf } from '../model/digest'
import type { GlyphSource, Path } from './glyphs'
import { layOutSeal, type SealDesign } from './picture-layout'
import { decimal, POINTS_PER_MM, toCubics } from './picture-path'

/** Seal paste: the red of cinnabar, as DeviceRGB components. */
export const SEAL_RED: readonly [number, number, number] = [0.84, 0.07, 0.09]

/** A seal's picture as the content of a PDF form XObject whose BBox is `[0 0 widthPt heightPt]` and which needs no resources. */
export interface SealPicture {
  readonly widthMm: number
  readonly heightMm: number
  readonly widthPt: number
  readonly heightPt: number
  /** PDF content operators, ASCII, uncompressed. */
  readonly content: Uint8Array
}

/**
 * Draws a seal as vectors: the same design and font give the same bytes.
 * @throws {@link SealError} as {@link layOutSeal} does.
 */
export function drawSealPicture(design: SealDesign, glyphs: GlyphSource): SealPicture {
  const { widthMm, heightMm, figures } = layOutSeal(design, glyphs)
  const lines = ['q', `${SEAL_RED.join(' ')} rg`, ...figures.map(fillOperators), 'Q', '']
  return {
    widthMm,
    heightMm,
    widthPt: pointsOf(widthMm),
    heightPt: pointsOf(heightMm),
    content: utf8(lines.join('\n')),
  }
}

/** Millimetres in points, to three decimals: the number that stands in the form's BBox. */
export function pointsOf(mm: number): number {
  return Number(decimal(mm * POINTS_PER_MM))
}

const OPERATOR = { M: 'm', L: 'l', Q: '', C: 'c', Z: 'h' } as const

/** ISO 32000-2 8.5.2: one filled path, nonzero winding. Two decimals: 0.01 pt is 3.5 µm, finer than any printer. */
function fillOperators(figure: Path): string {
  const operators = toCubics(figure).map(([name, ...values]) =>
    [...values.map((value) => decimal(value * POINTS_PER_MM, 2)), OPERATOR[name]].join(' '),
  )
  return `${operators.join('\n')}\nf`
}

/**
 * The digest that the register holds of a seal's picture: SHA-256 of `cinnabar.picture.v1`, a line feed, the width and
 * height in points as they stand in the BBox, a line feed, and the content's bytes (see FORMAT.md).
 */
export function pictureDigest({ widthPt, heightPt, content }: Omit<SealPicture, 'widthMm' | 'heightMm'>): Digest {
  return digestOf(concat(utf8(`cinnabar.picture.v1\n${decimal(widthPt)} ${decimal(heightPt)}\n`), content))
}
