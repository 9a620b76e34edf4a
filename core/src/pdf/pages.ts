import type { PdfDocument } from './document'
import { integerOf, isKind, isName, type PdfDict, type PdfObject, type PdfRef } from './objects'
import { damaged, PdfError, tooComplex } from './pdf-error'
import { STEPS } from './work'

/** A rectangle with `x1 < x2` and `y1 < y2`, in default user space units. ISO 32000-2, 7.9.5. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number]

/** A page with what it inherits, ISO 32000-2, 7.7.3. */
export interface Page {
  readonly index: number
  readonly ref: PdfRef
  readonly dict: PdfDict
  readonly mediaBox: Box | undefined
  /** The MediaBox when the page has none of its own. */
  readonly cropBox: Box | undefined
  /** Clockwise when shown: 0, 90, 180 or 270. */
  readonly rotate: number
  /** Size of a unit in 1/72 inch. */
  readonly userUnit: number
  readonly resources: PdfDict | undefined
}

const INHERITED = ['MediaBox', 'CropBox', 'Rotate', 'Resources'] as const

interface Walk {
  readonly document: PdfDocument
  readonly seen: Set<number>
  readonly pages: Page[]
}

type Inherited = ReadonlyMap<string, PdfObject>

/** Reads the page tree. @throws PdfError `PDF_DAMAGED` for a node met twice or a kid that is no page. */
export function readPages(document: PdfDocument): readonly Page[] {
  const root = document.catalog.entries.get('Pages')
  if (!isKind(root, 'ref')) throw damaged('the catalog has no Pages reference', 0)
  const walk: Walk = { document, seen: new Set(), pages: [] }
  visit(walk, root, { inherited: new Map(), depth: 0 })
  return walk.pages
}

function visit(walk: Walk, ref: PdfRef, from: { inherited: Inherited; depth: number }): void {
  if (from.depth > walk.document.limits.maxNesting) throw tooComplex('levels of the page tree')
  const node = walk.document.get(ref)
  if (!isKind(node, 'dict')) throw damaged(`page tree node ${ref.number} is no dictionary`, 0)
  if (walk.seen.has(ref.number)) throw damaged(`page tree node ${ref.number} is met twice`, 0)
  walk.seen.add(ref.number)
  walk.document.work.spend(STEPS.page)
  const inherited = new Map(from.inherited)
  for (const key of INHERITED) {
    const own = walk.document.value(node, key)
    if (own !== null) inherited.set(key, own)
  }
  const kids = walk.document.value(node, 'Kids')
  if (kids === null || isName(walk.document.value(node, 'Type'), 'Page')) {
    walk.pages.push(pageOf(walk, { ref, dict: node, inherited }))
    return
  }
  if (!isKind(kids, 'array')) throw damaged(`Kids of page tree node ${ref.number} is no array`, 0)
  for (const kid of kids.items) {
    if (!isKind(kid, 'ref')) throw damaged(`page tree node ${ref.number} has a kid that is no reference`, 0)
    visit(walk, kid, { inherited, depth: from.depth + 1 })
  }
}

function pageOf(walk: Walk, node: { ref: PdfRef; dict: PdfDict; inherited: Inherited }): Page {
  const { document, pages } = walk
  const { ref, dict, inherited } = node
  const mediaBox = boxOf(document, inherited.get('MediaBox'))
  const resources = inherited.get('Resources')
  const rotate = integerOf(inherited.get('Rotate')) ?? 0
  const userUnit = document.value(dict, 'UserUnit')
  return {
    index: pages.length,
    ref,
    dict,
    mediaBox,
    cropBox: boxOf(document, inherited.get('CropBox')) ?? mediaBox,
    rotate: rotate % 90 === 0 ? ((rotate % 360) + 360) % 360 : 0,
    userUnit: isKind(userUnit, 'number') && userUnit.value > 0 ? userUnit.value : 1,
    resources: isKind(resources, 'dict') ? resources : undefined,
  }
}

/** A rectangle with its corners put in order; undefined when it is none or has no area. */
export function boxOf(document: PdfDocument, object: PdfObject | undefined): Box | undefined {
  const array = document.resolve(object)
  if (!isKind(array, 'array') || array.items.length !== 4) return undefined
  const values: number[] = []
  for (const item of array.items) {
    const value = document.resolve(item)
    if (!isKind(value, 'number')) return undefined
    values.push(value.value)
  }
  const [a, b, c, d] = values
  const box: Box = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
  return box[0] < box[2] && box[1] < box[3] ? box : undefined
}

/**
 * The page at `index`, from 0.
 * @throws PdfError `PAGE_NOT_FOUND` when the document has no such page.
 */
export function pageAt(document: PdfDocument, index: number): Page {
  const pages = document.pages()
  const page = Number.isInteger(index) ? pages[index] : undefined
  if (page !== undefined) return page
  const details = { page: index, pages: pages.length }
  throw new PdfError('PAGE_NOT_FOUND', `there is no page ${index + 1} among ${pages.length}`, details)
}
