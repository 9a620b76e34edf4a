import { CodedError, type Report, type Trust } from '@cinnabar/core'

/**
 * `TOO_BUSY`: as many files wait as may. `CHECK_TIMEOUT`, `CHECK_OUT_OF_MEMORY`: this file takes more of either than one
 * file is given. `CHECK_FAILED`: a fault of ours.
 */
export class CheckError extends CodedError<'TOO_BUSY' | 'CHECK_TIMEOUT' | 'CHECK_OUT_OF_MEMORY' | 'CHECK_FAILED'> {}

/** A file to verify, and with what. */
export interface Verification {
  /** A PDF, or an evidence container that holds one. */
  readonly pdf: Uint8Array
  readonly evidence: readonly Uint8Array[]
  readonly trust?: Trust
  readonly at: Date
}

/**
 * Reading of files that strangers send: it takes as long as they choose, so it happens where nothing else waits for it.
 * Each throws {@link CheckError}, and {@link PdfError} where the file is refused as such.
 */
export interface Checks {
  /** As `sealSignatureIds` of core. */
  sealSignatureIds(pdf: Uint8Array): Promise<readonly string[]>
  /** As `verifyFile` of core. */
  verify(verification: Verification): Promise<Report>
  /** The count of pages, after every object was read. */
  pages(pdf: Uint8Array): Promise<number>
  close(): Promise<void>
}
