import type { PdfDocument } from '../pdf/document'
import type { Widget } from '../pdf/form'
import { integerOf, isKind, isName, type PdfArray, type PdfDict, type PdfObject } from '../pdf/objects'
import { type SignatureField, signatureFields } from '../pdf/signature-field'

const FIELD_KEYS = ['FT', 'T', 'TU', 'V', 'Ff', 'Lock', 'SV', 'DR']
/** No action, no other page's annotation. */
const WIDGET_KEYS = ['Type', 'Subtype', 'Rect', 'F', 'P', 'AP', 'AS', 'MK', 'DA', 'Border', 'BS', 'NM', 'M']
/** A new signature field merged with its widget; or the two apart. */
const MERGED = new Set([...FIELD_KEYS, ...WIDGET_KEYS])
const FIELD = new Set([...FIELD_KEYS, 'Kids'])
const WIDGET = new Set([...WIDGET_KEYS, 'Parent'])
/** ISO 32000-2 table 167: NoZoom and NoRotate draw outside the rectangle. */
const UNSIZED = 8 | 16

/** What a later revision did about signature fields. */
export interface LaterFields {
  /** Fields that were not there, by object number. */
  readonly added: ReadonlyMap<number, SignatureField>
  /** Fields that were there, empty, and are signed now. */
  readonly filled: readonly SignatureField[]
}

/** What the newest file has of signature fields that the signed one had not. */
export function laterFields(
  current: PdfDocument,
  { added, emptyBefore }: { readonly added: ReadonlySet<number>; readonly emptyBefore: ReadonlySet<number> },
): LaterFields {
  const after = signatureFields(current)
  return {
    added: new Map(
      after.flatMap((field) => (field.ref && added.has(field.ref.number) ? [[field.ref.number, field]] : [])),
    ),
    filled: after.filter(({ ref, state }) => ref !== undefined && emptyBefore.has(ref.number) && state !== 'unsigned'),
  }
}

/** Judges fields that were signed after the seal. */
export class NewFields {
  readonly #current: PdfDocument
  readonly #added: ReadonlySet<number>
  readonly #fields: LaterFields
  /** Whether a signature that was there permits no other (DocMDP P 1). */
  readonly #final: boolean
  /** New fields by their widget's object number. */
  readonly #byWidget: ReadonlyMap<number, SignatureField>
  /** How often each annotation is listed, over all pages. */
  readonly #listed: ReadonlyMap<number, number>

  constructor(current: PdfDocument, fields: LaterFields, context: { added: ReadonlySet<number>; final: boolean }) {
    this.#current = current
    this.#added = context.added
    this.#final = context.final
    this.#fields = fields
    const widgets = [...fields.added.values()].flatMap((field) =>
      field.widgets.flatMap(({ ref }) => (ref === undefined ? [] : [[ref.number, field] as const])),
    )
    this.#byWidget = new Map(widgets)
    this.#listed = timesListed(current)
  }

  /** A reference to a new field, for the form's Fields. */
  isNewField(item: PdfObject): boolean {
    const field = isKind(item, 'ref') ? this.#fields.added.get(item.number) : undefined
    return field !== undefined && this.#isPlain(field)
  }

  /** A reference to a new field's widget, for a page's Annots. */
  isNewWidget(item: PdfObject): boolean {
    const field = isKind(item, 'ref') ? this.#byWidget.get(item.number) : undefined
    return field !== undefined && this.#isPlain(field)
  }

  /** Whether the field with that number, empty before, was signed and no more. */
  isSignedNow(number: number): boolean {
    const field = this.#fields.filled.find(({ ref }) => ref?.number === number)
    return field !== undefined && this.#isNewlySigned(field)
  }

  #isPlain(field: SignatureField): boolean {
    const { dict, widgets } = field
    if (field.state !== 'signed' || !isName(dict.entries.get('FT'), 'Sig')) return false
    const [widget] = widgets
    const isMerged = widgets.length === 0 || widget.dict === dict
    const known = isMerged
      ? hasOnly(dict, MERGED)
      : hasOnly(dict, FIELD) && hasOnly(widget.dict, WIDGET) && this.#isOwnKid(dict, widget)
    return known && this.#isNewlySigned(field)
  }

  #isOwnKid(field: PdfDict, { ref, dict }: Widget): boolean {
    const kids = this.#current.value(field, 'Kids')
    const parent = dict.entries.get('Parent')
    const added = ref !== undefined && this.#added.has(ref.number)
    return added && isKind(kids, 'array') && kids.items.length === 1 && (parent === undefined || isKind(parent, 'ref'))
  }

  /** By a value added now; shown once at most, and not at all for a document timestamp, of which no verdict is given. */
  #isNewlySigned(field: SignatureField): boolean {
    const value = field.dict.entries.get('V')
    if (!isKind(value, 'ref') || !this.#added.has(value.number)) return false
    const refs = field.widgets.flatMap(({ ref }) => ref ?? [])
    const sized = field.widgets.every(({ dict }) => ((integerOf(this.#current.value(dict, 'F')) ?? 0) & UNSIZED) === 0)
    if (!sized || field.widgets.length > 1 || refs.some(({ number }) => (this.#listed.get(number) ?? 0) > 1))
      return false
    if (field.signature?.subFilter !== 'ETSI.RFC3161') return !this.#final
    return field.widgets.every((widget) => isUnseen(this.#current, widget))
  }
}

function hasOnly(dict: PdfDict, keys: ReadonlySet<string>): boolean {
  return dict.duplicateKeys.length === 0 && [...dict.entries.keys()].every((key) => keys.has(key))
}

/** Without an appearance, or drawn into no area at all. */
export function isUnseen(current: PdfDocument, { dict }: Widget): boolean {
  if (!dict.entries.has('AP')) return true
  const rect = current.value(dict, 'Rect')
  if (!isKind(rect, 'array')) return false
  const [x1, y1, x2, y2] = rect.items.map((item) => (isKind(item, 'number') ? item.value : Number.NaN))
  return x1 === x2 && y1 === y2
}

function timesListed(document: PdfDocument): ReadonlyMap<number, number> {
  const lists = new Map<PdfArray, number>()
  for (const { dict } of document.pages()) {
    const annotations = document.value(dict, 'Annots')
    if (isKind(annotations, 'array')) lists.set(annotations, (lists.get(annotations) ?? 0) + 1)
  }
  const times = new Map<number, number>()
  for (const [{ items }, pages] of lists) {
    for (const item of items) if (isKind(item, 'ref')) times.set(item.number, (times.get(item.number) ?? 0) + pages)
  }
  return times
}
