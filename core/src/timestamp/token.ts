import { CmsError } from '../cms/cms-error'
import { CMS_OID } from '../cms/cms-oids'
import { type CmsForm, parseSignedData, type SignerInfo } from '../cms/signed-data'
import { equal } from '../encode/bytes'
import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf } from '../encode/der-fields'
import { readGeneralizedTime } from '../encode/der-time'
import { integerValue, readBoolean, readCount, readOid } from '../encode/der-values'
import { type Imprint, readImprint } from './imprint'
import { TimestampError } from './timestamp-error'

/** An RFC 3161 token as it stands. Parsing checks form only: see {@link verifyToken}. */
export interface TimestampToken {
  /** The whole token: a CMS SignedData. */
  readonly der: Der
  /** DER TSTInfo: the content that the authority signed. */
  readonly info: Uint8Array
  /** Object identifier of the policy the token was issued under. */
  readonly policy: string
  readonly imprint: Imprint
  /** Content bytes of the token's serial number INTEGER. */
  readonly serial: Uint8Array
  /** To the millisecond; finer digits are cut off. */
  readonly genTime: Date
  /** `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, with exactly the token's digits. */
  readonly genTimeText: string
  /** How far genTime may be off either way, in milliseconds, rounded up; absent when the token does not say. */
  readonly accuracyMs?: number
  /** The authority says that its tokens' order is that of their times, however accurate these are. */
  readonly ordering: boolean
  /** Content bytes of the nonce INTEGER. */
  readonly nonce?: Uint8Array
  readonly signer: SignerInfo
  /** DER of the certificates that came along; unverified. */
  readonly certificates: readonly Der[]
  /** DER of the CRLs that came along; unverified. */
  readonly crls: readonly Der[]
}

/** A token with a chain takes 2 to 6 KB; some carry CRLs. */
export const MAX_TOKEN_BYTES = 262144

/** Above this a token does not say when. */
export const MAX_ACCURACY_MS = 60_000

/** When at the latest a token was made: its time and accuracy, rounded up to the millisecond. */
export function latestOf({ genTime, genTimeText, accuracyMs = 0 }: TimestampToken): Date {
  const finer = /\.\d{4,}Z$/.test(genTimeText) ? 1 : 0
  return new Date(genTime.getTime() + accuracyMs + finer)
}
const MAX_SERIAL_BYTES = 32

type TokenInfo = Omit<TimestampToken, 'der' | 'info' | 'signer' | 'certificates' | 'crls'>

/** Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] INTEGER (1..999) OPTIONAL, micros [1] (1..999) OPTIONAL } */
function readAccuracyMs(node: DerNode): number {
  const fields = fieldsOf(node)
  const seconds = fields.optional(TAG.integer)
  const millis = fields.optional(0x80)
  const micros = fields.optional(0x81)
  fields.end()
  const part = (found: DerNode | undefined) => {
    const value = found === undefined ? 0n : found.content.length > 2 ? -1n : integerValue(found.content)
    if (value < 0n || value > 999n) throw new DerError('DER_INVALID', 'accuracy is out of range')
    return Number(value)
  }
  return (seconds === undefined ? 0 : readCount(seconds, 1e9)) * 1000 + part(millis) + (part(micros) > 0 ? 1 : 0)
}

/**
 * RFC 3161 2.4.2.  TSTInfo ::= SEQUENCE { version INTEGER { v1(1) }, policy OBJECT IDENTIFIER, messageImprint,
 *   serialNumber INTEGER, genTime GeneralizedTime, accuracy Accuracy OPTIONAL, ordering BOOLEAN DEFAULT FALSE,
 *   nonce INTEGER OPTIONAL, tsa [0] GeneralName OPTIONAL, extensions [1] IMPLICIT Extensions OPTIONAL }
 */
function readInfo(node: DerNode): TokenInfo {
  const fields = fieldsOf(node)
  if (readCount(fields.take(), 255) !== 1) throw new DerError('DER_INVALID', 'TSTInfo is not of version 1')
  const policy = readOid(fields.take())
  const imprint = readImprint(fields.take())
  const serial = expectTag(fields.take(), TAG.integer).content
  const time = readGeneralizedTime(fields.take())
  const accuracy = fields.optional(TAG.sequence)
  const ordering = fields.optional(TAG.boolean)
  const nonce = fields.optional(TAG.integer)
  fields.optional(0xa0)
  const extensions = fields.optional(0xa1)
  fields.end()
  if (serial.length > MAX_SERIAL_BYTES) throw new DerError('DER_INVALID', 'serial number is too long')
  refuseCritical(extensions)
  return {
    policy,
    imprint,
    serial,
    genTime: time.date,
    genTimeText: time.text,
    ordering: ordering !== undefined && readBoolean(ordering),
    ...(accuracy === undefined ? {} : { accuracyMs: readAccuracyMs(accuracy) }),
    ...(nonce === undefined ? {} : { nonce: nonce.content }),
  }
}

/** None is known, so a critical one must not be passed over. */
function refuseCritical(extensions: DerNode | undefined): void {
  for (const extension of extensions?.children ?? []) {
    const fields = fieldsOf(extension)
    const oid = readOid(fields.take())
    const critical = fields.optional(TAG.boolean)
    if (critical !== undefined && readBoolean(critical)) {
      throw new TimestampError('TIMESTAMP_INVALID', `critical extension ${oid} is not supported`, { oid })
    }
  }
}

/**
 * Reads a token of at most 256 KiB: a SignedData over a TSTInfo with exactly one signature (RFC 3161 2.4.2).
 * @param form - `strict` unless given; `foreign` for tokens that others put beside their own signatures.
 * @throws {@link TimestampError} `TIMESTAMP_INVALID` when it is none, or has an unknown critical extension.
 */
export function parseToken(der: Uint8Array, form: CmsForm = 'strict'): TimestampToken {
  try {
    if (der.length > MAX_TOKEN_BYTES) throw new DerError('DER_TOO_LARGE', 'token is too large', { got: der.length })
    const { contentType, content, signers, certificates, crls } = parseSignedData(der, form)
    if (contentType !== CMS_OID.timestampInfo || content === undefined || signers.length !== 1) {
      throw new TimestampError('TIMESTAMP_INVALID', 'not a TSTInfo with one signature', { signers: signers.length })
    }
    return { der, info: content, ...readInfo(readDer(content)), signer: signers[0], certificates, crls }
  } catch (cause) {
    if (!(cause instanceof DerError) && !(cause instanceof CmsError)) throw cause
    throw new TimestampError('TIMESTAMP_INVALID', `not a timestamp token: ${cause.message}`, {}, cause)
  }
}

/** Whether a token is over this digest by this algorithm. */
export function isOver(token: Pick<TimestampToken, 'imprint'>, imprint: Imprint): boolean {
  return token.imprint.oid === imprint.oid && equal(token.imprint.digest, imprint.digest)
}
