import type { DepositReport, ListVerdict, Outcome, Recognition, Report, SignatureReport } from '../model/report'
import { type Trust, TrustFormat } from '../model/trust'
import type { TrustList } from '../model/trust-list'
import { readPdf } from '../pdf/document'
import { PdfError } from '../pdf/pdf-error'
import { indeterminate, worst } from './finding'
import { judgedBy } from './report'
import { subjectsOf } from './subject'
import { verdict } from './verify'
import { depositVerdict, type FileRequest, judgedFile, verifyFile } from './verify-file'

/** One trust file or published list to judge by; a list only after `acceptTrustList`. */
export interface TrustSource {
  readonly trust: Trust
  /** The list that the trust is of. */
  readonly list?: TrustList
}

/** Any file to verify, by several trust files and lists side by side. */
export interface AcrossRequest extends Omit<FileRequest, 'trust'> {
  readonly sources: readonly TrustSource[]
}

/**
 * Verifies a file by several consortia's and regions' trust side by side. Each seal is judged by each source alone, never by a
 * mixture; the best verdict counts, the report names the source that gave it and shows what each of the others said.
 * @throws as {@link verifyFile} does.
 */
export async function verifyAcross({ sources, ...request }: AcrossRequest): Promise<Report> {
  const [only, ...more] = sources
  if (only === undefined) return verifyFile(request)
  if (more.length === 0 && only.list === undefined) return verifyFile({ ...request, trust: only.trust })
  const policies = certificatePolicies(judgedFile(request))
  const judged: Judged[] = []
  for (const source of sources.slice(0, MAX_SOURCES)) {
    const report = await verifyFile({ ...request, trust: source.trust })
    judged.push({ source, report: demanded(report, source, policies) })
  }
  return together(judged)
}

/** Each source is a verification of its own. */
const MAX_SOURCES = 16

interface Judged {
  readonly source: TrustSource
  readonly report: Report
}

/** What each signature field's certificate asserts, by the field's name. */
function certificatePolicies(pdf: Uint8Array): ReadonlyMap<string, readonly string[]> {
  try {
    const subjects = subjectsOf(readPdf(pdf))
    return new Map(subjects.map(({ field, certificate }) => [field.name, certificate?.policies ?? []]))
  } catch (refusal) {
    if (refusal instanceof PdfError) return new Map()
    throw refusal
  }
}

/** A list may recognise an institution's certificates under certain policies only. */
function demanded(report: Report, { list }: TrustSource, asserted: ReadonlyMap<string, readonly string[]>): Report {
  if (list === undefined || list.policies.length === 0) return report
  const signatures = report.signatures.map((one) => {
    const wanted = list.policies.find(({ institution }) => institution === one.institution)?.oids
    const has = asserted.get(one.field) ?? []
    return wanted === undefined || wanted.some((oid) => has.includes(oid)) ? one : withoutPolicy(one, wanted)
  })
  return { ...report, ...verdict(signatures), signatures }
}

function withoutPolicy(signature: SignatureReport, wanted: readonly string[]): SignatureReport {
  const { checks } = signature
  const certificate = checks.find(({ check }) => check === 'certificate')
  if (certificate?.outcome !== 'passed') return signature
  const detail = `the certificate asserts none of the policies that the list recognises: ${wanted.join(', ')}`
  const lacking = indeterminate('POLICY_NOT_RECOGNISED', 'RFC 5280 4.2.1.4', detail, 'CHAIN_CONSTRAINTS_FAILURE')
  const findings = Object.fromEntries(checks.map((one) => [one.check, one.check === 'certificate' ? lacking : one]))
  const names = checks.map(({ check }) => check)
  return { ...signature, ...judgedBy(names, findings as Parameters<typeof judgedBy>[1]) }
}

const RANK: Readonly<Record<Outcome, number>> = { passed: 0, failed: 1, indeterminate: 2 }

/** Better: passed; else by a source that knows the institution; else what fails rather than what is open. */
function rank({ outcome, checks }: Pick<SignatureReport, 'outcome' | 'checks'>): number {
  return RANK[outcome] + (checks.some(({ code }) => code === 'SIGNER_UNKNOWN') ? 3 : 0)
}

function together(judged: readonly Judged[]): Report {
  const [first] = judged
  const signatures = first.report.signatures.map((_, i) => best(judged, ({ signatures: all }) => all[i]))
  const deposits = first.report.deposits?.map(({ id }) =>
    best(judged, ({ deposits: all = [] }) => all.find((one) => one.id === id)),
  )
  const used = new Set([...signatures, ...(deposits ?? [])].map(({ source }) => source))
  const reports = judged.filter(({ source }) => used.size === 0 || used.has(source))
  const whole: Report = {
    ...first.report,
    evidence: (reports[0] ?? first).report.evidence,
    signatures: signatures.map(({ value }) => value),
    ...(deposits && { deposits: deposits.map(({ value }) => value) }),
    trust: {
      ...trustOf(reports.length > 0 ? reports : judged),
      sources: judged.map(({ source }) => recognition(source)),
    },
  }
  return { ...whole, ...overall(whole) }
}

function overall({ signatures, deposits = [], code }: Report): Partial<Report> {
  if (signatures.length > 0) return verdict(signatures) ?? {}
  return deposits.length > 0 && code !== 'SIGNATURE_HIDDEN' ? depositVerdict(deposits) : {}
}

interface Best<T> {
  readonly source: TrustSource
  readonly value: T
}

function best<T extends SignatureReport | DepositReport>(
  judged: readonly Judged[],
  pick: (report: Report) => T | undefined,
): Best<T> {
  const all = judged.flatMap(({ source, report }) => {
    const value = pick(report)
    return value === undefined ? [] : [{ source, value }]
  })
  const chosen = all.reduce((a, b) => (rank(b.value) < rank(a.value) ? b : a))
  const code = ({ outcome, checks }: T) => (outcome === 'passed' ? 'OK' : (worst(checks)?.code ?? 'NO_SEAL'))
  const judgements: readonly ListVerdict[] = all.map(({ source, value }) => ({
    ...recognition(source),
    outcome: value.outcome,
    code: code(value),
  }))
  const recognisedBy = chosen.value.outcome === 'passed' ? recognition(chosen.source) : null
  return { source: chosen.source, value: { ...chosen.value, recognisedBy, judgements } }
}

function recognition({ trust, list }: TrustSource): Recognition {
  return {
    name: list?.name ?? trust.name,
    region: list?.region ?? null,
    sequence: list?.sequence ?? null,
    expires: list?.expires ?? null,
    fingerprint: TrustFormat.digest(trust),
  }
}

/** What limits any of the sources that gave a verdict stands beside the whole. */
function trustOf(judged: readonly Judged[]): Report['trust'] {
  const all = judged.map(({ report }) => report.trust)
  return {
    ledger: all.some(({ ledger }) => ledger === 'embedded') ? 'embedded' : all[0].ledger,
    fingerprint: all[0].fingerprint,
    organisations: [...new Set(all.flatMap(({ organisations }) => organisations))],
    singleOperator: all.some(({ singleOperator }) => singleOperator),
    demonstration: all.some(({ demonstration }) => demonstration),
  }
}
