import { digest } from './digest'
import { institutionId } from './identifiers'
import { format, integer, list, object, optional, pattern, type TypeOf, word } from './schema'
import { time } from './time'

/** RFC 5280 5.3.1, the reasons a registrar may give. */
export const revocationReason = word(
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
)
export type RevocationReason = TypeOf<typeof revocationReason>

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
