import {
  compareTimes,
  digestOf,
  FormatError,
  parseToken,
  type Time,
  TimestampError,
  type TimestampToken,
  type TokenCheck,
  time,
  verifyToken,
} from '@cinnabar/core'
import { RuleError } from './errors'
import type { UseRegister } from './use-register'

/**
 * The time that a token proves for `imprint` (SHA-256), when a registered authority of another institution issued it.
 * @throws {@link RuleError} `TOKEN_INVALID`, `TOKEN_IMPRINT_MISMATCH`, `TSA_NOT_REGISTERED`, `TSA_OWN`, `TSA_EXPIRED`,
 * `TSA_WITHDRAWN`.
 */
export async function tokenTime(register: UseRegister, der: Uint8Array, imprint: Uint8Array): Promise<Time> {
  const token = readToken(der)
  const genTime = readTime(token)
  const tsas = await register.tsas()
  const certificates = Array.from(tsas.values(), ({ certificate }) => certificate)
  const check = await verifyToken(token, { imprint, certificates })
  if (!check.ok) throw refusalOf(check)
  const records = tsas.get(digestOf(check.tsa.der))?.records ?? []
  // What an institution's own authority says of the time proves nothing against that institution.
  if (records.some(({ institution }) => institution === register.institution)) {
    throw new RuleError('TSA_OWN', "the token is from the institution's own authority", {
      tsa: digestOf(check.tsa.der),
    })
  }
  if (!records.some(({ withdrawnAt }) => withdrawnAt === undefined || compareTimes(genTime, withdrawnAt) < 0)) {
    throw new RuleError('TSA_WITHDRAWN', 'the authority was withdrawn', { tsa: digestOf(check.tsa.der) })
  }
  return genTime
}

function refusalOf(check: Extract<TokenCheck, { ok: false }>): RuleError {
  const { code, detail, reason } = check
  if (code === 'TIMESTAMP_IMPRINT_MISMATCH') return new RuleError('TOKEN_IMPRINT_MISMATCH', detail)
  const unknown = code === 'TIMESTAMP_CERTIFICATE_MISSING' || reason === 'PATH_NOT_FOUND'
  if (unknown) return new RuleError('TSA_NOT_REGISTERED', 'no registered authority issued the token')
  const expired = reason === 'CERTIFICATE_EXPIRED' || reason === 'CERTIFICATE_NOT_YET_VALID'
  return new RuleError(expired ? 'TSA_EXPIRED' : 'TOKEN_INVALID', detail, reason === undefined ? {} : { reason })
}

function readToken(der: Uint8Array): TimestampToken {
  try {
    return parseToken(der)
  } catch (cause) {
    if (!(cause instanceof TimestampError)) throw cause
    throw new RuleError('TOKEN_INVALID', cause.message, {}, cause)
  }
}

/** Tokens may have more digits than the ledger's times. */
function readTime(token: TimestampToken): Time {
  try {
    return time(token.genTimeText, 'genTime')
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    throw new RuleError('TOKEN_INVALID', cause.message, {}, cause)
  }
}
