import type { SealSignatureId, Time } from '@cinnabar/core'
import type { Store } from '../store/store'
import { stateOf } from './deposit-evidence'
import {
  DEPOSIT_ENDED,
  type DepositJobRecord,
  type DepositPartRecord,
  type DepositRecord,
  type DepositState,
} from './deposit-records'
import { NotarizeError } from './notarize-error'

/** How far a request to deposit has come. */
export interface DepositSummary {
  /** The least advanced of its deposits; at the end, the worst. */
  readonly state: DepositState
  /** How many of its deposits are in each state. */
  readonly counts: Readonly<Partial<Record<DepositState, number>>>
  /** Why the first that was not recorded was not. */
  readonly code?: string
  readonly detail?: string
}

/** As a job goes through them, then the bad ends. */
const ORDER: readonly DepositState[] = ['received', 'timestamped', 'submitted', 'failed', 'refused', 'anchored']

/** @throws {@link NotarizeError} `INTERNAL` when the store has lost a part. */
export async function summaryOf(store: Store, { parts }: DepositJobRecord): Promise<DepositSummary> {
  const counts: Partial<Record<DepositState, number>> = {}
  let reason: Pick<DepositSummary, 'code' | 'detail'> = {}
  for (const id of parts) {
    const part = await partOf(store, id)
    for (const [position] of part.deposits.entries()) {
      const outcome = part.outcomes?.[position]
      const state = stateOf(part, outcome)
      counts[state] = (counts[state] ?? 0) + 1
      if (reason.code === undefined && outcome !== undefined && 'code' in outcome) {
        reason = { code: outcome.code, detail: outcome.detail }
      }
    }
  }
  return { state: ORDER.find((state) => counts[state] !== undefined) ?? 'received', counts, ...reason }
}

/** Whether nothing more becomes of the job. */
export function hasEnded({ state }: Pick<DepositSummary, 'state'>): boolean {
  return DEPOSIT_ENDED.includes(state)
}

/** One deposit in a job's list. */
export interface DepositLine {
  readonly id: SealSignatureId
  readonly digest: string
  readonly name?: string
  readonly state: DepositState
  /** When its part came into that state. */
  readonly since?: Time
}

/** Deposits `from` (inclusive) to `to` (exclusive) of a job, in the order of the request. */
export async function linesOf(
  store: Store,
  { parts }: DepositJobRecord,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly DepositLine[]> {
  const lines: DepositLine[] = []
  let at = 0
  for (const id of parts) {
    const part = await partOf(store, id)
    for (const [position, { id: deposit, digest }] of part.deposits.entries()) {
      const index = at + position
      if (index < from || index >= to) continue
      const name = (await store.get<DepositRecord>('deposits', deposit))?.value.name
      const state = stateOf(part, part.outcomes?.[position])
      const since = part.times[part.state]
      lines.push({ id: deposit, digest, ...(name && { name }), state, ...(since && { since }) })
    }
    at += part.deposits.length
  }
  return lines
}

async function partOf(store: Store, id: string): Promise<DepositPartRecord> {
  const found = await store.get<DepositPartRecord>('depositParts', id)
  if (found === undefined) throw new NotarizeError('INTERNAL', 'a part of a deposit job is missing', { part: id })
  return found.value
}
