import { CodedError } from '@cinnabar/core'

/** Everything that the rules refuse, by name. A code never changes its meaning. */
export const RULE_CODES = [
  'FUNCTION_UNKNOWN',
  'ARGUMENT_INVALID',
  'CALLER_NOT_PERMITTED',
  /** Fabric's shell: the transaction's time is too far from the endorsing peer's clock. */
  'CLOCK_SKEW',
  'INSTITUTION_UNKNOWN',
  'ALREADY_REGISTERED',
  'REGISTER_FULL',
  'CERTIFICATE_INVALID',
  'CERTIFICATE_NOT_ISSUED',
  'CERTIFICATE_UNKNOWN',
  'CERTIFICATE_MISMATCH',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'ALREADY_REVOKED',
  'INVALIDITY_DATE_INVALID',
  'SEAL_UNKNOWN',
  'SEAL_STATUS_INVALID',
  'SEAL_VALIDITY_INVALID',
  'SEAL_EXPIRED',
  'SEAL_SUSPENDED',
  'SEAL_RETIRED',
  'SEAL_USE_MISMATCH',
  'TSA_NOT_REGISTERED',
  'TSA_OWN',
  'TSA_EXPIRED',
  'TSA_WITHDRAWN',
  'OPENING_MISMATCH',
  'SIGNED_ATTRIBUTES_INVALID',
  'SIGNATURE_NOT_CANONICAL',
  'SIGNATURE_INVALID',
  'TOKEN_INVALID',
  'TOKEN_IMPRINT_MISMATCH',
  'TOKEN_IN_FUTURE',
  'ALREADY_RECORDED',
  'ENTRY_MISMATCH',
  'LOG_SIZE_MISMATCH',
  'HEAD_UNKNOWN',
  'STATE_DAMAGED',
] as const
export type RuleCode = (typeof RULE_CODES)[number]

/** A refusal by the rules: nothing was written. */
export class RuleError extends CodedError<RuleCode> {}

/** The refusal as one line, as chaincode answers it: `CODE: text`, and the details as JSON behind a tab. */
export function ruleErrorText({ code, message, details }: RuleError): string {
  const line = `${code}: ${message.replace(/[\t\r\n]+/g, ' ')}`
  return Object.keys(details).length === 0 ? line : `${line}\t${JSON.stringify(details)}`
}

const LINE = new RegExp(`(?<![A-Z_])(${RULE_CODES.join('|')}): ([^\\t\\r\\n]*)(?:\\t(\\{[^\\r\\n]*\\}))?`)

/**
 * Reads {@link ruleErrorText}'s line, also from inside the text that a peer or client wrapped around it.
 * @returns undefined when no code of the rules stands there.
 */
export function parseRuleError(text: string): RuleError | undefined {
  const [, name, sentence, json] = LINE.exec(text) ?? []
  const code = RULE_CODES.find((known) => known === name)
  return code === undefined ? undefined : new RuleError(code, sentence, readDetails(json))
}

function readDetails(json: string | undefined): Readonly<Record<string, string | number>> {
  if (json === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // A wrapper cut the line short: the code still stands.
    return {}
  }
  const found = Object.entries(value as object).filter(([, one]) => typeof one === 'string' || typeof one === 'number')
  return Object.fromEntries(found)
}
