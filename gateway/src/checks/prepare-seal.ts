import { createHash } from 'node:crypto'
import {
  type Placement,
  pageAt,
  readPdf,
  rectOnPage,
  requireSigningAllowed,
  type Seal,
  type SignatureRequest,
  signatureFields,
  signatureUpdate,
} from '@cinnabar/core'
import { placeOf, type SealPlace } from '../notarize/place'
import type { PdfSource } from './checks'
import { bytesOf } from './pdf-source'

/** Which seal is to go where. */
export interface PlaceWish {
  readonly pdf: PdfSource
  readonly seal: Seal
  /** From 1; the last page unless given. */
  readonly page?: number | undefined
  /** Millimetres from the top left corner of the page as shown. */
  readonly xMm?: number | undefined
  readonly yMm?: number | undefined
}

/** What is set on the file, and where. */
export interface SealPreparation extends Pick<SignatureRequest, 'appearance' | 'entries' | 'contentsBytes'> {
  readonly pdf: PdfSource
  /** From 1. */
  readonly page: number
  readonly placement: Placement
}

/** What is to be put after the file, with a gap for the signature. */
export interface PreparedSeal {
  readonly update: Uint8Array
  /** In `update`, as {@link embedContents} of core takes them. */
  readonly gapStart: number
  readonly gapEnd: number
  /** SHA-256 of the file and the update without the gap. */
  readonly messageDigest: Uint8Array
}

/** @throws PdfError and NotarizeError as `requireSigningAllowed`, `pageAt` and {@link placeOf} do. */
export function findPlace({ pdf, page, ...wish }: PlaceWish): SealPlace & { readonly page: number } {
  const document = readPdf(bytesOf(pdf), { objects: 'asNeeded' })
  requireSigningAllowed(document)
  const wanted = page ?? document.pages().length
  return { page: wanted, ...placeOf(document, pageAt(document, wanted - 1), wish) }
}

/** @throws PdfError as `signatureUpdate` of core and {@link rectOnPage} do. */
export function prepareSeal({ pdf, page, placement, ...request }: SealPreparation): PreparedSeal {
  const file = bytesOf(pdf)
  const document = readPdf(file, { objects: 'asNeeded' })
  const rect = rectOnPage(pageAt(document, page - 1), placement)
  const fieldName = `Seal${signatureFields(document).length + 1}`
  const { bytes, gapStart, gapEnd } = signatureUpdate(document, { ...request, page: page - 1, rect, fieldName })
  const signed = createHash('sha256').update(file)
  signed.update(bytes.subarray(0, gapStart)).update(bytes.subarray(gapEnd))
  return { update: bytes, gapStart, gapEnd, messageDigest: new Uint8Array(signed.digest()) }
}
