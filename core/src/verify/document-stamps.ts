import { derOfBer } from '../encode/ber'
import { DerError } from '../encode/der'
import type { AdesTimestamp } from '../model/report'
import { timeOf } from '../model/time'
import type { SignedRange } from '../pdf/signed-range'
import { TimestampError } from '../timestamp/timestamp-error'
import { MAX_TOKEN_BYTES, parseToken, type TimestampToken } from '../timestamp/token'
import { tokenFormFault } from '../timestamp/token-form'
import { digestsIn } from '../x509/algorithm'
import { commonName } from '../x509/name'
import type { Verdict } from './ades-verdict'
import { type AdesContext, placeOf, type TimeProof } from './existence'
import type { FileDigests } from './file-digests'
import { type Finding, failed, indeterminate, worst } from './finding'
import { isDocumentTimestamp, type Subject } from './subject'
import { judgeStamp, type StampJudged } from './time-proofs'

/** A document timestamp of the file (ISO 32000-2 12.8.5), read. */
export interface DocumentStamp {
  readonly field: string
  readonly range: SignedRange
  readonly token: TimestampToken
}

function tokenIn({ contents }: SignedRange): TimestampToken | undefined {
  try {
    // As with signatures, BER around what is signed is no fault (RFC 5652 2).
    const { der, length } = derOfBer(contents, MAX_TOKEN_BYTES)
    return contents.subarray(length).every((byte) => byte === 0) ? parseToken(der, 'foreign') : undefined
  } catch (refusal) {
    if (refusal instanceof TimestampError || refusal instanceof DerError) return undefined
    throw refusal
  }
}

/** Years of renewals; each may cost a hash over the whole file. */
const MAX_STAMPS = 32

/** The document timestamps that can be read, the one that covers most first; what cannot be read proves nothing. */
export function documentStamps(subjects: readonly Subject[]): readonly DocumentStamp[] {
  const found = subjects.filter(isDocumentTimestamp).flatMap(({ field, range }) => {
    const token = range.ok ? tokenIn(range) : undefined
    return range.ok && token !== undefined ? [{ field: field.name, range, token }] : []
  })
  return found.sort((a, b) => b.range.revisionEnd - a.range.revisionEnd).slice(0, MAX_STAMPS)
}

/** The file's document timestamps judged, and what those that hold prove. */
export interface ProvenTimes {
  readonly proofs: readonly TimeProof[]
  /** With what they cover, and the token itself. */
  readonly timestamps: readonly (AdesTimestamp & Pick<DocumentStamp, 'range' | 'token'>)[]
  /** Those that are not as an authority issues them, or that nobody here can judge. */
  readonly unsure: readonly { readonly field: string; readonly range: SignedRange; readonly detail: string }[]
}

/** In the file's order, since one hash then goes on from the other. */
async function imprintsOf(
  stamps: readonly DocumentStamp[],
  digests: FileDigests,
): Promise<ReadonlyMap<DocumentStamp, Uint8Array>> {
  const found = new Map<DocumentStamp, Uint8Array>()
  for (const stamp of [...stamps].reverse()) {
    const algorithm = digestsIn('past').get(stamp.token.imprint.oid)
    if (algorithm !== undefined) found.set(stamp, await digests.covered(stamp.range, algorithm))
  }
  return found
}

/**
 * EN 319 102-1 5.6.2.4: from the newest to the oldest, each judged by when it existed at the latest, which the ones after it
 * prove. Only one that holds proves anything.
 * @param stamps - {@link documentStamps}.
 */
export async function proveTimes(
  stamps: readonly DocumentStamp[],
  context: AdesContext,
  digests: FileDigests,
): Promise<ProvenTimes> {
  const imprints = await imprintsOf(stamps, digests)
  const proofs: TimeProof[] = []
  const timestamps: ProvenTimes['timestamps'][number][] = []
  const unsure: ProvenTimes['unsure'][number][] = []
  for (const stamp of stamps) {
    const { range, token, field } = stamp
    const judged = await judgeStamp({ token, imprint: imprints.get(stamp), place: placeOf(range) }, proofs, context)
    const { verdict, latest } = judged
    timestamps.push({ ...described('document', token, judged), field, range, token })
    if (verdict.indication === 'TOTAL-PASSED') proofs.push({ latest, range })
    const detail = (await tokenFormFault(token)) ?? notJudged(verdict)
    if (detail !== undefined) unsure.push({ field, range, detail })
  }
  return { proofs, timestamps, unsure }
}

/** Its imprint or its signature is by an algorithm that is not known here: changed or not, nobody can tell. */
function notJudged({ subIndication, detail }: Verdict): string | undefined {
  return subIndication === 'CRYPTO_CONSTRAINTS_FAILURE' ? detail : undefined
}

/** A timestamp for the report. */
export function described(
  kind: AdesTimestamp['kind'],
  token: TimestampToken,
  { verdict, tsa }: StampJudged,
): AdesTimestamp {
  const { indication, subIndication, detail } = verdict
  const { policy, ordering, accuracyMs = null } = token
  const authority = (tsa && commonName(tsa.subject)) ?? null
  const said = { kind, field: null, time: timeOf(token.genTime), policy, accuracyMs, ordering, authority }
  return { ...said, indication, subIndication, detail }
}

/** A document timestamp that is no validation data: it does not hold, whoever made it, or nobody can tell. */
export interface BrokenStamp {
  /** A seal whose revision ends before it was made before it. */
  readonly at: number
  readonly finding: Finding
}

const CLAUSE = 'EN 319 102-1 5.4'

/** The document timestamps that are broken, or cannot be read or judged; that one is not trusted is no fault of it. */
export function brokenStamps(
  subjects: readonly Subject[],
  { timestamps, unsure }: ProvenTimes,
): readonly BrokenStamp[] {
  const broken = timestamps.filter(({ indication }) => indication === 'TOTAL-FAILED')
  const unreadable = subjects.filter((one) => isDocumentTimestamp(one) && !(one.range.ok && tokenIn(one.range)))
  return [
    ...broken.map(({ field, range, detail, subIndication }) => ({
      at: range.revisionEnd,
      finding: failed('DOCUMENT_TIMESTAMP_BROKEN', CLAUSE, `${field}: ${detail}`, subIndication ?? 'HASH_FAILURE'),
    })),
    ...unsure.map(({ field, range, detail }) => ({ at: range.revisionEnd, finding: unsureOf(`${field}: ${detail}`) })),
    ...unreadable.map(({ field, range }) => ({
      at: range.ok ? range.revisionEnd : (field.signature?.contents?.start ?? Number.POSITIVE_INFINITY),
      finding: unsureOf(`${field.name} cannot be read`),
    })),
  ]
}

function unsureOf(detail: string): Finding {
  return indeterminate('DOCUMENT_TIMESTAMP_UNREADABLE', CLAUSE, detail, 'FORMAT_FAILURE')
}

/** Integrity, unless a document timestamp added after the seal's revision is broken: then something else was changed since. */
export function withStamps(integrity: Finding, { range }: Subject, broken: readonly BrokenStamp[]): Finding {
  if (integrity.outcome !== 'passed' || !range.ok) return integrity
  const later = broken.filter(({ at }) => at > range.revisionEnd).map(({ finding }) => finding)
  return worst([integrity, ...later]) ?? integrity
}
