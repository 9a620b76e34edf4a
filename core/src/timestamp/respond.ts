import { CMS_OID } from '../cms/cms-oids'
import { encodeSignedData, signAttributes } from '../cms/sign'
import { type Der, TAG } from '../encode/der'
import {
  contextPrimitive,
  generalizedTime,
  integer,
  namedBits,
  oid,
  sequence,
  tlv,
  utf8String,
} from '../encode/der-write'
import { sha256 } from '../encode/sha256'
import type { Signer } from '../x509/signer'
import { FAILURE_BITS, type FailureInfo, parseTimestampRequest, type TimestampRequest } from './request'
import { TimestampError } from './timestamp-error'

/** An authority at one moment. */
export interface Authority {
  readonly signer: Signer
  /** DER of the authority's certificate: timeStamping as its sole, critical extended key usage. */
  readonly certificate: Der
  /** DER of the CA certificates above it, sent along when asked. */
  readonly chain: readonly Der[]
  /** Object identifier of the one policy that tokens are issued under. */
  readonly policy: string
  /** The token's time, to the millisecond. */
  readonly at: Date
  /** Unsigned; different for every token of this authority (RFC 3161 2.4.2). */
  readonly serial: Uint8Array
  /** How far `at` may be off, in whole milliseconds; said nothing of unless given. */
  readonly accuracyMs?: number
}

/** Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] INTEGER (1..999) OPTIONAL, … } */
function accuracy(ms: number): Der {
  const seconds = Math.floor(ms / 1000)
  const millis = ms % 1000
  return sequence(
    ...(seconds === 0 ? [] : [integer(seconds)]),
    ...(millis === 0 ? [] : [contextPrimitive(0, integer(millis).subarray(2))]),
  )
}

function tokenInfo(request: TimestampRequest, authority: Authority): Der {
  return sequence(
    integer(1),
    oid(authority.policy),
    request.imprintDer,
    integer(authority.serial),
    generalizedTime(authority.at),
    ...(authority.accuracyMs === undefined ? [] : [accuracy(authority.accuracyMs)]),
    ...(request.nonce === undefined ? [] : [tlv(TAG.integer, request.nonce)]),
  )
}

async function issue(request: TimestampRequest, authority: Authority): Promise<Der> {
  const info = tokenInfo(request, authority)
  const { certificate, chain } = authority
  const contentType = CMS_OID.timestampInfo
  const draft = await signAttributes({ certificate, contentType, messageDigest: sha256(info) }, authority.signer)
  return encodeSignedData(draft, { certificates: request.certReq ? [certificate, ...chain] : [], content: info })
}

/** A reply with status rejection (2) and its reason (RFC 3161 2.4.2), for when no token can be issued. */
export function rejectTimestamp(failInfo: FailureInfo, text: string): Der {
  return sequence(sequence(integer(2), sequence(utf8String(text)), namedBits([FAILURE_BITS[failInfo]])))
}

/**
 * The authority's reply to a request (RFC 3161 2.4.2): granted with a token, or a rejection for a request that is
 * malformed, asks for another policy, or has a digest or extension that is not accepted. Ordering is never claimed.
 * @returns DER TimeStampResp.
 * @throws {@link X509Error} when the authority's own certificate cannot be read.
 */
export async function respondTo(requestDer: Uint8Array, authority: Authority): Promise<Der> {
  let request: TimestampRequest
  try {
    request = parseTimestampRequest(requestDer)
  } catch (refusal) {
    if (!(refusal instanceof TimestampError)) throw refusal
    return rejectTimestamp(failInfoOf(refusal), refusal.message)
  }
  if (request.policy !== undefined && request.policy !== authority.policy) {
    return rejectTimestamp('unacceptedPolicy', `the policy is ${authority.policy}`)
  }
  return sequence(sequence(integer(0)), await issue(request, authority))
}

function failInfoOf(refusal: TimestampError): FailureInfo {
  const word = String(refusal.details.failInfo)
  return word in FAILURE_BITS ? (word as FailureInfo) : 'badRequest'
}
