import type { Place } from './batch'
import type { BadEnd } from './conclude'
import type { DepositPartRecord } from './deposit-records'
import type { PendingDeposit } from './deposit-steps'
import type { Identified } from './receive'

/** The steps, each durable before it returns; done before, a step gives what it gave then. */
export interface DepositSteps {
  /** One RFC 3161 token for each file: `deposit-steps.ts`. */
  timestamp(part: Identified<DepositPartRecord>): Promise<readonly PendingDeposit[]>
  /** Into the institution's log, with whatever else is on its way: `append.ts`. One outcome for each. */
  append(part: Identified<DepositPartRecord>, uses: readonly PendingDeposit[]): Promise<readonly (Place | BadEnd)[]>
  /** What is signed of the heads that they landed with; from now on there is evidence: `deposit-evidence.ts`. */
  anchor(part: Identified<DepositPartRecord>, ends: readonly (Place | BadEnd)[]): Promise<void>
}

/** received → timestamped → submitted → anchored. No seal: the files' digests are all that there is of them. */
export async function deposit(part: Identified<DepositPartRecord>, steps: DepositSteps): Promise<void> {
  const uses = await steps.timestamp(part)
  const ends = await steps.append(part, uses)
  await steps.anchor(part, ends)
}
