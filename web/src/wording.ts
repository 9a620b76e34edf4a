import {
  type Check,
  type DepositReport,
  type Family,
  familyOf,
  type Outcome,
  type Report,
  type SignatureReport,
} from '@cinnabar/core'
import type { Texts } from './texts'

/** What a fact's outcome says to people, and why. */
export function sentenceOf(check: Check, texts: Texts): string {
  const words = texts.checks[check.check]
  if (check.outcome === 'passed') return words.passed
  const family = familyOf(check.code)
  return family === undefined ? words[check.outcome] : `${words[check.outcome]} ${texts.why[family]}`
}

/** What a fact of a deposit says to people, and why; there are three. */
export function depositSentenceOf(check: Check, texts: Texts): string {
  const words = depositFactOf(check, texts)
  const family = check.outcome === 'passed' ? undefined : familyOf(check.code)
  return family === undefined ? words[check.outcome] : `${words[check.outcome]} ${texts.why[family]}`
}

/** The words for a fact of a deposit. */
export function depositFactOf({ check }: Pick<Check, 'check'>, { deposit, checks }: Texts) {
  return check === 'integrity' || check === 'timestamp' || check === 'anchor' ? deposit[check] : checks[check]
}

/** The verdict in words. */
export interface Verdict {
  readonly outcome: Outcome
  readonly title: string
  readonly means: string
  /** Each fact that is not proven, once. */
  readonly reasons: readonly string[]
  readonly whatToDo: readonly string[]
}

/** Whether the file holds no signature at all; a picture that looks like a seal is none. */
export function isUnsealed({ code }: Pick<Report, 'code'>): boolean {
  return code === 'NO_SEAL' || code === 'SEAL_PICTURE_UNSIGNED'
}

/** The report's verdict in words. */
export function verdictOf(report: Report, texts: Texts): Verdict {
  const { verdict } = texts
  const { outcome, signatures, deposits = [] } = report
  if (isUnsealed(report)) {
    const title = report.code === 'NO_SEAL' ? verdict.noSealTitle : verdict.pictureOnlyTitle
    const words = { title, means: verdict.noSealMeans, whatToDo: [verdict.noSealDo] }
    return { outcome, reasons: [], ...words }
  }
  if (signatures.length === 0 && deposits.length > 0) return depositVerdict(report, deposits, texts)
  if (report.code === 'DEPOSIT_EVIDENCE_MISSING') {
    const words = { title: verdict.noEvidenceTitle, means: verdict.noEvidenceMeans, whatToDo: [verdict.noEvidenceDo] }
    return { outcome, reasons: [], ...words }
  }
  if (signatures.length === 0) {
    const family = familyOf(report.code)
    const reasons = family === undefined ? [] : [texts.why[family]]
    return {
      outcome,
      title: verdict.unreadableTitle,
      means: verdict.unreadableMeans,
      reasons,
      whatToDo: [verdict.unreadableDo],
    }
  }
  const words = wordsFor(outcome, signatures.length, texts)
  const open = openFacts(outcome, signatures)
  const reasons = reasonsFor(open, { of: signatures.length, short: texts.seal.short, texts })
  return { outcome, title: words.title, means: words.means, reasons, whatToDo: whatToDo(words.whatToDo, open, texts) }
}

/** Of a file that holds no seal, by its deposits. */
function depositVerdict(report: Report, deposits: readonly DepositReport[], texts: Texts): Verdict {
  const { verdict, deposit } = texts
  const { outcome } = report
  const words = wordsFor(outcome, deposits.length, texts)
  const passed = {
    title: verdict.depositedTitle,
    means: verdict.depositedMeans(deposits.length),
    whatToDo: verdict.depositedDo,
  }
  const said = outcome === 'passed' ? passed : words
  const title = outcome === 'failed' && report.code === 'DEPOSIT_MISMATCH' ? verdict.notDepositTitle : said.title
  const open = openFacts(outcome, deposits)
  const reasons = reasonsFor(open, { of: deposits.length, short: deposit.short, texts })
  return { outcome, title, means: said.means, reasons, whatToDo: whatToDo(said.whatToDo, open, texts) }
}

function whatToDo(first: string, open: readonly OpenFact[], texts: Texts): readonly string[] {
  const advice = [...new Set(open.map(({ check }) => adviceFor(familyOf(check.code), texts)))]
  return [first, ...advice.filter((one) => one !== undefined)]
}

function wordsFor(outcome: Outcome, seals: number, { verdict }: Texts) {
  switch (outcome) {
    case 'passed':
      return { title: verdict.passedTitle, means: verdict.passedMeans(seals), whatToDo: verdict.passedDo }
    case 'failed':
      return { title: verdict.failedTitle, means: verdict.failedMeans, whatToDo: verdict.failedDo }
    case 'indeterminate':
      return {
        title: verdict.indeterminateTitle,
        means: verdict.indeterminateMeans,
        whatToDo: verdict.indeterminateDo,
      }
  }
}

interface OpenFact {
  /** Of the seal or deposit, from 0. */
  readonly seal: number
  readonly check: Check
}

/** The facts that make the verdict what it is. */
function openFacts(outcome: Outcome, judged: readonly Pick<SignatureReport, 'checks'>[]): readonly OpenFact[] {
  if (outcome === 'passed') return []
  return judged.flatMap(({ checks }, seal) =>
    checks.filter((check) => check.outcome === outcome).map((check) => ({ seal, check })),
  )
}

interface Told {
  readonly of: number
  /** What a seal or deposit is called by its number. */
  readonly short: (n: number) => string
  readonly texts: Texts
}

/** One cause often leaves several facts open: it is told once, with the seals it concerns unless it concerns all. */
function reasonsFor(facts: readonly OpenFact[], { of, short, texts }: Told): readonly string[] {
  const concerned = new Map<string, Set<number>>()
  for (const { seal, check } of facts) {
    const family = familyOf(check.code)
    const reason = family === undefined ? texts.checks[check.check][check.outcome] : texts.why[family]
    concerned.set(reason, (concerned.get(reason) ?? new Set()).add(seal))
  }
  return [...concerned].map(([reason, which]) => {
    if (which.size === of) return reason
    return `${[...which].map((seal) => short(seal + 1)).join(texts.comma)}${texts.colon}${reason}`
  })
}

function adviceFor(family: Family | undefined, { whatToDo }: Texts): string | undefined {
  if (family === undefined || !Object.hasOwn(whatToDo, family)) return undefined
  return whatToDo[family as keyof Texts['whatToDo']]
}

/** Who sealed. `proven` only when signature and certificate hold: until then the name is what the file claims. */
export function institutionOf(
  signature: Pick<SignatureReport, 'institution' | 'institutionNames' | 'signer' | 'checks'>,
  texts: Texts,
): { readonly name: string; readonly proven: boolean } | undefined {
  const name = signature.institutionNames?.[texts.key] ?? signature.institution ?? signature.signer
  return name === null ? undefined : { name, proven: holds(signature, 'signature') && holds(signature, 'certificate') }
}

/** Whether the fact holds. */
export function holds({ checks }: Pick<SignatureReport, 'checks'>, name: Check['check']): boolean {
  return checks.some(({ check, outcome }) => check === name && outcome === 'passed')
}
