import { latin1 } from '../encode/bytes'
import { type Mark, pageMarks } from '../pdf/content-marks'
import type { PdfDocument } from '../pdf/document'
import type { FormField, Widget } from '../pdf/form'
import { isKind, isName, type PdfDict, type PdfObject } from '../pdf/objects'
import type { Box, Page } from '../pdf/pages'
import { PdfError } from '../pdf/pdf-error'
import type { SignatureField } from '../pdf/signature-field'
import { isUnseen } from './new-fields'

/** Points: boxes are measured, not exact, and people sign close to a line. */
const TOLERANCE = 2

/** Whether two rectangles share more than `by` in both directions. */
function meet(a: Box | undefined, b: Box | undefined, by = 0): boolean {
  if (a === undefined || b === undefined) return false
  return a[0] + by < b[2] && b[0] + by < a[2] && a[1] + by < b[3] && b[1] + by < a[3]
}

/** A later field's widget may not lie on an earlier seal: it would show something else there. */
export function coveredSeal(
  { work }: PdfDocument,
  later: readonly FormField[],
  sealed: readonly SignatureField[],
): string | undefined {
  const shown = sealed.flatMap(({ name, widgets }) => widgets.map(({ page, rect }) => ({ name, page, rect })))
  for (const { name, widgets } of later) {
    for (const widget of widgets) {
      work.spend(1 + Math.floor(shown.length / COMPARED_A_STEP))
      const covered = shown.find((old) => old.page === widget.page && meet(old.rect, widget.rect))
      if (covered !== undefined) return `the later field ${name} lies on the seal ${covered.name}`
    }
  }
  return undefined
}

const COMPARED_A_STEP = 16

/**
 * A new field that is seen may not lie on text or a picture that was sealed (Rohlmann et al., IEEE S&P 2021: sneaky
 * signatures). A seal in the one form that seals have may, as on paper: it is painted in lines, what is under it stays to be
 * read, and that its picture is the registered one is its own verdict's matter.
 */
export function coveredContent(
  signed: PdfDocument,
  current: PdfDocument,
  fields: readonly FormField[],
): string | undefined {
  const pages = new Map<number, readonly Mark[] | undefined>()
  for (const field of fields) {
    for (const widget of field.widgets) {
      if (isUnseen(current, widget) || isSealForm(current, widget)) continue
      const fault = coveredMark(signed, widget, pages)
      if (fault !== undefined) return `the later field ${field.name} lies on ${fault}`
    }
  }
  return undefined
}

function coveredMark(
  signed: PdfDocument,
  { page, rect }: Widget,
  known: Map<number, readonly Mark[] | undefined>,
): string | undefined {
  const shown = page === undefined ? undefined : signed.pages()[page]
  if (page === undefined || shown === undefined) return undefined
  const marks = known.has(page) ? known.get(page) : marksOf(signed, shown)
  known.set(page, marks)
  if (marks === undefined) return `page ${shown.index + 1}, of which it cannot be told what it shows`
  signed.work.spend(1 + Math.floor(marks.length / COMPARED_A_STEP))
  const mark = marks.find((one) => one.kind !== 'red' && !isBackground(one, shown) && meet(one.box, rect, TOLERANCE))
  return mark && `a ${mark.kind} of page ${shown.index + 1}`
}

/** Undefined for content that does not read, or draws too much to be looked through. */
function marksOf(signed: PdfDocument, page: Page): readonly Mark[] | undefined {
  try {
    return pageMarks(signed, page)
  } catch (refusal) {
    if (refusal instanceof PdfError) return undefined
    throw refusal
  }
}

/** A picture of over half of its page, such as a scan: where it is blank cannot be told. */
function isBackground({ kind, box }: Mark, { mediaBox }: Page): boolean {
  return kind === 'picture' && mediaBox !== undefined && 2 * areaOf(box) > areaOf(mediaBox)
}

function areaOf([x1, y1, x2, y2]: Box): number {
  return (x2 - x1) * (y2 - y1)
}

const WRAPPER = /^q 1 0 0 1 0 0 cm \/Seal Do Q\nq 1 0 0 1 [\d.]{1,12} 0 cm \/QR Do Q\n$/
const PICTURE_KEYS = new Set(['Type', 'Subtype', 'FormType', 'BBox', 'Resources', 'Length', 'Filter'])

/** Whether the widget shows a seal and a QR code as FORMAT.md 2 has them, each of lines alone. */
export function isSealForm(current: PdfDocument, { dict }: Widget): boolean {
  const appearance = current.dictValue(dict, 'AP')
  const normal = appearance && current.value(appearance, 'N')
  if (!isKind(normal, 'stream') || normal.raw.length > 200) return false
  const { bytes, remaining } = current.decodeStream(normal)
  const resources = current.dictValue(normal.dict, 'Resources')
  const forms = resources && current.dictValue(resources, 'XObject')
  if (remaining.length > 0 || !WRAPPER.test(latin1(bytes)) || forms === undefined) return false
  return ['Seal', 'QR'].every((name) => isPathsOnly(current, current.value(forms, name)))
}

function isPathsOnly(current: PdfDocument, form: PdfObject): boolean {
  if (!isKind(form, 'stream') || !isName(current.value(form.dict, 'Subtype'), 'Form')) return false
  const resources: PdfDict | undefined = current.dictValue(form.dict, 'Resources')
  return resources?.entries.size === 0 && [...form.dict.entries.keys()].every((key) => PICTURE_KEYS.has(key))
}
