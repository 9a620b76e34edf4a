import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readBoolean, readCount, readOid } from '../encode/der-values'
import { boolean, integer, oid, sequence } from '../encode/der-write'
import { hasImprintLength, type Imprint, isSupportedImprint, readImprint, sha256Imprint } from './imprint'
import { TimestampError } from './timestamp-error'

/** RFC 3161 2.4.2, PKIFailureInfo: the bits an authority may set. */
export const FAILURE_BITS = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const

/** Why an authority refuses, in the words of PKIFailureInfo. */
export type FailureInfo = keyof typeof FAILURE_BITS

/** A well-formed request. */
export interface TimestampRequest {
  /** DER MessageImprint exactly as asked, which the token must repeat. */
  readonly imprintDer: Der
  readonly imprint: Imprint
  /** Object identifier of the policy asked for. */
  readonly policy?: string
  /** Content bytes of the nonce INTEGER. */
  readonly nonce?: Uint8Array
  /** Whether the authority's certificate is to come along. */
  readonly certReq: boolean
}

/** What to ask a timestamp for. */
export interface TimestampQuery {
  /** SHA-256 of what is stamped. */
  readonly imprint: Uint8Array
  /** 8 to 16 random bytes, never used before. */
  readonly nonce: Uint8Array
  /** Object identifier of a policy, when one is insisted on. */
  readonly policy?: string
}

const MAX_REQUEST_BYTES = 4096
const MAX_NONCE_BYTES = 33

function refuse(failInfo: FailureInfo, text: string, cause?: unknown): TimestampError {
  return new TimestampError('TIMESTAMP_REQUEST_INVALID', text, { failInfo }, cause)
}

/**
 * A request that also asks for the authority's certificate.
 * @throws {@link TimestampError} `TIMESTAMP_REQUEST_INVALID` unless the imprint has 32 bytes and the nonce 8 to 16.
 */
export function buildTimestampRequest(query: TimestampQuery): Der {
  const { imprint, nonce, policy } = query
  if (imprint.length !== 32) throw refuse('badDataFormat', 'the imprint is not a SHA-256')
  if (nonce.length < 8 || nonce.length > 16) throw refuse('badRequest', 'the nonce is not 8 to 16 bytes')
  const wanted = policy === undefined ? [] : [oid(policy)]
  return sequence(integer(1), sha256Imprint(imprint), ...wanted, integer(nonce), boolean(true))
}

function readRequest(node: DerNode): TimestampRequest {
  const fields = fieldsOf(node)
  if (readCount(fields.take(), 255) !== 1) throw refuse('badRequest', 'request is not of version 1')
  const imprintNode = fields.take()
  const policy = fields.optional(TAG.oid)
  const nonce = fields.optional(TAG.integer)
  const certReq = fields.optional(TAG.boolean)
  if (fields.optional(0xa0) !== undefined) throw refuse('unacceptedExtension', 'extensions are not accepted')
  fields.end()
  const imprint = readImprint(imprintNode)
  if (!isSupportedImprint(imprint)) throw refuse('badAlg', 'imprint is not a SHA-256, SHA-384 or SHA-512')
  if (!hasImprintLength(imprint)) throw refuse('badDataFormat', 'imprint is not as long as its algorithm makes it')
  if (nonce !== undefined && nonce.content.length > MAX_NONCE_BYTES) throw refuse('badRequest', 'nonce is too long')
  return {
    imprintDer: imprintNode.der,
    imprint,
    ...(policy === undefined ? {} : { policy: readOid(policy) }),
    ...(nonce === undefined ? {} : { nonce: nonce.content }),
    certReq: certReq !== undefined && readBoolean(certReq),
  }
}

/**
 * Reads a request of at most 4 KiB.
 * RFC 3161 2.4.1.  TimeStampReq ::= SEQUENCE { version INTEGER { v1(1) }, messageImprint MessageImprint,
 *   reqPolicy OBJECT IDENTIFIER OPTIONAL, nonce INTEGER OPTIONAL, certReq BOOLEAN DEFAULT FALSE,
 *   extensions [0] IMPLICIT Extensions OPTIONAL }
 * @throws {@link TimestampError} `TIMESTAMP_REQUEST_INVALID` with the {@link FailureInfo} to answer in
 * `details.failInfo`: `badAlg` for another digest than SHA-256, SHA-384 and SHA-512; `unacceptedExtension` for any
 * extension; `badRequest`; `badDataFormat`.
 */
export function parseTimestampRequest(der: Uint8Array): TimestampRequest {
  try {
    return readRequest(readDer(der, { maxBytes: MAX_REQUEST_BYTES }))
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw refuse('badDataFormat', 'not DER of a timestamp request', cause)
  }
}
