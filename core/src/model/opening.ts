import { digest } from './digest'
import { institutionId, salt, sealId, sealSignatureId } from './identifiers'
import { base64, choice, format, object, pattern, type TypeOf } from './schema'

/** What a sealSignature entry's commitment commits to. Kept by the institution, never on the chain. */
export const sealSignatureOpening = object({
  certificate: digest,
  id: sealSignatureId,
  institution: institutionId,
  /** The messageDigest attribute: SHA-256 of the ByteRange's bytes. */
  messageDigest: digest,
  /** SHA-256 of the whole revision, `[0, b+c)`. The institution's claim: endorsers never see the file. */
  revisionDigest: digest,
  salt,
  seal: sealId,
  /** Digest of the signature value. */
  signature: digest,
  /** Digest of the signed attributes as signed (DER SET OF). */
  signedAttributes: digest,
  /** Digest of the TimestampToken's DER. */
  token: digest,
  type: pattern<'cinnabar.opening.v1'>(/^cinnabar\.opening\.v1$/, 'cinnabar.opening.v1'),
})
export type SealSignatureOpening = TypeOf<typeof sealSignatureOpening>

/** What a deposit entry's commitment commits to. */
export const depositOpening = object({
  /** SHA-256 of the file. */
  digest,
  id: sealSignatureId,
  institution: institutionId,
  salt,
  /** Digest of the TimestampToken's DER; the token's imprint is the file's digest. */
  token: digest,
  type: pattern<'cinnabar.depositOpening.v1'>(/^cinnabar\.depositOpening\.v1$/, 'cinnabar.depositOpening.v1'),
})
export type DepositOpening = TypeOf<typeof depositOpening>

export const openingSchema = choice('type', {
  'cinnabar.opening.v1': sealSignatureOpening,
  'cinnabar.depositOpening.v1': depositOpening,
})
export type Opening = TypeOf<typeof openingSchema>
export const OpeningFormat = format<Opening>(openingSchema, 2048)

/** One use of a seal as it goes to the endorsers, in the transient map: the opening and all that it digests. */
export const sealUseSchema = object({
  opening: sealSignatureOpening,
  /** CMS SignerInfo.signature, base64. */
  signature: base64(1024),
  /** DER SET OF Attribute, base64. */
  signedAttributes: base64(4096),
  /** RFC 3161 TimeStampToken, base64 DER. */
  token: base64(32_768),
  type: pattern<'cinnabar.sealUse.v1'>(/^cinnabar\.sealUse\.v1$/, 'cinnabar.sealUse.v1'),
})
export type SealUse = TypeOf<typeof sealUseSchema>

/** One deposit as it goes to the endorsers. */
export const depositUseSchema = object({
  opening: depositOpening,
  token: base64(32_768),
  type: pattern<'cinnabar.depositUse.v1'>(/^cinnabar\.depositUse\.v1$/, 'cinnabar.depositUse.v1'),
})
export type DepositUse = TypeOf<typeof depositUseSchema>
export const useSchema = choice('type', {
  'cinnabar.sealUse.v1': sealUseSchema,
  'cinnabar.depositUse.v1': depositUseSchema,
})
export type Use = TypeOf<typeof useSchema>
