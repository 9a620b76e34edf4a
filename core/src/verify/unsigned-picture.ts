import { formMarks, type Mark, pageMarks } from '../pdf/content-marks'
import type { PdfDocument } from '../pdf/document'
import { integerOf, isKind, isName, type PdfDict, type PdfObject, type PdfStream } from '../pdf/objects'
import { type Box, boxOf, type Page } from '../pdf/pages'
import { isRedRgb } from '../pdf/path-run'
import { PdfError } from '../pdf/pdf-error'

/** Points: seals are 15 to 60 mm wide; a little more for what stands beside them. */
const MIN_SIDE = 40
const MAX_SIDE = 200
/** A ring alone has as many. */
const MIN_CURVES = 8
/** Red paths nearer than this belong together. */
const NEAR = 12
const MAX_PAGES = 200
const MAX_MARKS = 5000
const MAX_IMAGE_BYTES = 16 << 20
/** Of the points that are no paper. */
const MIN_RED_SHARE = 0.6
const MIN_RED_OF_ALL = 0.02

/**
 * Where a file without any signature shows what looks like a seal: red, of a seal's size, drawn in curves or as a picture, in a
 * page's content or in an annotation such as a stamp. A picture proves nothing, whoever made it. JPEG pictures are not looked
 * into.
 */
export function unsignedSealPicture(document: PdfDocument): string | undefined {
  for (const page of document.pages().slice(0, MAX_PAGES)) {
    const found = attempt(() => onPage(document, page)) ?? attempt(() => inAnnotations(document, page))
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

function inAnnotations(document: PdfDocument, page: Page): Box | undefined {
  const annotations = document.value(page.dict, 'Annots')
  if (!isKind(annotations, 'array')) return undefined
  for (const item of annotations.items.slice(0, MAX_MARKS)) {
    const dict = document.resolve(item)
    if (!isKind(dict, 'dict')) continue
    const place = boxOf(document, dict.entries.get('Rect'))
    const form = normalAppearance(document, dict)
    if (place === undefined || form === undefined || !isSealSized(place)) continue
    if (once(form, () => drawsSeal(document, form))) return place
  }
  return undefined
}

function drawsSeal(document: PdfDocument, form: PdfStream): boolean {
  const marks = attempt(() => formMarks(document, form)) ?? []
  const curves = marks.reduce((sum, mark) => sum + (mark.kind === 'red' ? mark.curves : 0), 0)
  return curves >= MIN_CURVES || marks.some(({ image }) => image !== undefined && isRedImage(document, image))
}

function normalAppearance(document: PdfDocument, dict: PdfDict): PdfStream | undefined {
  const appearance = document.dictValue(dict, 'AP')
  const normal = appearance && document.value(appearance, 'N')
  return isKind(normal, 'stream') ? normal : undefined
}

function sealAmong(document: PdfDocument, marks: readonly Mark[]): Box | undefined {
  const red = marks.filter(({ kind }) => kind === 'red').slice(0, MAX_MARKS)
  const drawn = clustersOf(red).find(({ box, curves }) => curves >= MIN_CURVES && isSealSized(box))
  if (drawn !== undefined) return drawn.box
  return marks.find(({ box, image }) => image !== undefined && isSealSized(box) && isRedImage(document, image))?.box
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

function isRedImage(document: PdfDocument, image: PdfStream): boolean {
  return once(image, () => isRedPicture(document, image))
}

/** An RGB picture that is mostly red where it is not paper. */
function isRedPicture(document: PdfDocument, image: PdfStream): boolean {
  const bits = integerOf(document.value(image.dict, 'BitsPerComponent'))
  const space = document.value(image.dict, 'ColorSpace')
  if (bits !== 8 || !isRgb(document, space)) return false
  const pixels = attempt(() => document.decodeStream(image))
  if (pixels === undefined || pixels.remaining.length > 0 || pixels.bytes.length > MAX_IMAGE_BYTES) return false
  return isMostlyRed(pixels.bytes)
}

function isRgb(document: PdfDocument, space: PdfObject): boolean {
  if (isName(space, 'DeviceRGB')) return true
  if (!isKind(space, 'array') || !isName(document.resolve(space.items[0]), 'ICCBased')) return false
  const profile = document.resolve(space.items[1])
  return isKind(profile, 'stream') && integerOf(document.value(profile.dict, 'N')) === 3
}

function isMostlyRed(rgb: Uint8Array): boolean {
  let red = 0
  let ink = 0
  const step = 3 * Math.max(1, Math.floor(rgb.length / 3 / 200_000))
  let looked = 0
  for (let at = 0; at + 2 < rgb.length; at += step) {
    looked++
    const [r, g, b] = [rgb[at] / 255, rgb[at + 1] / 255, rgb[at + 2] / 255]
    if (Math.min(r, g, b) > 0.85) continue
    ink++
    if (isRedRgb(r, g, b)) red++
  }
  return red > MIN_RED_SHARE * ink && red > MIN_RED_OF_ALL * looked
}
