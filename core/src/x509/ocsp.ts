import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf, onlyChild } from '../encode/der-fields'
import { readGeneralizedTime } from '../encode/der-time'
import { readBitStringBytes, readCount, readOctets, readOid } from '../encode/der-values'
import { readDigestOid } from './algorithm'
import { CRL_REASONS, type CrlReason } from './crl'
import { EXTENSION, type Extension, readExtensions } from './extensions'
import { checkName } from './name'
import { X509Error } from './x509-error'

/** What an answer says of one certificate (RFC 6960 4.2.1). */
export interface OcspStatus {
  /** Object identifier of the digest by which the issuer is named. */
  readonly digest: string
  readonly issuerNameHash: Uint8Array
  readonly issuerKeyHash: Uint8Array
  /** Content bytes of the serial number INTEGER. */
  readonly serial: Uint8Array
  readonly status: 'good' | 'revoked' | 'unknown'
  readonly revokedAt?: Date
  readonly reason?: CrlReason
  /** RFC 6960 4.4.5: as in a CRL's entry. */
  readonly invalidityDate?: Date
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  /** RFC 6960 4.4.4: what was said of certificates that expired since then is kept. */
  readonly keptSince?: Date
}

/** A successful OCSP response of the basic type. Parsing checks form only: neither signature nor authority nor freshness. */
export interface OcspResponse {
  readonly der: Der
  /** The bytes that the responder signed. */
  readonly tbs: Der
  readonly signatureAlgorithm: Der
  readonly signature: Uint8Array
  /** DER Name of the responder, or else the SHA-1 of its key. */
  readonly responderName?: Der
  readonly responderKeyHash?: Uint8Array
  readonly producedAt: Date
  /** That of the request, where the responder repeats it (RFC 8954). */
  readonly nonce?: Uint8Array
  readonly statuses: readonly OcspStatus[]
  /** DER of the certificates that came along; unverified. */
  readonly certificates: readonly Der[]
}

/** An answer with its responder's certificate takes 2 KB. */
const MAX_OCSP_BYTES = 1 << 17
const MAX_STATUSES = 256
const BASIC = '1.3.6.1.5.5.7.48.1.1'
const NONCE = '1.3.6.1.5.5.7.48.1.2'
const ARCHIVE_CUTOFF = '1.3.6.1.5.5.7.48.1.6'

function refuse(text: string, cause?: unknown): X509Error {
  return new X509Error('OCSP_INVALID', text, {}, cause)
}

function extensionsIn(node: DerNode | undefined): ReadonlyMap<string, Extension> {
  const found = node === undefined ? new Map<string, Extension>() : readExtensions(onlyChild(node))
  for (const [oid, { critical }] of found) {
    if (critical && oid !== NONCE && oid !== ARCHIVE_CUTOFF) throw refuse(`critical extension ${oid} is not supported`)
  }
  return found
}

/** RevokedInfo ::= SEQUENCE { revocationTime GeneralizedTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL } */
function readRevoked(node: DerNode): Pick<OcspStatus, 'revokedAt' | 'reason'> {
  const fields = fieldsOf(node, 0xa1)
  const revokedAt = readGeneralizedTime(fields.take()).date
  const wrapped = fields.optional(0xa0)
  fields.end()
  if (wrapped === undefined) return { revokedAt }
  const { content } = onlyChild(wrapped, TAG.enumerated)
  return { revokedAt, reason: content.length === 1 ? CRL_REASONS[content[0]] : undefined }
}

/** CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL } */
function readStatus(node: DerNode): Pick<OcspStatus, 'status' | 'revokedAt' | 'reason'> {
  if (node.tag === 0xa1) return { status: 'revoked', ...readRevoked(node) }
  if (node.tag === 0x80 && node.content.length === 0) return { status: 'good' }
  expectTag(node, 0x82)
  return { status: 'unknown' }
}

/**
 * SingleResponse ::= SEQUENCE { certID SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash OCTET STRING, serialNumber },
 *   certStatus, thisUpdate GeneralizedTime, nextUpdate [0] EXPLICIT OPTIONAL, singleExtensions [1] EXPLICIT OPTIONAL }
 */
function readSingle(node: DerNode): OcspStatus {
  const fields = fieldsOf(node)
  const id = fieldsOf(fields.take())
  const digest = readDigestOid(id.take())
  const issuerNameHash = readOctets(id.take())
  const issuerKeyHash = readOctets(id.take())
  const serial = id.take(TAG.integer).content
  id.end()
  const status = readStatus(fields.take())
  const thisUpdate = readGeneralizedTime(fields.take()).date
  const next = fields.optional(0xa0)
  const extensions = extensionsIn(fields.optional(0xa1))
  fields.end()
  const cutoff = extensions.get(ARCHIVE_CUTOFF)
  const invalidity = extensions.get(EXTENSION.invalidityDate)
  return {
    ...{ digest, issuerNameHash, issuerKeyHash, serial, ...status, thisUpdate },
    ...(next !== undefined && { nextUpdate: readGeneralizedTime(onlyChild(next)).date }),
    ...(cutoff !== undefined && { keptSince: readGeneralizedTime(readDer(cutoff.value)).date }),
    ...(invalidity !== undefined && { invalidityDate: readGeneralizedTime(readDer(invalidity.value)).date }),
  }
}

/** ResponderID ::= CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT OCTET STRING } */
function readResponder(node: DerNode): Pick<OcspResponse, 'responderName' | 'responderKeyHash'> {
  if (node.tag === 0xa1) {
    const responderName = onlyChild(node, TAG.sequence).der
    checkName(responderName)
    return { responderName }
  }
  return { responderKeyHash: readOctets(onlyChild(expectTag(node, 0xa2))) }
}

/** Nonce ::= OCTET STRING (SIZE (1..128)); some responders repeat what is none, which is then no repetition. */
function nonceIn(value: Uint8Array): Uint8Array | undefined {
  try {
    return readOctets(readDer(value))
  } catch (refusal) {
    if (refusal instanceof DerError) return undefined
    throw refusal
  }
}

/**
 * ResponseData ::= SEQUENCE { version [0] EXPLICIT DEFAULT v1, responderID, producedAt GeneralizedTime,
 *   responses SEQUENCE OF SingleResponse, responseExtensions [1] EXPLICIT OPTIONAL }
 */
function readTbs(tbs: DerNode) {
  const fields = fieldsOf(tbs)
  const version = fields.optional(0xa0)
  if (version !== undefined && readCount(onlyChild(version), 255) !== 0) throw refuse('not of version 1')
  const responder = readResponder(fields.take())
  const producedAt = readGeneralizedTime(fields.take()).date
  const singles = fields.take(TAG.sequence).children
  const nonce = extensionsIn(fields.optional(0xa1)).get(NONCE)
  fields.end()
  if (singles.length > MAX_STATUSES) throw refuse('too many statuses')
  return { ...responder, producedAt, nonce: nonce && nonceIn(nonce.value), statuses: singles.map(readSingle) }
}

/** BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING, certs [0] EXPLICIT OPTIONAL } */
function readBasic(der: Uint8Array, basic: Uint8Array): OcspResponse {
  const fields = fieldsOf(readDer(basic, { maxBytes: MAX_OCSP_BYTES }))
  const tbs = fields.take(TAG.sequence)
  const signatureAlgorithm = fields.take(TAG.sequence).der
  const signature = readBitStringBytes(fields.take())
  const wrapped = fields.optional(0xa0)
  fields.end()
  const certificates = wrapped === undefined ? [] : onlyChild(wrapped, TAG.sequence).children.map((one) => one.der)
  return { der, tbs: tbs.der, signatureAlgorithm, signature, ...readTbs(tbs), certificates }
}

/**
 * Reads an OCSP response of at most 128 KiB.
 * RFC 6960 4.2.1.  OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] EXPLICIT SEQUENCE {
 *   responseType OBJECT IDENTIFIER, response OCTET STRING } OPTIONAL }
 * @throws {@link X509Error} `OCSP_INVALID` when it is none, tells of an error instead of a status, or has an unknown
 * critical extension; `EXTENSION_DUPLICATE`.
 */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  try {
    const fields = fieldsOf(readDer(der, { maxBytes: MAX_OCSP_BYTES }))
    const { content } = fields.take(TAG.enumerated)
    if (content.length !== 1 || content[0] !== 0) throw refuse('the responder gave no answer')
    const bytes = fieldsOf(onlyChild(fields.take(0xa0)))
    fields.end()
    if (readOid(bytes.take()) !== BASIC) throw refuse('not of the basic type')
    const response = readOctets(bytes.take())
    bytes.end()
    return readBasic(der, response)
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw refuse(`not an OCSP response: ${cause.message}`, cause)
  }
}
