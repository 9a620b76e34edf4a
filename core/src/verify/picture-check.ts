import { equal } from '../encode/bytes'
import type { Seal } from '../model/seal'
import type { PdfDocument } from '../pdf/document'
import { integerOf, isKind, isName, type PdfDict, type PdfObject, type PdfStream } from '../pdf/objects'
import { pageSizeMm, uprightMatrix, visibleBox } from '../pdf/page-geometry'
import { type Box, boxOf, type Page } from '../pdf/pages'
import { PdfError } from '../pdf/pdf-error'
import { decodeText } from '../pdf/text-string'
import { mayShrink, QR_SIZE_MM, wrapperContent, wrapperSize } from '../seal/appearance'
import { pictureDigest, pointsOf } from '../seal/picture'
import { POINTS_PER_MM } from '../seal/picture-path'
import { drawQr, printedCodeOf } from '../seal/qr'
import { SealError } from '../seal/seal-error'
import { isKnownPicture, rememberPicture } from './known-pictures'
import type { Subject, Unreadable } from './subject'

/** Of a form XObject that draws paths only. */
const PICTURE_KEYS = new Set(['Type', 'Subtype', 'FormType', 'BBox', 'Resources', 'Length', 'Filter'])
const WRAPPER_KEYS = new Set([...PICTURE_KEYS, 'Matrix'])
/** ISO 32000-2 table 167. */
const PRINT_FLAG = 4
/** ReadOnly, Locked, LockedContents. Every other flag hides a seal or draws it elsewhere or in another size. */
const HARMLESS_FLAGS = 64 | 128 | 512
/** Points: writers round coordinates. */
const TOLERANCE = 0.01

/**
 * What is wrong with the seal's picture or place in the signed revision (FORMAT.md 2, Picture), if anything: the widget
 * must show the registered picture, in its size, with the QR code of this very use, upright and on the page.
 */
export function pictureFault(signed: PdfDocument, subject: Subject, seal: Seal): Unreadable | undefined {
  try {
    return shownFault(signed, subject, seal)
  } catch (refusal) {
    if (!(refusal instanceof PdfError)) throw refusal
    return refusal.code === 'PDF_TOO_COMPLEX'
      ? { code: refusal.code, detail: refusal.message }
      : picture(refusal.message)
  }
}

function shownFault(signed: PdfDocument, subject: Subject, seal: Seal): Unreadable | undefined {
  const { widgets, dict } = subject.field
  const [widget] = widgets
  const pages = widget?.ref === undefined ? [] : pagesShowing(signed, widget.ref.number)
  const [page] = pages
  if (widgets.length !== 1 || widget.dict !== dict || pages.length !== 1 || widget.rect === undefined) {
    return place('the seal is not one field with one widget on one page')
  }
  if (dict.duplicateKeys.length > 0) return place(`the field has two entries ${dict.duplicateKeys[0]}`)
  const flags = integerOf(signed.value(widget.dict, 'F')) ?? 0
  if ((flags & ~HARMLESS_FLAGS) !== PRINT_FLAG || widget.dict.entries.has('OC')) {
    return place('the seal is hidden, not printed, or not bound to its page')
  }
  const size = { widthPt: pointsOf(seal.widthUm / 1000), heightPt: pointsOf(seal.heightUm / 1000) }
  return (
    placeFault(page, widget.rect, wrapperSize(size, { sizePt: pointsOf(QR_SIZE_MM) })) ??
    appearanceFault(signed, { dict: widget.dict, page, size, seal }, subject)
  )
}

/** A page for each time that it lists the annotation. */
function pagesShowing(signed: PdfDocument, number: number): readonly Page[] {
  const times = new Map<PdfObject, number>()
  return signed.pages().flatMap((page) => {
    const annotations = signed.value(page.dict, 'Annots')
    if (!isKind(annotations, 'array')) return []
    const listed = times.get(annotations) ?? annotations.items.filter((item) => isRefTo(item, number)).length
    times.set(annotations, listed)
    return Array.from({ length: listed }, () => page)
  })
}

function isRefTo(item: PdfObject, number: number): boolean {
  return isKind(item, 'ref') && item.number === number
}

function place(detail: string): Unreadable {
  return { code: 'SEAL_PLACE_MISMATCH', detail }
}

function picture(detail: string): Unreadable {
  return { code: 'SEAL_PICTURE_MISMATCH', detail }
}

interface Size {
  readonly widthPt: number
  readonly heightPt: number
}

function placeFault(page: Page, rect: Box, { widthPt, heightPt }: Size): Unreadable | undefined {
  const [width, height] = page.rotate % 180 === 0 ? [widthPt, heightPt] : [heightPt, widthPt]
  const [x1, y1, x2, y2] = rect
  const shown = { widthMm: widthPt / POINTS_PER_MM, heightMm: heightPt / POINTS_PER_MM }
  const shrunk = ((x2 - x1) * page.userUnit) / width
  const scale = shrunk > 0 && shrunk < 1 && mayShrink(pageSizeMm(page), shown) ? shrunk : 1
  const off = (got: number, wanted: number) => Math.abs(got * page.userUnit - scale * wanted) > TOLERANCE
  if (off(x2 - x1, width) || off(y2 - y1, height)) return place('the seal is not in its registered size')
  const visible = visibleBox(page)
  const outside =
    x1 < visible[0] - TOLERANCE ||
    y1 < visible[1] - TOLERANCE ||
    x2 > visible[2] + TOLERANCE ||
    y2 > visible[3] + TOLERANCE
  return outside ? place('the seal is not wholly on its page') : undefined
}

interface Shown {
  readonly dict: PdfDict
  readonly page: Page
  readonly size: Size
  readonly seal: Seal
}

function appearanceFault(signed: PdfDocument, shown: Shown, subject: Subject): Unreadable | undefined {
  const appearance = signed.dictValue(shown.dict, 'AP')
  const normal = hasOnly(appearance, 1) ? signed.value(appearance, 'N') : null
  if (!isKind(normal, 'stream')) return picture('the appearance is not one normal form')
  const wrapper = wrapperSize(shown.size, { sizePt: pointsOf(QR_SIZE_MM) })
  const upright = uprightMatrix(shown.page.rotate, [0, 0, wrapper.widthPt, wrapper.heightPt])
  if (!isForm(signed, normal, wrapper, WRAPPER_KEYS) || !hasMatrix(signed, normal.dict, upright)) {
    return picture('the appearance is not the one form that a seal has')
  }
  if (!equal(content(signed, normal), wrapperContent(shown.size))) return picture('the appearance draws something else')
  const forms = formsOf(signed, normal.dict)
  if (forms === undefined) return picture('the appearance has other resources than a seal and a QR code')
  if (!isPicture(signed, forms.seal, shown.size)) return picture('the seal is not drawn by paths alone')
  if (!isRegistered(signed, forms.seal, shown)) return picture('the picture is not the registered one')
  return qrFault(signed, forms.qr, subject)
}

function isRegistered(signed: PdfDocument, form: PdfStream, { size, seal: { appearance } }: Shown): boolean {
  if (isKnownPicture(appearance, form)) return true
  if (pictureDigest({ ...size, content: content(signed, form) }) !== appearance) return false
  rememberPicture(appearance, form)
  return true
}

/** So many entries, and no key twice, which readers would read differently. */
function hasOnly(dict: PdfDict | undefined, entries: number): dict is PdfDict {
  return dict !== undefined && dict.entries.size === entries && dict.duplicateKeys.length === 0
}

/** An empty Resources dictionary: nothing but the content decides what is drawn. */
function isPicture(signed: PdfDocument, form: PdfStream, size: Size): boolean {
  const resources = signed.dictValue(form.dict, 'Resources')
  return isForm(signed, form, size, PICTURE_KEYS) && hasOnly(resources, 0)
}

function isForm(signed: PdfDocument, form: PdfStream, { widthPt, heightPt }: Size, keys: ReadonlySet<string>): boolean {
  const { dict } = form
  const box = boxOf(signed, dict.entries.get('BBox'))
  return (
    dict.duplicateKeys.length === 0 &&
    [...dict.entries.keys()].every((key) => keys.has(key)) &&
    isName(signed.value(dict, 'Subtype'), 'Form') &&
    box !== undefined &&
    box[0] === 0 &&
    box[1] === 0 &&
    Math.abs(box[2] - widthPt) < TOLERANCE &&
    Math.abs(box[3] - heightPt) < TOLERANCE
  )
}

/** Present exactly when the page is rotated, and then the one that keeps the seal upright. */
function hasMatrix(signed: PdfDocument, dict: PdfDict, upright: readonly number[]): boolean {
  const matrix = signed.value(dict, 'Matrix')
  if (matrix === null) return sameNumbers(upright, [1, 0, 0, 1, 0, 0])
  if (!isKind(matrix, 'array')) return false
  return sameNumbers(
    upright,
    matrix.items.map((item) => numberOf(signed, item)),
  )
}

function numberOf(signed: PdfDocument, object: PdfObject): number {
  const value = signed.resolve(object)
  return isKind(value, 'number') ? value.value : Number.NaN
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => Math.abs(value - b[index]) < TOLERANCE)
}

function content(signed: PdfDocument, form: PdfStream): Uint8Array {
  const { bytes, remaining } = signed.decodeStream(form)
  return remaining.length === 0 ? bytes : new Uint8Array(0)
}

function formsOf(signed: PdfDocument, wrapper: PdfDict): { seal: PdfStream; qr: PdfStream } | undefined {
  const resources = signed.dictValue(wrapper, 'Resources')
  const xobjects = resources && signed.dictValue(resources, 'XObject')
  if (!hasOnly(resources, 1) || !hasOnly(xobjects, 2)) return undefined
  const seal = signed.value(xobjects, 'Seal')
  const qr = signed.value(xobjects, 'QR')
  return isKind(seal, 'stream') && isKind(qr, 'stream') ? { seal, qr } : undefined
}

/** FORMAT.md 8: the QR code is the drawing of ContactInfo, which ends in this use's id. */
function qrFault(signed: PdfDocument, form: PdfStream, { field, use }: Subject): Unreadable | undefined {
  const contact = field.signature && signed.value(field.signature.dict, 'ContactInfo')
  const text = isKind(contact, 'string') ? decodeText(contact.bytes) : ''
  if (use === undefined || !text.endsWith(`/s/${printedCodeOf(use.id)}`))
    return picture('the QR code is not of this use')
  try {
    const qr = drawQr(text, QR_SIZE_MM)
    const same =
      isPicture(signed, form, { widthPt: qr.sizePt, heightPt: qr.sizePt }) && equal(content(signed, form), qr.content)
    return same ? undefined : picture('the QR code shows something else')
  } catch (refusal) {
    if (refusal instanceof SealError) return picture(refusal.message)
    throw refusal
  }
}
