import type { Box, Page } from './pages'
import { damaged, PdfError } from './pdf-error'

/** A place on a page as a reader shows it, in millimetres from the shown page's top left corner. */
export interface Placement {
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  readonly heightMm: number
}

/** What a reader shows of a page: the CropBox within the MediaBox. @throws PdfError `PDF_DAMAGED` when there is none. */
export function visibleBox({ index, mediaBox, cropBox }: Page): Box {
  if (mediaBox === undefined) throw damaged(`page ${index + 1} has no MediaBox`, 0)
  const crop = cropBox ?? mediaBox
  const visible: Box = [
    Math.max(mediaBox[0], crop[0]),
    Math.max(mediaBox[1], crop[1]),
    Math.min(mediaBox[2], crop[2]),
    Math.min(mediaBox[3], crop[3]),
  ]
  // A CropBox wholly outside shows nothing; readers then fall back to the MediaBox.
  return visible[0] < visible[2] && visible[1] < visible[3] ? visible : mediaBox
}

/** The shown page's size in millimetres: turned by Rotate, UserUnit applied. */
export function pageSizeMm(page: Page): { readonly widthMm: number; readonly heightMm: number } {
  const [x1, y1, x2, y2] = visibleBox(page)
  const unit = mmPerUnit(page)
  const sideways = page.rotate % 180 !== 0
  return { widthMm: (sideways ? y2 - y1 : x2 - x1) * unit, heightMm: (sideways ? x2 - x1 : y2 - y1) * unit }
}

function mmPerUnit(page: Page): number {
  return (page.userUnit * 25.4) / 72
}

/** Millimetres as people measure them. */
function toTenth(mm: number): number {
  return Math.round(mm * 10) / 10
}

/**
 * The placement in default user space, whatever the page's boxes, Rotate and UserUnit.
 * @throws PdfError `SEAL_OFF_PAGE` unless it lies wholly on what is shown of the page.
 */
export function rectOnPage(page: Page, placement: Placement): Box {
  const { xMm, yMm, widthMm, heightMm } = placement
  const size = pageSizeMm(page)
  // A tenth of a micrometre, for placements computed to touch the edge.
  const slack = 1e-4
  const inside = xMm >= -slack && yMm >= -slack && widthMm > 0 && heightMm > 0
  if (!inside || !(xMm + widthMm <= size.widthMm + slack) || !(yMm + heightMm <= size.heightMm + slack)) {
    const [x, y, width, height] = [xMm, yMm, widthMm, heightMm].map(toTenth)
    const shown = { widthMm: toTenth(size.widthMm), heightMm: toTenth(size.heightMm) }
    const text = `${x}, ${y} mm, ${width} by ${height} mm, on a page of ${shown.widthMm} by ${shown.heightMm} mm`
    throw new PdfError('SEAL_OFF_PAGE', `the seal would lie off the page: ${text}`, { ...shown, page: page.index })
  }
  const unit = mmPerUnit(page)
  const [left, top, right, bottom] = [xMm / unit, yMm / unit, (xMm + widthMm) / unit, (yMm + heightMm) / unit]
  const [x1, y1, x2, y2] = visibleBox(page)
  switch (page.rotate) {
    case 90:
      return [x1 + top, y1 + left, x1 + bottom, y1 + right]
    case 180:
      return [x2 - right, y1 + top, x2 - left, y1 + bottom]
    case 270:
      return [x2 - bottom, y2 - right, x2 - top, y2 - left]
    default:
      return [x1 + left, y2 - bottom, x1 + right, y2 - top]
  }
}

/** The form matrix that keeps an appearance with this BBox upright on a page turned clockwise by `rotate`. */
export function uprightMatrix(rotate: number, bbox: Box): readonly number[] {
  const width = bbox[2] - bbox[0]
  const height = bbox[3] - bbox[1]
  switch (rotate) {
    case 90:
      return [0, 1, -1, 0, height, 0]
    case 180:
      return [-1, 0, 0, -1, width, height]
    case 270:
      return [0, -1, 1, 0, 0, width]
    default:
      return [1, 0, 0, 1, 0, 0]
  }
}
