import type { PdfDocument } from '../pdf/document'
import { acroFormOf, formFields } from '../pdf/form'
import { integerOf, isKind, type PdfDict, type PdfObject } from '../pdf/objects'
import { PdfError } from '../pdf/pdf-error'
import { type SignatureField, signatureFields } from '../pdf/signature-field'
import { requireSigningAllowed } from '../pdf/signing-permission'
import { coveredContent, coveredSeal } from './covered-content'
import { assignAppearance, assignFilling, fillableFields, isOwnAppearance } from './form-filling'
import { isOnlyResaved, isXmpOfSave, isXmpResaved } from './metadata-change'
import { type LaterFields, laterFields, NewFields } from './new-fields'
import { type Judge, type Referrers, Roles } from './roles'
import { sameEntries, sameObject } from './same-object'

/** Entries of the catalog that validation data and new signature fields need. */
const CATALOG_KEYS = new Set(['AcroForm', 'DSS', 'Extensions', 'Version', 'Metadata'])
const FORM_KEYS = new Set(['Fields', 'SigFlags'])
/** Defaults of text fields (ISO 32000-2 table 224): they decide nothing where there is no such field. */
const TEXT_FORM_KEYS = new Set([...FORM_KEYS, 'DA', 'DR'])
/** What signing an existing, empty signature field sets. */
const SIGNED_FIELD_KEYS = new Set(['V', 'AP'])
const DSS_LISTS = ['Certs', 'OCSPs', 'CRLs', 'VRI'] as const

/** What is known of the objects that later revisions wrote. */
export interface Later {
  readonly added: ReadonlySet<number>
  readonly referrers: Referrers
  /** Of the signature after which they came. */
  readonly field: SignatureField
}

/** What shows something else where the seal, or what was sealed, is seen. */
export interface Cover {
  readonly code: 'SEAL_COVERED' | 'CONTENT_COVERED'
  readonly detail: string
}

/**
 * What later revisions may add to a signed one, and whether a changed object is changed by no more than that.
 * EN 319 142-1 5.5 (validation data), ISO 32000-2 12.8.2.2 (signing again, filling in).
 */
export class Additions {
  readonly #signed: PdfDocument
  readonly #current: PdfDocument
  readonly #added: ReadonlySet<number>
  readonly #roles: Roles
  readonly #fields: LaterFields
  readonly #newFields: NewFields
  readonly #before: readonly SignatureField[]
  readonly #fillable: ReturnType<typeof fillableFields>

  constructor(signed: PdfDocument, current: PdfDocument, { added, referrers, field }: Later) {
    this.#signed = signed
    this.#current = current
    this.#added = added
    this.#roles = new Roles(referrers)
    this.#before = signatureFields(signed)
    const empty = this.#before.filter(({ state }) => state === 'unsigned')
    const emptyBefore = new Set(empty.flatMap(({ ref }) => ref?.number ?? []))
    this.#fields = laterFields(current, { added, emptyBefore })
    this.#newFields = new NewFields(current, this.#fields, { added, final: isFinal(signed) })
    this.#fillable = fillableFields(signed, field)
    this.#assignRoles(empty)
  }

  /** Whether the object, changed since the seal, differs by permitted additions only. */
  permits(number: number): boolean {
    const before = this.#signed.indirect(number)?.object ?? null
    const after = this.#current.indirect(number)?.object ?? null
    return this.#roles.permits(number, before, after)
  }

  /** What a later field lies on: an earlier seal, or, for one that was not there, text and pictures. */
  cover(changed: readonly number[]): Cover | undefined {
    const sealed = this.#before.filter(({ state }) => state !== 'unsigned')
    const touched = new Set(changed)
    const filledIn = this.#fillable.filter(({ ref, widgets }) =>
      [ref, ...widgets.map((widget) => widget.ref)].some((one) => one !== undefined && touched.has(one.number)),
    )
    const added = [...this.#fields.added.values()]
    const seal = coveredSeal(this.#current, [...added, ...this.#fields.filled, ...filledIn], sealed)
    if (seal !== undefined) return { code: 'SEAL_COVERED', detail: seal }
    const content = coveredContent(this.#signed, this.#current, added)
    return content === undefined ? undefined : { code: 'CONTENT_COVERED', detail: content }
  }

  /** For people: what kind of object it is. */
  describe(number: number): string {
    const object = this.#signed.indirect(number)?.object ?? null
    const dict = isKind(object, 'stream') ? object.dict : object
    const type = isKind(dict, 'dict') ? (dict.entries.get('Subtype') ?? dict.entries.get('Type')) : undefined
    return isKind(type, 'name') ? type.name : isKind(object, 'stream') ? 'stream' : 'object'
  }

  #assignRoles(empty: readonly SignatureField[]): void {
    const signed = this.#signed
    const roles = this.#roles
    for (const page of signed.pages()) {
      roles.set(
        page.ref.number,
        (before, after) => this.#dictsWith(before, after, new Set(['Annots'])) && this.#annots(before, after),
      )
      const annots: Judge = (before, after) => this.#appended(before, after, this.#isNewWidget)
      roles.setReferred(page.dict.entries.get('Annots'), [[page.ref.number, 1]], annots)
    }
    this.#assignForm()
    for (const { ref, dict } of empty) {
      if (ref === undefined) continue
      const { number } = ref
      roles.set(number, (before, after) => this.#isSignedField(before, after) && this.#newFields.isSignedNow(number))
      assignAppearance(signed, { dict, owner: number }, roles)
    }
    assignFilling(signed, this.#fillable, this.#added, roles)
    this.#assignDss(signed.catalogRef.number)
    this.#assignMetadata(signed.catalogRef.number)
  }

  #assignForm(): void {
    const catalog = this.#signed.catalogRef.number
    const form = this.#signed.catalog.entries.get('AcroForm')
    this.#roles.set(catalog, (before, after) => this.#catalog(before, after))
    // Some writers make AcroForm and the trailer's Info one object (0 stands for the trailer): a list of fields harms no Info.
    this.#roles.setReferred(
      form,
      [
        [catalog, 1],
        [0, 1],
      ],
      (before, after) => this.#form(before, after),
    )
    const formNumber = isKind(form, 'ref') ? form.number : catalog
    this.#roles.setReferred(acroFormOf(this.#signed)?.entries.get('Fields'), [[formNumber, 1]], (before, after) =>
      this.#appended(before, after, this.#isNewField),
    )
  }

  #assignMetadata(catalog: number): void {
    const signed = this.#signed
    const { entries } = signed.catalog
    const [info, form] = [signed.trailer.entries.get('Info'), entries.get('AcroForm')]
    if (!sameObject(info, form)) this.#roles.setReferred(info, [[0, 1]], isOnlyResaved)
    this.#roles.setReferred(entries.get('Metadata'), [[catalog, 1]], isXmpResaved(signed, this.#current))
    this.#roles.setReferred(entries.get('Extensions'), [[catalog, 1]], (_, after) => isKind(after, 'dict'))
  }

  #isSignedField(before: PdfObject, after: PdfObject): boolean {
    if (!this.#dictsWith(before, after, SIGNED_FIELD_KEYS)) return false
    if (!isKind(before, 'dict') || !isKind(after, 'dict')) return false
    return isOwnAppearance(before.entries.get('AP'), after.entries.get('AP'), this.#added)
  }

  readonly #isNewField = (item: PdfObject) => this.#newFields.isNewField(item)
  readonly #isNewWidget = (item: PdfObject) => this.#newFields.isNewWidget(item)

  #assignDss(catalog: number): void {
    const reference = this.#signed.catalog.entries.get('DSS')
    const dss = this.#signed.dictValue(this.#signed.catalog, 'DSS')
    if (dss === undefined) return
    this.#roles.setReferred(reference, [[catalog, 1]], (_, after) => isKind(after, 'dict'))
    const owner = isKind(reference, 'ref') ? reference.number : catalog
    for (const key of DSS_LISTS) {
      this.#roles.setReferred(dss.entries.get(key), [[owner, 1]], (_, after) =>
        isKind(after, key === 'VRI' ? 'dict' : 'array'),
      )
    }
  }

  #dictsWith(before: PdfObject, after: PdfObject, free: ReadonlySet<string>): boolean {
    return isKind(before, 'dict') && isKind(after, 'dict') && sameEntries(before, after, (key) => free.has(key))
  }

  #catalog(before: PdfObject, after: PdfObject): boolean {
    if (!isKind(before, 'dict') || !isKind(after, 'dict') || !this.#dictsWith(before, after, CATALOG_KEYS)) return false
    if (!this.#sameMetadata(before.entries.get('Metadata'), after.entries.get('Metadata'))) return false
    const [oldForm, newForm] = [before.entries.get('AcroForm'), after.entries.get('AcroForm')]
    if (sameObject(oldForm, newForm)) return true
    if (isKind(oldForm, 'ref')) return false
    return this.#form(oldForm ?? emptyDict(), this.#newObject(newForm))
  }

  /** The same as it was; or, where there was none, new and of the save only. */
  #sameMetadata(before: PdfObject | undefined, after: PdfObject | undefined): boolean {
    if (sameObject(before, after)) return true
    return before === undefined && isXmpOfSave(this.#current, this.#newObject(after))
  }

  /** The object itself, or the one that a reference to an added object leads to. */
  #newObject(object: PdfObject | undefined): PdfObject {
    if (!isKind(object, 'ref')) return object ?? null
    return this.#added.has(object.number) ? this.#current.get(object) : null
  }

  #form(before: PdfObject, after: PdfObject): boolean {
    const free = this.#hasOnlySeals() ? TEXT_FORM_KEYS : FORM_KEYS
    if (!isKind(before, 'dict') || !isKind(after, 'dict') || !this.#dictsWith(before, after, free)) return false
    if (!this.#keepsFlags(before, after)) return false
    return this.#appendedEntry(before, after, { key: 'Fields', isNew: this.#isNewField })
  }

  /** ISO 32000-2 table 225: that there are signatures, and that they break unless changes are appended, stays so; nothing else is known. */
  #keepsFlags(before: PdfDict, after: PdfDict): boolean {
    const flags = (document: PdfDocument, form: PdfDict) => integerOf(document.value(form, 'SigFlags')) ?? 0
    const [was, is] = [flags(this.#signed, before), flags(this.#current, after)]
    return is === was || (is >= 0 && is <= 3 && (is & was) === was)
  }

  #hasOnlySeals(): boolean {
    return formFields(this.#signed).every(({ type }) => type === 'Sig')
  }

  #annots(before: PdfObject, after: PdfObject): boolean {
    if (!isKind(before, 'dict') || !isKind(after, 'dict')) return false
    return this.#appendedEntry(before, after, { key: 'Annots', isNew: this.#isNewWidget })
  }

  /** An array entry is the same or longer by new signature fields; a reference to it stays the same, or leads to a new array. */
  #appendedEntry(before: PdfDict, after: PdfDict, { key, isNew }: { key: string; isNew: IsNew }): boolean {
    const [old, now] = [before.entries.get(key), after.entries.get(key)]
    if (sameObject(old, now)) return true
    return this.#appended(this.#signed.resolve(old) ?? { kind: 'array', items: [] }, this.#newObject(now), isNew)
  }

  #appended(before: PdfObject, after: PdfObject, isNew: IsNew): boolean {
    if (!isKind(before, 'array') || !isKind(after, 'array') || after.items.length < before.items.length) return false
    return after.items.every((item, index) =>
      index < before.items.length ? sameObject(item, before.items[index]) : isNew(item),
    )
  }
}

type IsNew = (item: PdfObject) => boolean

function isFinal(signed: PdfDocument): boolean {
  try {
    requireSigningAllowed(signed)
    return false
  } catch (refusal) {
    if (refusal instanceof PdfError) return true
    throw refusal
  }
}

function emptyDict(): PdfDict {
  return { kind: 'dict', entries: new Map(), duplicateKeys: [] }
}
