import { equal } from '../encode/bytes'
import { DerError, readDer } from '../encode/der'
import { readOctets, readOid } from '../encode/der-values'
import { type Acceptance, digestName } from '../x509/algorithm'
import type { Certificate } from '../x509/certificate'
import { verifySignature } from '../x509/signature'
import { X509Error } from '../x509/x509-error'
import { CMS_OID } from './cms-oids'
import { essMatches } from './ess'
import type { SignerInfo } from './signed-data'

/** What was found wrong first. */
export type SignerCheckCode =
  | 'SIGNED_ATTRIBUTES_MISSING'
  | 'ALGORITHM_UNSUPPORTED'
  | 'ALGORITHM_MISMATCH'
  | 'KEY_INVALID'
  | 'SIGNER_MISMATCH'
  | 'SIGNATURE_INVALID'
  | 'CONTENT_TYPE_MISMATCH'
  | 'MESSAGE_DIGEST_MISSING'
  | 'MESSAGE_DIGEST_MISMATCH'
  | 'ESS_CERTIFICATE_ABSENT'
  | 'ESS_CERTIFICATE_MISMATCH'

/** The parts of a signature that can be checked without the CMS around it. */
export type SignatureParts = Omit<SignerInfo, 'unsigned'>

/** What the signature is compared with. */
export interface SignerExpectation {
  /** Object identifier of the content's type: `data` unless given. */
  readonly contentType?: string
  /** Digest of the content by the signer's own digest algorithm. Not compared unless given. */
  readonly contentDigest?: Uint8Array
  /** The content itself: needed only where there are no signed attributes, since then it is what was signed. */
  readonly content?: Uint8Array
  /** Of the algorithms; `current` unless given. */
  readonly acceptance?: Acceptance
}

/** Each fact on its own. That the certificate is anybody's in particular is not among them. */
export interface SignerCheck {
  /** False when the signature is outside what is accepted: algorithm, key, or no signed attributes. */
  readonly supported: boolean
  /** Made by the certificate's key over the signed attributes (or over `content` where there are none). */
  readonly signatureValid: boolean
  /** Issuer and serial number, or key identifier, are the certificate's. */
  readonly signerMatches: boolean
  readonly contentTypeMatches: boolean
  /** The signed message digest: the caller compares it with the content's, or gives `contentDigest`. */
  readonly messageDigest?: Uint8Array
  /** `undefined` when no `contentDigest` was given. */
  readonly messageDigestMatches?: boolean
  /** Whether the signed ESS attribute names the certificate (RFC 5035 5). */
  readonly essMatches: boolean | 'absent'
  /** What is wrong first, in the order of {@link SignerCheckCode}; absent when nothing is. */
  readonly code?: SignerCheckCode
}

type Attempt = { readonly valid: boolean; readonly refused?: SignerCheckCode }

function refusalCode(refusal: unknown): SignerCheckCode {
  if (refusal instanceof DerError) return 'ALGORITHM_UNSUPPORTED'
  if (!(refusal instanceof X509Error)) throw refusal
  const { code } = refusal
  if (code === 'ALGORITHM_MISMATCH' || code === 'KEY_INVALID') return code
  return 'ALGORITHM_UNSUPPORTED'
}

async function attempt(
  signer: SignatureParts,
  { spki }: Certificate,
  message: Uint8Array,
  acceptance: Acceptance = 'current',
): Promise<Attempt> {
  const { signatureAlgorithm: algorithm, signature, digestAlgorithm } = signer
  try {
    digestName(digestAlgorithm, acceptance)
    return { valid: await verifySignature(algorithm, spki, message, signature, digestAlgorithm, acceptance) }
  } catch (refusal) {
    return { valid: false, refused: refusalCode(refusal) }
  }
}

interface Verified {
  readonly spki: Uint8Array
  readonly attempt: Promise<Attempt>
}

/** Of signatures that were read once and are asked about twice, as a timestamp's is; gone with them. */
const verified = new WeakMap<SignatureParts, Verified>()

/** What is good by the algorithms of today is so by those of the past, and is not computed again. */
async function attemptOnce(
  signer: SignatureParts,
  certificate: Certificate,
  message: Uint8Array,
  acceptance: Acceptance = 'current',
): Promise<Attempt> {
  const known = verified.get(signer)
  if (known !== undefined && equal(known.spki, certificate.spki)) {
    const found = await known.attempt
    if (found.valid) return found
  }
  const attempted = attempt(signer, certificate, message, acceptance)
  if (acceptance === 'current') verified.set(signer, { spki: certificate.spki, attempt: attempted })
  return attempted
}

/** RFC 5652 11.1 and 11.2: exactly one value. */
function single<T>(signer: SignatureParts, type: string, read: (value: Uint8Array) => T): T | undefined {
  const values = signer.attributes.get(type)
  if (values?.length !== 1) return undefined
  try {
    return read(values[0])
  } catch (refusal) {
    if (refusal instanceof DerError) return undefined
    throw refusal
  }
}

/** Whether a signature names the certificate as its signer's, by key identifier or by issuer and serial number (RFC 5652 5.3). */
export function namesCertificate(
  { issuer, serial, keyId }: Pick<SignatureParts, 'issuer' | 'serial' | 'keyId'>,
  certificate: Certificate,
): boolean {
  if (keyId !== undefined) return certificate.subjectKeyId !== undefined && equal(keyId, certificate.subjectKeyId)
  if (issuer === undefined || serial === undefined) return false
  return equal(issuer, certificate.issuer) && equal(serial, certificate.serial)
}

function firstFault(
  check: Omit<SignerCheck, 'code'>,
  refused: SignerCheckCode | undefined,
): SignerCheckCode | undefined {
  if (refused !== undefined) return refused
  if (!check.signerMatches) return 'SIGNER_MISMATCH'
  if (!check.signatureValid) return 'SIGNATURE_INVALID'
  if (!check.contentTypeMatches) return 'CONTENT_TYPE_MISMATCH'
  if (check.messageDigest === undefined) return 'MESSAGE_DIGEST_MISSING'
  if (check.messageDigestMatches === false) return 'MESSAGE_DIGEST_MISMATCH'
  if (check.essMatches === 'absent') return 'ESS_CERTIFICATE_ABSENT'
  return check.essMatches ? undefined : 'ESS_CERTIFICATE_MISMATCH'
}

async function verifyDirect(
  signer: SignatureParts,
  certificate: Certificate,
  { content, acceptance }: SignerExpectation,
): Promise<SignerCheck> {
  const direct: Attempt =
    content === undefined ? { valid: false } : await attempt(signer, certificate, content, acceptance)
  return {
    supported: false,
    signatureValid: direct.valid,
    signerMatches: namesCertificate(signer, certificate),
    contentTypeMatches: false,
    essMatches: 'absent',
    code: direct.refused ?? 'SIGNED_ATTRIBUTES_MISSING',
  }
}

/**
 * Checks one signature against one certificate (RFC 5652 5.6): the facts of {@link SignerCheck}, all of them, even after
 * one has failed. The certificate's own standing is {@link validatePath}'s matter.
 */
export async function verifySigner(
  signer: SignatureParts,
  certificate: Certificate,
  expectation: SignerExpectation = {},
): Promise<SignerCheck> {
  if (signer.signedAttributes === undefined) return verifyDirect(signer, certificate, expectation)
  const attempted = attemptOnce(signer, certificate, signer.signedAttributes, expectation.acceptance)
  const messageDigest = single(signer, CMS_OID.messageDigest, (value) => readOctets(readDer(value)))
  const contentType = single(signer, CMS_OID.contentType, (value) => readOid(readDer(value)))
  const { contentDigest } = expectation
  const essNames = await essMatches(signer.attributes, certificate)
  const { valid, refused } = await attempted
  const check = {
    supported: refused === undefined,
    signatureValid: valid,
    signerMatches: namesCertificate(signer, certificate),
    contentTypeMatches: contentType === (expectation.contentType ?? CMS_OID.data),
    messageDigest,
    ...(contentDigest === undefined
      ? {}
      : { messageDigestMatches: messageDigest !== undefined && equal(messageDigest, contentDigest) }),
    essMatches: essNames,
  }
  return { ...check, code: firstFault(check, refused) }
}
