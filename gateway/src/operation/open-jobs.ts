import type { DepositPartRecord } from '../notarize/deposit-records'
import type { JobRecord } from '../notarize/records'
import { findAll } from '../notarize/records'
import type { Store } from '../store/store'

/** A job to seal, or a part of a deposit, that has not ended. */
export interface OpenJob {
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
  const found = await Promise.all([
    ...OPEN_STATES.jobs.map((state) => findAll<JobRecord>(store, 'jobs', 'state', state)),
    ...OPEN_STATES.depositParts.map((state) => findAll<DepositPartRecord>(store, 'depositParts', 'state', state)),
  ])
  return found.flat().map(({ id, value: { state, times } }) => ({ id, state, since: new Date(times.received ?? 0) }))
}
