import { equal } from '../encode/bytes'
import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readCount, readNamedBits } from '../encode/der-values'
import { FAILURE_BITS, parseTimestampRequest, type TimestampRequest } from './request'
import { TimestampError } from './timestamp-error'
import { isOver, parseToken } from './token'

const MAX_RESPONSE_BYTES = 262144 + 4096

/** RFC 3161 2.4.2.  PKIStatusInfo ::= SEQUENCE { status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL, failInfo BIT STRING OPTIONAL } */
function refuseUnlessGranted(node: DerNode): void {
  const fields = fieldsOf(node)
  const status = readCount(fields.take(), 255)
  fields.optional(TAG.sequence)
  const failInfo = fields.optional(TAG.bitString)
  fields.end()
  if (status === 0 || status === 1) return
  const bits = failInfo === undefined ? [] : readNamedBits(failInfo)
  const words = Object.entries(FAILURE_BITS).filter(([, bit]) => bits.includes(bit))
  const failure = words.map(([word]) => word).join(' ')
  throw new TimestampError('TIMESTAMP_REFUSED', `the authority refused: ${failure}`, { status, failure })
}

function compare(tokenDer: Der, request: TimestampRequest): void {
  const token = parseToken(tokenDer)
  // A reply to another request may be perfectly well signed.
  if (!isOver(token, request.imprint)) {
    throw new TimestampError('TIMESTAMP_IMPRINT_MISMATCH', 'the token is over another imprint')
  }
  const { nonce } = request
  if (nonce !== undefined && (token.nonce === undefined || !equal(token.nonce, nonce))) {
    throw new TimestampError('TIMESTAMP_NONCE_MISMATCH', 'the token answers another request')
  }
  if (request.policy !== undefined && token.policy !== request.policy) {
    throw new TimestampError('TIMESTAMP_POLICY_MISMATCH', `the token is under policy ${token.policy}`)
  }
}

/**
 * The token of an authority's reply to our request. Its signature is not verified here: see {@link verifyToken}.
 * RFC 3161 2.4.2.  TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken TimeStampToken OPTIONAL }
 * @throws {@link TimestampError} `TIMESTAMP_REFUSED` with the authority's words in `details.failure`;
 * `TIMESTAMP_IMPRINT_MISMATCH`; `TIMESTAMP_NONCE_MISMATCH`; `TIMESTAMP_POLICY_MISMATCH`; `TIMESTAMP_INVALID` when the
 * reply or its token is malformed; `TIMESTAMP_REQUEST_INVALID` when the request is.
 */
export function readTimestampResponse(responseDer: Uint8Array, requestDer: Uint8Array): Der {
  const request = parseTimestampRequest(requestDer)
  try {
    const fields = fieldsOf(readDer(responseDer, { maxBytes: MAX_RESPONSE_BYTES }))
    refuseUnlessGranted(fields.take())
    const token = fields.take(TAG.sequence).der
    fields.end()
    compare(token, request)
    return token
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new TimestampError('TIMESTAMP_INVALID', `not a timestamp reply: ${cause.message}`, {}, cause)
  }
}
