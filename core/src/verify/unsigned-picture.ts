import { formMarks, type Mark, pageMarks } from '../pdf/content-marks'
import type { PdfDocument } from '../pdf/document'
import { isKind, type PdfDict, type PdfStream } from '../pdf/objects'
import { type Box, boxOf, type Page } from '../pdf/pages'
import { isRedRgb } from '../pdf/path-run'
import { PdfError } from '../pdf/pdf-error'
import { type Colours, coloursOf } from './picture-colours'

/** Points: seals are 15 to 60 mm wide; a little more for what stands beside them. */
const MIN_SIDE = 40
const MAX_SIDE = 200
/** A ring alone has as many. */
const MIN_CURVES = 8
/** Red paths nearer than this belong together. */
const NEAR = 12
const MAX_PAGES = 200
const MAX_MARKS = 5000
/** Of the points that are no paper. */
const MIN_RED_SHARE = 0.6
const MIN_RED_OF_ALL = 0.02
/** Of a stencil's bytes those in which paint and paper meet: text in a ring has many, an area has few. */
const MIN_EDGES = 0.02
const MAX_PATTERNS = 20

/**
 * Where a file without any signature shows what looks like a seal: red, of a seal's size, drawn in curves or as a picture, in a
 * page's content, its patterns or an annotation such as a stamp. A picture proves nothing, whoever made it. JPEG is looked into
 * by its blocks' means; JPEG 2000, JBIG2 and CCITT pictures are not, but for stencils painted in red.
 */
export function unsignedSealPicture(document: PdfDocument): string | undefined {
  for (const page of document.pages().slice(0, MAX_PAGES)) {
    const found =
      attempt(() => onPage(document, page)) ??
      attempt(() => inAnnotations(document, page)) ??
      attempt(() => inPatterns(document, page))
    if (found === undefined) continue
    const [x, y] = found.map((value) => Math.round(value))
    return `page ${page.index + 1} shows at ${x}, ${y} what looks like a seal, but nothing is signed: it is only a picture`
  }
  return undefined
}

/** Content that does not read shows nothing that could be called a seal. */
function attempt<T>(look: () => T | undefined): T | undefined {
  try {
    return look()
  } catch (refusal) {
    if (refusal instanceof PdfError) return undefined
    throw refusal
  }
}

function onPage(document: PdfDocument, page: Page): Box | undefined {
  return sealAmong(document, pageMarks(document, page))
}

/** Tiling patterns (ISO 32000-2 8.7.3) that the page may paint with. */
function inPatterns(document: PdfDocument, { resources }: Page): Box | undefined {
  const patterns = resources && document.dictValue(resources, 'Pattern')
  for (const item of [...(patterns?.entries.values() ?? [])].slice(0, MAX_PATTERNS)) {
    const pattern = document.resolve(item)
    if (!isKind(pattern, 'stream') || !once(pattern, () => drawsSeal(document, pattern))) continue
    return boxOf(document, pattern.dict.entries.get('BBox')) ?? [0, 0, 0, 0]
  }
  return undefined
}

function inAnnotations(document: PdfDocument, page: Page): Box | undefined {
  const annotations = document.value(page.dict, 'Annots')
  if (!isKind(annotations, 'array')) return undefined
  for (const item of annotations.items.slice(0, MAX_MARKS)) {
    const dict = document.resolve(item)
    if (!isKind(dict, 'dict')) continue
    const place = boxOf(document, dict.entries.get('Rect'))
    if (place === undefined || !isSealSized(place)) continue
    if (appearances(document, dict).some((form) => once(form, () => drawsSeal(document, form)))) return place
  }
  return undefined
}

function drawsSeal(document: PdfDocument, form: PdfStream): boolean {
  const marks = attempt(() => formMarks(document, form)) ?? []
  const curves = marks.reduce((sum, mark) => sum + (mark.kind === 'red' ? mark.curves : 0), 0)
  return curves >= MIN_CURVES || marks.some((one) => isRedPictureMark(document, one))
}

/** The normal appearance, or one for each state (ISO 32000-2 12.5.5). */
function appearances(document: PdfDocument, dict: PdfDict): readonly PdfStream[] {
  const appearance = document.dictValue(dict, 'AP')
  const normal = appearance && document.value(appearance, 'N')
  if (isKind(normal, 'stream')) return [normal]
  const states = isKind(normal, 'dict') ? [...normal.entries.values()].slice(0, MAX_PATTERNS) : []
  return states.map((one) => document.resolve(one)).filter((one): one is PdfStream => isKind(one, 'stream'))
}

function sealAmong(document: PdfDocument, marks: readonly Mark[]): Box | undefined {
  const red = marks.filter(({ kind }) => kind === 'red').slice(0, MAX_MARKS)
  const drawn = clustersOf(red).find(({ box, curves }) => curves >= MIN_CURVES && isSealSized(box))
  if (drawn !== undefined) return drawn.box
  return marks.find((one) => isSealSized(one.box) && isRedPictureMark(document, one))?.box
}

function isRedPictureMark(document: PdfDocument, one: Mark): boolean {
  const { image } = one
  if (image === undefined) return false
  return isRedStencil(document, one) || once(image, () => isRedPicture(document, image))
}

function isSealSized([x1, y1, x2, y2]: Box): boolean {
  return [x2 - x1, y2 - y1].every((side) => side >= MIN_SIDE && side <= MAX_SIDE)
}

interface Cluster {
  readonly box: Box
  readonly curves: number
}

/** Marks in the content's order join what they lie near to: a seal is drawn in one go. */
function clustersOf(marks: readonly Mark[]): readonly Cluster[] {
  const clusters: Cluster[] = []
  for (const { box, curves } of marks) {
    const at = clusters.findIndex((one) => isNear(one.box, box))
    if (at < 0) clusters.push({ box, curves })
    else clusters[at] = { box: union(clusters[at].box, box), curves: clusters[at].curves + curves }
    if (clusters.length > 200) break
  }
  return clusters
}

function isNear(a: Box, b: Box): boolean {
  return a[0] - NEAR < b[2] && b[0] - NEAR < a[2] && a[1] - NEAR < b[3] && b[1] - NEAR < a[3]
}

function union(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
}

const looked = new WeakMap<PdfStream, boolean>()

/** Each picture and form is looked at once, however often it is drawn. */
function once(stream: PdfStream, look: () => boolean): boolean {
  const found = looked.get(stream) ?? look()
  looked.set(stream, found)
  return found
}

/** A picture that is mostly red where it is not paper; what does not read is none. */
function isRedPicture(document: PdfDocument, image: PdfStream): boolean {
  const colours = attempt(() => coloursOf(document, image))
  return colours !== undefined && isMostlyRed(colours)
}

function isMostlyRed({ rgb, means }: Colours): boolean {
  let red = 0
  let ink = 0
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const [r, g, b] = [rgb[at] / 255, rgb[at + 1] / 255, rgb[at + 2] / 255]
    if (Math.min(r, g, b) > (means ? 0.93 : 0.85)) continue
    ink++
    if (means ? isReddish(r, g, b) : isRedRgb(r, g, b)) red++
  }
  return red > MIN_RED_SHARE * ink && red > (MIN_RED_OF_ALL * rgb.length) / 3
}

/** Red with paper around it: of one hue, and more or less pale. */
function isReddish(r: number, g: number, b: number): boolean {
  return r >= 0.5 && r - Math.max(g, b) >= 0.1 && Math.abs(g - b) <= 0.5 * (r - Math.min(g, b))
}

/** A stencil of lines, painted in the red of seals; one that does not decode is taken for one. */
function isRedStencil(document: PdfDocument, { image, inRed }: Mark): boolean {
  if (image === undefined || inRed !== true || document.value(image.dict, 'ImageMask') !== true) return false
  const decoded = attempt(() => document.decodeStream(image))
  if (decoded === undefined) return false
  if (decoded.remaining.length > 0) return true
  const inked = decoded.bytes.reduce((sum, byte) => sum + (byte === 0 || byte === 255 ? 0 : 1), 0)
  return inked > MIN_EDGES * decoded.bytes.length
}
