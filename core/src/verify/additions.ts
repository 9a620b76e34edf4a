import type { PdfDocument } from '../pdf/document'
import { acroFormOf, type Widget } from '../pdf/form'
import { integerOf, isKind, isName, type PdfDict, type PdfObject } from '../pdf/objects'
import type { Box } from '../pdf/pages'
import { PdfError } from '../pdf/pdf-error'
import { type SignatureField, signatureFields } from '../pdf/signature-field'
import { requireSigningAllowed } from '../pdf/signing-permission'
import type { Referrers } from './history'
import { sameEntries, sameObject } from './same-object'

/** Entries of the catalog that validation data and new signature fields need. */
const CATALOG_KEYS = new Set(['AcroForm', 'DSS', 'Extensions', 'Version'])
const FORM_KEYS = new Set(['Fields', 'SigFlags'])
/** What signing an existing, empty signature field sets. */
const SIGNED_FIELD_KEYS = new Set(['V', 'AP'])
/** A new signature field merged with its widget; no action, no other page's annotation. */
const NEW_FIELD_KEYS = new Set([
  'Type',
  'Subtype',
  'FT',
  'T',
  'TU',
  'Rect',
  'V',
  'F',
  'Ff',
  'P',
  'AP',
  'AS',
  'MK',
  'DA',
  'Border',
  'BS',
  'Lock',
  'SV',
  'NM',
  'M',
])
/** ISO 32000-2 table 167: NoZoom and NoRotate draw outside the rectangle. */
const UNSIZED = 8 | 16
const DSS_LISTS = ['Certs', 'OCSPs', 'CRLs', 'VRI'] as const

/**
 * What later revisions may add to a signed one, and whether a changed object is changed by no more than that.
 * EN 319 142-1 5.5 (validation data), ISO 32000-2 12.8.2.2 (signing again).
 */
export class Additions {
  readonly #signed: PdfDocument
  readonly #current: PdfDocument
  readonly #added: ReadonlySet<number>
  readonly #referrers: Referrers
  /** New fields by object number. */
  readonly #newFields: ReadonlyMap<number, SignatureField>
  /** Fields that were there, empty, and are signed now. */
  readonly #filledFields: readonly SignatureField[]
  /** How often each annotation is listed, over all pages. */
  readonly #listed: ReadonlyMap<number, number>
  /** Whether a signature that was there permits no other (DocMDP P 1). */
  readonly #final: boolean
  readonly #signedBefore: readonly SignatureField[]
  readonly #emptyBefore: ReadonlyMap<number, SignatureField>
  readonly #roles = new Map<number, (before: PdfObject, after: PdfObject) => boolean>()

  constructor(
    signed: PdfDocument,
    current: PdfDocument,
    { added, referrers }: { added: ReadonlySet<number>; referrers: Referrers },
  ) {
    this.#signed = signed
    this.#current = current
    this.#added = added
    this.#referrers = referrers
    const before = signatureFields(signed)
    this.#signedBefore = before.filter(({ state }) => state !== 'unsigned')
    this.#emptyBefore = new Map(
      before.flatMap((field) => (field.state === 'unsigned' && field.ref ? [[field.ref.number, field] as const] : [])),
    )
    const after = signatureFields(current)
    this.#newFields = new Map(
      after.flatMap((field) =>
        field.ref !== undefined && added.has(field.ref.number) ? [[field.ref.number, field] as const] : [],
      ),
    )
    this.#filledFields = after.filter(
      ({ ref, state }) => ref !== undefined && this.#emptyBefore.has(ref.number) && state !== 'unsigned',
    )
    this.#listed = timesListed(current)
    this.#final = isFinal(signed)
    this.#assignRoles()
  }

  /** Whether the object, changed since the seal, differs by permitted additions only. */
  permits(number: number): boolean {
    const before = this.#signed.indirect(number)?.object ?? null
    const after = this.#current.indirect(number)?.object ?? null
    return this.#roles.get(number)?.(before, after) === true
  }

  /** A later signature field's widget may not lie on an earlier seal: it would show something else there. */
  coveredSeal(): string | undefined {
    for (const field of [...this.#newFields.values(), ...this.#filledFields]) {
      for (const widget of field.widgets) {
        const covered = this.#signedBefore.find((earlier) =>
          earlier.widgets.some((old) => old.page === widget.page && meet(old.rect, widget.rect)),
        )
        if (covered !== undefined) return `the later field ${field.name} lies on the seal ${covered.name}`
      }
    }
    return undefined
  }

  /** For people: what kind of object it is. */
  describe(number: number): string {
    const object = this.#signed.indirect(number)?.object ?? null
    const dict = isKind(object, 'stream') ? object.dict : object
    const type = isKind(dict, 'dict') ? (dict.entries.get('Subtype') ?? dict.entries.get('Type')) : undefined
    return isKind(type, 'name') ? type.name : isKind(object, 'stream') ? 'stream' : 'object'
  }

  #assignRoles(): void {
    const signed = this.#signed
    for (const page of signed.pages()) {
      this.#role(
        page.ref.number,
        (before, after) => this.#dictsWith(before, after, new Set(['Annots'])) && this.#annots(before, after),
      )
      this.#roleOfReference(page.dict.entries.get('Annots'), [page.ref.number], (before, after) =>
        this.#appended(before, after),
      )
    }
    const catalog = signed.catalogRef.number
    const form = signed.catalog.entries.get('AcroForm')
    this.#role(catalog, (before, after) => this.#catalog(before, after))
    // Some writers make AcroForm and the trailer's Info one object (0 stands for the trailer): a list of fields harms no Info.
    this.#roleOfReference(form, [catalog, 0], (before, after) => this.#form(before, after))
    const formNumber = isKind(form, 'ref') ? form.number : catalog
    this.#roleOfReference(acroFormOf(signed)?.entries.get('Fields'), [formNumber], (before, after) =>
      this.#appended(before, after),
    )
    for (const number of this.#emptyBefore.keys()) {
      this.#role(
        number,
        (before, after) => this.#dictsWith(before, after, SIGNED_FIELD_KEYS) && this.#isSignedNow(number),
      )
    }
    this.#assignDssRoles(catalog)
  }

  #role(number: number, judge: (before: PdfObject, after: PdfObject) => boolean): void {
    // Two roles for one object mean that it is used for two things; no change suits both.
    this.#roles.set(number, this.#roles.has(number) ? () => false : judge)
  }

  /** An indirect array or dictionary has its role only if nothing else refers to it. */
  #roleOfReference(
    object: PdfObject | undefined,
    owners: readonly number[],
    judge: (before: PdfObject, after: PdfObject) => boolean,
  ): void {
    if (!isKind(object, 'ref')) return
    const referrers = this.#referrers.get(object.number) ?? new Set()
    if ([...referrers].every((from) => owners.includes(from))) this.#role(object.number, judge)
  }

  #assignDssRoles(catalog: number): void {
    const reference = this.#signed.catalog.entries.get('DSS')
    const dss = this.#signed.dictValue(this.#signed.catalog, 'DSS')
    if (dss === undefined) return
    this.#roleOfReference(reference, [catalog], (_, after) => isKind(after, 'dict'))
    const owner = isKind(reference, 'ref') ? reference.number : catalog
    for (const key of DSS_LISTS) {
      this.#roleOfReference(dss.entries.get(key), [owner], (_, after) =>
        isKind(after, key === 'VRI' ? 'dict' : 'array'),
      )
    }
  }

  #dictsWith(before: PdfObject, after: PdfObject, free: ReadonlySet<string>): boolean {
    return isKind(before, 'dict') && isKind(after, 'dict') && sameEntries(before, after, (key) => free.has(key))
  }

  #catalog(before: PdfObject, after: PdfObject): boolean {
    if (!isKind(before, 'dict') || !isKind(after, 'dict') || !this.#dictsWith(before, after, CATALOG_KEYS)) return false
    const [oldForm, newForm] = [before.entries.get('AcroForm'), after.entries.get('AcroForm')]
    if (sameObject(oldForm, newForm)) return true
    if (isKind(oldForm, 'ref')) return false
    return this.#form(oldForm ?? emptyDict(), this.#newObject(newForm))
  }

  /** The object itself, or the one that a reference to an added object leads to. */
  #newObject(object: PdfObject | undefined): PdfObject {
    if (!isKind(object, 'ref')) return object ?? null
    return this.#added.has(object.number) ? this.#current.get(object) : null
  }

  #form(before: PdfObject, after: PdfObject): boolean {
    if (!isKind(before, 'dict') || !isKind(after, 'dict') || !this.#dictsWith(before, after, FORM_KEYS)) return false
    return this.#appendedEntry(before, after, 'Fields')
  }

  #annots(before: PdfObject, after: PdfObject): boolean {
    return isKind(before, 'dict') && isKind(after, 'dict') && this.#appendedEntry(before, after, 'Annots')
  }

  /** An array entry is the same or longer by new signature fields; a reference stays the same, or the array is new. */
  #appendedEntry(before: PdfDict, after: PdfDict, key: string): boolean {
    const [old, now] = [before.entries.get(key), after.entries.get(key)]
    if (sameObject(old, now)) return true
    if (isKind(old, 'ref')) return false
    return this.#appended(old ?? { kind: 'array', items: [] }, this.#newObject(now))
  }

  #appended(before: PdfObject, after: PdfObject): boolean {
    if (!isKind(before, 'array') || !isKind(after, 'array') || after.items.length < before.items.length) return false
    return after.items.every((item, index) =>
      index < before.items.length ? sameObject(item, before.items[index]) : this.#isNewField(item),
    )
  }

  #isNewField(item: PdfObject): boolean {
    const field = isKind(item, 'ref') ? this.#newFields.get(item.number) : undefined
    if (field === undefined || field.state !== 'signed' || field.dict.duplicateKeys.length > 0) return false
    const onlyKnown = [...field.dict.entries.keys()].every((key) => NEW_FIELD_KEYS.has(key))
    return onlyKnown && isName(field.dict.entries.get('FT'), 'Sig') && this.#isNewlySigned(field)
  }

  #isSignedNow(number: number): boolean {
    const field = this.#filledFields.find(({ ref }) => ref?.number === number)
    return field !== undefined && this.#isNewlySigned(field)
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
    return field.widgets.every((widget) => this.#isUnseen(widget))
  }

  /** Without an appearance, or drawn into no area at all. */
  #isUnseen({ dict }: Widget): boolean {
    if (!dict.entries.has('AP')) return true
    const rect = this.#current.value(dict, 'Rect')
    if (!isKind(rect, 'array')) return false
    const [x1, y1, x2, y2] = rect.items.map((item) => (isKind(item, 'number') ? item.value : Number.NaN))
    return x1 === x2 && y1 === y2
  }
}

function isFinal(signed: PdfDocument): boolean {
  try {
    requireSigningAllowed(signed)
    return false
  } catch (refusal) {
    if (refusal instanceof PdfError) return true
    throw refusal
  }
}

function timesListed(document: PdfDocument): ReadonlyMap<number, number> {
  const times = new Map<number, number>()
  for (const { dict } of document.pages()) {
    const annotations = document.value(dict, 'Annots')
    if (!isKind(annotations, 'array')) continue
    for (const item of annotations.items)
      if (isKind(item, 'ref')) times.set(item.number, (times.get(item.number) ?? 0) + 1)
  }
  return times
}

function emptyDict(): PdfDict {
  return { kind: 'dict', entries: new Map(), duplicateKeys: [] }
}

/** Whether two rectangles share more than an edge. */
function meet(a: Box | undefined, b: Box | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
