import { equal } from '../encode/bytes'
import { documentIn } from '../evidence/document-in'
import { mergeEvidence } from '../evidence/evidence'
import type { DepositReport, Report } from '../model/report'
import { withContainers } from './container'
import { isOfFile, judgeDeposit } from './deposit'
import { type EvidenceGiven, evidenceGiven } from './evidence-given'
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
 * verdict. An evidence container that holds its document is judged as that document with itself as evidence. A file of which
 * no deposit in the evidence is `failed`: either the file or the evidence is not the right one. What is no PDF can hold no
 * seal: without evidence of a deposit it is `indeterminate`, `DEPOSIT_EVIDENCE_MISSING`.
 * @throws as {@link verify} does.
 */
export async function verifyFile(asked: FileRequest): Promise<Report> {
  const request = unpacked(asked)
  const judging = { trust: request.trust && viewOf(request.trust), at: request.at }
  const given = evidenceGiven(request.evidence ?? [], judging)
  return withContainers(judgeFile(request, given), given)
}

/** The file that is judged: the document of a container that holds one. */
export function judgedFile({ file }: Pick<FileRequest, 'file'>): Uint8Array {
  return unpacked({ file, at: new Date(0) }).file
}

/** A container that holds its document is evidence of that document. */
function unpacked(request: FileRequest): FileRequest {
  const { file, evidence = [] } = request
  if (!equal(file.subarray(0, 4), ZIP)) return request
  const document = documentIn(file)
  return document === undefined ? request : { ...request, file: document, evidence: [file, ...evidence] }
}

/** APPNOTE 4.3.7: how a ZIP begins. */
const ZIP = Uint8Array.of(0x50, 0x4b, 0x03, 0x04)

async function judgeFile(request: FileRequest, given: () => EvidenceGiven): Promise<Report> {
  const { file: pdf, ...rest } = request
  const report = await verifyWith({ ...rest, pdf }, given)
  const { evidence, unreadable } = given()
  if (evidence.every((one) => one.deposits.length === 0)) {
    return report.code === 'PDF_NOT_PDF' ? withoutDeposit(report, unreadable) : report
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
  return { ...report, ...depositVerdict(reports), deposits: reports }
}

type Verdict = Pick<Report, 'outcome' | 'code' | 'detail'>

/** What can be said of a file that is no PDF, hence holds no seal, when no deposit is in the evidence. */
function withoutDeposit(report: Report, unreadable: string | undefined): Report {
  const outcome = 'indeterminate'
  if (unreadable !== undefined) {
    return { ...report, outcome, code: 'EVIDENCE_INVALID', detail: `evidence not read: ${unreadable}` }
  }
  const detail = 'the file is no PDF, so it holds no seal, and there is no evidence that it was deposited'
  return { ...report, outcome, code: 'DEPOSIT_EVIDENCE_MISSING', detail }
}

/** The file's verdict by its deposits. */
export function depositVerdict(deposits: readonly DepositReport[]): Partial<Verdict> {
  const gravest = worst(deposits)
  if (gravest === undefined) return {}
  const { outcome, institution } = gravest
  if (outcome === 'passed')
    return { outcome, code: 'DEPOSITED', detail: `deposited by ${institution}; it holds no seal` }
  const check = worst(gravest.checks)
  return { outcome, code: check?.code ?? 'NO_SEAL', detail: `deposit ${gravest.id}: ${check?.detail ?? ''}` }
}
