import { equal, toHex } from '../encode/bytes'
import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf, onlyChild } from '../encode/der-fields'
import { readX509Time } from '../encode/der-time'
import { readBitStringBytes, readCount, readOctets } from '../encode/der-values'
import { readOnce } from '../encode/read-once'
import { sha256 } from '../encode/sha256'
import { type DistributionPoint, readDistributionPoints, urisOf } from './distribution-point'
import {
  type BasicConstraints,
  EXTENSION,
  type Extension,
  type KeyUsage,
  readAuthorityKeyId,
  readBasicConstraints,
  readExtendedKeyUsage,
  readExtensions,
  readKeyUsage,
  readOcspUrls,
  readPolicies,
} from './extensions'
import type { GeneralName } from './general-name'
import { checkName } from './name'
import {
  type NameConstraints,
  type PolicyConstraints,
  type PolicyMapping,
  readAlternativeNames,
  readInhibitAnyPolicy,
  readNameConstraints,
  readPolicyConstraints,
  readPolicyMappings,
} from './path-extensions'
import { X509Error } from './x509-error'

/** What an X.509 certificate says (RFC 5280 4.1). Parsing checks form only: neither signature nor validity. */
export interface Certificate {
  readonly der: Der
  /** The bytes that the issuer signed. */
  readonly tbs: Der
  /** Content bytes of the serial number INTEGER: two's complement, in the fewest bytes. */
  readonly serial: Uint8Array
  readonly issuer: Der
  readonly subject: Der
  readonly notBefore: Date
  /** The last second of validity. */
  readonly notAfter: Date
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Der
  /** DER AlgorithmIdentifier of `signature`. */
  readonly signatureAlgorithm: Der
  readonly signature: Uint8Array
  readonly keyUsage?: ReadonlySet<KeyUsage>
  readonly extendedKeyUsage?: { readonly oids: readonly string[]; readonly critical: boolean }
  readonly basicConstraints?: BasicConstraints
  readonly subjectKeyId?: Uint8Array
  readonly authorityKeyId?: Uint8Array
  readonly crlUrls: readonly string[]
  readonly crlPoints: readonly DistributionPoint[]
  readonly ocspUrls: readonly string[]
  /** RFC 6960 4.2.2.2.1: the issuer wants no revocation checked of this OCSP responder. */
  readonly ocspNoCheck: boolean
  /** Object identifiers of critical extensions that {@link validatePath} does not process. */
  readonly unknownCritical: readonly string[]
  /** None when the extension is absent. */
  readonly policies: readonly string[]
  readonly policyMappings: readonly PolicyMapping[]
  readonly policyConstraints?: PolicyConstraints
  readonly inhibitAnyPolicy?: number
  readonly nameConstraints?: NameConstraints
  readonly alternativeNames: readonly GeneralName[]
}

/** A certificate of a seal or a TSA takes 1 to 2 KB. */
const MAX_CERTIFICATE_BYTES = 65536
/** RFC 5280 4.1.2.2 allows 20 bytes; older CAs wrote a few more. */
const MAX_SERIAL_BYTES = 32

const PROCESSED: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyId,
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.issuerAltName,
  EXTENSION.basicConstraints,
  EXTENSION.crlDistributionPoints,
  EXTENSION.certificatePolicies,
  EXTENSION.authorityKeyId,
  EXTENSION.extendedKeyUsage,
  EXTENSION.nameConstraints,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
  EXTENSION.authorityInfoAccess,
  EXTENSION.ocspNoCheck,
])

type Extensions = ReadonlyMap<string, Extension>
type ExtensionFacts = Omit<
  Certificate,
  | 'der'
  | 'tbs'
  | 'serial'
  | 'issuer'
  | 'subject'
  | 'notBefore'
  | 'notAfter'
  | 'spki'
  | 'signatureAlgorithm'
  | 'signature'
>

function readFacts(extensions: Extensions): ExtensionFacts {
  const read = <T>(oid: string, reader: (value: Uint8Array) => T): T | undefined => {
    const found = extensions.get(oid)
    return found === undefined ? undefined : reader(found.value)
  }
  const oids = read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage)
  const critical = extensions.get(EXTENSION.extendedKeyUsage)?.critical === true
  const crlPoints = read(EXTENSION.crlDistributionPoints, readDistributionPoints) ?? []
  return {
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: oids === undefined ? undefined : { oids, critical },
    basicConstraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    subjectKeyId: read(EXTENSION.subjectKeyId, (value) => readOctets(readDer(value))),
    authorityKeyId: read(EXTENSION.authorityKeyId, readAuthorityKeyId),
    crlPoints,
    crlUrls: urisOf(crlPoints),
    ocspUrls: read(EXTENSION.authorityInfoAccess, readOcspUrls) ?? [],
    ocspNoCheck: extensions.has(EXTENSION.ocspNoCheck),
    policies: read(EXTENSION.certificatePolicies, readPolicies) ?? [],
    policyMappings: read(EXTENSION.policyMappings, readPolicyMappings) ?? [],
    policyConstraints: read(EXTENSION.policyConstraints, readPolicyConstraints),
    inhibitAnyPolicy: read(EXTENSION.inhibitAnyPolicy, readInhibitAnyPolicy),
    nameConstraints: read(EXTENSION.nameConstraints, readNameConstraints),
    alternativeNames: read(EXTENSION.subjectAltName, readAlternativeNames) ?? [],
    unknownCritical: [...extensions]
      .filter(([oid, { critical }]) => critical && !PROCESSED.has(oid))
      .map(([oid]) => oid),
  }
}

/** Version ::= INTEGER { v1(0), v2(1), v3(2) }, EXPLICIT [0], DEFAULT v1 */
function readVersion(node: DerNode | undefined): 1 | 3 {
  if (node === undefined) return 1
  const version = readCount(onlyChild(node), 255) + 1
  if (version !== 3) {
    throw new X509Error('CERTIFICATE_VERSION_UNSUPPORTED', `version ${version} is not supported`, { version })
  }
  return 3
}

function readSerial(node: DerNode): Uint8Array {
  const { content } = expectTag(node, TAG.integer)
  if (content.length > MAX_SERIAL_BYTES) throw new X509Error('CERTIFICATE_INVALID', 'serial number is too long')
  return content
}

/**
 * TBSCertificate ::= SEQUENCE { version [0] EXPLICIT DEFAULT v1, serialNumber INTEGER, signature AlgorithmIdentifier,
 *   issuer Name, validity SEQUENCE { notBefore Time, notAfter Time }, subject Name, subjectPublicKeyInfo,
 *   issuerUniqueID [1] IMPLICIT OPTIONAL, subjectUniqueID [2] IMPLICIT OPTIONAL, extensions [3] EXPLICIT OPTIONAL }
 */
function readTbs(tbs: DerNode) {
  const fields = fieldsOf(tbs)
  const version = readVersion(fields.optional(0xa0))
  const serial = readSerial(fields.take())
  const innerAlgorithm = fields.take(TAG.sequence).der
  const issuer = fields.take(TAG.sequence).der
  const validity = fieldsOf(fields.take())
  const notBefore = readX509Time(validity.take())
  const notAfter = readX509Time(validity.take())
  validity.end()
  const subject = fields.take(TAG.sequence).der
  const spki = fields.take(TAG.sequence).der
  checkName(issuer)
  checkName(subject)
  fields.optional(0x81)
  fields.optional(0x82)
  const wrapped = fields.optional(0xa3)
  fields.end()
  // Without extensions nothing says what a key is for, so version 1 is left to roots, which trust vouches for.
  if (version === 1 && (wrapped !== undefined || !equal(issuer, subject))) {
    throw new X509Error('CERTIFICATE_VERSION_UNSUPPORTED', 'version 1 is for self-signed roots only', { version })
  }
  const extensions: Extensions = wrapped === undefined ? new Map() : readExtensions(onlyChild(wrapped))
  return { serial, innerAlgorithm, issuer, subject, notBefore, notAfter, spki, ...readFacts(extensions) }
}

/**
 * Reads one certificate.
 * RFC 5280 4.1.  Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
 * @throws {@link X509Error} `CERTIFICATE_INVALID` for what is not DER of a certificate of at most 64 KiB;
 * `CERTIFICATE_VERSION_UNSUPPORTED`; `EXTENSION_DUPLICATE`; `ALGORITHM_MISMATCH` when the algorithm outside the
 * signature is not the one inside (RFC 5280 4.1.1.2).
 */
export const parseCertificate: (der: Uint8Array) => Certificate = readOnce(readCertificate, {
  values: 256,
  maxBytes: 4096,
})

function readCertificate(der: Uint8Array): Certificate {
  try {
    const fields = fieldsOf(readDer(der, { maxBytes: MAX_CERTIFICATE_BYTES }))
    const tbs = fields.take(TAG.sequence)
    const signatureAlgorithm = fields.take(TAG.sequence).der
    const signature = readBitStringBytes(fields.take())
    fields.end()
    const { innerAlgorithm, ...facts } = readTbs(tbs)
    if (!equal(innerAlgorithm, signatureAlgorithm)) {
      throw new X509Error('ALGORITHM_MISMATCH', 'signature algorithms inside and outside differ')
    }
    return { der, tbs: tbs.der, signatureAlgorithm, signature, ...facts }
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new X509Error('CERTIFICATE_INVALID', `not a certificate: ${cause.message}`, {}, cause)
  }
}

/** `sha256:` and the lower-case hexadecimal SHA-256 of a certificate's DER: how certificates are named in records. */
export function certificateDigest(der: Uint8Array): `sha256:${string}` {
  return `sha256:${toHex(sha256(der))}`
}
