import { type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf } from '../encode/der-fields'
import { asciiText, readBoolean, readCount, readNamedBits, readOctets, readOid } from '../encode/der-values'
import { GENERAL_NAME } from './general-name'
import { X509Error } from './x509-error'

/** Object identifiers of the extensions in use (RFC 5280 4.2 and 5.2). */
export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyId: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  expiredCertsOnCrl: '2.5.29.60',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const

/** RFC 5280 4.2.1.3, in the order of their bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

/** One use that a key is certified for. */
export type KeyUsage = (typeof KEY_USAGES)[number]

/** One extension as it stands; `value` is what its OCTET STRING holds. */
export interface Extension {
  readonly critical: boolean
  readonly value: Uint8Array
}

/**
 * RFC 5280 4.1.2.9.  Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
 *   Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 * An explicit FALSE is not DER but common; it is accepted, since the signature covers the bytes as they are.
 * @throws {@link X509Error} `EXTENSION_DUPLICATE` (RFC 5280 4.2).
 * @throws {@link DerError} `DER_INVALID`.
 */
export function readExtensions(node: DerNode): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>()
  for (const child of expectTag(node, TAG.sequence).children) {
    const fields = fieldsOf(child)
    const oid = readOid(fields.take())
    const critical = fields.optional(TAG.boolean)
    const value = readOctets(fields.take())
    fields.end()
    if (found.has(oid)) throw new X509Error('EXTENSION_DUPLICATE', `extension ${oid} stands twice`, { oid })
    found.set(oid, { critical: critical !== undefined && readBoolean(critical), value })
  }
  return found
}

/** RFC 5280 4.2.1.3.  KeyUsage ::= BIT STRING { digitalSignature (0), … decipherOnly (8) } */
export function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const bits = readNamedBits(readDer(value)).filter((bit) => bit < KEY_USAGES.length)
  return new Set(bits.map((bit) => KEY_USAGES[bit]))
}

/** What a certificate says about being a CA's. */
export interface BasicConstraints {
  readonly ca: boolean
  /** How many intermediate CA certificates may follow; no limit when absent. */
  readonly pathLength?: number
}

/** RFC 5280 4.2.1.9.  BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const fields = fieldsOf(readDer(value))
  const ca = fields.optional(TAG.boolean)
  const pathLength = fields.optional(TAG.integer)
  fields.end()
  return {
    ca: ca !== undefined && readBoolean(ca),
    ...(pathLength === undefined ? {} : { pathLength: readCount(pathLength, 1000) }),
  }
}

/** RFC 5280 4.2.1.12.  ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER */
export function readExtendedKeyUsage(value: Uint8Array): readonly string[] {
  return expectTag(readDer(value), TAG.sequence).children.map(readOid)
}

/** RFC 5280 4.2.1.1.  AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OCTET STRING OPTIONAL, … } */
export function readAuthorityKeyId(value: Uint8Array): Uint8Array | undefined {
  return fieldsOf(readDer(value)).optional(0x80)?.content
}

/** RFC 5280 4.2.1.4.  certificatePolicies ::= SEQUENCE OF SEQUENCE { policyIdentifier OBJECT IDENTIFIER, … } */
export function readPolicies(value: Uint8Array): readonly string[] {
  return expectTag(readDer(value), TAG.sequence).children.map((policy) => readOid(fieldsOf(policy).take()))
}

/** RFC 5280 4.2.2.1: id-ad-ocsp. */
const OCSP = '1.3.6.1.5.5.7.48.1'

/** Where OCSP responders are. AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName } */
export function readOcspUrls(value: Uint8Array): readonly string[] {
  return expectTag(readDer(value), TAG.sequence).children.flatMap((access) => {
    const fields = fieldsOf(access)
    const method = readOid(fields.take())
    const { tag, content } = fields.take()
    return method === OCSP && tag === GENERAL_NAME.uri ? [asciiText(content)] : []
  })
}
