import { ASIC_PLACES, type Report } from '@cinnabar/core'
import type { CourtPoint } from './court-report'
import { CONTAINER, type Folder, TRUST } from './folder'

/** Article 17 (3): a system's soundness is not in a file; what can be tried is named. */
export function system(): readonly CourtPoint[] {
  return [
    {
      title: { zh: '核验所用软件', en: 'The software of this verification' },
      standing: 'stated',
      fact: {
        zh: 'Cinnabar 核验器为开源软件，不联网即可运行，可在另一台机器上重做；另附其他来源工具（pdfsig、openssl）的命令。源码中 npm run prove -- 4 重做其自身的检验。',
        en: "The verifier is open source, runs without a network and can be run again elsewhere; commands of others' tools (pdfsig, openssl) are given, too. In its sources, npm run prove -- 4 redoes the tests of the verifier itself.",
      },
      evidence: [],
      redo: ['cinnabar --version'],
    },
    {
      title: { zh: '清洁性、安全性、可靠性、可用性', en: 'Cleanliness, security, reliability, availability' },
      standing: 'open',
      fact: {
        zh: '本报告不能证明存证当时系统环境的状况。请平台提供等级保护测评、运行日志等材料。',
        en: 'The state of the system at the time of recording is not proven by this report. Ask the platform for its security assessment and operating logs.',
      },
      evidence: [],
      redo: [],
    },
  ]
}

const MANIFEST = `evidence/${ASIC_PLACES.manifest}`
const TOKEN = `evidence/${ASIC_PLACES.token}`

/** Article 17 (4): by which techniques, in which steps. */
export function technique(
  { signatures, deposits = [], trust, evidence = [] }: Report,
  folder: Folder,
): readonly CourtPoint[] {
  const level = [...new Set(signatures.flatMap((one) => one.level ?? []))].join(', ') || '—'
  const isSealed = signatures.length > 0 || deposits.length === 0
  const carried = [...signatures, ...deposits].some(({ recorded }) => recorded?.block?.carried)
  const closed = evidence.length > 0 && evidence.every(({ assertion }) => assertion?.outcome === 'passed')
  const hasContainer = evidence.length > 0
  return [
    {
      title: { zh: '算法与标准', en: 'Algorithms and standards' },
      standing: 'stated',
      fact: {
        zh: `${isSealed ? `PAdES（ETSI EN 319 142-1，级别 ${level}），判定依 ETSI EN 319 102-1；` : ''}RFC 3161 时间戳；SHA-256；日志为 RFC 9162 默克尔树。格式见 core/FORMAT.md。`,
        en: `${isSealed ? `PAdES (ETSI EN 319 142-1, level ${level}), judged by ETSI EN 319 102-1; ` : ''}RFC 3161 timestamps; SHA-256; a log as the Merkle tree of RFC 9162. Formats: core/FORMAT.md.`,
      },
      evidence: hasContainer ? ['evidence/evidence.json', 'evidence/claims.json'] : [],
      redo: hasContainer ? [`unzip -l ${CONTAINER}`] : [],
    },
    {
      title: { zh: '过程', en: 'Process' },
      standing: 'stated',
      fact: {
        zh: `${isSealed ? '接收→盖章（增量更新，原字节不变）→时间戳' : '接收文件的摘要→时间戳'}→链码重新核验后记入日志→取得作证与包含证明。文件本身不上链，链上只有摘要的承诺。有权读取账本者可用 cinnabar audit 重算整个日志。`,
        en: `${isSealed ? 'Received, sealed by an incremental update (the bytes before stay)' : 'The digest received'}, timestamped, verified again by the chaincode and entered in the log, attested. The file itself never goes on the ledger: only a commitment to digests does. Whoever may read the ledger recomputes the whole log with cinnabar audit.`,
      },
      evidence: [...folder.proofIn('receipts/'), ...(carried ? folder.proofIn('ledger/') : [])],
      redo: [folder.verify('--json')],
    },
    {
      title: { zh: '证据容器的封存', en: 'The closing of the evidence container' },
      standing: closed ? 'proven' : 'open',
      fact: closed
        ? {
            zh: '容器带有可信时间声明（ETSI EN 319 162-1），其后未改动。',
            en: 'It has a trusted time assertion (ETSI EN 319 162-1) and was not changed since.',
          }
        : {
            zh: '核验所用的容器不带时间声明；各项事实不依赖它。',
            en: 'The container used here has no time assertion; no fact rests on one.',
          },
      evidence: closed ? [MANIFEST, TOKEN] : [],
      redo: closed
        ? [`sha256sum ${MANIFEST}`, `openssl ts -reply -token_in -text -in ${TOKEN}`, folder.verify('--json')]
        : [],
    },
    ...(trust.ledger === 'fabric' && !carried ? [noBlock()] : []),
  ]
}

function noBlock(): CourtPoint {
  return {
    title: { zh: '区块', en: 'The block' },
    standing: 'open',
    fact: {
      zh: '证据未附区块；上链由节点作证和包含证明证明，不由区块证明。',
      en: 'The block is not in the evidence: the record is proven by attestations and inclusion proof, not by it.',
    },
    evidence: [],
    redo: [],
  }
}

/** Article 18: what happened before the recording. */
export function origin({ signatures, deposits = [] }: Report): readonly CourtPoint[] {
  const times = [...signatures, ...deposits].flatMap(({ provenTime }) => provenTime ?? []).sort()
  return [
    {
      title: { zh: '上链前：来源与生成', en: 'Before recording: source and making' },
      standing: 'open',
      fact: {
        zh: `可证明的最早时间：${times[0] ?? '无'}。此前文件的来源、生成和保管，内容是否属实，何人按下盖章，均不由本报告证明。记录中文件版本的摘要是盖章机构的主张，已与本文件比对。`,
        en: `Earliest proven time: ${times[0] ?? 'none'}. Where the file came from, how it was made and kept before, whether it is true and who pressed the button are not proven here. The digest of the revision in the record is the sealing institution's claim; it was compared with this file.`,
      },
      evidence: [],
      redo: [],
    },
    {
      title: { zh: '可补充的材料', en: 'What may be added' },
      standing: 'stated',
      fact: {
        zh: '原始文件及其产生系统的记录、用印审批流程与用印台账（盖章机构可从其服务导出）、公证、第三方见证、关联印证数据。',
        en: 'The original and the records of the system it comes from; approvals and the book of seal uses, which the institution prints from its service; notarisation, third-party witnesses, corroborating data.',
      },
      evidence: [],
      redo: [],
    },
  ]
}

/** Article 19: who may look into it, and with what. */
export function experts({ document, setUp, verify }: Folder): readonly CourtPoint[] {
  return [
    {
      title: { zh: '核验所需的材料', en: 'What an expert needs' },
      standing: 'stated',
      fact: {
        zh: '有文件、证据容器和另行取得的信任文件，即可不经平台、不联网重做本报告的每一项核验。信任文件应从联盟而非举证方取得。',
        en: 'With the file, the evidence container and a trust file got elsewhere every verification of this report can be redone without the platform and without a network. The trust file should come from the consortium, not from whoever submits the document.',
      },
      evidence: [document, ...(setUp.length > 0 ? [CONTAINER] : []), TRUST],
      redo: [verify()],
    },
    {
      title: { zh: '本报告的限度', en: 'The limits of this report' },
      standing: 'open',
      fact: {
        zh: '本报告由软件生成，不是鉴定意见，也不是法律意见；真实性、合法性和关联性由人民法院认定。',
        en: 'This report is made by software. It is neither an appraisal nor legal advice: authenticity, lawfulness and relevance are for the court to decide.',
      },
      evidence: [],
      redo: [],
    },
  ]
}
