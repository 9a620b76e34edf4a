import { institutionId } from './identifiers'
import { names } from './institution'
import { base64, format, integer, list, object, pattern, type TypeOf } from './schema'
import { time } from './time'
import { trustSchema } from './trust'

/** An object identifier in its dotted form. */
export const objectIdentifier = pattern(/^[0-2](?:\.(?:0|[1-9]\d{0,38})){1,31}$/, 'an object identifier')

/** Whom a region or consortium recognises, until when: what its operator signs. */
export const trustListSchema = object({
  /** From then on the list counts no more: a newer one is to be had. */
  expires: time,
  issued: time,
  name: names,
  /** DER SubjectPublicKeyInfo, ECDSA on P-256: who signs this list and its successors. */
  operator: object({ key: base64(128), name: names }),
  /** A seal certificate of the institution is recognised only if it asserts one of these policies (RFC 5280 4.2.1.4). */
  policies: list(object({ institution: institutionId, oids: list(objectIdentifier, 16, 1) }), 256),
  /** ISO 3166: where the list is from, such as `HK` or `CN-GD`. */
  region: pattern(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/, 'an ISO 3166 code'),
  /** Grows with each list of the same operator; of two lists with one number one is false. */
  sequence: integer(1),
  trust: trustSchema,
  type: pattern<'cinnabar.trustList.v1'>(/^cinnabar\.trustList\.v1$/, 'cinnabar.trustList.v1'),
})
export type TrustList = TypeOf<typeof trustListSchema>
export const TrustListFormat = format<TrustList>(trustListSchema, 4 << 20)

/** A list as it is published: `signature` is r ‖ s over the list's canonical bytes. */
export const signedTrustListSchema = object({
  list: trustListSchema,
  signature: base64(64, 64),
  type: pattern<'cinnabar.signedTrustList.v1'>(/^cinnabar\.signedTrustList\.v1$/, 'cinnabar.signedTrustList.v1'),
})
export type SignedTrustList = TypeOf<typeof signedTrustListSchema>
export const SignedTrustListFormat = format<SignedTrustList>(signedTrustListSchema, 4 << 20)
