import { concat, fromLatin1, toHex } from '../encode/bytes'
import type { PdfDocument } from './document'
import { acroFormOf, formFields, partialName, rootFieldsOf } from './form'
import { ObjectChanges } from './object-changes'
import {
  array,
  dict,
  integerOf,
  isKind,
  name,
  number,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  stream,
  string,
  withEntries,
} from './objects'
import { uprightMatrix } from './page-geometry'
import { type Box, type Page, pageAt } from './pages'
import { PdfError } from './pdf-error'
import { serializeDict } from './serialize'
import { requireSigningAllowed } from './signing-permission'
import { encodeText } from './text-string'
import { type RawObject, revisionUpdate } from './update'

/** What the widget shows, drawn as the reader will see it: upright, whatever the page's Rotate. */
export interface Appearance {
  /** A content stream, not encoded. */
  readonly content: Uint8Array
  readonly bbox: Box
  /** A stream among the values, however deep, is written as an object of its own. */
  readonly resources: PdfDict
}

export interface SignatureRequest {
  /** From 0. */
  readonly page: number
  /** In default user space, see `rectOnPage`. */
  readonly rect: Box
  /** Wished for; `_2`, `_3` … is added when the form has it, and a full stop becomes `_`. */
  readonly fieldName: string
  readonly appearance: Appearance
  /** SubFilter, by default `ETSI.CAdES.detached`, EN 319 142-1, 6.3. */
  readonly subFilter?: string
  /** More entries of the signature dictionary: M, Name, Reason … */
  readonly entries?: Readonly<Record<string, PdfObject>>
  /** Room for the CMS, in bytes, by default 8192. */
  readonly contentsBytes?: number
}

/** Bytes with a gap for Contents. */
export interface Gap {
  /** Owned by whoever has the gap: {@link embedContents} writes into them. */
  readonly bytes: Uint8Array
  /** Of the `<` of Contents, in `bytes`. */
  readonly gapStart: number
  /** After its `>`. */
  readonly gapEnd: number
}

/** A file with a signature field whose Contents is still zeros; `bytes` is the whole file, ByteRange filled in. */
export interface Placeholder extends Gap {
  readonly fieldName: string
  readonly page: number
  readonly rect: Box
  /** What is signed: views of `bytes` before and after the gap. */
  readonly digestRanges: readonly [Uint8Array, Uint8Array]
}

/**
 * The update that makes a {@link Placeholder} of a file: `bytes` is what follows the file's own. What is signed is the file
 * and `bytes` without the gap.
 */
export interface SignatureUpdate extends Gap {
  readonly fieldName: string
  readonly page: number
  readonly rect: Box
}

/** A document timestamp's field (ISO 32000-2 12.8.5, EN 319 142-1 5.4.3). */
export interface DocumentTimestampRequest {
  /** Wished for, as in {@link SignatureRequest}. */
  readonly fieldName: string
  /** Room for the token, in bytes, by default 8192. */
  readonly contentsBytes?: number
}

const DEFAULT_CONTENTS_BYTES = 8192
/** Print and Locked, ISO 32000-2, table 167. */
const WIDGET_FLAGS = 4 | 128
/** SignaturesExist and AppendOnly, ISO 32000-2, table 225. */
const SIG_FLAGS = 3
/** Four integers of at most ten digits. */
const BYTE_RANGE_WIDTH = '[0 9999999999 9999999999 9999999999]'.length

/**
 * Adds a signature field merged with its widget, and a signature whose Contents is left to {@link embedContents},
 * as one incremental update: the file's bytes stay as they are, and only the page or its Annots array, the form or
 * its Fields array, and, where these lie inside it, the catalog are written anew.
 * @throws PdfError `PAGE_NOT_FOUND`, `PDF_SIGNING_FORBIDDEN`, `PDF_XFA`, or `PDF_DAMAGED` for a form that is none.
 */
export function addSignatureField(document: PdfDocument, request: SignatureRequest): Placeholder {
  return wholeOf(document, signatureUpdate(document, request))
}

function wholeOf(document: PdfDocument, { gapStart: start, gapEnd: end, bytes: update, ...rest }: SignatureUpdate) {
  const bytes = concat(document.bytes, update)
  const [gapStart, gapEnd] = [start + document.bytes.length, end + document.bytes.length]
  const digestRanges = [bytes.subarray(0, gapStart), bytes.subarray(gapEnd)] as const
  return { ...rest, bytes, gapStart, gapEnd, digestRanges }
}

/** As {@link addSignatureField}, without the file itself: a large one is neither copied nor held twice. */
export function signatureUpdate(document: PdfDocument, request: SignatureRequest): SignatureUpdate {
  const page = pageAt(document, request.page)
  requireSigningAllowed(document)
  const entries = { SubFilter: name(request.subFilter ?? 'ETSI.CAdES.detached'), ...request.entries }
  const signature = signatureText('Sig', entries, request.contentsBytes)
  return updateWith(document, signature, { page, fieldName: request.fieldName, rect: request.rect, request })
}

/**
 * Adds an invisible field for a document timestamp, as one incremental update. It changes nothing of what is signed, so it is
 * also allowed where a certification forbids every change (ISO 32000-2 12.8.2.2.2).
 * @throws PdfError `PDF_XFA`, or `PDF_DAMAGED` for a form that is none.
 */
export function addDocumentTimestamp(document: PdfDocument, request: DocumentTimestampRequest): Placeholder {
  const signature = signatureText('DocTimeStamp', { SubFilter: name('ETSI.RFC3161') }, request.contentsBytes)
  const field = { page: pageAt(document, 0), fieldName: request.fieldName, rect: [0, 0, 0, 0] } as const
  return wholeOf(document, updateWith(document, signature, field))
}

interface FieldRequest {
  readonly page: Page
  readonly fieldName: string
  readonly rect: Box
  /** Of a field that shows something. */
  readonly request?: Pick<SignatureRequest, 'appearance'>
}

function updateWith(document: PdfDocument, signature: SignatureText, wanted: FieldRequest): SignatureUpdate {
  const { page, rect } = wanted
  const fieldName = unusedName(document, wanted.fieldName)
  const changes = new ObjectChanges(document)
  const value = changes.add(signature.raw)
  const field = changes.add(fieldOf(changes, { ...wanted, fieldName }, value))
  changes.append(page.ref, 'Annots', field)
  addToForm(changes, field)
  const { bytes, bodies } = revisionUpdate(document, changes)
  const before = document.bytes.length
  const body = (bodies.get(value.number) ?? 0) - before
  const gapStart = body + signature.contentsAt
  const gapEnd = gapStart + signature.contentsLength
  const byteRange = `[0 ${before + gapStart} ${before + gapEnd} ${bytes.length - gapEnd}]`.padEnd(BYTE_RANGE_WIDTH)
  bytes.set(fromLatin1(byteRange), body + signature.byteRangeAt)
  return { bytes, fieldName, page: page.index, rect, gapStart, gapEnd }
}

/**
 * Puts the CMS into the gap, lower-case hexadecimal, zeros after it.
 * @param cms - DER.
 * @returns the gap's own bytes, now the signed file or the update that ends it; calling again replaces what was embedded.
 * @throws PdfError `PLACEHOLDER_TOO_SMALL` with `need` and `room` in bytes.
 */
export function embedContents({ bytes, gapStart, gapEnd }: Gap, cms: Uint8Array): Uint8Array {
  const room = (gapEnd - gapStart - 2) / 2
  const need = cms.length
  if (need > room) {
    throw new PdfError('PLACEHOLDER_TOO_SMALL', `signature needs ${need} bytes, placeholder has ${room}`, {
      need,
      room,
    })
  }
  bytes.set(fromLatin1(toHex(cms)), gapStart + 1)
  bytes.fill(0x30, gapStart + 1 + 2 * need, gapEnd - 1)
  return bytes
}

interface SignatureText {
  readonly raw: RawObject
  readonly byteRangeAt: number
  readonly contentsAt: number
  readonly contentsLength: number
}

/** The signature dictionary's text, with the places that are filled in later. */
function signatureText(
  type: 'Sig' | 'DocTimeStamp',
  own: Readonly<Record<string, PdfObject>>,
  contentsBytes = DEFAULT_CONTENTS_BYTES,
): SignatureText {
  const entries = dict({ Type: name(type), Filter: name('Adobe.PPKLite'), ...own })
  const head = `${serializeDict(entries).slice(0, -2)}/ByteRange `
  const middle = '/Contents '
  const contents = `<${'00'.repeat(contentsBytes)}>`
  const text = `${head}${' '.repeat(BYTE_RANGE_WIDTH)}${middle}${contents}>>`
  return {
    raw: { kind: 'raw', bytes: fromLatin1(text) },
    byteRangeAt: head.length,
    contentsAt: head.length + BYTE_RANGE_WIDTH + middle.length,
    contentsLength: contents.length,
  }
}

function fieldOf(changes: ObjectChanges, { page, fieldName, rect, request }: FieldRequest, value: PdfRef): PdfDict {
  return dict({
    Type: name('Annot'),
    Subtype: name('Widget'),
    FT: name('Sig'),
    T: string(encodeText(fieldName)),
    V: value,
    P: page.ref,
    Rect: numbers(rect),
    F: number(WIDGET_FLAGS),
    ...(request && { AP: dict({ N: drawn(changes, page, request.appearance) }) }),
    ...(page.rotate === 0 || request === undefined ? {} : { MK: dict({ R: number(page.rotate) }) }),
  })
}

function drawn(changes: ObjectChanges, page: Page, { content, bbox, resources }: Appearance): PdfRef {
  const form = dict({
    Type: name('XObject'),
    Subtype: name('Form'),
    BBox: numbers(bbox),
    Matrix: numbers(uprightMatrix(page.rotate, bbox)),
    Resources: resources,
  })
  return changes.addWithStreams(stream(form, content))
}

function numbers(values: readonly number[]): PdfObject {
  return array(values.map(number))
}

/** Into the form's Fields; the form is made when missing. ISO 32000-2, 12.7.3. */
function addToForm(changes: ObjectChanges, field: PdfRef): void {
  const { document } = changes
  const form = acroFormOf(document) ?? dict({})
  const flags = integerOf(document.value(form, 'SigFlags')) ?? 0
  const entries: Record<string, PdfObject> = {}
  if ((flags & SIG_FLAGS) !== SIG_FLAGS) entries.SigFlags = number(flags | SIG_FLAGS)
  const fields = form.entries.get('Fields')
  const longer = array([...rootFieldsOf(document), field])
  if (isKind(fields, 'ref') && document.resolve(fields) !== null) changes.put(fields, longer)
  else entries.Fields = longer
  if (Object.keys(entries).length === 0) return
  const formAt = document.catalog.entries.get('AcroForm')
  if (isKind(formAt, 'ref') && document.resolve(formAt) !== null) changes.put(formAt, withEntries(form, entries))
  else changes.setEntries(document.catalogRef, { AcroForm: withEntries(form, entries) })
}

/** A partial name that no field has, ISO 32000-2, 12.7.4.2: no full stop, one name one field. */
function unusedName(document: PdfDocument, wished: string): string {
  const used = new Set(formFields(document).map((field) => field.name))
  for (const item of rootFieldsOf(document)) {
    const root = document.resolve(item)
    if (isKind(root, 'dict')) used.add(partialName(document, root) ?? '')
  }
  const base = wished.replaceAll('.', '_')
  if (!used.has(base)) return base
  for (let count = 2; ; count++) if (!used.has(`${base}_${count}`)) return `${base}_${count}`
}
