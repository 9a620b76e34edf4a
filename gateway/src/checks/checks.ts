import { type Anchors, CodedError, type Report, type Trust, type TrustList } from '@cinnabar/core'
import type { SealPlace } from '../notarize/place'
import type { PlaceWish, PreparedSeal, SealPreparation } from './prepare-seal'

/**
 * `TOO_BUSY`: as many files wait as may. `CHECK_TIMEOUT`, `CHECK_OUT_OF_MEMORY`: this file takes more of either than one
 * file is given. `CHECK_FAILED`: a fault of ours.
 */
export class CheckError extends CodedError<'TOO_BUSY' | 'CHECK_TIMEOUT' | 'CHECK_OUT_OF_MEMORY' | 'CHECK_FAILED'> {}

/** A file on this machine: whoever reads it compares the digest, so that nothing is sealed that was not stored. */
export interface FileAt {
  readonly path: string
  /** In hexadecimal. */
  readonly sha256: string
  readonly bytes: number
}

/** The bytes of a PDF, or where they are: a large one is in the memory of the process alone that reads it. */
export type PdfSource = Uint8Array | FileAt

/** A file to verify, and with what. */
export interface Verification {
  /** A file of any kind; an evidence container that holds its document is judged as that. */
  readonly pdf: PdfSource
  readonly evidence: readonly Uint8Array[]
  readonly trust?: Trust
  /** Published lists to judge by beside the trust; only after `acceptTrustList`. */
  readonly lists?: readonly TrustList[]
  /** DER certificates that whoever asks trusts for signatures that are no seals. */
  readonly anchors?: Anchors
  /** Certificates, CRLs and OCSP answers in DER, told apart by what they can be read as; hostile. */
  readonly material?: readonly Uint8Array[]
  readonly at: Date
}

/**
 * Reading of files that strangers send: it takes as long as they choose, so it happens where nothing else waits for it.
 * Each throws {@link CheckError}, {@link PdfError} where the file is refused as such, and {@link StoreError} `STORE_DAMAGED`
 * for a {@link FileAt} that is not what it was.
 */
export interface Checks {
  /** As `sealSignatureIds` of core. */
  sealSignatureIds(pdf: PdfSource): Promise<readonly string[]>
  /** As `verifyFile` of core. */
  verify(verification: Verification): Promise<Report>
  /** The count of pages, after every object was read. */
  pages(pdf: PdfSource): Promise<number>
  /** Where a seal goes; with {@link prepare}, of files that were taken in already. @throws as `placeOf` does. */
  place(wish: PlaceWish): Promise<SealPlace & { readonly page: number }>
  /** The update that seals the file, but for the signature. @throws as `signatureUpdate` of core does. */
  prepare(preparation: SealPreparation): Promise<PreparedSeal>
  close(): Promise<void>
}
