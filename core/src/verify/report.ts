import type { SealSignatureId } from '../model/identifiers'
import type { Receipt } from '../model/receipt'
import {
  type AdesValidation,
  CHECKS,
  type Check,
  type CheckName,
  type Place,
  type Recorded,
  type RecordedBlock,
  type SignatureReport,
} from '../model/report'
import { dateOf, type Time } from '../model/time'
import { commonName } from '../x509/name'
import { algorithmOf } from './algorithm-name'
import type { Attested } from './attested'
import { type Finding, type Findings, worst } from './finding'
import type { Subject } from './subject'
import type { ProvenTime } from './timestamp'
import type { TrustView } from './trust-view'

/** What was proven on the way, to be shown beside the checks. */
export interface Proven {
  readonly trust: TrustView | undefined
  readonly receipt?: Receipt
  readonly attested?: Attested
  readonly block?: RecordedBlock | null
  readonly recordedAt?: Time | null
  readonly proven: ProvenTime | undefined
  readonly ades: AdesValidation
  readonly level: SignatureReport['level']
}

/** One signature's verdict, computed from its findings. Names come from the trust file, never from a certificate. */
export function signatureReport(subject: Subject, findings: Findings, known: Proven): SignatureReport {
  const { range, use, field, certificate } = subject
  const organisation = use && known.trust?.organisations.get(use.institution)
  const seal = known.attested && known.receipt?.seal
  const { outcome, subIndication, checks } = judgedBy(CHECKS, findings)
  return {
    field: field.name,
    revision: range.ok ? range.revision.index + 1 : 0,
    outcome,
    subIndication,
    id: use?.id ?? (null as SealSignatureId | null),
    sealId: (use?.seal as SignatureReport['sealId']) ?? null,
    sealKind: seal?.kind ?? null,
    sealName: seal?.displayName ?? null,
    institution: (use?.institution as SignatureReport['institution']) ?? null,
    institutionNames: organisation?.names ?? null,
    institutionKind: organisation?.kind ?? null,
    signer: (certificate && commonName(certificate.subject)) ?? null,
    provenTime: known.proven?.text ?? null,
    level: known.level,
    algorithm: algorithmOf(subject),
    place: placeOf(subject),
    recorded: recordedOf(known),
    ades: known.ades,
    checks,
  }
}

function placeOf({ field }: Subject): Place | null {
  const widget = field.widgets.find(({ page, rect }) => page !== undefined && rect !== undefined)
  return widget?.page !== undefined && widget.rect !== undefined ? { page: widget.page + 1, rect: widget.rect } : null
}

function recordedOf({ receipt, attested, proven, block, recordedAt }: Proven): Recorded | null {
  if (receipt?.entry.kind !== 'sealSignature' || attested === undefined) return null
  return {
    useNumber: receipt.entry.useNumber,
    ...attestedFacts({ receipt, attested, block, recordedAt }, proven),
    sealStatus: attested.statement.seal?.status ?? null,
  }
}

/** The verdict that follows from the findings of these checks: the worst fact wins. */
export function judgedBy<N extends CheckName>(
  names: readonly N[],
  findings: Readonly<Record<N, Finding>>,
): Pick<SignatureReport, 'outcome' | 'subIndication' | 'checks'> {
  const checks = names.map((check): Check => {
    const { outcome, code, clause, detail } = findings[check]
    return { check, outcome, code, clause, detail }
  })
  const gravest = worst(names.map((check) => findings[check]))
  return { outcome: gravest?.outcome ?? 'indeterminate', subIndication: gravest?.subIndication ?? null, checks }
}

/** What the ledger says of anything recorded, once it is attested. */
export function attestedFacts(
  { receipt, attested, block = null, recordedAt = null }: Recording,
  proven: ProvenTime | undefined,
): Omit<Recorded, 'useNumber' | 'sealStatus'> {
  return {
    index: receipt.index,
    recordedAt,
    delaySeconds: recordedAt === null || proven === undefined ? null : secondsBetween(proven.at, recordedAt),
    asOfSize: attested.statement.size,
    attestedBy: attested.by,
    block,
  }
}

interface Recording {
  readonly receipt: Receipt
  readonly attested: Attested
  readonly block?: RecordedBlock | null
  readonly recordedAt?: Time | null
}

function secondsBetween(earlier: Date, later: Time): number {
  return Math.max(0, Math.round((dateOf(later).getTime() - earlier.getTime()) / 1000))
}
