import type { Check, CheckName, DepositReport, Outcome, Report, SignatureReport } from '@cinnabar/core'
import type { Texts } from '../texts/en'
import type { TrustFound } from '../trust'
import { describeTime } from './when'

/** What a report is shown with. */
export interface ReportView {
  readonly texts: Texts
  /** The file, as the user named it. */
  readonly path: string
  readonly trust: TrustFound | undefined
  readonly timeZone?: string
}

const MARKS: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', indeterminate: '?' }

/** A report for people: the verdict and what to do, then each seal with its six facts, then what it was judged by. */
export function reportLines(report: Report, view: ReportView): readonly string[] {
  const seals = report.signatures.flatMap((signature, i) => ['', ...sealLines(signature, i + 1, { report, view })])
  const deposits = (report.deposits ?? []).flatMap((one, i) => ['', ...depositLines(one, i + 1, { report, view })])
  return [...verdictLines(report, view), ...seals, ...deposits, '', ...closingLines(report, view)]
}

function verdictLines(report: Report, { texts, path, trust }: ReportView): readonly string[] {
  const { verdict } = texts
  const { title, means, whatToDo } = wordsFor(report, texts)
  const operator = trust?.trust.singleOperator
  return [
    `${MARKS[report.outcome]} ${path}${texts.colon}${title}`,
    `  ${means}`,
    ...reasons(report, texts).map((reason) => `  - ${reason}`),
    ...(operator ? [`  ! ${verdict.singleOperator(operator.name[texts.language])}`] : []),
    ...(report.trust.demonstration ? [`  ! ${verdict.demonstration}`] : []),
    `${verdict.whatToDo}${texts.colon}${[whatToDo, ...advice(report, texts)].join(texts.space)}`,
  ]
}

/** Whether it is no seal, and whose certificate the user's own anchors vouch for. */
function isForeign({ institution, id, checks }: SignatureReport): boolean {
  return (
    id === null && institution === null && checks.some(({ check, code }) => check === 'seal' && code === 'SEAL_UNNAMED')
  )
}

function holdsByAnchors(signature: SignatureReport): boolean {
  return isForeign(signature) && signature.ades.indication === 'TOTAL-PASSED' && signature.outcome !== 'failed'
}

function wordsFor({ outcome, code, signatures, deposits }: Report, { verdict }: Texts) {
  if (code === 'NO_SEAL') return verdict.noSeal
  if (code === 'SEAL_PICTURE_UNSIGNED') return verdict.pictureOnly
  if (code === 'DEPOSITED') return verdict.deposited
  if (signatures.length === 0 && deposits !== undefined && outcome !== 'passed') return verdict[outcome]
  if (code === 'DEPOSIT_EVIDENCE_MISSING') return verdict.indeterminate
  if (signatures.length === 0) return verdict.unreadable
  if (signatures.every(holdsByAnchors)) return verdict.foreign
  return outcome === 'passed' ? verdict.passed(signatures.length) : verdict[outcome]
}

/** The facts that make the verdict what it is. */
function decisive({ outcome, signatures, deposits = [] }: Report): readonly Check[] {
  const judged: readonly Pick<SignatureReport, 'checks'>[] = signatures.length > 0 ? signatures : deposits
  return outcome === 'passed' ? [] : judged.flatMap(({ checks }) => checks.filter((one) => one.outcome === outcome))
}

/** One cause often leaves several facts open: it is told once. */
function reasons(report: Report, texts: Texts): readonly string[] {
  if (report.code === 'NO_SEAL' || report.code === 'SEAL_PICTURE_UNSIGNED') return []
  const facts = decisive(report)
  const open: readonly Pick<Check, 'code' | 'detail'>[] =
    facts.length > 0 || report.outcome === 'passed' ? facts : [report]
  return [...new Map(open.map((one) => [one.code, `${texts.reason(one)} [${one.code}]`])).values()]
}

function advice(report: Report, { advice: known }: Texts): readonly string[] {
  const facts = decisive(report)
  const codes = (facts.length > 0 ? facts : [report]).map(({ code }) => code)
  return [...new Set(codes.flatMap((code) => (Object.hasOwn(known, code) ? known[code] : [])))]
}

interface Whole {
  readonly report: Report
  readonly view: ReportView
}

function sealLines(signature: SignatureReport, number: number, { report, view }: Whole): readonly string[] {
  const { texts } = view
  const heading = texts.seal.heading(number, report.signatures.length)
  const facts = [
    [texts.seal.institution, institutionOf(signature, texts)],
    [texts.seal.name, sealOf(signature, texts)],
    [texts.seal.provenTime, timeOf(signature, view)],
    ...recordedFacts(signature, view),
    ...recognisedFact(signature, texts),
    [texts.seal.field, texts.seal.where(signature, report.file.revisions)],
    [texts.seal.standard, texts.seal.judged(signature.ades)],
    ...tokenFacts(signature, view),
  ]
  return [
    `${MARKS[signature.outcome]} ${heading}${texts.colon}${texts.outcome[signature.outcome]}`,
    ...facts.map(([name, value]) => `    ${name}${texts.colon}${value}`),
    ...signature.checks.map((check) => checkLine(check, texts, isForeign(signature) ? texts.seal.foreign : {})),
  ]
}

/** Where several trust files or lists judged: the one by which it passed. */
function recognisedFact({ recognisedBy }: SignatureReport, texts: Texts): readonly string[][] {
  if (!recognisedBy) return []
  return [[texts.seal.recognised, texts.seal.recognisedBy(recognisedBy)]]
}

/** Until its certificate passes, who sealed is a claim. */
function institutionOf(
  { checks, institution, institutionNames, institutionKind, signer }: SignatureReport,
  texts: Texts,
) {
  const isProven = checks.some(({ check, outcome }) => check === 'certificate' && outcome === 'passed')
  const name = institutionNames?.[texts.language] ?? institution
  if (isProven && name === null && signer !== null) return texts.seal.signedBy(signer)
  if (!isProven || name === null) return texts.seal.claimed(institution ?? signer ?? texts.seal.nobody)
  return institutionKind === null ? name : `${name} (${institution}, ${texts.seal.institutions[institutionKind]})`
}

function sealOf({ sealName, sealKind, sealId }: SignatureReport, texts: Texts): string {
  if (sealName === null || sealKind === null) return texts.seal.claimed(sealId ?? texts.seal.nobody)
  return `${sealName} (${texts.seal.kinds[sealKind]}, ${sealId})`
}

function timeOf({ provenTime }: SignatureReport, { texts, timeZone }: ReportView): string {
  return provenTime === null ? texts.seal.notProven : describeTime(provenTime, { local: texts.seal.local, timeZone })
}

function recordedFacts({ recorded }: SignatureReport, { texts, timeZone }: ReportView): readonly string[][] {
  if (recorded === null) return []
  const at = recorded.recordedAt && describeTime(recorded.recordedAt, { local: texts.seal.local, timeZone })
  return [
    [texts.seal.use, texts.seal.useNumber(recorded.useNumber, recorded.index)],
    [texts.seal.recorded, texts.seal.recordedBy(at, recorded.delaySeconds, recorded.attestedBy)],
    ...(recorded.block ? [[texts.seal.block, texts.seal.inBlock(recorded.block)]] : []),
    [texts.seal.register, texts.seal.asOf(recorded.sealStatus, recorded.asOfSize)],
  ]
}

function depositLines(deposit: DepositReport, number: number, { report, view }: Whole): readonly string[] {
  const { texts, timeZone } = view
  const { institution, institutionNames, provenTime, recorded, checks, outcome } = deposit
  const isProven = checks.some(({ check, outcome: one }) => check === 'anchor' && one === 'passed')
  const name = institutionNames?.[texts.language] ?? institution
  const local = { local: texts.seal.local, timeZone }
  const facts: (readonly [string, string])[] = [
    [texts.seal.institution, isProven ? `${name} (${institution})` : texts.seal.claimed(institution)],
    [texts.seal.provenTime, provenTime === null ? texts.seal.notProven : describeTime(provenTime, local)],
  ]
  if (recorded !== null) {
    const at = recorded.recordedAt && describeTime(recorded.recordedAt, local)
    const by = texts.seal.recordedBy(at, recorded.delaySeconds, recorded.attestedBy)
    facts.push([texts.seal.recorded, `${texts.deposit.recorded(recorded.index)}${texts.colon}${by}`])
  }
  const heading = texts.deposit.heading(number, report.deposits?.length ?? number)
  return [
    `${MARKS[outcome]} ${heading}${texts.colon}${texts.outcome[outcome]}`,
    ...facts.map(([fact, value]) => `    ${fact}${texts.colon}${value}`),
    ...checks.map((check) => checkLine(check, texts)),
  ]
}

function tokenFacts({ ades }: SignatureReport, { texts, timeZone }: ReportView): readonly string[][] {
  const local = { local: texts.seal.local, timeZone }
  return ades.timestamps.map((one) => [texts.seal.token, texts.seal.tokenSaid(one, describeTime(one.time, local))])
}

/** @param passed - in other words than those of a seal. */
function checkLine(check: Check, texts: Texts, passed: Partial<Record<CheckName, string>> = {}): string {
  const words = texts.check[check.check]
  const name = words.name.padEnd(texts.nameWidth, texts.pad)
  const why = check.outcome === 'passed' ? '' : `${texts.colon}${texts.reason(check)} [${check.code}]`
  const said = (check.outcome === 'passed' && passed[check.check]) || words[check.outcome]
  return `  ${MARKS[check.outcome]} ${name} ${said}${why}`
}

function closingLines({ file, trust, evidence = [] }: Report, { texts, trust: found }: ReportView): readonly string[] {
  return [
    texts.closing.file(file.sha256, file.bytes, file.revisions),
    found === undefined || trust.fingerprint === null
      ? texts.closing.noTrust
      : texts.closing.trust(found.trust.name[texts.language], trust.fingerprint, trust.ledger),
    ...evidence.map(texts.closing.evidence),
  ]
}
