import { CodedError } from '../encode/coded-error'

/** Why a request, a reply or a token was refused. */
export type TimestampErrorCode =
  | 'TIMESTAMP_REQUEST_INVALID'
  | 'TIMESTAMP_REFUSED'
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_NONCE_MISMATCH'
  | 'TIMESTAMP_IMPRINT_MISMATCH'
  | 'TIMESTAMP_POLICY_MISMATCH'

/** A timestamp request, reply or token that is malformed, refused or another's. */
export class TimestampError extends CodedError<TimestampErrorCode> {}
