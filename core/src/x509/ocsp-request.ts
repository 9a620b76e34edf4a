import type { Der } from '../encode/der'
import { context, integer, nullValue, octetString, oid, sequence } from '../encode/der-write'
import { digestOfRecord } from '../encode/sha256'
import type { Certificate } from './certificate'
import { keyBitsOf } from './ocsp-status'

/** What a responder is asked. */
export interface OcspQuestion {
  readonly certificate: Certificate
  /** Who issued it. */
  readonly issuer: Certificate
  /** 16 to 32 random bytes, never used before: an answer that repeats them was made for this question (RFC 8954 2.1). */
  readonly nonce: Uint8Array
}

/**
 * A request for the status of one certificate, unsigned. The certificate is named by SHA-1, which signs nothing here and which every
 * responder knows (RFC 5019 2.1.1).
 * RFC 6960 4.1.1.  OCSPRequest ::= SEQUENCE { SEQUENCE { requestList SEQUENCE OF SEQUENCE { reqCert CertID },
 *   requestExtensions [2] EXPLICIT Extensions } }
 */
export async function buildOcspRequest({ certificate, issuer, nonce }: OcspQuestion): Promise<Der> {
  const [name, key] = await Promise.all([
    digestOfRecord('SHA-1', certificate.issuer),
    digestOfRecord('SHA-1', keyBitsOf(issuer)),
  ])
  const sha1 = sequence(oid('1.3.14.3.2.26'), nullValue())
  const id = sequence(sha1, octetString(name), octetString(key), integer(certificate.serial))
  const extension = sequence(oid('1.3.6.1.5.5.7.48.1.2'), octetString(octetString(nonce)))
  return sequence(sequence(sequence(sequence(id)), context(2, sequence(extension))))
}
