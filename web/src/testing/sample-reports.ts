import type { Check, CheckName, DepositReport, Outcome, Report, SignatureReport } from '@cinnabar/core'
import { CHECKS } from '@cinnabar/core'

/** A check with everything but its outcome and code at its simplest. */
export function sampleCheck(check: CheckName, outcome: Outcome, code = outcome === 'passed' ? 'OK' : 'X'): Check {
  return { check, outcome, code, clause: 'EN 319 102-1 5.1.3', detail: `${check} is ${outcome}` }
}

/** A signature report of our office's seal, its facts as given and the others passed. */
export function sampleSignature(facts: Partial<Record<CheckName, Check>> = {}): SignatureReport {
  const checks = CHECKS.map((name) => facts[name] ?? sampleCheck(name, 'passed'))
  const worst = (['failed', 'indeterminate'] as const).find((word) => checks.some(({ outcome }) => outcome === word))
  // Brands are checked where values are read; these literals are of the right shape.
  return {
    field: 'Seal1',
    revision: 1,
    outcome: worst ?? 'passed',
    subIndication: null,
    id: '8f14e45fceea167a5a36dedd4bea2543',
    sealId: 'official',
    sealKind: 'official',
    sealName: '江州市行政审批局公章',
    institution: 'JiangzhouBureau',
    institutionNames: { en: 'Jiangzhou Administrative Approval Bureau', zh: '江州市行政审批局' },
    institutionKind: 'agency',
    signer: 'Jiangzhou Administrative Approval Bureau',
    provenTime: '2026-11-22T03:04:05.12Z',
    level: 'B-T',
    place: { page: 1, rect: [380, 120, 499, 239] },
    recorded: {
      useNumber: 17,
      index: 41,
      recordedAt: '2026-11-22T03:04:06Z',
      delaySeconds: 1,
      asOfSize: 58,
      attestedBy: ['Demonstration node'],
      block: null,
      sealStatus: 'active',
    },
    checks,
  } as unknown as SignatureReport
}

/** A report on a file that was deposited, its three facts as given and the others passed. */
export function sampleDeposit(facts: Partial<Record<CheckName, Check>> = {}, code?: string): Report {
  const names = ['integrity', 'timestamp', 'anchor'] as const
  const checks = names.map((name) => facts[name] ?? sampleCheck(name, 'passed'))
  const worst = (['failed', 'indeterminate'] as const).find((word) => checks.some(({ outcome }) => outcome === word))
  const outcome = worst ?? 'passed'
  const one = { id: '8f14e45fceea167a5a36dedd4bea2543', outcome, institution: 'JiangzhouBureau', checks }
  return { ...sampleReport(), outcome, code: code ?? 'DEPOSITED', deposits: [one as unknown as DepositReport] }
}

/** A report on a file with these signatures. */
export function sampleReport(...signatures: readonly SignatureReport[]): Report {
  const outcomes = signatures.map(({ outcome }) => outcome)
  const outcome = (['failed', 'indeterminate', 'passed'] as const).find((word) => outcomes.includes(word))
  const worst = signatures.flatMap(({ checks }) => checks).find((check) => check.outcome === outcome)
  return {
    outcome: outcome ?? 'indeterminate',
    code: worst?.code ?? 'NO_SEAL',
    detail: 'a sample',
    file: { sha256: `sha256:${'5a'.repeat(32)}`, bytes: 48_213, revisions: Math.max(1, signatures.length) },
    signatures,
    trust: {
      ledger: 'embedded',
      fingerprint: `sha256:${'c1'.repeat(32)}`,
      organisations: ['JiangzhouBureau', 'JiangzhouCourt'],
      singleOperator: true,
      demonstration: true,
    },
  } as unknown as Report
}
