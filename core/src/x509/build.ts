import { type Der, readDer } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readBitStringBytes } from '../encode/der-values'
import {
  bitString,
  boolean,
  context,
  contextPrimitive,
  ia5String,
  integer,
  namedBits,
  octetString,
  oid,
  retag,
  sequence,
  x509Time,
} from '../encode/der-write'
import { sha256 } from '../encode/sha256'
import { EXTENSION, KEY_USAGES, type KeyUsage } from './extensions'
import { type Signer, signatureAlgorithmIdentifier } from './signer'

/** What a certificate is for: issuing seal certificates, sealing, or timestamping. */
export type CertificateProfile = 'ca' | 'seal' | 'tsa'

/** What goes into a certificate. */
export interface CertificateRequest {
  /** Unsigned, most significant byte first; 8 to 20 random bytes with the first below 0x80. */
  readonly serial: Uint8Array
  /** DER Name, equal to `subject` for a root. */
  readonly issuer: Der
  readonly subject: Der
  readonly spki: Der
  /** Whole seconds; fractions are cut off. */
  readonly notBefore: Date
  readonly notAfter: Date
  readonly profile: CertificateProfile
  /** {@link keyIdentifier} of the issuer's key. */
  readonly issuerKeyId: Uint8Array
  /** Where the issuer's CRL is fetched. */
  readonly crlUrl?: string
  /** Object identifiers of the policies that it is issued under (RFC 5280 4.2.1.4). */
  readonly policies?: readonly string[]
}

/** RFC 3161 2.3: id-kp-timeStamping, the only extended key usage of a TSA and critical. */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

const USAGES: Readonly<Record<CertificateProfile, readonly KeyUsage[]>> = {
  ca: ['keyCertSign', 'cRLSign'],
  seal: ['digitalSignature', 'nonRepudiation'],
  tsa: ['digitalSignature'],
}

/** An Extension; criticality is written only when TRUE, as DER's DEFAULT demands. */
export function extension(id: string, critical: 'critical' | 'non-critical', value: Der): Der {
  return sequence(oid(id), ...(critical === 'critical' ? [boolean(true)] : []), octetString(value))
}

/** RFC 7093 2, method 1: the leftmost 160 bits of the SHA-256 of the key's bits. */
export function keyIdentifier(spki: Der): Uint8Array {
  const fields = fieldsOf(readDer(spki))
  fields.take()
  return sha256(readBitStringBytes(fields.take())).slice(0, 20)
}

/** The AuthorityKeyIdentifier extension of what a key signs. */
export function authorityKeyId(issuerKeyId: Uint8Array): Der {
  return extension(EXTENSION.authorityKeyId, 'non-critical', sequence(contextPrimitive(0, issuerKeyId)))
}

function extensions(request: CertificateRequest): readonly Der[] {
  const { profile, crlUrl, policies = [] } = request
  const constraints = profile === 'ca' ? sequence(boolean(true), integer(0)) : sequence()
  const usage = namedBits(USAGES[profile].map((name) => KEY_USAGES.indexOf(name)))
  const all = [
    extension(EXTENSION.basicConstraints, 'critical', constraints),
    extension(EXTENSION.keyUsage, 'critical', usage),
    extension(EXTENSION.subjectKeyId, 'non-critical', octetString(keyIdentifier(request.spki))),
    authorityKeyId(request.issuerKeyId),
  ]
  if (profile === 'tsa') all.push(extension(EXTENSION.extendedKeyUsage, 'critical', sequence(oid(TIME_STAMPING))))
  if (policies.length > 0) {
    const stated = sequence(...policies.map((policy) => sequence(oid(policy))))
    all.push(extension(EXTENSION.certificatePolicies, 'non-critical', stated))
  }
  if (crlUrl !== undefined) {
    const point = sequence(context(0, context(0, retag(0x86, ia5String(crlUrl)))))
    all.push(extension(EXTENSION.crlDistributionPoints, 'non-critical', sequence(point)))
  }
  return all
}

/**
 * A version 3 certificate (RFC 5280 4.1) of one of our profiles, signed by its issuer's key.
 * A CA's may issue leaves only (path length 0).
 * @throws {@link DerError} `DER_INVALID` when the serial number is empty, a time out of range, the URL not ASCII or the key no SubjectPublicKeyInfo.
 */
export async function buildCertificate(request: CertificateRequest, issuer: Signer): Promise<Der> {
  const algorithm = signatureAlgorithmIdentifier(issuer.algorithm)
  const tbs = sequence(
    context(0, integer(2)),
    integer(request.serial),
    algorithm,
    request.issuer,
    sequence(x509Time(request.notBefore), x509Time(request.notAfter)),
    request.subject,
    request.spki,
    context(3, sequence(...extensions(request))),
  )
  return sequence(tbs, algorithm, bitString(await issuer.sign(tbs)))
}
