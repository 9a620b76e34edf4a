import type { PdfDocument } from '../pdf/document'
import { type FormField, formFields } from '../pdf/form'
import { integerOf, isKind, isName, type PdfDict, type PdfObject, type PdfRef, ref } from '../pdf/objects'
import { type SignatureField, signatureFields } from '../pdf/signature-field'
import { decodeText } from '../pdf/text-string'
import type { Roles } from './roles'
import { sameEntries, sameObject } from './same-object'

/** What filling a field sets, in the field or in its widget. */
const FILLED_KEYS = new Set(['V', 'AP', 'AS', 'I', 'RV', 'M'])
/** A button's looks are made with the form; filling chooses among them. */
const PRESSED_KEYS = new Set(['V', 'AS', 'M'])
const READ_ONLY = 1

/**
 * Names of the fields that may be filled after `signature`: those of a form whose signatures say that form filling is permitted
 * (DocMDP P 2 or 3, ISO 32000-2 12.8.2.2.2), none of them P 1, and that no FieldMDP or Lock names (12.8.2.4, 12.7.5.5).
 * A signature that says nothing permits nothing. Annotations, which P 3 would permit, are none of this: they cover text.
 */
export function fillableFields(signed: PdfDocument, signature: SignatureField): readonly FormField[] {
  const signatures = signatureFields(signed).filter(({ state }) => state === 'signed')
  const own = signature.signature?.dict
  const certification = certificationOf(signed)
  const dicts = [own, certification].filter((dict) => dict !== undefined)
  const levels = [
    ...dicts.flatMap((dict) => levelsOf(signed, dict)),
    ...signatures.flatMap(({ dict }) => lockLevel(signed, dict)),
  ]
  if (levels.length === 0 || levels.some((level) => level !== 2 && level !== 3)) return []
  const locks = signatures.flatMap((field) => locksOf(signed, field))
  return formFields(signed).filter((field) => isFillable(signed, field) && !locks.some((locked) => locked(field.name)))
}

function certificationOf(signed: PdfDocument): PdfDict | undefined {
  const permissions = signed.dictValue(signed.catalog, 'Perms')
  return permissions && signed.dictValue(permissions, 'DocMDP')
}

function paramsOf(signed: PdfDocument, signature: PdfDict, method: string): readonly PdfDict[] {
  const references = signed.value(signature, 'Reference')
  if (!isKind(references, 'array')) return []
  return references.items.flatMap((item) => {
    const reference = signed.resolve(item)
    if (!isKind(reference, 'dict') || !isName(signed.value(reference, 'TransformMethod'), method)) return []
    return [signed.dictValue(reference, 'TransformParams') ?? { kind: 'dict', entries: new Map(), duplicateKeys: [] }]
  })
}

/** Table 257: P is 2 unless said. */
function levelsOf(signed: PdfDocument, signature: PdfDict): readonly number[] {
  return paramsOf(signed, signature, 'DocMDP').map((params) =>
    params.entries.has('P') ? (integerOf(signed.value(params, 'P')) ?? 1) : 2,
  )
}

function lockLevel(signed: PdfDocument, field: PdfDict): readonly number[] {
  const lock = signed.dictValue(field, 'Lock')
  return lock?.entries.has('P') ? [integerOf(signed.value(lock, 'P')) ?? 1] : []
}

type IsLocked = (name: string) => boolean

function locksOf(signed: PdfDocument, { dict, signature }: SignatureField): readonly IsLocked[] {
  const lock = signed.dictValue(dict, 'Lock')
  const params = signature === undefined ? [] : paramsOf(signed, signature.dict, 'FieldMDP')
  return [...params, ...(lock === undefined ? [] : [lock])].map((one) => lockOf(signed, one))
}

/** Table 236: All, Include or Exclude, and names. Anything else locks everything. */
function lockOf(signed: PdfDocument, params: PdfDict): IsLocked {
  const action = signed.value(params, 'Action')
  const fields = signed.value(params, 'Fields')
  const names = isKind(fields, 'array')
    ? fields.items.flatMap((item) => {
        const name = signed.resolve(item)
        return isKind(name, 'string') ? [decodeText(name.bytes)] : []
      })
    : []
  const named = new Set(names)
  const isNamed = (field: string) => named.has(field) || parentsOf(field).some((name) => named.has(name))
  if (isName(action, 'Include')) return isNamed
  if (isName(action, 'Exclude')) return (field) => !isNamed(field)
  return () => true
}

/** All that the name begins with, up to each full stop. */
function parentsOf(name: string): readonly string[] {
  return [...name.matchAll(/\./g)].map(({ index }) => name.slice(0, index))
}

function isFillable(signed: PdfDocument, { dict, type }: FormField): boolean {
  const flags = integerOf(signed.value(dict, 'Ff')) ?? 0
  return (type === 'Tx' || type === 'Ch' || type === 'Btn') && (flags & READ_ONLY) === 0
}

/** Gives fields that may be filled, and what they alone are drawn by, their roles. */
export function assignFilling(
  signed: PdfDocument,
  fields: readonly FormField[],
  added: ReadonlySet<number>,
  roles: Roles,
) {
  for (const { ref: own, dict, type, widgets } of fields) {
    const keys = type === 'Btn' ? PRESSED_KEYS : FILLED_KEYS
    const judge = (before: PdfObject, after: PdfObject) => isFilled(before, after, { keys, added })
    const widgetRefs = widgets.flatMap((widget) => widget.ref ?? [])
    for (const number of new Set([...(own ? [own.number] : []), ...widgetRefs.map((one) => one.number)])) {
      roles.set(number, judge)
    }
    if (type === 'Btn') continue
    for (const widget of widgets) {
      const owner = widget.ref?.number ?? own?.number
      if (owner !== undefined) assignAppearance(signed, { dict: widget.dict, owner }, roles)
    }
    if (widgets.length === 0 && own !== undefined) assignAppearance(signed, { dict, owner: own.number }, roles)
  }
}

/** What a widget alone is drawn by may be drawn anew. */
export function assignAppearance(
  signed: PdfDocument,
  { dict, owner }: { readonly dict: PdfDict; readonly owner: number },
  roles: Roles,
): void {
  const entry = dict.entries.get('AP')
  roles.setReferred(entry, [[owner, 1]], (_, after) => isKind(after, 'dict'))
  const appearance = signed.resolve(entry)
  if (!isKind(appearance, 'dict')) return
  if (isKind(entry, 'ref') && !roles.isOwned(entry.number, [[owner, 1]])) return
  const holder = isKind(entry, 'ref') ? entry.number : owner
  const drawn = [...appearance.entries.values()].filter((one): one is PdfRef => isKind(one, 'ref'))
  const counted = new Map<number, number>()
  for (const { number } of drawn) counted.set(number, (counted.get(number) ?? 0) + 1)
  for (const [number, times] of counted) {
    roles.setReferred(ref(number), [[holder, times]], (_, after) => isKind(after, 'stream'))
  }
}

function isFilled(
  before: PdfObject,
  after: PdfObject,
  { keys, added }: { readonly keys: ReadonlySet<string>; readonly added: ReadonlySet<number> },
): boolean {
  if (!isKind(before, 'dict') || !isKind(after, 'dict')) return false
  const isFree = (key: string) => keys.has(key) || isRespelled(key, before, after)
  return sameEntries(before, after, isFree) && isOwnAppearance(before.entries.get('AP'), after.entries.get('AP'), added)
}

/** A field's names are text: some writers that fill fields spell it in another encoding (ISO 32000-2 7.9.2.2). */
const TEXTS = new Set(['T', 'TU', 'TM'])

function isRespelled(key: string, before: PdfDict, after: PdfDict): boolean {
  const [was, is] = [before.entries.get(key), after.entries.get(key)]
  if (!TEXTS.has(key) || !isKind(was, 'string') || !isKind(is, 'string')) return false
  return [was, is].every(({ bytes }) => isUnmistakable(bytes)) && decodeText(was.bytes) === decodeText(is.bytes)
}

/** ASCII, or whole units of UTF-16: all readers read the same. */
function isUnmistakable(bytes: Uint8Array): boolean {
  const isUtf16 = bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0
  return isUtf16 || bytes.every((byte) => byte >= 0x20 && byte < 0x7f)
}

/** The appearance that was there, or one made of what is new: nothing of the document is borrowed. */
export function isOwnAppearance(
  before: PdfObject | undefined,
  after: PdfObject | undefined,
  added: ReadonlySet<number>,
): boolean {
  if (after === undefined || sameObject(before, after)) return true
  if (isKind(after, 'ref')) return added.has(after.number)
  if (!isKind(after, 'dict')) return false
  const old = isKind(before, 'dict') ? before.entries : new Map<string, PdfObject>()
  return [...after.entries].every(([key, value]) => isOwnAppearance(old.get(key), value, added))
}
