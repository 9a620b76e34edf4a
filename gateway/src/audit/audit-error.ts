import { CodedError } from '@cinnabar/core'

/**
 * Why an audit cannot begin. `USAGE`: the arguments make no sense. `TRUST_UNREADABLE`: no trust file there.
 * `LEDGER_MISSING`: neither peers to read from nor an embedded ledger.
 */
export class AuditError extends CodedError<'USAGE' | 'TRUST_UNREADABLE' | 'LEDGER_MISSING'> {}
