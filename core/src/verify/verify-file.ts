import { mergeEvidence } from '../evidence/evidence'
import type { DepositReport, Report } from '../model/report'
import { isOfFile, judgeDeposit } from './deposit'
import { evidenceGiven } from './evidence-given'
import { worst } from './finding'
import { viewOf } from './trust-view'
import { type VerifyRequest, verifyWith } from './verify'

/** Any file to verify, and with what. */
export interface FileRequest extends Omit<VerifyRequest, 'pdf'> {
  /** The file, whole; hostile. */
  readonly file: Uint8Array
}

/** Deposits that are judged of one file; more were made to keep a verifier busy. */
const MAX_JUDGED = 64

/**
 * Verifies any file: a PDF by its seals, as {@link verify}, and what has no seal by the deposits in the evidence, which
 * prove that the file existed, recorded by whom and when, and nothing of what it says. Where there are seals they make the
 * verdict. A file of which no deposit in the evidence is `failed`: either the file or the evidence is not the right one.
 * @throws as {@link verify} does.
 */
export async function verifyFile(request: FileRequest): Promise<Report> {
  const { file: pdf, ...rest } = request
  const given = evidenceGiven(request.evidence ?? [])
  const report = await verifyWith({ ...rest, pdf }, given)
  const { evidence, unreadable } = given()
  if (evidence.every((one) => one.deposits.length === 0)) {
    return report.code === 'PDF_NOT_PDF' && unreadable !== undefined ? notJudged(report, unreadable) : report
  }
  const { deposits, others: members } = mergeEvidence(evidence)
  const { at, minHead } = request
  const trust = request.trust && viewOf(request.trust)
  const digest = report.file.sha256
  const own = deposits.filter((one) => isOfFile(one, digest))
  const chosen = (own.length > 0 ? own : deposits).slice(0, MAX_JUDGED)
  const context = { digest, members, trust, at, ...(minHead !== undefined && { minHead }) }
  const judged = await Promise.all(chosen.map((one) => judgeDeposit(one, context)))
  const reports = judged.filter((one) => one !== undefined)
  // Of a sealed file that was deposited, too, others' deposits are no concern.
  if (report.signatures.length > 0 || report.code === 'SIGNATURE_HIDDEN') {
    return own.length > 0 ? { ...report, deposits: reports } : report
  }
  return { ...report, ...verdictOf(reports), deposits: reports }
}

type Verdict = Pick<Report, 'outcome' | 'code' | 'detail'>

/** What unreadable evidence leaves of a verdict that rests on it. */
function notJudged(report: Report, unreadable: string): Report {
  const detail = `evidence not read: ${unreadable}`
  return { ...report, outcome: 'indeterminate', code: 'EVIDENCE_INVALID', detail }
}

function verdictOf(deposits: readonly DepositReport[]): Partial<Verdict> {
  const gravest = worst(deposits)
  if (gravest === undefined) return {}
  const { outcome, institution } = gravest
  if (outcome === 'passed')
    return { outcome, code: 'DEPOSITED', detail: `deposited by ${institution}; it holds no seal` }
  const check = worst(gravest.checks)
  return { outcome, code: check?.code ?? 'NO_SEAL', detail: `deposit ${gravest.id}: ${check?.detail ?? ''}` }
}
