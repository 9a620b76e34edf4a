import { CodedError } from '../encode/coded-error'

/** Why a container was not read, or could not be written. */
export type EvidenceErrorCode =
  /** Larger than {@link MAX_EVIDENCE_BYTES}, or more members than {@link MAX_EVIDENCE_MEMBERS}: not read at all. */
  | 'EVIDENCE_TOO_LARGE'
  /** Not a ZIP as FORMAT.md section 9 has it: headers disagree, something is compressed, hidden, doubled or left over. */
  | 'EVIDENCE_DAMAGED'
  /** `evidence.json` or a receipt is not such a record, or names what it may not. */
  | 'EVIDENCE_INVALID'
  /** A member that `evidence.json` does not list. */
  | 'EVIDENCE_NOT_LISTED'
  /** `evidence.json` lists a member that is not there. */
  | 'EVIDENCE_MEMBER_MISSING'
  /** A member's bytes are not those that `evidence.json` lists. */
  | 'EVIDENCE_DIGEST_MISMATCH'

/** A container that is not evidence: nothing in it may be relied on. */
export class EvidenceError extends CodedError<EvidenceErrorCode> {}

/** An `EVIDENCE_DAMAGED`: `what` was found at byte `at` of the container. */
export function damagedAt(what: string, at: number): EvidenceError {
  return new EvidenceError('EVIDENCE_DAMAGED', `${what} (at byte ${at})`, { at })
}

/** An `EVIDENCE_INVALID` about the member `path`. */
export function invalidMember(path: string, what: string, cause?: unknown): EvidenceError {
  return new EvidenceError('EVIDENCE_INVALID', `${path}: ${what}`, { path }, cause)
}
