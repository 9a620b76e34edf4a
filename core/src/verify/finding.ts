import type { CheckName, Outcome, SubIndication } from '../model/report'

/** What one check found. Each check has one; the report's outcome is computed from them. */
export interface Finding {
  readonly outcome: Outcome
  readonly code: string
  readonly clause: string
  readonly detail: string
  /** The EN 319 102-1 word for it, where the standard has one. */
  readonly subIndication?: SubIndication
}

/** The findings of one signature, by check. */
export type Findings = Readonly<Record<CheckName, Finding>>

export function passed(clause: string, detail: string): Finding {
  return { outcome: 'passed', code: 'OK', clause, detail }
}

export function failed(code: string, clause: string, detail: string, subIndication?: SubIndication): Finding {
  return { outcome: 'failed', code, clause, detail, subIndication }
}

export function indeterminate(code: string, clause: string, detail: string, subIndication?: SubIndication): Finding {
  return { outcome: 'indeterminate', code, clause, detail, subIndication }
}

/** It holds, by an algorithm that others may have broken since: neither sound nor shown to be damaged (EN 319 102-1 5.2.8). */
export function tooWeak(clause: string, detail: string): Finding {
  return indeterminate('ALGORITHM_WEAK', clause, detail, 'CRYPTO_CONSTRAINTS_FAILURE')
}

const RANK: Readonly<Record<Outcome, number>> = { passed: 0, indeterminate: 1, failed: 2 }

/** The worst fact wins; nothing at all is `indeterminate`. */
export function worst<T extends { readonly outcome: Outcome }>(facts: readonly T[]): T | undefined {
  return facts.reduce<T | undefined>(
    (worse, fact) => (worse === undefined || RANK[fact.outcome] > RANK[worse.outcome] ? fact : worse),
    undefined,
  )
}
