import { equal } from '../encode/bytes'
import { type Der, TAG } from '../encode/der'
import { context, integer, nullValue, octetString, oid, retag, sequence, setOf, tlv } from '../encode/der-write'
import { parseCertificate } from '../x509/certificate'
import { type Signer, type SignerAlgorithm, signatureAlgorithmIdentifier } from '../x509/signer'
import { CMS_OID } from './cms-oids'
import { signingCertificateV2 } from './ess'

/** What is signed beside the content. */
export interface SignatureRequest {
  /** DER of the signer's certificate. */
  readonly certificate: Der
  /** Object identifier of the content's type. */
  readonly contentType: string
  /** SHA-256 of the content. */
  readonly messageDigest: Uint8Array
  /** Further signed attributes, one DER value each. */
  readonly extra?: readonly { readonly oid: string; readonly value: Der }[]
}

/** A signature before it is wrapped, so that a timestamp over its value can be put beside it. */
export interface SignerDraft {
  readonly certificate: Der
  readonly contentType: string
  /** DER SET OF Attribute: exactly the bytes that were signed. */
  readonly signedAttributes: Der
  readonly signature: Uint8Array
  readonly algorithm: SignerAlgorithm
}

/** RFC 5754 2.2: written without parameters. */
const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'))

function attribute(type: string, value: Der): Der {
  return sequence(oid(type), setOf(value))
}

/**
 * Signs the attributes of a baseline signature: content type, message digest, signing-certificate-v2 and the extras.
 * No signing-time: EN 319 142-1 6.3 forbids it in PAdES, and it would only be a claim.
 * @throws {@link X509Error} when the certificate cannot be read.
 */
export async function signAttributes(request: SignatureRequest, signer: Signer): Promise<SignerDraft> {
  const certificate = parseCertificate(request.certificate)
  const signedAttributes = setOf(
    attribute(CMS_OID.contentType, oid(request.contentType)),
    attribute(CMS_OID.messageDigest, octetString(request.messageDigest)),
    attribute(CMS_OID.signingCertificateV2, signingCertificateV2(certificate)),
    ...(request.extra ?? []).map((extra) => attribute(extra.oid, extra.value)),
  )
  const signature = await signer.sign(signedAttributes)
  const { contentType } = request
  return { certificate: request.certificate, contentType, signedAttributes, signature, algorithm: signer.algorithm }
}

/** For RSA in CMS the key's own identifier, which every reader knows (RFC 5754 3.2). */
function cmsAlgorithm(algorithm: SignerAlgorithm): Der {
  if (algorithm === 'rsa-pkcs1-sha256') return sequence(oid('1.2.840.113549.1.1.1'), nullValue())
  return signatureAlgorithmIdentifier(algorithm)
}

function signerInfo(draft: SignerDraft, timestampToken: Der | undefined): Der {
  const { issuer, serial } = parseCertificate(draft.certificate)
  const unsigned =
    timestampToken === undefined ? [] : [context(1, attribute(CMS_OID.signatureTimestamp, timestampToken))]
  return sequence(
    integer(1),
    sequence(issuer, tlv(TAG.integer, serial)),
    SHA256,
    retag(0xa0, draft.signedAttributes),
    cmsAlgorithm(draft.algorithm),
    octetString(draft.signature),
    ...unsigned,
  )
}

/** What stands beside the signature. */
export interface SignedDataParts {
  /** DER of the certificates to send along; copies are dropped and the rest put in DER's order. */
  readonly certificates: readonly Der[]
  /** The content; left out when detached. */
  readonly content?: Uint8Array
  /** RFC 3161 token over the SHA-256 of the signature value, as an unsigned attribute. */
  readonly timestampToken?: Der
}

/**
 * A CMS SignedData with one signature (RFC 5652 5.1), in DER.
 * @throws {@link X509Error} when the draft's certificate cannot be read.
 */
export function encodeSignedData(draft: SignerDraft, parts: SignedDataParts): Der {
  const { contentType } = draft
  const content = parts.content === undefined ? [] : [context(0, octetString(parts.content))]
  const certificates = parts.certificates.filter((der, i) => parts.certificates.findIndex((d) => equal(d, der)) === i)
  const signedData = sequence(
    integer(contentType === CMS_OID.data ? 1 : 3),
    setOf(SHA256),
    sequence(oid(contentType), ...content),
    ...(certificates.length === 0 ? [] : [retag(0xa0, setOf(...certificates))]),
    setOf(signerInfo(draft, parts.timestampToken)),
  )
  return sequence(oid(CMS_OID.signedData), context(0, signedData))
}
