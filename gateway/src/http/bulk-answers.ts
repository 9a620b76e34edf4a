import { BULK_AT_WORK, type BulkJobRecord } from '../notarize/bulk-records'
import { type BulkLine, bulkCounts } from '../notarize/bulk-summary'
import type { Identified } from '../notarize/receive'
import type { AppDeps } from './deps'
import { reason } from './reason'

/** A bulk job as its institution's users see it. */
export async function shownBulk(
  { env, notarizer }: Pick<AppDeps, 'env' | 'notarizer'>,
  job: Identified<BulkJobRecord>,
) {
  const { events: _, untold: __, ...value } = job.value
  const trouble = BULK_AT_WORK.includes(value.state) ? notarizer.troubleOf(value.institution) : undefined
  const counts = await bulkCounts(env, job)
  return { id: job.id, ...value, counts, ...(trouble !== undefined && { waitingFor: trouble }) }
}

/** One of its documents. */
export function shownLine({ number, state, record, sealSignature }: BulkLine) {
  if (record === undefined) return { number, state }
  const { name, sha256, bytes, document, job, end } = record
  const isAnchored = state === 'anchored' && sealSignature !== undefined
  return {
    number,
    state,
    name,
    sha256,
    bytes,
    document,
    ...(sealSignature !== undefined && { job, sealSignature }),
    ...(end !== undefined && reason(end)),
    ...(isAnchored && { file: `/v1/documents/${document}/file`, evidence: `/v1/evidence/${sealSignature}` }),
  }
}
