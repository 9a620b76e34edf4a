import type { PdfDocument } from './document'
import { type FormField, formFields } from './form'
import { isKind, type PdfDict, type PdfObject, type PdfRef, type PdfString } from './objects'
import { tooComplex } from './pdf-error'

/** A signature dictionary as it stands, nothing judged. ISO 32000-2, table 255. */
export interface SignatureDictionary {
  /** Undefined when it is a direct object of the field. */
  readonly ref: PdfRef | undefined
  readonly dict: PdfDict
  readonly subFilter: string | undefined
  /** The entry itself: a reference is not followed, since ByteRange shall be direct. */
  readonly byteRange: PdfObject | undefined
  /** Undefined unless the entry is a direct string; its `start` and `end` include `<` and `>`. */
  readonly contents: PdfString | undefined
}

/**
 * A field of type Sig. `broken` is a field whose value is there but is no dictionary: it must never pass for
 * unsigned (the universal signature forgery of Mladenov et al., 2019).
 */
export interface SignatureField extends FormField {
  readonly state: 'unsigned' | 'signed' | 'broken'
  readonly signature: SignatureDictionary | undefined
}

/**
 * Every field of type Sig, in the form's order.
 * @throws PdfError as {@link formFields}, and `PDF_TOO_COMPLEX` for more than `maxSignatures` with a value.
 */
export function signatureFields(document: PdfDocument): readonly SignatureField[] {
  const fields = formFields(document)
    .filter((field) => field.type === 'Sig')
    .map((field) => withSignature(document, field))
  const signed = fields.reduce((count, field) => (field.state === 'unsigned' ? count : count + 1), 0)
  if (signed > document.limits.maxSignatures) throw tooComplex('signatures')
  return fields
}

function withSignature(document: PdfDocument, field: FormField): SignatureField {
  if (field.value === undefined || field.value === null) return { ...field, state: 'unsigned', signature: undefined }
  const dict = document.resolve(field.value)
  if (!isKind(dict, 'dict')) return { ...field, state: 'broken', signature: undefined }
  const ref = isKind(field.value, 'ref') ? field.value : undefined
  return { ...field, state: 'signed', signature: signatureDictionary(document, dict, ref) }
}

function signatureDictionary(document: PdfDocument, dict: PdfDict, ref: PdfRef | undefined): SignatureDictionary {
  const subFilter = document.value(dict, 'SubFilter')
  const contents = dict.entries.get('Contents')
  return {
    ref,
    dict,
    subFilter: isKind(subFilter, 'name') ? subFilter.name : undefined,
    byteRange: dict.entries.get('ByteRange'),
    contents: isKind(contents, 'string') ? contents : undefined,
  }
}

/**
 * Signature dictionaries in force that no field of the form leads to: dictionaries with a ByteRange.
 * Reads every object.
 */
export function unreferencedSignatures(document: PdfDocument): readonly SignatureDictionary[] {
  const known = new Set(signatureFields(document).map((field) => field.signature?.ref?.number))
  const found: SignatureDictionary[] = []
  for (const number of document.entries.keys()) {
    const indirect = document.indirect(number)
    if (indirect === undefined || known.has(number) || !isKind(indirect.object, 'dict')) continue
    if (!indirect.object.entries.has('ByteRange')) continue
    const ref: PdfRef = { kind: 'ref', number, generation: indirect.generation }
    found.push(signatureDictionary(document, indirect.object, ref))
  }
  return found
}
