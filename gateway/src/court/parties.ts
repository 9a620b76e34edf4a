import type { DepositReport, Names, Report, SignatureReport, Trust } from '@cinnabar/core'
import type { CourtPoint } from './court-report'
import { type Folder, TRUST } from './folder'

/** Who sealed: a name of the trust file where the certificate holds, else what the file claims. */
export function institutionsOf({ institution, institutionNames, signer, checks }: SignatureReport): Names {
  const isProven = checks.some(({ check, outcome }) => check === 'certificate' && outcome === 'passed')
  if (isProven && institutionNames !== null) return institutionNames
  const claimed = institution ?? signer ?? '—'
  return { zh: `未证明（文件自称 ${claimed}）`, en: `not proven (the file claims ${claimed})` }
}

/** Article 17 (1): who runs what this rests on, and that no verification can show a licence. */
export function platform({ trust }: Report, trusted: Trust | undefined): readonly CourtPoint[] {
  const ledger = LEDGERS[trust.ledger]
  const list = trusted?.organisations.map(({ names }) => names) ?? []
  return [
    {
      title: { zh: '账本与运营方', en: 'The ledger and who runs it' },
      standing: trusted === undefined ? 'open' : 'stated',
      fact: {
        zh: `${ledger.zh}；信任文件列明的机构：${list.map(({ zh }) => zh).join('、') || '无'}；信任文件指纹 ${trust.fingerprint ?? '无'}。`,
        en: `${ledger.en}; organisations of the trust file: ${list.map(({ en }) => en).join(', ') || 'none'}; its fingerprint is ${trust.fingerprint ?? 'none'}.`,
      },
      evidence: trusted === undefined ? [] : [TRUST],
      // FORMAT.md 10: the record may end with a line feed that is no part of it.
      redo: trusted === undefined ? [] : [`tr -d '\\n' < ${TRUST} | sha256sum`],
    },
    {
      title: { zh: '平台是否符合区块链存证服务的规定', en: 'Whether the platform meets the rules for such services' },
      standing: 'open',
      fact: {
        zh: '本报告不能证明。请平台提供区块链信息服务备案等材料。',
        en: 'Not proven by this report. Ask the platform for its filing as a blockchain information service.',
      },
      evidence: [],
      redo: [],
    },
  ]
}

const LEDGERS: Readonly<Record<Report['trust']['ledger'], Names>> = {
  fabric: { zh: 'Hyperledger Fabric 联盟链', en: 'A Hyperledger Fabric consortium ledger' },
  embedded: { zh: '单节点内置账本', en: 'An embedded ledger of one node' },
  none: { zh: '未指定账本', en: 'No ledger was named' },
}

interface Judged {
  readonly trusted: Trust | undefined
  readonly folder: Folder
}

/** Article 17 (2): who attested, and whether any of them is a party of the document. */
export function neutrality(report: Report, { trusted, folder }: Judged): readonly CourtPoint[] {
  const { signatures, deposits = [], trust } = report
  const uses: readonly Pick<SignatureReport | DepositReport, 'institution' | 'recorded'>[] = [
    ...signatures,
    ...deposits,
  ]
  const parties = new Set(uses.flatMap(({ institution }) => institution ?? []))
  const attesters = [...new Set(uses.flatMap(({ recorded }) => recorded?.attestedBy ?? []))]
  // The one node of an embedded ledger goes by the English name that the trust file gives it.
  const operator = trusted?.singleOperator?.name
  const namesOf = (id: string) =>
    trusted?.organisations.find((one) => one.id === id)?.names ?? (id === operator?.en ? operator : undefined)
  const named = (ids: readonly string[], key: keyof Names) => ids.map((id) => namesOf(id)?.[key] ?? id)
  const outside = attesters.filter(
    (one) => trusted?.organisations.some(({ id }) => id === one) && !parties.has(one as never),
  )
  return [
    {
      title: { zh: '作证方与盖章方', en: 'Who attests and who sealed' },
      standing: outside.length > 0 ? 'proven' : 'open',
      fact: {
        zh: `作证方：${named(attesters, 'zh').join('、') || '无'}；其中非盖章方：${named(outside, 'zh').join('、') || '无'}。时间戳须出自盖章方以外的机构。`,
        en: `Attested by: ${named(attesters, 'en').join(', ') || 'nobody'}; of these no party of the document: ${named(outside, 'en').join(', ') || 'none'}. Timestamps count only from institutions other than the one that sealed.`,
      },
      evidence: attesters.length > 0 ? folder.proofIn('receipts/') : [],
      redo: [folder.verify('--json')],
    },
    ...limits(trust),
    {
      title: { zh: '当事人与平台之间的利害关系', en: 'Interests between the parties and the platform' },
      standing: 'open',
      fact: {
        zh: '本报告不能证明。股权、委托、付费等关系，以及是否有人以技术手段不当干预，须另行查明；不当干预如改动了所证明的内容，核验即不通过。',
        en: 'Not proven by this report: ownership, mandates and payments, and whether anybody interfered, have to be established otherwise. Interference that changed what is proven here would make the verification fail.',
      },
      evidence: [],
      redo: [],
    },
  ]
}

function limits({ singleOperator, demonstration }: Report['trust']): readonly CourtPoint[] {
  const point = (title: Names, fact: Names): CourtPoint => ({
    title,
    standing: 'open',
    fact,
    evidence: [TRUST],
    redo: [],
  })
  return [
    ...(singleOperator
      ? [
          point(
            { zh: '单一运营方', en: 'Single operator' },
            {
              zh: '账本只有一个节点，由一方运营；其诚实性未得到证明。',
              en: 'The ledger is one node run by one party: its honesty is not proven.',
            },
          ),
        ]
      : []),
    ...(demonstration
      ? [
          point(
            { zh: '演示环境', en: 'Demonstration' },
            {
              zh: '多个机构的密钥由同一人持有，不能证明各方独立。',
              en: "One owner holds several organisations' keys: their independence is not proven.",
            },
          ),
        ]
      : []),
  ]
}
