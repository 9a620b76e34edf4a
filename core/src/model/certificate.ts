import { digest } from './digest'
import { institutionId } from './identifiers'
import { format, integer, list, object, optional, pattern, type TypeOf, word } from './schema'
import { time } from './time'

/** RFC 5280 5.3.1, the reasons a registrar may give. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const
export const revocationReason = word(...REVOCATION_REASONS)
export type RevocationReason = TypeOf<typeof revocationReason>

/** FORMAT.md section 2: for these reasons a use is also judged by its place in the log. */
export function isCompromise(reason: RevocationReason): boolean {
  return reason === 'keyCompromise' || reason === 'cACompromise' || reason === 'unspecified'
}

/** Why and from when a certificate is not to be relied on. */
export const revocationSchema = object({
  /** When the registrar declared it. */
  declaredAt: time,
  /** Log index from which entries are disputed: the first recorded at or after `invalidityDate`, else the revocation's own. */
  disputedFrom: integer(),
  /** RFC 5280 5.3.2: from when the key is or may have been out of its keeper's hands. */
  invalidityDate: time,
  /** Disputed entries that the institution ratified under its new key: indices `[from, to)`. */
  ratified: optional(list(object({ from: integer(), to: integer(1) }), 64)),
  reason: revocationReason,
})
export type Revocation = TypeOf<typeof revocationSchema>

/** A SealCertificate in the ledger's register. */
export const certificateSchema = object({
  /** SHA-256 of the certificate's DER. */
  digest,
  institution: institutionId,
  notAfter: time,
  notBefore: time,
  revocation: optional(revocationSchema),
  type: pattern<'cinnabar.certificate.v1'>(/^cinnabar\.certificate\.v1$/, 'cinnabar.certificate.v1'),
})
export type CertificateRecord = TypeOf<typeof certificateSchema>
export const CertificateFormat = format<CertificateRecord>(certificateSchema, 2048)

/** A timestamp authority's certificate in the register. */
export const tsaSchema = object({
  digest,
  institution: institutionId,
  notAfter: time,
  notBefore: time,
  type: pattern<'cinnabar.tsa.v1'>(/^cinnabar\.tsa\.v1$/, 'cinnabar.tsa.v1'),
  /** Tokens at or after this time are refused. */
  withdrawnAt: optional(time),
})
export type TsaRecord = TypeOf<typeof tsaSchema>
export const TsaFormat = format<TsaRecord>(tsaSchema, 2048)
