import type { JobRecord, JobState } from '../notarize/records'
import { findAll } from '../notarize/records'
import type { Store } from '../store/store'

/** A job that has not ended. */
export interface OpenJob {
  readonly id: string
  readonly state: JobState
  /** When it was received. */
  readonly since: Date
}

const OPEN = ['received', 'sealed', 'submitted'] as const

/** Every job that has not ended, whoever carries it or nobody. */
export async function openJobs(store: Store): Promise<readonly OpenJob[]> {
  const found = await Promise.all(OPEN.map((state) => findAll<JobRecord>(store, 'jobs', 'state', state)))
  return found.flat().map(({ id, value: { state, times } }) => ({ id, state, since: new Date(times.received ?? 0) }))
}
