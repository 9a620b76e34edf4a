import type { PdfDocument } from './document'
import { acroFormOf } from './form'
import { integerOf, isKind, isName, type PdfDict } from './objects'
import { PdfError } from './pdf-error'
import { signatureFields } from './signature-field'

/**
 * Whether another signature may be added.
 * @throws PdfError `PDF_SIGNING_FORBIDDEN` when a signature in the file permits no change at all: a certification
 *   or a signature with DocMDP P 1 (ISO 32000-2, 12.8.2.2), or a signed field whose Lock has P 1 (12.7.5.5).
 * @throws PdfError `PDF_XFA` when the form is pure XFA: pages exist only once a reader has built them.
 */
export function requireSigningAllowed(document: PdfDocument): void {
  const { catalog } = document
  const form = acroFormOf(document)
  if (form?.entries.has('XFA') && document.value(catalog, 'NeedsRendering') === true) {
    throw new PdfError('PDF_XFA', 'the file is a dynamic XFA form: print it to PDF first')
  }
  const permissions = document.dictValue(catalog, 'Perms')
  const certification = permissions && document.dictValue(permissions, 'DocMDP')
  if (certification !== undefined && forbidsChanges(document, certification)) throw forbidden('the certification')
  for (const field of signatureFields(document)) {
    if (field.signature === undefined) continue
    const lock = document.dictValue(field.dict, 'Lock')
    const locked = lock !== undefined && integerOf(document.value(lock, 'P')) === 1
    if (locked || forbidsChanges(document, field.signature.dict)) throw forbidden(`signature field ${field.name}`)
  }
}

function forbidden(by: string): PdfError {
  return new PdfError('PDF_SIGNING_FORBIDDEN', `${by} permits no further change, so no further signature`)
}

function forbidsChanges(document: PdfDocument, signature: PdfDict): boolean {
  const references = document.value(signature, 'Reference')
  if (!isKind(references, 'array')) return false
  return references.items.some((item) => {
    const reference = document.resolve(item)
    if (!isKind(reference, 'dict') || !isName(document.value(reference, 'TransformMethod'), 'DocMDP')) return false
    const parms = document.dictValue(reference, 'TransformParams')
    return parms !== undefined && integerOf(document.value(parms, 'P')) === 1
  })
}
