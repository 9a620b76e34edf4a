import type { CheckName, Names, Report, SignatureReport, Time, Trust } from '@cinnabar/core'
import { origin, system, technique } from './not-from-the-file'
import { institutionsOf, neutrality, platform } from './parties'
import { CONSISTENCY, OUTCOMES, REDO } from './words'

/** What stands behind a fact: this verification proved it, refuted it or could not; or it is stated, and is to be shown otherwise. */
export type Standing = 'proven' | 'refuted' | 'open' | 'stated'

/** One point that a court decides on. */
export interface CourtPoint {
  readonly title: Names
  readonly standing: Standing
  readonly fact: Names
  /** Members of the evidence container that show it; empty where nothing in it does. */
  readonly evidence: readonly string[]
  /** Commands that redo it. */
  readonly redo: readonly string[]
}

/** The points of one article of the PRC Online Litigation Rules (人民法院在线诉讼规则, 2021). */
export interface CourtSection {
  readonly article: Names
  readonly points: readonly CourtPoint[]
}

/** A report for a court, in the order in which it decides. */
export interface CourtReport {
  readonly report: Report
  readonly fileName: string
  readonly madeAt: Time
  /** The institution that made it, and whose seal it bears. */
  readonly madeBy: Names
  readonly trustName: Names | null
  readonly sections: readonly CourtSection[]
}

/** What the report is made from. */
export interface CourtCase extends Omit<CourtReport, 'sections' | 'trustName'> {
  readonly trust?: Trust
}

/** Lays a verification out for a court. It adds nothing to what was verified, and says of what was not that it was not. */
export function courtReport({ trust, ...given }: CourtCase): CourtReport {
  const { report } = given
  return {
    ...given,
    trustName: trust?.name ?? null,
    sections: [
      { article: ARTICLES.consistency, points: [fileItself(report), ...report.signatures.flatMap(factsOf(report))] },
      { article: ARTICLES.platform, points: platform(report, trust) },
      { article: ARTICLES.neutrality, points: neutrality(report, trust) },
      { article: ARTICLES.system, points: system() },
      { article: ARTICLES.technique, points: technique(report) },
      { article: ARTICLES.origin, points: origin(report) },
    ],
  }
}

const ARTICLES = {
  consistency: { zh: '第十六条　上链后的一致性', en: 'Article 16: consistency after recording' },
  platform: { zh: '第十七条第（一）项　存证平台', en: 'Article 17 (1): the platform' },
  neutrality: { zh: '第十七条第（二）项　中立性', en: 'Article 17 (2): neutrality' },
  system: { zh: '第十七条第（三）项　系统', en: 'Article 17 (3): the system' },
  technique: { zh: '第十七条第（四）项　技术和过程', en: 'Article 17 (4): technique and process' },
  origin: {
    zh: '第十八条、第十九条　上链前的真实性与专业审查',
    en: 'Articles 18 and 19: origin before recording; experts',
  },
} as const satisfies Readonly<Record<string, Names>>

function fileItself({ file, signatures, code, detail }: Report): CourtPoint {
  const count = signatures.length
  const none = count === 0
  return {
    title: { zh: '所核验的文件', en: 'The file that was verified' },
    standing: none ? (code === 'NO_SEAL' ? 'open' : 'refuted') : 'stated',
    fact: {
      zh: `${file.bytes} 字节，${file.revisions} 个版本，${count} 枚印章签名。${none ? `无可核验的印章（${code}）。` : ''}`,
      en: `${file.bytes} bytes, ${file.revisions} revisions, ${count} seal signatures.${none ? ` No seal to verify: ${detail} (${code}).` : ''}`,
    },
    evidence: [file.sha256],
    redo: ['sha256sum FILE'],
  }
}

/** Each of the six facts of one seal. */
function factsOf(report: Report): (signature: SignatureReport, at: number) => readonly CourtPoint[] {
  return (signature, at) => [
    sealPoint(report, signature, at),
    ...signature.checks.map(({ check, outcome, code, detail, clause }) => ({
      title: { zh: `印章 ${at + 1}：${CONSISTENCY[check].zh}`, en: `Seal ${at + 1}: ${CONSISTENCY[check].en}` },
      standing:
        outcome === 'passed' ? ('proven' as const) : outcome === 'failed' ? ('refuted' as const) : ('open' as const),
      fact: {
        zh: outcome === 'passed' ? CONSISTENCY[check].proven.zh : `${OUTCOMES[outcome].zh}（${code}）。`,
        en: outcome === 'passed' ? `${CONSISTENCY[check].proven.en} (${clause})` : `${detail} (${code}; ${clause})`,
      },
      evidence: proofOf(report, signature, check),
      redo: REDO[check],
    })),
  ]
}

function sealPoint(report: Report, signature: SignatureReport, at: number): CourtPoint {
  const { outcome, sealName, provenTime, recorded } = signature
  const who = institutionsOf(signature)
  const when = provenTime ?? '—'
  const use = recorded === null ? undefined : recorded
  return {
    title: { zh: `印章 ${at + 1}：${who.zh}`, en: `Seal ${at + 1}: ${who.en}` },
    standing: outcome === 'passed' ? 'proven' : outcome === 'failed' ? 'refuted' : 'open',
    fact: {
      zh: `印章名称：${sealName ?? '未证明'}；证明的时间：${when}；${use ? `用印编号 ${use.useNumber}，日志第 ${use.index} 条，记录于 ${use.recordedAt ?? '—'}` : '账本记录未证明'}。`,
      en: `Seal: ${sealName ?? 'not proven'}; proven time: ${when}; ${use ? `use number ${use.useNumber}, log entry ${use.index}, recorded ${use.recordedAt ?? '—'}` : 'its record on the ledger is not proven'}.`,
    },
    evidence: use === undefined ? [] : proofOf(report, signature, 'anchor'),
    redo: ['cinnabar verify FILE --trust trust.json --evidence evidence.asice --json'],
  }
}

/** The members that the container names for this fact. */
function proofOf(
  { evidence = [] }: Pick<Report, 'evidence'>,
  { id }: SignatureReport,
  check: CheckName,
): readonly string[] {
  const claims = evidence.flatMap(({ claims }) => claims)
  return [...new Set(claims.filter(({ claim, of }) => claim === check && of === id).flatMap(({ proof }) => proof))]
}
