import { readDer } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readBitStringBytes } from '../encode/der-values'
import {
  bitString,
  context,
  contextPrimitive,
  enumerated,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
} from '../encode/der-write'
import { sha256 } from '../encode/sha256'
import type { Certificate } from '../x509/certificate'
import { EXTENSION } from '../x509/extensions'
import { type Signer, signatureAlgorithmIdentifier } from '../x509/signer'

const ARCHIVE_CUTOFF = '1.3.6.1.5.5.7.48.1.6'

/** One OCSP answer to be made. */
export interface OcspRequest {
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** Who answers, and with whose certificate. */
  readonly responder: { readonly certificate: Certificate; readonly signer: Signer }
  readonly producedAt: Date
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
  /** Good unless given. */
  readonly revokedAt?: Date
  /** A number of RFC 5280 5.3.1. */
  readonly reason?: number
  readonly archiveCutoff?: Date
  readonly invalidityDate?: Date
  /** Repeated from a request. */
  readonly nonce?: Uint8Array
  /** The issuer's certificate id is of another key. */
  readonly ofKey?: Uint8Array
}

function keyBits(spki: Uint8Array): Uint8Array {
  const fields = fieldsOf(readDer(spki))
  fields.take()
  return readBitStringBytes(fields.take())
}

function statusOf({ revokedAt, reason }: OcspRequest): Uint8Array {
  if (revokedAt === undefined) return contextPrimitive(0, new Uint8Array())
  return context(1, generalizedTime(revokedAt), ...(reason === undefined ? [] : [context(0, enumerated(reason))]))
}

/** A successful response with one status (RFC 6960 4.2.1), the issuer named by SHA-256. */
export async function ocspAnswer(request: OcspRequest): Promise<Uint8Array> {
  const { certificate, issuer, responder, producedAt, thisUpdate = producedAt, nextUpdate } = request
  const { archiveCutoff, invalidityDate } = request
  const digest = sequence(oid('2.16.840.1.101.3.4.2.1'))
  const id = sequence(
    digest,
    octetString(sha256(certificate.issuer)),
    octetString(sha256(keyBits(request.ofKey ?? issuer.spki))),
    integer(certificate.serial),
  )
  const dated = (id: string, date: Date | undefined) =>
    date === undefined ? [] : [sequence(oid(id), octetString(generalizedTime(date)))]
  const extensions = [...dated(ARCHIVE_CUTOFF, archiveCutoff), ...dated(EXTENSION.invalidityDate, invalidityDate)]
  const single = sequence(
    id,
    statusOf(request),
    generalizedTime(thisUpdate),
    ...(nextUpdate === undefined ? [] : [context(0, generalizedTime(nextUpdate))]),
    ...(extensions.length === 0 ? [] : [context(1, sequence(...extensions))]),
  )
  const repeated = request.nonce && sequence(oid('1.3.6.1.5.5.7.48.1.2'), octetString(octetString(request.nonce)))
  const tbs = sequence(
    context(1, responder.certificate.subject),
    generalizedTime(producedAt),
    sequence(single),
    ...(repeated === undefined ? [] : [context(1, sequence(repeated))]),
  )
  const algorithm = signatureAlgorithmIdentifier(responder.signer.algorithm)
  const signature = bitString(await responder.signer.sign(tbs))
  const basic = sequence(tbs, algorithm, signature, context(0, sequence(responder.certificate.der)))
  const bytes = sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic))
  return sequence(enumerated(0), context(0, bytes))
}
