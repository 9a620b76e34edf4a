import { type PdfDocument, readPdf } from './document'
import { isKind, type PdfObject } from './objects'
import { PdfError } from './pdf-error'
import type { Revision } from './revisions'
import type { SignatureField } from './signature-field'
import { isWhite } from './tokens'

/** Why a signature does not cover what it must. */
export type SignedRangeCode =
  | 'SIGNATURE_DICTIONARY_INVALID'
  | 'BYTE_RANGE_INVALID'
  | 'BYTE_RANGE_GAP'
  | 'CONTENTS_INVALID'
  | 'REVISION_INVALID'

/** The bytes a signature covers: `[0, gapStart)` and `[gapEnd, revisionEnd)`. */
export interface SignedRange {
  readonly ok: true
  readonly gapStart: number
  readonly gapEnd: number
  /** b + c of the ByteRange `[0 a b c]`: the signed revision is the file's bytes `[0, revisionEnd)`. */
  readonly revisionEnd: number
  /** Contents decoded, its padding included. */
  readonly contents: Uint8Array
  /** The save, among the document's revisions, that ends there. */
  readonly revision: Revision
  /** The signed revision read by itself, objects as needed; the document itself when it is the newest. */
  readonly document: PdfDocument
}

export interface SignedRangeFailure {
  readonly ok: false
  readonly code: SignedRangeCode
  readonly detail: string
}

/** The two covered parts, as views. */
export function signedParts(bytes: Uint8Array, range: SignedRange): readonly [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, range.gapStart), bytes.subarray(range.gapEnd, range.revisionEnd)]
}

/**
 * What the field's signature covers. Passes only when ByteRange is four plain integers `[0 a b c]`, its gap
 * `[a, b)` is exactly this dictionary's hexadecimal Contents, and `[0, b + c)` is a revision of this file that
 * reads by itself. ISO 32000-2, 12.8.1; EN 319 142-1, 6.3. Whatever else a file holds is a failure.
 * @throws PdfError `PDF_TOO_COMPLEX` when reading the revision is more work than a file may make.
 */
export function signedRange(document: PdfDocument, field: SignatureField): SignedRange | SignedRangeFailure {
  const { signature } = field
  if (signature === undefined) return failure('SIGNATURE_DICTIONARY_INVALID', 'the field has no signature dictionary')
  if (signature.dict.duplicateKeys.length > 0) {
    return failure('SIGNATURE_DICTIONARY_INVALID', `repeated key ${signature.dict.duplicateKeys[0]}`)
  }
  const range = plainIntegers(signature.byteRange)
  if (range === undefined) return failure('BYTE_RANGE_INVALID', 'ByteRange is not an array of four plain integers')
  const [zero, a, b, c] = range
  const revisionEnd = b + c
  if (zero !== 0 || a >= b || c === 0 || revisionEnd > document.bytes.length) {
    return failure('BYTE_RANGE_INVALID', `ByteRange [${range.join(' ')}] of ${document.bytes.length} bytes`)
  }
  // White space in Contents would leave room that readers see differently.
  const { contents } = signature
  if (contents === undefined || contents.plainHex !== true || contents.bytes.length === 0) {
    return failure('CONTENTS_INVALID', 'Contents is not a direct hexadecimal string of whole bytes')
  }
  if (contents.start !== a || contents.end !== b) {
    return failure('BYTE_RANGE_GAP', `the gap is ${a} to ${b}, Contents is ${contents.start} to ${contents.end}`)
  }
  const revision = document.revisions.find((each) => endsAt(document.bytes, each, revisionEnd))
  const read = revision && readRevision(document, revision, revisionEnd)
  if (revision === undefined || read === undefined) {
    return failure('REVISION_INVALID', `no revision ends at ${revisionEnd}`)
  }
  return { ok: true, gapStart: a, gapEnd: b, revisionEnd, contents: contents.bytes, revision, document: read }
}

function failure(code: SignedRangeCode, detail: string): SignedRangeFailure {
  return { ok: false, code, detail }
}

function plainIntegers(object: PdfObject | undefined): readonly [number, number, number, number] | undefined {
  if (!isKind(object, 'array') || object.items.length !== 4) return undefined
  const values: number[] = []
  for (const item of object.items) {
    if (!isKind(item, 'number') || !/^\d{1,15}$/.test(item.raw)) return undefined
    values.push(item.value)
  }
  return [values[0], values[1], values[2], values[3]]
}

/** Whether a revision ends there: at its `%%EOF`, with or without what line ends follow. */
function endsAt(bytes: Uint8Array, revision: Revision, end: number): boolean {
  if (revision.eof === undefined || end < revision.eof) return false
  for (let at = revision.eof; at < end; at++) if (!isWhite(bytes[at])) return false
  return true
}

function readRevision(document: PdfDocument, revision: Revision, end: number): PdfDocument | undefined {
  if (revision.index === document.revisions.length - 1) return document
  try {
    const limits = document.limits
    const read = readPdf(document.bytes.subarray(0, end), { limits, objects: 'asNeeded', longer: document })
    const newest = read.revisions[read.revisions.length - 1]
    return newest.index === revision.index && newest.startxref === revision.startxref ? read : undefined
  } catch (error) {
    if (error instanceof PdfError && error.code !== 'PDF_TOO_COMPLEX') return undefined
    throw error
  }
}
