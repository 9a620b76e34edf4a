import { parseRuleError, type RuleError } from '@cinnabar/chaincode'
import { LedgerError } from '@cinnabar/core'
import type { GatewayError } from '@hyperledger/fabric-gateway'
import { asLedgerError } from './reads'

/** What of an error of Fabric's client is looked at: data, never its text, but for the rules' own line in it. */
type Reported = Pick<GatewayError, 'code' | 'message' | 'details'>

/** Whether it came from the network or a peer, and not from a fault of this program. */
export function isFabricError(error: unknown): error is Error & Reported {
  return error instanceof Error && typeof (error as Partial<Reported>).code === 'number'
}

/** What one organisation's peer answered. */
export interface PeerAnswer {
  readonly organisation: string
  readonly refusal: RuleError | undefined
  /** Its MSP does not accept the caller's certificate. */
  readonly isDenied: boolean
}

/** What each organisation's peer answered, of those that an error names. */
export function answersOf(error: Reported): readonly PeerAnswer[] {
  return detailsOf(error).map(({ mspId: organisation, message }) => {
    const refusal = parseRuleError(message)
    return { organisation, refusal, isDenied: refusal === undefined && DENIED.test(message) }
  })
}

/** Fabric's peers have no code for this; `core/endorser` of 2.x says it in these words, before any chaincode is asked. */
const DENIED = /access denied: channel \[/

/** Whether every peer that an error tells of denied the caller. */
export function isDenied(error: unknown): boolean {
  if (!isFabricError(error)) return false
  const answers = answersOf(error)
  return answers.length === 0 ? DENIED.test(error.message) : answers.every((one) => one.isDenied)
}

/** The caller's certificate is not accepted; nothing was sent that could take effect. */
export function identityRefused(cause: unknown): LedgerError {
  return new LedgerError('LEDGER_IDENTITY_REFUSED', "the peers do not accept the caller's certificate", {}, cause)
}

/** The rules' refusal in an answer to a query, if that is what it is. */
export function refusalOf(error: Reported): RuleError | undefined {
  for (const { message } of detailsOf(error)) {
    const refusal = parseRuleError(message)
    if (refusal !== undefined) return refusal
  }
  return parseRuleError(error.message)
}

/** The port's error for a refusal that stands. */
export function refused(refusal: RuleError): unknown {
  if (refusal.code !== 'CLOCK_SKEW') return asLedgerError(refusal)
  // Not the caller's doing, and it passes: a document must not be refused for a clock that is being set.
  const details = { ...refusal.details, reason: refusal.code }
  return new LedgerError('LEDGER_UNAVAILABLE', refusal.message, details, refusal)
}

/** Nothing was sent that could take effect. */
export function unavailable(what: string, cause?: unknown): LedgerError {
  const details: Record<string, number> = isFabricError(cause) ? { grpcCode: cause.code } : {}
  return new LedgerError('LEDGER_UNAVAILABLE', what, details, cause)
}

function detailsOf({ details }: Reported): Reported['details'] {
  return Array.isArray(details) ? details : []
}
