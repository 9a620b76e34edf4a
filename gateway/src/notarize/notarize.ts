import type { Receipt } from '@cinnabar/core'
import type { Place } from './batch'
import type { Identified } from './receive'
import type { JobRecord, SealSignatureRecord } from './records'

/** The steps, each durable before it returns; done before, a step gives what it gave then. */
export interface Steps {
  /** The PAdES update with its picture, signature and RFC 3161 token: `seal.ts`, `timestamp.ts`. */
  seal(job: Identified<JobRecord>): Promise<SealSignatureRecord>
  /** Into the institution's log on the ledger, with whatever else is on its way: `append.ts`. */
  append(job: Identified<JobRecord>, sealed: SealSignatureRecord): Promise<Place>
  /** The receipt: inclusion path and signed statements of the head: `anchor.ts`. */
  anchor(sealed: SealSignatureRecord, place: Place): Promise<Receipt>
  /** The document takes the sealed revision; from now on there is evidence: `conclude.ts`, `evidence.ts`. */
  conclude(job: Identified<JobRecord>, receipt: Receipt): Promise<void>
}

/** received → sealed → submitted → anchored. Each step adds proof and never changes bytes already signed. */
export async function notarize(job: Identified<JobRecord>, steps: Steps): Promise<void> {
  const sealed = await steps.seal(job)
  const place = await steps.append(job, sealed)
  const receipt = await steps.anchor(sealed, place)
  await steps.conclude(job, receipt)
}
