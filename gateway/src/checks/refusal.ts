import { type CodedError, PdfError, type PdfErrorCode } from '@cinnabar/core'
import { NotarizeError, type NotarizeErrorCode } from '../notarize/notarize-error'
import { StoreError } from '../store/store'

/** An error of ours on its way from a worker, as it was thrown there. */
export type Refusal = (
  | { readonly kind: 'pdf'; readonly code: PdfErrorCode }
  | { readonly kind: 'notarize'; readonly code: NotarizeErrorCode }
  | { readonly kind: 'store'; readonly code: StoreError['code'] }
) &
  Pick<CodedError, 'message' | 'details'>

/** @returns undefined for an error that nobody foresaw. */
export function readRefusal(error: unknown): Refusal | undefined {
  if (error instanceof PdfError) return { kind: 'pdf', code: error.code, ...textOf(error) }
  if (error instanceof NotarizeError) return { kind: 'notarize', code: error.code, ...textOf(error) }
  if (error instanceof StoreError) return { kind: 'store', code: error.code, ...textOf(error) }
  return undefined
}

function textOf({ message, details }: CodedError): Pick<CodedError, 'message' | 'details'> {
  return { message, details }
}

export function refusalOf(refusal: Refusal): PdfError | NotarizeError | StoreError {
  const { message, details } = refusal
  switch (refusal.kind) {
    case 'pdf':
      return new PdfError(refusal.code, message, details)
    case 'notarize':
      return new NotarizeError(refusal.code, message, details)
    case 'store':
      return new StoreError(refusal.code, message, details)
  }
}
