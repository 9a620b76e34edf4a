import {
  type Check,
  type ContainerReport,
  DEPOSIT_FACTS,
  type DepositReport,
  FACTS,
  type FactWords,
  type Names,
  type Outcome,
  type Report,
  reasonFor,
  type SealSignatureId,
  type SignatureReport,
} from '@cinnabar/core'
import type { CourtPoint, Standing } from './court-report'
import { CONTAINER, type Folder, redoOf, type Use } from './folder'
import { institutionsOf } from './parties'

const STANDING: Readonly<Record<Outcome, Standing>> = { passed: 'proven', failed: 'refuted', indeterminate: 'open' }

/** Article 16: the file, its evidence, and each fact of each seal and deposit. */
export function consistency(report: Report, folder: Folder): readonly CourtPoint[] {
  return [
    fileItself(report, folder),
    containers(report),
    ...report.signatures.flatMap((signature, position) => ofSeal(signature, { position, folder })),
    ...(report.deposits ?? []).flatMap((deposit, position) => ofDeposit(deposit, { position, folder })),
  ]
}

function fileItself(report: Report, { document }: Folder): CourtPoint {
  const { file, signatures, deposits = [], outcome } = report
  const none = signatures.length + deposits.length === 0
  const why = none ? whyNot(report) : { zh: '', en: '' }
  return {
    title: { zh: '所核验的文件', en: 'The file that was verified' },
    standing: none ? STANDING[outcome] : 'stated',
    fact: {
      zh: `${file.bytes} 字节，摘要如上；${file.revisions} 个版本，${signatures.length} 个签名，${deposits.length} 次存证。${why.zh}`,
      en: `${file.bytes} bytes, digest as above; ${file.revisions} revisions, ${signatures.length} signatures, ${deposits.length} deposits. ${why.en}`,
    },
    evidence: [document],
    redo: [`sha256sum ${document}`],
  }
}

function containers({ evidence = [] }: Report): CourtPoint {
  const title: Names = { zh: '证据容器', en: 'The evidence container' }
  if (evidence.length === 0) {
    const zh = '核验时没有证据容器：依赖它的事实均未得到证明。'
    const en = 'There was no evidence container: what rests on one is not proven.'
    return { title, standing: 'open', fact: { zh, en }, evidence: [], redo: [] }
  }
  const given = evidence.find(({ document }) => document === 'this')
  const unread = evidence.find(({ code }) => code !== 'OK')
  return {
    title,
    standing: unread === undefined ? 'stated' : 'open',
    fact: unread === undefined ? used(evidence.length, given) : unreadable(unread),
    evidence: [CONTAINER],
    redo: [`unzip -l ${CONTAINER}`, ...(given === undefined ? [] : [`sha256sum ${CONTAINER}`])],
  }
}

/** The one that was submitted, by its digest; and what the service itself had. */
function used(count: number, given: ContainerReport | undefined): Names {
  const own = count - (given === undefined ? 0 : 1)
  const ours = {
    zh: `本服务在核验时持有的证据（${own} 个容器），以 cinnabar evidence 取得的容器含有同样的成员`,
    en: `this service's own evidence at that time (containers: ${own}), whose members are also in what cinnabar evidence fetches`,
  }
  if (given === undefined) return { zh: `核验所用：${ours.zh}。`, en: `Used: ${ours.en}.` }
  return {
    zh: `所提交的容器：${given.bytes} 字节，摘要 ${given.sha256}。${own === 0 ? '' : `另用${ours.zh}。`}`,
    en: `The container submitted: ${given.bytes} bytes, digest ${given.sha256}.${own === 0 ? '' : ` Beside it, ${ours.en}.`}`,
  }
}

function unreadable({ code, detail }: { readonly code: string; readonly detail: string }): Names {
  const reason = reasonFor({ code })
  return {
    zh: `${reason?.zh ?? '证据未能读取。'}（${code}）其中内容均未采用。`,
    en: `${reason?.en ?? ''} ${sentence(detail)} (${code}) Nothing in it was relied on.`.trim(),
  }
}

interface Placed {
  /** Among its kind in the report, from 0. */
  readonly position: number
  readonly folder: Folder
}

function ofSeal(signature: SignatureReport, { position, folder }: Placed): readonly CourtPoint[] {
  const { id, provenTime, checks } = signature
  const use: Use = { of: id, position, provenTime }
  const name = { zh: `印章 ${position + 1}`, en: `Seal ${position + 1}` }
  return [
    sealPoint(signature, name, folder),
    ...checks.map((check) => factOf(check, { name, words: FACTS[check.check], of: id, folder, use })),
  ]
}

function ofDeposit(deposit: DepositReport, { position, folder }: Placed): readonly CourtPoint[] {
  const name = { zh: `存证 ${position + 1}`, en: `Deposit ${position + 1}` }
  const use: Use = { of: deposit.id, position, provenTime: deposit.provenTime }
  const facts: Readonly<Record<string, FactWords>> = DEPOSIT_FACTS
  return [
    depositPoint(deposit, name, folder),
    ...deposit.checks.map((check) => {
      const words = facts[check.check] ?? FACTS[check.check]
      return { ...factOf(check, { name, words, of: deposit.id, folder, use }), redo: [folder.verify('--json')] }
    }),
  ]
}

interface About {
  readonly name: Names
  readonly words: FactWords
  readonly of: SealSignatureId | null
  readonly folder: Folder
  readonly use: Use
}

/** One fact in the words of the page, with its reason and code where it is not proven. */
function factOf(check: Check, { name, words, of, folder, use }: About): CourtPoint {
  const { outcome, code, clause, detail } = check
  const said = words[outcome]
  const reason = outcome === 'passed' ? undefined : reasonFor(check)
  return {
    title: { zh: `${name.zh}：${words.name.zh}`, en: `${name.en}: ${words.name.en}` },
    standing: STANDING[outcome],
    fact:
      outcome === 'passed'
        ? { zh: `${said.zh}（${clause}）`, en: `${said.en} (${clause})` }
        : {
            zh: `${said.zh}${reason?.zh ?? ''}（${code}；${clause}）`,
            en: `${said.en} ${reason === undefined ? '' : `${reason.en} `}${sentence(detail)} (${code}; ${clause})`,
          },
    evidence: [folder.document, ...folder.proofOf(of, check.check)].filter((one, i, all) => all.indexOf(one) === i),
    redo: redoOf(folder, check.check, use),
  }
}

function sealPoint(signature: SignatureReport, name: Names, folder: Folder): CourtPoint {
  const { id, outcome, sealName, provenTime, recorded, field, revision } = signature
  const who = institutionsOf(signature)
  const seal = sealName ?? undefined
  return {
    title: { zh: `${name.zh}：${who.zh}`, en: `${name.en}: ${who.en}` },
    standing: STANDING[outcome],
    fact: {
      zh: `印章名称：${seal ?? '未证明'}；证明的时间：${provenTime ?? '未证明'}；签名域 ${field}，第 ${revision} 个版本；${recorded ? `用印编号 ${recorded.useNumber}，日志第 ${recorded.index} 条，记录于 ${recorded.recordedAt ?? '时间未证明'}` : '账本记录未证明'}。`,
      en: `Seal: ${seal ?? 'not proven'}; proven time: ${provenTime ?? 'not proven'}; field ${field}, revision ${revision}; ${recorded ? `use number ${recorded.useNumber}, log entry ${recorded.index}, recorded ${recorded.recordedAt ?? 'at a time not proven'}` : 'its record on the ledger is not proven'}.`,
    },
    evidence: recorded ? folder.proofOf(id, 'anchor') : [],
    redo: [folder.verify('--json')],
  }
}

function depositPoint(deposit: DepositReport, name: Names, folder: Folder): CourtPoint {
  const { id, institution, institutionNames, outcome, provenTime, recorded, checks } = deposit
  const isProven = checks.some((check) => check.check === 'anchor' && check.outcome === 'passed')
  const who =
    isProven && institutionNames !== null
      ? institutionNames
      : { zh: `未证明（证据自称 ${institution}）`, en: `not proven (the evidence claims ${institution})` }
  return {
    title: { zh: `${name.zh}：${who.zh}`, en: `${name.en}: ${who.en}` },
    standing: STANDING[outcome],
    fact: {
      zh: `证明的时间：${provenTime ?? '未证明'}；${recorded ? `日志第 ${recorded.index} 条` : '账本记录未证明'}。文件没有盖章：无人为其内容具名。`,
      en: `Proven time: ${provenTime ?? 'not proven'}; ${recorded ? `log entry ${recorded.index}` : 'its record on the ledger is not proven'}. The file is not sealed: nobody signs for what it says.`,
    },
    evidence: recorded ? folder.proofOf(id, 'anchor') : [],
    redo: [folder.verify('--json')],
  }
}

/** Why a file without seal and deposit is what it is. */
function whyNot({ code, detail }: Report): Names {
  const reason = NO_SEAL[code] ?? reasonFor({ code })
  return { zh: `${reason?.zh ?? ''}（${code}）`, en: `${reason?.en ?? ''} ${sentence(detail)} (${code})`.trim() }
}

const NO_SEAL: Readonly<Record<string, Names>> = {
  NO_SEAL: {
    zh: '文件中没有电子印章；页面上如有红章，只是一幅图片。',
    en: 'The file holds no electronic seal; a red seal on its pages, if there is one, is a mere picture.',
  },
  SEAL_PICTURE_UNSIGNED: {
    zh: '文件没有盖章：页面上像印章的只是一幅图片，没有签名。',
    en: 'The file is not sealed: what looks like a seal on its pages is a picture without a signature.',
  },
}

/** The verifier's own words begin small and end without a full stop. */
function sentence(detail: string): string {
  const begun = detail.charAt(0).toUpperCase() + detail.slice(1)
  return begun === '' || /[.。]$/.test(begun) ? begun : `${begun}.`
}
