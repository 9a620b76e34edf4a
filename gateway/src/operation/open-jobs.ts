import type { DepositPartRecord } from '../notarize/deposit-records'
import type { JobRecord } from '../notarize/records'
import { findInStates } from '../notarize/records'
import type { Store } from '../store/store'

/** A job to seal, or a part of a deposit, that has not ended. */
export interface OpenJob {
  readonly collection: keyof typeof OPEN_STATES
  readonly id: string
  readonly state: string
  /** When it was received. */
  readonly since: Date
}

/** States that are not the end, of both. */
export const OPEN_STATES = {
  jobs: ['received', 'sealed', 'submitted'],
  depositParts: ['received', 'timestamped', 'submitted'],
} as const

/** Everything that has not ended, whoever carries it or nobody. */
export async function openJobs(store: Store): Promise<readonly OpenJob[]> {
  const found = await Promise.all([openIn<JobRecord>(store, 'jobs'), openIn<DepositPartRecord>(store, 'depositParts')])
  return found.flat()
}

/** Those of them that were received before that moment. */
export async function stuckJobs(store: Store, before: number): Promise<readonly OpenJob[]> {
  return (await openJobs(store)).filter(({ since }) => since.getTime() < before)
}

async function openIn<T extends JobRecord | DepositPartRecord>(
  store: Store,
  collection: OpenJob['collection'],
): Promise<readonly OpenJob[]> {
  const found = await findInStates<T>(store, collection, OPEN_STATES[collection])
  return found.map(({ id, value: { state, times } }) => ({
    collection,
    id,
    state,
    since: new Date(times.received ?? 0),
  }))
}
