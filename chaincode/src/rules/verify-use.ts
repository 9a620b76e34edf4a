import {
  type Attributes,
  type Certificate,
  type CertificateRecord,
  CMS_OID,
  CmsError,
  compareTimes,
  concat,
  type Digest,
  dateOf,
  derWrite,
  digestBytes,
  digestFromBytes,
  digestOf,
  EncodingError,
  equal,
  fromBase64,
  fromHex,
  isCompromise,
  isLowS,
  type KeyKind,
  parseSealUse,
  parseSignedAttributes,
  readKeyKind,
  type Seal,
  SealFormat,
  type SealSignatureOpening,
  type SignatureParts,
  type SignerCheck,
  sha256,
  type Time,
  timeOf,
  toHex,
  type Use,
  utf8,
  verifySigner,
  X509Error,
} from '@cinnabar/core'
import type { Context } from './context'
import { RuleError } from './errors'
import { sealFault } from './seals'
import type { UseRegister } from './use-register'
import { tokenTime } from './verify-token'

/** What the entry of a use says but for its number. */
export type VerifiedUse =
  | {
      readonly kind: 'sealSignature'
      readonly tokenTime: Time
      readonly seal: Seal['id']
      readonly certificate: Digest
      readonly sealRecord: Digest
    }
  | { readonly kind: 'deposit'; readonly tokenTime: Time }

type SealUse = Extract<Use, { readonly type: 'cinnabar.sealUse.v1' }>
type DepositUse = Extract<Use, { readonly type: 'cinnabar.depositUse.v1' }>

/** Tokens may be this far ahead of the transaction's time: clocks of authorities and clients differ. */
const MAX_AHEAD_MS = 5 * 60 * 1000
const SHA256_OID = '2.16.840.1.101.3.4.2.1'
/** RFC 5652 11.3. ETSI EN 319 142-1 6.3 forbids it: it would only be a claim. */
const SIGNING_TIME = '1.2.840.113549.1.9.5'

const { sequence, oid, nullValue, context: tagged, integer } = derWrite
const SHA256 = sequence(oid(SHA256_OID))
/** RFC 5758 3.2. */
const ECDSA = sequence(oid('1.2.840.10045.4.3.2'))
/** RFC 4055 5. */
const RSA_PKCS1 = sequence(oid('1.2.840.113549.1.1.11'), nullValue())
/** RFC 4055 3.1: SHA-256, MGF1 with SHA-256, 32 bytes of salt. */
const RSA_PSS = sequence(
  oid('1.2.840.113549.1.1.10'),
  sequence(tagged(0, SHA256), tagged(1, sequence(oid('1.2.840.113549.1.1.8'), SHA256)), tagged(2, integer(32))),
)

/**
 * Re-verifies one use from its bytes alone; nothing is taken on the sealer's word but `revisionDigest`.
 * @throws {@link RuleError} the first thing that is wrong.
 */
export async function verifyUse(context: Context, register: UseRegister, use: Use): Promise<VerifiedUse> {
  const { opening } = use
  if (opening.institution !== register.institution) throw mismatch('the opening names another institution')
  const token = decode(use.token)
  if (digestOf(token) !== opening.token) throw mismatch("the token is not the opening's")
  const verified =
    use.type === 'cinnabar.sealUse.v1'
      ? await verifySealUse(register, use, token)
      : await verifyDeposit(register, use, token)
  const latest = timeOf(new Date(dateOf(context.transaction.time).getTime() + MAX_AHEAD_MS))
  if (compareTimes(verified.tokenTime, latest) <= 0) return verified
  const details = { tokenTime: verified.tokenTime, latest }
  throw new RuleError('TOKEN_IN_FUTURE', `the token's time is later than ${latest}`, details)
}

async function verifyDeposit(register: UseRegister, { opening }: DepositUse, token: Uint8Array): Promise<VerifiedUse> {
  const time = await tokenTime(register, token, digestBytes(opening.digest))
  return { kind: 'deposit', tokenTime: time }
}

async function verifySealUse(register: UseRegister, use: SealUse, token: Uint8Array): Promise<VerifiedUse> {
  const { opening } = use
  const seal = await register.seal(opening.seal)
  const { record, certificate } = await register.certificate(opening.certificate)
  if (seal.certificate !== opening.certificate) {
    const details = { seal: seal.id, certificate: opening.certificate }
    throw new RuleError('CERTIFICATE_MISMATCH', "the certificate is not the seal's", details)
  }
  const signature = decode(use.signature)
  const signedAttributes = decode(use.signedAttributes)
  if (digestOf(signature) !== opening.signature) throw mismatch("the signature is not the opening's")
  if (digestOf(signedAttributes) !== opening.signedAttributes) throw mismatch("the attributes are not the opening's")
  await verifySealSignature(certificate, opening, signature, signedAttributes)
  const time = await tokenTime(register, token, sha256(signature))
  requireInForce(seal, record, time)
  return {
    kind: 'sealSignature',
    tokenTime: time,
    seal: seal.id,
    certificate: record.digest,
    sealRecord: SealFormat.digest(seal),
  }
}

async function verifySealSignature(
  certificate: Certificate,
  opening: SealSignatureOpening,
  signature: Uint8Array,
  signedAttributes: Uint8Array,
): Promise<void> {
  const attributes = readAttributes(signedAttributes)
  const key = readKeyKind(certificate.spki)
  requireCanonical(signature, key)
  const signer = {
    issuer: certificate.issuer,
    serial: certificate.serial,
    digestAlgorithm: SHA256_OID,
    signedAttributes,
    attributes,
    signature,
  }
  requireSound(await verifyByKind(signer, certificate, key), attributes, opening)
  const { id, institution, seal } = opening
  const named = readSealUse(attributes)
  if (named !== undefined && equal(named.id, fromHex(id)) && named.institution === institution && named.seal === seal) {
    return
  }
  throw new RuleError('SEAL_USE_MISMATCH', 'the signature was not made for this use of this seal', { seal })
}

/** The facts of the signature, each under the rules' own code. */
function requireSound(check: SignerCheck, attributes: Attributes, opening: SealSignatureOpening): void {
  if (!check.signatureValid) {
    throw new RuleError('SIGNATURE_INVALID', "not made by the certificate's key over these attributes")
  }
  if (check.essMatches !== true || !attributes.has(CMS_OID.signingCertificateV2)) {
    throw new RuleError('CERTIFICATE_MISMATCH', 'the signed attributes name another certificate, or none')
  }
  if (!check.contentTypeMatches || check.messageDigest?.length !== 32 || attributes.has(SIGNING_TIME)) {
    const text = 'content type data and a SHA-256 message digest are needed, a signing-time is forbidden'
    throw new RuleError('SIGNED_ATTRIBUTES_INVALID', text)
  }
  if (digestFromBytes(check.messageDigest) !== opening.messageDigest) {
    throw mismatch("the message digest is not the opening's")
  }
}

/** Judged at the token's time; a compromised certificate is refused whatever the time. */
function requireInForce(seal: Seal, { revocation, notBefore, notAfter, digest }: CertificateRecord, time: Time): void {
  if (compareTimes(time, notBefore) < 0 || compareTimes(time, notAfter) > 0) {
    const details = { tokenTime: time, notBefore, notAfter }
    throw new RuleError('CERTIFICATE_EXPIRED', `the certificate is valid from ${notBefore} to ${notAfter}`, details)
  }
  const revoked =
    revocation !== undefined && (isCompromise(revocation.reason) || compareTimes(time, revocation.invalidityDate) >= 0)
  if (revoked) {
    const details = { certificate: digest, reason: revocation.reason }
    throw new RuleError('CERTIFICATE_REVOKED', `revoked at ${revocation.declaredAt} for ${revocation.reason}`, details)
  }
  const fault = sealFault(seal, time)
  if (fault !== undefined) {
    const details = { seal: seal.id, status: seal.status, tokenTime: time }
    throw new RuleError(fault, `the seal could not be used at ${time}`, details)
  }
}

/** RFC 3279 2.2.3 in strict DER with the lower s, so that a signature has one spelling and one replay key. */
function requireCanonical(signature: Uint8Array, key: KeyKind): void {
  if (key.kind !== 'ec') return
  try {
    if (isLowS(signature, key.curve)) return
  } catch (cause) {
    if (!(cause instanceof X509Error)) throw cause
    throw new RuleError('SIGNATURE_NOT_CANONICAL', 'not a signature in strict DER', {}, cause)
  }
  throw new RuleError('SIGNATURE_NOT_CANONICAL', 's is not the lower of its two values')
}

/** FORMAT.md section 7: SHA-256, and what the key's kind allows: for RSA both paddings. */
async function verifyByKind(
  signer: Omit<SignatureParts, 'signatureAlgorithm'>,
  certificate: Certificate,
  key: KeyKind,
): Promise<SignerCheck> {
  if (key.kind === 'ec') return verifySigner({ ...signer, signatureAlgorithm: ECDSA }, certificate)
  const check = await verifySigner({ ...signer, signatureAlgorithm: RSA_PKCS1 }, certificate)
  return check.signatureValid ? check : verifySigner({ ...signer, signatureAlgorithm: RSA_PSS }, certificate)
}

function readAttributes(signedAttributes: Uint8Array): Attributes {
  try {
    return parseSignedAttributes(signedAttributes)
  } catch (cause) {
    if (!(cause instanceof CmsError)) throw cause
    throw new RuleError('SIGNED_ATTRIBUTES_INVALID', cause.message, {}, cause)
  }
}

function readSealUse(attributes: Attributes) {
  try {
    return parseSealUse({ attributes })
  } catch (cause) {
    if (!(cause instanceof CmsError)) throw cause
    throw new RuleError('SEAL_USE_MISMATCH', cause.message, {}, cause)
  }
}

/**
 * The key that keeps a use from being recorded twice, in hexadecimal (FORMAT.md section 4, "Replay"). Unsalted, so that
 * a deleted salt never allows a second recording.
 */
export function replayKey(use: Use): string {
  if (use.type === 'cinnabar.sealUse.v1') return toHex(sha256(concat(utf8('cinnabar.use'), decode(use.signature))))
  const { id, institution } = use.opening
  return toHex(sha256(utf8(`cinnabar.deposit${institution}/${id}`)))
}

function decode(base64: string): Uint8Array {
  try {
    return fromBase64(base64)
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause
    throw new RuleError('ARGUMENT_INVALID', cause.message, {}, cause)
  }
}

function mismatch(why: string): RuleError {
  return new RuleError('OPENING_MISMATCH', why)
}
