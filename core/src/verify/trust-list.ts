import { fromBase64 } from '../encode/bytes'
import { FormatError } from '../encode/canonical'
import { CodedError } from '../encode/coded-error'
import { type Digest, digestOf } from '../model/digest'
import { compareTimes, timeOf } from '../model/time'
import { parseTrustList, type SignedTrustList, type TrustList, TrustListFormat } from '../model/trust-list'
import { X509Error } from '../x509/x509-error'
import { operatorOf, viewOf } from './trust-view'

/** Why a published list is not taken. */
export type TrustListErrorCode =
  /** Not such a record, not in its canonical bytes, or with a certificate that cannot be read. */
  | 'TRUST_LIST_INVALID'
  /** Its operator's key is none of those that the caller pinned. */
  | 'TRUST_LIST_SIGNER_UNKNOWN'
  | 'TRUST_LIST_SIGNATURE_INVALID'
  /** Issued after the time of verification. */
  | 'TRUST_LIST_IN_FUTURE'
  | 'TRUST_LIST_EXPIRED'
  /** Older than one that the caller has seen of the same operator. */
  | 'TRUST_LIST_ROLLED_BACK'
  /** Another list than the one seen, with the same number: one operator says two things. */
  | 'TRUST_LIST_FORKED'

/** A list that is not to be judged by. */
export class TrustListError extends CodedError<TrustListErrorCode> {}

/** What a list is held against; none of it comes from the list. */
export interface ListExpectation {
  /** Digests of the operators' keys (DER SubjectPublicKeyInfo) that the caller got in another way. */
  readonly keys: readonly Digest[]
  /** The newest list of this operator that the caller has seen. */
  readonly seen?: TrustList
  readonly at: Date
}

/**
 * A published trust list, once it is known to be its operator's, in force and not older than what was seen before.
 * FORMAT.md section 13.
 * @param file - the signed list's canonical bytes, with one LF or without; hostile.
 * @throws {@link TrustListError} with its codes.
 */
export async function acceptTrustList(file: Uint8Array, { keys, seen, at }: ListExpectation): Promise<TrustList> {
  const { list, signature } = parseSigned(file)
  const key = listKeyOf(list)
  if (!keys.includes(key)) {
    throw new TrustListError('TRUST_LIST_SIGNER_UNKNOWN', `nobody pinned the key of ${list.operator.name.en}`, { key })
  }
  if (!(await isSigned(list, signature))) {
    throw new TrustListError('TRUST_LIST_SIGNATURE_INVALID', `${list.name.en} is not as its operator signed it`)
  }
  requireReadable(list)
  requireInForce(list, at)
  if (seen !== undefined) requireSuccessor(list, seen)
  return list
}

/** A list as it stands in its file, whoever signed it. @throws {@link TrustListError} `TRUST_LIST_INVALID`. */
export function claimedList(file: Uint8Array): TrustList {
  return parseSigned(file).list
}

/** The digest of the key that a list says is its operator's: under which it is kept; whose it is, is judged by whoever takes the list. */
export function listKeyOf({ operator }: TrustList): Digest {
  return digestOf(fromBase64(operator.key))
}

/** Whether the file claims to be a signed list rather than a trust file; nothing else is looked at. */
export function isTrustList(file: Uint8Array): boolean {
  try {
    parseSigned(file)
    return true
  } catch (refusal) {
    if (refusal instanceof TrustListError) return false
    throw refusal
  }
}

function parseSigned(file: Uint8Array): SignedTrustList {
  try {
    return parseTrustList(file)
  } catch (cause) {
    if (cause instanceof FormatError) throw new TrustListError('TRUST_LIST_INVALID', cause.message, {}, cause)
    throw cause
  }
}

/** What its operator signed may be unusable even so. */
function requireReadable({ consortia }: TrustList): void {
  for (const { trust } of consortia) {
    try {
      viewOf(trust)
    } catch (cause) {
      if (!(cause instanceof CodedError)) throw cause
      throw new TrustListError('TRUST_LIST_INVALID', `${trust.name.en}: ${cause.message}`, {}, cause)
    }
  }
}

async function isSigned(list: TrustList, signature: string): Promise<boolean> {
  const { name, key } = list.operator
  try {
    return await operatorOf(name.en, fromBase64(key)).verifies(TrustListFormat.encode(list), fromBase64(signature))
  } catch (refusal) {
    if (refusal instanceof X509Error) return false
    throw refusal
  }
}

/** Why a list does not count at this time; undefined: it is in force. */
export function outOfForce({ issued, expires }: TrustList, at: Date): OutOfForce | undefined {
  const now = timeOf(at)
  if (compareTimes(now, issued) < 0) return 'TRUST_LIST_IN_FUTURE'
  return compareTimes(now, expires) >= 0 ? 'TRUST_LIST_EXPIRED' : undefined
}

type OutOfForce = Extract<TrustListErrorCode, 'TRUST_LIST_IN_FUTURE' | 'TRUST_LIST_EXPIRED'>

function requireInForce(list: TrustList, at: Date): void {
  const { name, issued, expires } = list
  const code = outOfForce(list, at)
  if (code !== undefined)
    throw new TrustListError(code, `${name.en} counts from ${issued} until ${expires}`, { issued, expires })
}

function requireSuccessor(list: TrustList, seen: TrustList): void {
  if (list.operator.key !== seen.operator.key) return
  const details = { sequence: list.sequence, seen: seen.sequence }
  if (list.sequence < seen.sequence) {
    throw new TrustListError(
      'TRUST_LIST_ROLLED_BACK',
      `number ${list.sequence}, but ${seen.sequence} was seen`,
      details,
    )
  }
  if (list.sequence === seen.sequence && TrustListFormat.digest(list) !== TrustListFormat.digest(seen)) {
    throw new TrustListError('TRUST_LIST_FORKED', `two lists are called number ${list.sequence}`, details)
  }
}
