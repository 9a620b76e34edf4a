import { equal } from '../encode/bytes'
import { DerError } from '../encode/der'
import { readPdf } from '../pdf/document'
import { PdfError } from '../pdf/pdf-error'
import type { Certificate } from '../x509/certificate'
import { isIssuedBy } from '../x509/issued'
import { sameName } from '../x509/name-compare'
import { readableCertificates } from '../x509/readable'
import { X509Error } from '../x509/x509-error'
import { materialOf } from './ades'
import { subjectsOf } from './subject'
import type { MaterialGiven } from './validation-material'

/** A certificate that an anchor vouches for: what it says of where to ask is its issuer's word. */
export interface RevocationPlace {
  readonly certificate: Certificate
  readonly issuer: Certificate
  readonly crlUrls: readonly string[]
  readonly ocspUrls: readonly string[]
}

/** The certificates that a file carries, and those that it leads up to. */
export interface PlacesRequest {
  readonly pdf: Uint8Array
  /** Certificates in DER that the verifier trusts for anything. */
  readonly anchors: readonly Uint8Array[]
  readonly material?: MaterialGiven
}

const MAX_PLACES = 32
/** Hostile files carry certificates that share names; so many signatures are tried and no more. */
const MAX_SIGNATURES = 256
const MAX_ROUNDS = 8

/**
 * Where it can be asked whether the certificates of a file were revoked: of those only that lead to an anchor by good signatures, so
 * that nobody else's certificate sends anybody anywhere. Empty for what is no PDF.
 */
export async function revocationPlaces({
  pdf,
  anchors,
  material = {},
}: PlacesRequest): Promise<readonly RevocationPlace[]> {
  const known = [...readableCertificates(anchors)]
  let left = carriedBy(pdf, material).filter((one) => !known.some(({ der }) => equal(der, one.der)))
  const places: RevocationPlace[] = []
  const search = { signatures: 0 }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found: RevocationPlace[] = []
    for (const certificate of left) {
      const issuer = await issuerOf(certificate, known, search)
      const { crlUrls, ocspUrls } = certificate
      if (issuer !== undefined) found.push({ certificate, issuer, crlUrls, ocspUrls })
    }
    if (found.length === 0) break
    known.push(...found.map(({ certificate }) => certificate))
    left = left.filter((one) => !found.some(({ certificate }) => certificate === one))
    places.push(...found)
  }
  return places.filter(({ crlUrls, ocspUrls }) => crlUrls.length + ocspUrls.length > 0).slice(0, MAX_PLACES)
}

function carriedBy(pdf: Uint8Array, material: MaterialGiven): readonly Certificate[] {
  try {
    const document = readPdf(pdf)
    return materialOf(document, subjectsOf(document), material).certificates.map(({ what }) => what)
  } catch (refusal) {
    if (refusal instanceof PdfError) return []
    throw refusal
  }
}

async function issuerOf(
  certificate: Certificate,
  among: readonly Certificate[],
  search: { signatures: number },
): Promise<Certificate | undefined> {
  for (const issuer of among) {
    if (issuer.basicConstraints?.ca !== true || !sameName(issuer.subject, certificate.issuer)) continue
    if (++search.signatures > MAX_SIGNATURES) return undefined
    if (await isSignedBy(certificate, issuer)) return issuer
  }
  return undefined
}

async function isSignedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  try {
    return await isIssuedBy(certificate, issuer.spki, 'past')
  } catch (refusal) {
    if (refusal instanceof X509Error || refusal instanceof DerError) return false
    throw refusal
  }
}
