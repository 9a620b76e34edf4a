import type { PdfDocument } from './document'
import { isKind, type PdfArray, type PdfDict, type PdfObject, type PdfRef } from './objects'
import { type Box, boxOf } from './pages'
import { damaged, tooComplex } from './pdf-error'
import { decodeText } from './text-string'
import { STEPS } from './work'

/** Where a field shows on a page: a widget annotation, ISO 32000-2, 12.5.6.19. */
export interface Widget {
  /** Undefined when the widget is a direct object. */
  readonly ref: PdfRef | undefined
  readonly dict: PdfDict
  /** The page whose Annots list the widget; undefined when none does. */
  readonly page: number | undefined
  readonly rect: Box | undefined
}

/** A terminal field of the form, ISO 32000-2, 12.7.4. */
export interface FormField {
  /** Fully qualified, partial names joined by a full stop; empty when no part has a name. */
  readonly name: string
  readonly ref: PdfRef | undefined
  readonly dict: PdfDict
  /** FT, inherited. */
  readonly type: string | undefined
  /** V as it stands, inherited, a reference not followed; undefined when absent. */
  readonly value: PdfObject | undefined
  /** The field itself when merged with its widget, else its kids; empty when it has none. */
  readonly widgets: readonly Widget[]
}

interface Walk {
  readonly document: PdfDocument
  readonly seen: Set<number>
  /** Kids arrays met: two fields that share one would each count all its widgets. */
  readonly kids: Set<PdfArray>
  readonly pages: ReadonlyMap<number, number>
  readonly fields: FormField[]
}

interface Inherited {
  readonly name: string
  readonly type: PdfObject | undefined
  readonly value: PdfObject | undefined
  readonly depth: number
}

/** The catalog's AcroForm, undefined when it has none. @throws PdfError `PDF_DAMAGED` when it is no dictionary. */
export function acroFormOf(document: PdfDocument): PdfDict | undefined {
  const form = document.value(document.catalog, 'AcroForm')
  if (form === null) return undefined
  if (!isKind(form, 'dict')) throw damaged('AcroForm is no dictionary', 0)
  return form
}

/** The references and dictionaries in the form's Fields. @throws PdfError `PDF_DAMAGED` when it is no array. */
export function rootFieldsOf(document: PdfDocument): readonly PdfObject[] {
  const form = acroFormOf(document)
  const fields = form === undefined ? null : document.value(form, 'Fields')
  if (fields === null) return []
  if (!isKind(fields, 'array')) throw damaged('Fields is no array', 0)
  return fields.items
}

/**
 * All terminal fields of the form, in its order.
 * @throws PdfError `PDF_DAMAGED` for a field met twice, `PDF_TOO_COMPLEX` when nested too deep.
 */
export function formFields(document: PdfDocument): readonly FormField[] {
  const found = known.get(document) ?? readFields(document)
  known.set(document, found)
  return found
}

/** Asked for by each seal of a file several times. */
const known = new WeakMap<PdfDocument, readonly FormField[]>()

function readFields(document: PdfDocument): readonly FormField[] {
  const walk: Walk = { document, seen: new Set(), kids: new Set(), pages: pagesByAnnotation(document), fields: [] }
  const root: Inherited = { name: '', type: undefined, value: undefined, depth: 0 }
  for (const item of rootFieldsOf(document)) visit(walk, item, root)
  return walk.fields
}

function visit(walk: Walk, item: PdfObject, from: Inherited): void {
  const { document, seen } = walk
  const dict = document.resolve(item)
  if (!isKind(dict, 'dict')) return
  if (isKind(item, 'ref')) {
    if (seen.has(item.number)) throw damaged(`form field ${item.number} is met twice`, 0)
    seen.add(item.number)
  }
  if (from.depth > document.limits.maxNesting) throw tooComplex('levels of form fields')
  const own = partialName(document, dict)
  if (from.name.length > MAX_FULL_NAME) throw tooComplex('name of a form field')
  document.work.spend(STEPS.field)
  document.work.spendBytes(from.name.length)
  const inherited: Inherited = {
    name: own === undefined ? from.name : from.name === '' ? own : `${from.name}.${own}`,
    type: dict.entries.get('FT') ?? from.type,
    value: dict.entries.get('V') ?? from.value,
    depth: from.depth + 1,
  }
  const kids = kidsOf(walk, dict)
  const fields = kids.filter((kid) => isField(document, kid))
  for (const kid of fields) visit(walk, kid, inherited)
  if (fields.length > 0 && fields.length === kids.length) return
  const type = document.resolve(inherited.type)
  walk.fields.push({
    name: inherited.name,
    ref: isKind(item, 'ref') ? item : undefined,
    dict,
    type: isKind(type, 'name') ? type.name : undefined,
    value: inherited.value,
    widgets: widgetsOf(walk, item, kids.length === 0 ? [item] : kids.filter((kid) => !isField(document, kid))),
  })
}

/** Longer partial names are an attack: many fields may share one. */
const MAX_NAME_BYTES = 1024
const MAX_FULL_NAME = 2048

/** The field's own T. @throws PdfError `PDF_TOO_COMPLEX` for more than 1024 bytes. */
export function partialName(document: PdfDocument, dict: PdfDict): string | undefined {
  const title = document.value(dict, 'T')
  if (!isKind(title, 'string')) return undefined
  if (title.bytes.length > MAX_NAME_BYTES) throw tooComplex('name of a form field')
  return decodeText(title.bytes)
}

function kidsOf(walk: Walk, dict: PdfDict): readonly PdfObject[] {
  const kids = walk.document.value(dict, 'Kids')
  if (!isKind(kids, 'array') || kids.items.length === 0) return []
  if (walk.kids.has(kids)) throw damaged('form fields that share their Kids', 0)
  walk.kids.add(kids)
  return kids.items
}

/** A kid with a name or with kids of its own is a field; any other is a widget. ISO 32000-2, 12.7.4.2. */
function isField(document: PdfDocument, kid: PdfObject): boolean {
  const dict = document.resolve(kid)
  return isKind(dict, 'dict') && (dict.entries.has('T') || dict.entries.has('Kids'))
}

function widgetsOf(walk: Walk, field: PdfObject, items: readonly PdfObject[]): Widget[] {
  const widgets: Widget[] = []
  for (const item of items) {
    const dict = walk.document.resolve(item)
    if (!isKind(dict, 'dict') || (item === field && !dict.entries.has('Rect'))) continue
    const ref = isKind(item, 'ref') ? item : undefined
    const page = ref && walk.pages.get(ref.number)
    widgets.push({ ref, dict, page, rect: boxOf(walk.document, dict.entries.get('Rect')) })
  }
  return widgets
}

function pagesByAnnotation(document: PdfDocument): ReadonlyMap<number, number> {
  const pages = new Map<number, number>()
  const seen = new Set<PdfArray>()
  for (const page of document.pages()) {
    const annotations = document.value(page.dict, 'Annots')
    if (!isKind(annotations, 'array') || seen.has(annotations)) continue
    seen.add(annotations)
    for (const item of annotations.items) {
      if (isKind(item, 'ref') && !pages.has(item.number)) pages.set(item.number, page.index)
    }
  }
  return pages
}
