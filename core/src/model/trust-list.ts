import { FormatError } from '../encode/canonical'
import { institutionId } from './identifiers'
import { names } from './institution'
import { base64, format, integer, list, object, optional, pattern, type Schema, type TypeOf } from './schema'
import { compareTimes, time } from './time'
import { TrustFormat, uniqueTrust } from './trust'

/** An object identifier in its dotted form. */
export const objectIdentifier = pattern(/^[0-2](?:\.(?:0|[1-9]\d{0,38})){1,31}$/, 'an object identifier')

/** A consortium that a list recognises. */
export const recognisedConsortiumSchema = object({
  /** A seal certificate of the institution is recognised only if it asserts one of these policies (RFC 5280 4.2.1.4). */
  policies: list(object({ institution: institutionId, oids: list(objectIdentifier, 16, 1) }), 256),
  /** ISO 3166: where the consortium is, such as `HK` or `CN-GD`. */
  region: pattern(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/, 'an ISO 3166 code'),
  trust: uniqueTrust,
  /** What it sealed or recorded from then on is not recognised; what is older still is. */
  withdrawnAt: optional(time),
})
export type RecognisedConsortium = TypeOf<typeof recognisedConsortiumSchema>

/** Whom a region or an association of consortia recognises, until when: what its operator signs. */
export const trustListSchema = object({
  /** Each is judged by alone, and stands once. */
  consortia: list(recognisedConsortiumSchema, 64),
  /** From then on the list counts no more: a newer one is to be had. */
  expires: time,
  issued: time,
  name: names,
  /** DER SubjectPublicKeyInfo, ECDSA on P-256: who signs this list and its successors. */
  operator: object({ key: base64(128), name: names }),
  /** The list's version: grows with each list of the same operator; of two lists with one number one is false. */
  sequence: integer(1),
  type: pattern<'cinnabar.trustList.v1'>(/^cinnabar\.trustList\.v1$/, 'cinnabar.trustList.v1'),
})
export type TrustList = TypeOf<typeof trustListSchema>

const wholeList: Schema<TrustList> = (value, path) => {
  const whole = trustListSchema(value, path)
  const fingerprints = new Set(whole.consortia.map(({ trust }) => TrustFormat.digest(trust)))
  if (fingerprints.size < whole.consortia.length) throw invalid('a consortium is named twice')
  if (compareTimes(whole.issued, whole.expires) >= 0) throw invalid('it expires before it is issued')
  whole.consortia.forEach(requirePoliciesOf)
  return whole
}

function requirePoliciesOf({ policies, trust }: RecognisedConsortium): void {
  const known = new Set(trust.organisations.map(({ id }) => id))
  const institutions = new Set(policies.map(({ institution }) => institution))
  if (institutions.size < policies.length) throw invalid('an institution has two sets of policies')
  const stranger = [...institutions].find((institution) => !known.has(institution))
  if (stranger !== undefined) throw invalid(`no organisation is called ${stranger}`)
}

function invalid(text: string): FormatError {
  return new FormatError('FORMAT_INVALID', text)
}

export const TrustListFormat = format<TrustList>(wholeList, 4 << 20)

/** A list as it is published: `signature` is r ‖ s over the list's canonical bytes. */
export const signedTrustListSchema = object({
  list: wholeList,
  signature: base64(64, 64),
  type: pattern<'cinnabar.signedTrustList.v1'>(/^cinnabar\.signedTrustList\.v1$/, 'cinnabar.signedTrustList.v1'),
})
export type SignedTrustList = TypeOf<typeof signedTrustListSchema>
export const SignedTrustListFormat = format<SignedTrustList>(signedTrustListSchema, 4 << 20)

/** Reads a list as it is published, and one line feed that an editor may have added; nothing of it is verified. @throws FormatError */
export function parseTrustList(file: Uint8Array): SignedTrustList {
  return SignedTrustListFormat.parse(file.at(-1) === 0x0a ? file.subarray(0, -1) : file)
}
