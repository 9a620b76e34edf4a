import { setTimeout as wait } from 'node:timers/promises'
import { RULE_CODES } from '@cinnabar/chaincode'
import { CodedError, LedgerError } from '@cinnabar/core'

/** Failures that pass by themselves: the same step may succeed a little later. */
const PASSING: ReadonlySet<string> = new Set([
  'STORE_UNAVAILABLE',
  'LEDGER_UNAVAILABLE',
  'LEDGER_UNKNOWN_OUTCOME',
  'LEDGER_NO_IDENTITY',
  'LEDGER_IDENTITY_REFUSED',
  'HEAD_UNKNOWN',
  'TSA_UNAVAILABLE',
  'RECORD_CONTENDED',
])

/** Of these, what nothing goes on without: however long they last, what was acknowledged waits for their end. */
const OUTAGES: ReadonlySet<string> = new Set([
  'STORE_UNAVAILABLE',
  'LEDGER_UNAVAILABLE',
  'LEDGER_IDENTITY_REFUSED',
  'HEAD_UNKNOWN',
])

function isOutage(error: unknown): boolean {
  return error instanceof CodedError && OUTAGES.has(error.code)
}

export function isPassing(error: unknown): boolean {
  return error instanceof CodedError && PASSING.has(error.code)
}

/** Codes of the rules that say nothing of what was to be recorded. */
const NO_REFUSALS: readonly string[] = ['HEAD_UNKNOWN', 'LOG_SIZE_MISMATCH', 'STATE_DAMAGED']
const REFUSALS: ReadonlySet<string> = new Set(RULE_CODES.filter((code) => !NO_REFUSALS.includes(code)))

/** Whether the rules refused what was to be recorded: it is in no log. Of a ledger's own fault nothing can be concluded. */
export function isRefusal(error: unknown): error is LedgerError {
  return error instanceof LedgerError && REFUSALS.has(error.code)
}

const FIRST_MS = 100
const LONGEST_MS = 5000

/** Waits before attempt `attempt` + 1, from 0.1 to 5 s. @returns false when `stop` came first. */
export async function pause(attempt: number, stop: AbortSignal): Promise<boolean> {
  const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt)
  try {
    await wait(ms, undefined, { signal: stop, ref: false })
    return true
  } catch {
    // The only rejection that a timer has is the abort.
    return false
  }
}

/** How long and what is told meanwhile. */
export interface Patience {
  readonly stop: AbortSignal
  /** Attempts in all, those aside that an outage of store or ledger spoilt; without end unless given. */
  readonly attempts?: number
  /** Whether other failures than passing ones are waited out, too. */
  readonly every?: boolean
  readonly onFailure: (error: unknown) => void
}

/** The work's outcome, tried again while it fails with what passes by itself. */
export async function patiently<T>(work: () => Promise<T>, { stop, attempts, every, onFailure }: Patience): Promise<T> {
  for (let attempt = 0, spent = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isOutage(error)) spent++
      if ((every !== true && !isPassing(error)) || spent === attempts || stop.aborted) throw error
      onFailure(error)
      if (!(await pause(attempt, stop))) throw error
    }
  }
}
