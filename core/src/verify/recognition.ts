import type { CheckName, DepositReport, Recognition, Report, SignatureReport } from '../model/report'
import { compareTimes, type Time } from '../model/time'
import { type Trust, TrustFormat } from '../model/trust'
import type { RecognisedConsortium, TrustList } from '../model/trust-list'
import { type Finding, indeterminate } from './finding'
import { judgedBy } from './report'
import { listKeyOf } from './trust-list'
import { verdict } from './verify'
import { depositVerdict } from './verify-file'

/** One trust file, or one consortium of a published list, to judge by. */
export interface TrustSource {
  readonly trust: Trust
  /** Where the trust is a list's; a list only after `acceptTrustList`. */
  readonly listed?: { readonly list: TrustList; readonly consortium: RecognisedConsortium }
}

/** The consortia of a list, each to be judged by alone. */
export function sourcesOf(list: TrustList): readonly TrustSource[] {
  return list.consortia.map((consortium) => ({ trust: consortium.trust, listed: { list, consortium } }))
}

/** A source as a report names it. */
export function recognition({ trust, listed }: TrustSource, policy: string | null = null): Recognition {
  return {
    name: trust.name,
    list: listed === undefined ? null : named(listed.list),
    region: listed?.consortium.region ?? null,
    policy,
    withdrawnAt: listed?.consortium.withdrawnAt ?? null,
    fingerprint: TrustFormat.digest(trust),
  }
}

function named(list: TrustList): Recognition['list'] {
  const { name, operator, sequence, issued, expires } = list
  return { name, operator: operator.name, key: listKeyOf(list), sequence, issued, expires }
}

/** What each signature field's certificate asserts, by the field's name. */
export type Policies = ReadonlyMap<string, readonly string[]>

/** The policy by which a list recognises this signature's certificate; null where it demands none or finds none. */
export function policyOf(signature: SignatureReport, { listed }: TrustSource, asserted: Policies): string | null {
  const has = asserted.get(signature.field) ?? []
  return demandedOf(signature, listed?.consortium)?.find((oid) => has.includes(oid)) ?? null
}

function demandedOf(
  { institution }: Pick<SignatureReport, 'institution'>,
  consortium: RecognisedConsortium | undefined,
) {
  return consortium?.policies.find((one) => one.institution === institution)?.oids
}

/** A report by one source, with what the list demands beyond its trust: FORMAT.md 10, published lists. */
export function asListed(report: Report, source: TrustSource, asserted: Policies): Report {
  const consortium = source.listed?.consortium
  if (consortium === undefined) return report
  const { withdrawnAt } = consortium
  const signatures = report.signatures.map((one) => {
    const policed = lacksPolicy(one, source, asserted)
    return policed ?? (isAfter(one, withdrawnAt) ? put(one, 'certificate', withdrawn(withdrawnAt)) : one)
  })
  const deposits = report.deposits?.map((one) =>
    isAfter(one, withdrawnAt) ? put(one, 'anchor', withdrawn(withdrawnAt)) : one,
  )
  const changed = { ...report, signatures, ...(deposits && { deposits }) }
  return { ...changed, ...overall(changed) }
}

/** The verdict on the whole, from those on its parts. */
export function overall({ signatures, deposits = [], code }: Report): Partial<Report> {
  if (signatures.length > 0) return verdict(signatures) ?? {}
  return deposits.length > 0 && code !== 'SIGNATURE_HIDDEN' ? depositVerdict(deposits) : {}
}

function lacksPolicy(signature: SignatureReport, source: TrustSource, asserted: Policies): SignatureReport | undefined {
  const wanted = demandedOf(signature, source.listed?.consortium)
  if (wanted === undefined || policyOf(signature, source, asserted) !== null) return undefined
  const detail = `the certificate asserts none of the policies that the list recognises: ${wanted.join(', ')}`
  const lacking = indeterminate('POLICY_NOT_RECOGNISED', 'RFC 5280 4.2.1.4', detail, 'CHAIN_CONSTRAINTS_FAILURE')
  return put(signature, 'certificate', lacking)
}

/** Whether a use or deposit is proven or recorded at the time or later; without a proven time nothing passes anyway. */
function isAfter<T extends SignatureReport | DepositReport>(one: T, time: Time | undefined): time is Time {
  if (time === undefined) return false
  const times = [one.provenTime, one.recorded?.recordedAt ?? null]
  return times.some((at) => at !== null && compareTimes(at, time) >= 0)
}

function withdrawn(time: Time): Finding {
  const detail = `the list recognises nothing of this consortium from ${time} on`
  return indeterminate('RECOGNITION_WITHDRAWN', 'FORMAT.md 10', detail)
}

/** The signature or deposit with this finding in place of one that had passed. */
function put<T extends SignatureReport | DepositReport>(one: T, name: CheckName, finding: Finding): T {
  const { checks } = one
  if (checks.find(({ check }) => check === name)?.outcome !== 'passed') return one
  const findings = Object.fromEntries(checks.map((check) => [check.check, check.check === name ? finding : check]))
  const names = checks.map(({ check }) => check)
  return { ...one, ...judgedBy(names, findings as Parameters<typeof judgedBy>[1]) }
}
