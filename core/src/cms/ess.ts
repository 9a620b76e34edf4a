import { equal } from '../encode/bytes'
import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf, onlyChild } from '../encode/der-fields'
import { readOctets } from '../encode/der-values'
import { context, integer, octetString, sequence } from '../encode/der-write'
import { digestOfRecord, sha256 } from '../encode/sha256'
import { digestName, readDigestOid } from '../x509/algorithm'
import type { Certificate } from '../x509/certificate'
import { X509Error } from '../x509/x509-error'
import { CMS_OID } from './cms-oids'
import type { Attributes } from './signed-data'

/**
 * The value of signing-certificate-v2: the SHA-256 of the certificate, with issuer and serial number.
 * RFC 5035 3.  SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies OPTIONAL }
 *   ESSCertIDv2 ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier DEFAULT sha256, certHash OCTET STRING,
 *     issuerSerial SEQUENCE { issuer GeneralNames, serialNumber INTEGER } OPTIONAL }
 */
export function signingCertificateV2(certificate: Pick<Certificate, 'der' | 'issuer' | 'serial'>): Der {
  const issuerSerial = sequence(sequence(context(4, certificate.issuer)), integer(certificate.serial))
  return sequence(sequence(sequence(octetString(sha256(certificate.der)), issuerSerial)))
}

interface CertificateId {
  readonly digest: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'
  readonly hash: Uint8Array
  readonly issuerSerial?: DerNode
}

/** The first ESSCertID or ESSCertIDv2: it is the one of the signer (RFC 5035 3). */
function readCertificateId(value: Der, version: 1 | 2): CertificateId {
  const list = fieldsOf(readDer(value))
  const [first] = expectTag(list.take(), TAG.sequence).children
  list.optional(TAG.sequence)
  list.end()
  if (first === undefined) throw new DerError('DER_INVALID', 'no certificate is named')
  const fields = fieldsOf(first)
  const algorithm = version === 2 ? fields.optional(TAG.sequence) : undefined
  const hash = readOctets(fields.take())
  const issuerSerial = fields.optional(TAG.sequence)
  fields.end()
  const digest = version === 1 ? 'SHA-1' : algorithm === undefined ? 'SHA-256' : digestName(readDigestOid(algorithm))
  return { digest, hash, issuerSerial }
}

function namesCertificate(issuerSerial: DerNode, certificate: Certificate): boolean {
  const fields = fieldsOf(issuerSerial)
  const issuer = onlyChild(onlyChild(fields.take(TAG.sequence), 0xa4)).der
  const serial = fields.take(TAG.integer).content
  fields.optional(TAG.bitString)
  fields.end()
  return equal(issuer, certificate.issuer) && equal(serial, certificate.serial)
}

async function matches(id: CertificateId, certificate: Certificate): Promise<boolean> {
  const hash = await digestOfRecord(id.digest, certificate.der)
  return equal(hash, id.hash) && (id.issuerSerial === undefined || namesCertificate(id.issuerSerial, certificate))
}

/**
 * Whether the ESS attributes among the signed ones name this certificate: signing-certificate-v2 and, as foreign
 * signers still write it with SHA-1, signing-certificate (RFC 2634 5.4). Where both stand, both must match.
 * A malformed attribute, or one with an unsupported digest, does not match.
 */
export async function essMatches(attributes: Attributes, certificate: Certificate): Promise<boolean | 'absent'> {
  const v2 = attributes.get(CMS_OID.signingCertificateV2)
  const v1 = attributes.get(CMS_OID.signingCertificate)
  if (v1 === undefined && v2 === undefined) return 'absent'
  try {
    for (const [values, version] of [[v2, 2] as const, [v1, 1] as const]) {
      if (values === undefined) continue
      if (values.length !== 1 || !(await matches(readCertificateId(values[0], version), certificate))) return false
    }
    return true
  } catch (refusal) {
    if (refusal instanceof DerError || refusal instanceof X509Error) return false
    throw refusal
  }
}
