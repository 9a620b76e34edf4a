import type { SubIndication } from '../model/report'
import type { Finding } from './finding'

/** EN 319 102-1 5.1.3: one of its three indications, with the standard's reason where it is not passed. */
export interface Verdict {
  readonly indication: 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'
  readonly subIndication: SubIndication | null
  readonly detail: string
  /** Ours for what the certificate fails by, finer than the standard's word. */
  readonly code?: string
}

export function totalPassed(detail: string): Verdict {
  return { indication: 'TOTAL-PASSED', subIndication: null, detail }
}

export function totalFailed(subIndication: SubIndication, detail: string, code?: string): Verdict {
  return { indication: 'TOTAL-FAILED', subIndication, detail, code }
}

export function undecided(subIndication: SubIndication, detail: string, code?: string): Verdict {
  return { indication: 'INDETERMINATE', subIndication, detail, code }
}

/** Table 5: what alone makes a signature TOTAL-FAILED; every other reason leaves it open. */
const FATAL: ReadonlySet<SubIndication> = new Set<SubIndication>([
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'REVOKED',
  'EXPIRED',
  'NOT_YET_VALID',
])

/** What stands in the way, said in the standard's words; nothing of a check that passed. */
export function verdictOf({ outcome, detail, subIndication }: Finding): Verdict | undefined {
  if (outcome === 'passed') return undefined
  const word = subIndication ?? (outcome === 'failed' ? 'FORMAT_FAILURE' : 'SIGNED_DATA_NOT_FOUND')
  return outcome === 'failed' && FATAL.has(word) ? totalFailed(word, detail) : undecided(word, detail)
}
