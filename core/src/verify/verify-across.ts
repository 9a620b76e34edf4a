import type { DepositReport, ListVerdict, Outcome, Report, SignatureReport } from '../model/report'
import { readPdf } from '../pdf/document'
import { PdfError } from '../pdf/pdf-error'
import { worst } from './finding'
import { asListed, overall, type Policies, policyOf, recognition, type TrustSource } from './recognition'
import { isDocumentTimestamp, subjectsOf } from './subject'
import { outOfForce } from './trust-list'
import { type FileRequest, judgedFile, verifyFile } from './verify-file'

/** Any file to verify, by several trust files and lists side by side. */
export interface AcrossRequest extends Omit<FileRequest, 'trust'> {
  readonly sources: readonly TrustSource[]
}

/**
 * Verifies a file by several consortia's and regions' trust side by side. Each seal is judged by each source alone, never by a
 * mixture; the best verdict counts, the report names the source that gave it and shows what each of the others said. A source that
 * names none of the institutions of this file has nothing to say of it; nor has a list that is not in force at that time.
 * @throws as {@link verifyFile} does.
 */
export async function verifyAcross({ sources, ...request }: AcrossRequest): Promise<Report> {
  const [only, ...more] = sources
  if (only === undefined) return verifyFile(request)
  if (more.length === 0 && only.listed === undefined) return verifyFile({ ...request, trust: only.trust })
  const asserted = certificatePolicies(judgedFile(request))
  const [first, ...others] = inForce(sources, request.at)
  const base = await verifyFile({ ...request, ...(first && { trust: first.trust }) })
  const named = institutionsOf(base)
  const judged: Judged[] = first === undefined ? [] : [{ source: first, report: asListed(base, first, asserted) }]
  for (const source of others) {
    if (!source.trust.organisations.some(({ id }) => named.has(id))) continue
    const report = await verifyFile({ ...request, trust: source.trust })
    judged.push({ source, report: asListed(report, source, asserted) })
  }
  return together({ sources, at: request.at, asserted, base, judged })
}

interface Judged {
  readonly source: TrustSource
  readonly report: Report
}

interface Across {
  readonly sources: readonly TrustSource[]
  readonly at: Date
  readonly asserted: Policies
  /** By the first source, or, where none is in force, by none. */
  readonly base: Report
  /** By those that have anything to say. */
  readonly judged: readonly Judged[]
}

function inForce(sources: readonly TrustSource[], at: Date): readonly TrustSource[] {
  return sources.filter(({ listed }) => listed === undefined || outOfForce(listed.list, at) === undefined)
}

/** Whose seals and deposits these claim to be. */
function institutionsOf({ signatures, deposits = [] }: Report): ReadonlySet<string> {
  return new Set([...signatures, ...deposits].flatMap(({ institution }) => institution ?? []))
}

/** Two fields may bear one name: then only what the certificates of both assert counts, or one would speak for the other. */
function certificatePolicies(pdf: Uint8Array): Policies {
  try {
    const asserted = new Map<string, readonly string[]>()
    for (const subject of subjectsOf(readPdf(pdf)).filter((one) => !isDocumentTimestamp(one))) {
      const { name } = subject.field
      const own = subject.certificate?.policies ?? []
      const other = asserted.get(name) ?? own
      asserted.set(
        name,
        own.filter((policy) => other.includes(policy)),
      )
    }
    return asserted
  } catch (refusal) {
    if (refusal instanceof PdfError) return new Map()
    throw refusal
  }
}

const RANK: Readonly<Record<Outcome, number>> = { passed: 0, failed: 1, indeterminate: 2 }

/** Better: passed; else by a source that knows the institution; else what fails rather than what is open. */
function rank({ outcome, checks }: Pick<SignatureReport, 'outcome' | 'checks'>): number {
  return RANK[outcome] + (checks.some(({ code }) => STRANGE.has(code)) ? 3 : 0)
}

/** What a source says of institutions that it does not know. */
const STRANGE: ReadonlySet<string> = new Set(['SIGNER_UNKNOWN', 'SIGNER_LOOKALIKE'])

function together(across: Across): Report {
  const { base, judged, sources } = across
  const signatures = base.signatures.map((one, i) => best(across, one, ({ signatures: all }) => all[i]))
  const deposits = base.deposits?.map((own) =>
    best(across, own, ({ deposits: all = [] }) => all.find((one) => one.id === own.id)),
  )
  const used = new Set([...signatures, ...(deposits ?? [])].map(({ source }) => source))
  const reports = judged.filter(({ source }) => used.size === 0 || used.has(source))
  const whole: Report = {
    ...base,
    evidence: (reports[0]?.report ?? base).evidence,
    signatures: signatures.map(({ value }) => value),
    ...(deposits && { deposits: deposits.map(({ value }) => value) }),
    trust: {
      ...trustOf(reports.length > 0 ? reports.map(({ report }) => report) : [base]),
      sources: sources.map((source) => recognition(source)),
    },
  }
  return { ...whole, ...overall(whole) }
}

interface Best<T> {
  readonly source?: TrustSource
  readonly value: T
}

function best<T extends SignatureReport | DepositReport>(
  { sources, judged, at, asserted }: Across,
  own: T,
  pick: (report: Report) => T | undefined,
): Best<T> {
  const by = new Map<TrustSource, T>()
  for (const { source, report } of judged) {
    const value = pick(report)
    if (value !== undefined) by.set(source, value)
  }
  const named = (source: TrustSource, value: T) =>
    recognition(source, 'field' in value ? policyOf(value, source, asserted) : null)
  const judgements = sources.map((source): ListVerdict => {
    const value = by.get(source)
    if (value === undefined) return { ...recognition(source), outcome: 'indeterminate', code: silence(source, at) }
    return { ...named(source, value), outcome: value.outcome, code: codeOf(value) }
  })
  const [chosen] = [...by].sort(([, a], [, b]) => rank(a) - rank(b))
  if (chosen === undefined) return { value: { ...own, recognisedBy: null, judgements } }
  const [source, value] = chosen
  const recognisedBy = value.outcome === 'passed' ? named(source, value) : null
  return { source, value: { ...value, recognisedBy, judgements } }
}

/** Why a source said nothing. */
function silence({ listed }: TrustSource, at: Date): string {
  return (listed && outOfForce(listed.list, at)) ?? 'SIGNER_UNKNOWN'
}

function codeOf({ outcome, checks }: SignatureReport | DepositReport): string {
  return outcome === 'passed' ? 'OK' : (worst(checks)?.code ?? 'NO_SEAL')
}

/** What limits any of the sources that gave a verdict stands beside the whole. */
function trustOf(reports: readonly Report[]): Report['trust'] {
  const all = reports.map(({ trust }) => trust)
  return {
    ledger: all.some(({ ledger }) => ledger === 'embedded') ? 'embedded' : all[0].ledger,
    fingerprint: all[0].fingerprint,
    organisations: [...new Set(all.flatMap(({ organisations }) => organisations))],
    singleOperator: all.some(({ singleOperator }) => singleOperator),
    demonstration: all.some(({ demonstration }) => demonstration),
  }
}
