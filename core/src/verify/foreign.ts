import type { AdesValidation } from '../model/report'
import { dateOf } from '../model/time'
import type { Certificate } from '../x509/certificate'
import type { AdesFile } from './ades'
import type { Verdict } from './ades-verdict'
import { type Finding, failed, indeterminate, passed } from './finding'
import { namedIn, standingOf } from './standing'
import type { Subject } from './subject'
import { provenTimeOf, type TimestampFacts } from './timestamp'

const PATH = 'EN 319 102-1 5.2.6'

/** What the facts say of a signature that is no seal, and what they are judged with once more. */
export interface Foreign {
  readonly certificate: Finding
  readonly timestamp: TimestampFacts
  /** Of signers: certificates that the verifier was given besides the trust file. */
  readonly anchors: readonly Certificate[]
  readonly ades: AdesValidation
}

/** The two facts by which a signature of others can be judged. */
export type ForeignFacts = Pick<Foreign, 'certificate' | 'timestamp'>

/** What says no more than that the trust file knows nobody here. */
const UNKNOWN: ReadonlySet<string> = new Set(['TRUST_MISSING', 'SIGNER_UNKNOWN', 'TIMESTAMP_UNTRUSTED'])

/**
 * Certificate and timestamp of a signature that names no seal, by the anchors that the verifier was given: path, validity and
 * revocation at the time by which the signature existed. It says that the certificate stood, and of whom only in the words of that anchor;
 * no seal is passed by it, since the facts of seal and anchor stay open.
 */
export async function byAnchors(subject: Subject, file: AdesFile, facts: Foreign): Promise<ForeignFacts> {
  const timestamp = timestampBy(subject, facts)
  if (facts.anchors.length === 0 || !UNKNOWN.has(facts.certificate.code)) return { ...facts, timestamp }
  return { certificate: await certificateBy(subject, file, facts), timestamp }
}

function timestampBy({ tokens }: Subject, { timestamp, ades }: Foreign): TimestampFacts {
  if (!UNKNOWN.has(timestamp.finding.code)) return timestamp
  const own = ades.timestamps.filter(({ kind }) => kind === 'signature')
  const good = tokens.filter((_, i) => own[i]?.indication === 'TOTAL-PASSED')
  const [earliest] = good.sort((a, b) => a.genTime.getTime() - b.genTime.getTime())
  if (earliest === undefined) return timestamp
  const provenTime = provenTimeOf(earliest)
  const detail = `the signature existed at ${provenTime.text}, by an authority under an anchor that was given`
  return { finding: passed('EN 319 102-1 5.4', detail), provenTime }
}

async function certificateBy(subject: Subject, file: AdesFile, { anchors, ades }: Foreign): Promise<Finding> {
  const { certificate: leaf } = subject
  const existed = ades.bestSignatureTime === null ? file.at : dateOf(ades.bestSignatureTime)
  const standing = {
    purpose: 'signature',
    anchors,
    existed,
    proofs: file.times.proofs,
    isNamed: namedIn(subject),
  } as const
  const verdict: Verdict | undefined =
    ades.indication === 'TOTAL-PASSED' ? ades : leaf && (await standingOf({ ...standing, leaf }, file))
  if (verdict?.indication === 'TOTAL-PASSED') {
    const when = existed.toISOString()
    return passed(
      PATH,
      `under an anchor that was given, valid and not revoked at ${when}; of no institution known here`,
    )
  }
  const { code = 'PATH_NOT_FOUND', detail = '', subIndication = null } = verdict ?? {}
  const judge = verdict?.indication === 'TOTAL-FAILED' ? failed : indeterminate
  return judge(code, PATH, detail, subIndication ?? undefined)
}
