import { CodedError } from '@cinnabar/core'
import { EXIT, type Exit } from './exit'

const EXITS = {
  URL_INVALID: EXIT.usage,
  TERMINAL_MISSING: EXIT.usage,
  TRUST_NEEDED: EXIT.usage,
  NOTHING_TO_AUDIT: EXIT.usage,
  AUDITOR_MISSING: EXIT.unavailable,
  NOTHING_TO_SEAL: EXIT.usage,
  NAMES_COLLIDE: EXIT.usage,
  NOTHING_TO_DEPOSIT: EXIT.usage,
  WATCH_ALONE: EXIT.usage,
  NOT_A_FOLDER: EXIT.input,
  WATCH_LIST_INVALID: EXIT.input,
  RENDER_FROM_UNKNOWN: EXIT.usage,
  BOOK_FORMAT_UNKNOWN: EXIT.usage,
  PASSWORD_EMPTY: EXIT.usage,
  INTERRUPTED: EXIT.interrupted,
  FILE_NOT_FOUND: EXIT.input,
  FILE_IS_FOLDER: EXIT.input,
  FILE_TOO_LARGE: EXIT.input,
  FILE_UNREADABLE: EXIT.input,
  TRUST_INVALID: EXIT.input,
  TRUST_LIST_REFUSED: EXIT.input,
  LIST_CHANGE_INVALID: EXIT.usage,
  LIST_VERSION_NOT_HIGHER: EXIT.usage,
  CONSORTIUM_UNKNOWN: EXIT.usage,
  LIST_KEY_INVALID: EXIT.input,
  LIST_KEY_NOT_ENCRYPTED: EXIT.input,
  PASSPHRASE_WRONG: EXIT.permission,
  PASSPHRASES_DIFFER: EXIT.usage,
  OUTPUT_EXISTS: EXIT.output,
  OUTPUT_NOT_WRITABLE: EXIT.output,
  NOT_LOGGED_IN: EXIT.permission,
  SESSION_EXPIRED: EXIT.permission,
  SESSION_INVALID: EXIT.permission,
  GATEWAY_UNREACHABLE: EXIT.unavailable,
  GATEWAY_ANSWER_INVALID: EXIT.protocol,
  SEALED_FILE_DIFFERS: EXIT.protocol,
  JOB_NOT_ENDED: EXIT.later,
  JOB_ENDED_BADLY: EXIT.failed,
  NO_SEAL: EXIT.failed,
  EVIDENCE_NOT_FOUND: EXIT.failed,
  EVIDENCE_TOO_LARGE: EXIT.failed,
  /** The gateway's refusal, RFC 9457; its own code is in `details.code`. */
  PROBLEM: EXIT.failed,
} as const satisfies Readonly<Record<string, Exit>>
export type CliErrorCode = keyof typeof EXITS

/** Why a command ended early. What is said about it is in `texts`, by its code. */
export class CliError extends CodedError<CliErrorCode> {
  /** @param details - what the sentence names; never a token or a password. */
  constructor(code: CliErrorCode, details: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(code, code, details, cause)
  }

  get exit(): Exit {
    if (this.code !== 'PROBLEM') return EXITS[this.code]
    const status = Number(this.details.status)
    if (status === 401) return EXIT.permission
    return status === 429 || status >= 500 ? EXIT.unavailable : EXIT.failed
  }
}
