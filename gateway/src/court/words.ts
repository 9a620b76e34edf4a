import type { CheckName, Names, Outcome } from '@cinnabar/core'
import type { Standing } from './court-report'

/** The six facts as a court meets them. */
export const CONSISTENCY: Readonly<Record<CheckName, Names & { readonly proven: Names }>> = {
  integrity: {
    zh: '内容一致',
    en: 'integrity',
    proven: {
      zh: '文件字节与盖章时逐字节一致，其后没有不允许的增改。',
      en: 'The bytes are those that were sealed, and nothing forbidden was added since.',
    },
  },
  signature: {
    zh: '签名',
    en: 'signature',
    proven: {
      zh: '签名确由文件内证书所对应的密钥作出。',
      en: 'The signature was made with the key of the certificate in the file.',
    },
  },
  certificate: {
    zh: '证书',
    en: 'certificate',
    proven: {
      zh: '证书由该机构的印章证书机构签发，在证明的时间有效且未被撤销。',
      en: "The certificate was issued by the institution's seal CA, and was valid and not revoked at the proven time.",
    },
  },
  timestamp: {
    zh: '时间',
    en: 'timestamp',
    proven: {
      zh: '由另一机构的时间戳服务证明签名在此时间已存在。',
      en: "Another institution's timestamp authority proves that the signature existed at that time.",
    },
  },
  seal: {
    zh: '印章备案',
    en: 'seal',
    proven: {
      zh: '印章已为该机构备案，当时有效，页面上的印模及位置与备案和签名一致。',
      en: 'The seal is registered for the institution, was in force, and stands on the page as registered and signed.',
    },
  },
  anchor: {
    zh: '上链记录',
    en: 'anchor',
    proven: {
      zh: '本次用印已记入该机构在账本上的日志，可由包含证明推算至经作证的日志头。',
      en: "This very use is an entry of the institution's log, by an inclusion proof up to an attested head.",
    },
  },
}

/** How each fact is done again by whoever doubts it, with our tool or another. */
export const REDO: Readonly<Record<CheckName, readonly string[]>> = {
  integrity: ['cinnabar verify FILE --trust trust.json --evidence evidence.asice', 'pdfsig FILE'],
  signature: ['pdfsig FILE', 'pyhanko sign validate --pretty-print FILE'],
  certificate: ['openssl verify -CAfile ca.pem -untrusted chain.pem seal.pem', 'cinnabar verify FILE --at TIME'],
  timestamp: ['openssl ts -verify -in token.tst -token_in -data signature.bin -CAfile tsa.pem'],
  seal: ['cinnabar verify FILE --trust trust.json --evidence evidence.asice --json'],
  anchor: ['cinnabar verify FILE --trust trust.json --evidence evidence.asice --min-head N', 'cinnabar audit'],
}

export const OUTCOMES: Readonly<Record<Outcome, Names>> = {
  passed: { zh: '核验通过', en: 'PASSED' },
  failed: { zh: '核验未通过', en: 'FAILED' },
  indeterminate: { zh: '无法判定', en: 'NOT PROVEN' },
}

export const STANDINGS: Readonly<Record<Standing, Names>> = {
  proven: { zh: '已证明', en: 'proven' },
  refuted: { zh: '不成立', en: 'refuted' },
  open: { zh: '未证明', en: 'not proven' },
  stated: { zh: '说明', en: 'stated' },
}

/** What the verdict of the whole file means. */
export const MEANING: Readonly<Record<Outcome, Names>> = {
  passed: {
    zh: '每一枚印章的六项事实均已证明。内容是否属实、何人实际操作，不在证明之列。',
    en: 'All six facts are proven for each seal. Whether the content is true, and who acted in person, is not proven.',
  },
  failed: {
    zh: '至少一项事实不成立，本文件不应作为盖章原件采信。',
    en: 'At least one fact is refuted: this file should not be taken for the sealed original.',
  },
  indeterminate: {
    zh: '没有发现不成立的事实，但并非每一项都得到证明；缺少的证明如下所列。',
    en: 'No fact is refuted, but not all are proven; what is missing is named below.',
  },
}
