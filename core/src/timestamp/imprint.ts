import { type Der, DerError, type DerNode } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readOctets } from '../encode/der-values'
import { nullValue, octetString, oid, sequence } from '../encode/der-write'
import { type Acceptance, DIGEST_BYTES, DIGESTS, digestsIn, readDigestOid } from '../x509/algorithm'

/** What a token is over: a digest and its algorithm. */
export interface Imprint {
  /** Object identifier of the digest algorithm. */
  readonly oid: string
  readonly digest: Uint8Array
}

/** RFC 3161 2.4.1.  MessageImprint ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, hashedMessage OCTET STRING } */
export function readImprint(node: DerNode): Imprint {
  const fields = fieldsOf(node)
  const algorithm = readDigestOid(fields.take())
  const digest = readOctets(fields.take())
  fields.end()
  if (digest.length > 128) throw new DerError('DER_INVALID', 'imprint is too long', { bytes: digest.length })
  return { oid: algorithm, digest }
}

/** Whether the algorithm is SHA-256, SHA-384 or SHA-512. */
export function isSupportedImprint(imprint: Imprint): boolean {
  return DIGESTS.has(imprint.oid)
}

/** Whether the digest is as long as its supported algorithm makes it. */
export function hasImprintLength(imprint: Imprint, acceptance: Acceptance = 'current'): boolean {
  const digest = digestsIn(acceptance).get(imprint.oid)
  return digest !== undefined && imprint.digest.length === DIGEST_BYTES[digest]
}

/** The MessageImprint of a SHA-256, with the NULL parameters that older authorities insist on. */
export function sha256Imprint(digest: Uint8Array): Der {
  return sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue()), octetString(digest))
}
