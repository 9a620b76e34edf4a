import type { Der } from '../encode/der'
import { bitString, context, integer, sequence } from '../encode/der-write'
import { type Signer, signatureAlgorithmIdentifier } from './signer'

/**
 * A request for a certificate over the signer's key, signed by it to show that the requester has it (RFC 2986 4).
 * CertificationRequestInfo ::= SEQUENCE { version INTEGER { v1(0) }, subject Name, subjectPKInfo SubjectPublicKeyInfo,
 *   attributes [0] IMPLICIT SET OF Attribute }: none here; the CA's profile decides on extensions.
 * @param subject - DER Name.
 * @returns DER CertificationRequest.
 */
export async function buildCertificateRequest(subject: Der, signer: Signer): Promise<Der> {
  const info = sequence(integer(0), subject, signer.spki, context(0))
  return sequence(info, signatureAlgorithmIdentifier(signer.algorithm), bitString(await signer.sign(info)))
}
