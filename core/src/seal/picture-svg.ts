import type { GlyphSource, Path } from './glyphs'
import { SEAL_RED } from './picture'
import { layOutSeal, type SealDesign } from './picture-layout'
import { decimal, transformPath } from './picture-path'

/**
 * The seal as an SVG document for a screen, in millimetres; the same outlines as the PDF's.
 * @throws {@link SealError} as {@link layOutSeal} does.
 */
export function drawSealSvg(design: SealDesign, glyphs: GlyphSource): string {
  const { widthMm, heightMm, figures } = layOutSeal(design, glyphs)
  const colour = `rgb(${SEAL_RED.map((part) => Math.round(part * 255)).join(',')})`
  // SVG's y grows downwards.
  const paths = figures.map((figure) => `<path d="${pathData(transformPath(figure, [1, 0, 0, -1, 0, heightMm]))}"/>`)
  const [width, height] = [decimal(widthMm), decimal(heightMm)]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}mm" height="${height}mm" fill="${colour}">${paths.join('')}</svg>`
}

function pathData(path: Path): string {
  return path.map(([name, ...values]) => name + values.map((value) => decimal(value)).join(' ')).join('')
}
