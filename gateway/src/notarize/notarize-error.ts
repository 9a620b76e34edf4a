import { CodedError } from '@cinnabar/core'

/** Why a document or a seal request is refused, or ended badly. */
export type NotarizeErrorCode =
  | 'DOCUMENT_UNKNOWN'
  /** Another seal is being set on this document. */
  | 'DOCUMENT_BUSY'
  | 'JOB_UNKNOWN'
  | 'DEPOSIT_UNKNOWN'
  | 'BULK_JOB_UNKNOWN'
  /** It is sealing, or over: it takes no further document. */
  | 'BULK_JOB_CLOSED'
  /** Not all of its documents are here. */
  | 'BULK_JOB_INCOMPLETE'
  /** All its documents together are larger than one may be. */
  | 'BULK_JOB_TOO_LARGE'
  /** It has no document of that number, or not yet. */
  | 'BULK_DOCUMENT_UNKNOWN'
  /** Another document has that number already. */
  | 'BULK_DOCUMENT_DIFFERS'
  | 'SEAL_UNKNOWN'
  | 'SEAL_NOT_YOURS'
  | 'SEAL_SUSPENDED'
  | 'SEAL_RETIRED'
  | 'SEAL_EXPIRED'
  | 'SEAL_NOT_YET_VALID'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_REVOKED'
  /** The seal would lie on an earlier one. */
  | 'SEAL_ON_SEAL'
  | 'SEAL_NO_ROOM'
  /** The key of the seal's certificate is not kept by this gateway. */
  | 'SEAL_KEY_MISSING'
  /** The picture that the register names is not in the file store, or is not of the registered size. */
  | 'SEAL_PICTURE_MISSING'
  /** No timestamp authority of another institution is configured. */
  | 'TIMESTAMP_AUTHORITY_MISSING'
  /** The server stopped before the request was acknowledged; nothing was sealed. */
  | 'REQUEST_INTERRUPTED'
  /** A fault of the server; the log has the cause. */
  | 'INTERNAL'
  | 'EVIDENCE_NOT_READY'
  | 'SEAL_SIGNATURE_UNKNOWN'
  /** The mirror of a log does not lead to the ledger's root. */
  | 'LOG_MIRROR_MISMATCH'
  /** The same Idempotency-Key came with another request. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** Somebody else keeps changing the record; nothing was written. */
  | 'RECORD_CONTENDED'

/** A refusal or failure of the notarizing flow. */
export class NotarizeError extends CodedError<NotarizeErrorCode> {}
