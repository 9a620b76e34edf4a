import { CodedError } from '../encode/coded-error'

/** Why a file was not read, or not changed. */
export type PdfErrorCode =
  | 'PDF_EMPTY'
  | 'PDF_NOT_PDF'
  | 'PDF_DAMAGED'
  | 'PDF_ENCRYPTED'
  | 'PDF_TOO_COMPLEX'
  | 'PDF_XFA'
  | 'PDF_SIGNING_FORBIDDEN'
  | 'PAGE_NOT_FOUND'
  | 'SEAL_OFF_PAGE'
  | 'PLACEHOLDER_TOO_SMALL'

/** A PDF that we refuse by name, or a change that cannot be made to it. */
export class PdfError extends CodedError<PdfErrorCode> {}

/** A `PDF_DAMAGED`: `what` was found wrong at byte `at` of the file (or of the object stream named in `what`). */
export function damaged(what: string, at: number): PdfError {
  return new PdfError('PDF_DAMAGED', `${what} (at byte ${at})`, { at })
}

/** A `PDF_TOO_COMPLEX`: `what` exceeds one of {@link PdfLimits}. */
export function tooComplex(what: string): PdfError {
  return new PdfError('PDF_TOO_COMPLEX', `${what}: more than a document may cost`)
}
