import type { Names } from '../model/institution'
import type { CheckName, DEPOSIT_CHECKS, Outcome } from '../model/report'

/** A fact's name, and what each outcome of it says to people. */
export type FactWords = Readonly<Record<Outcome | 'name', Names>>

/** The six facts of a seal, in the words of page and report for courts. */
export const FACTS: Readonly<Record<CheckName, FactWords>> = {
  integrity: {
    name: { zh: '内容未改', en: 'Unchanged' },
    passed: {
      zh: '文件与盖章时逐字节一致，之后也没有不允许的增改。',
      en: 'The document is, byte for byte, what was sealed, and nothing forbidden was added later.',
    },
    failed: { zh: '文件已不是盖章时的文件。', en: 'The document is not what was sealed.' },
    indeterminate: {
      zh: '无法判断文件是否仍是盖章时的文件。',
      en: 'It cannot be told whether the document is what was sealed.',
    },
  },
  signature: {
    name: { zh: '签名有效', en: 'Signature' },
    passed: {
      zh: '签名确由文件中证书所对应的密钥作出。',
      en: 'The signature was made with the key that belongs to the certificate in the file.',
    },
    failed: {
      zh: '签名不是由文件中证书所对应的密钥作出的。',
      en: 'The signature was not made with the key of the certificate in the file.',
    },
    indeterminate: { zh: '无法判断签名。', en: 'The signature cannot be judged.' },
  },
  certificate: {
    name: { zh: '证书有效', en: 'Certificate' },
    passed: {
      zh: '证书是签发给该机构用于盖章的，在证明的时间有效且未被撤销。',
      en: 'The certificate was issued to this institution for sealing, and was valid and not revoked at the proven time.',
    },
    failed: { zh: '该证书不能证明此机构有权盖章。', en: 'The certificate does not entitle this institution to seal.' },
    indeterminate: {
      zh: '尚未证明证书属于该机构并且有效。',
      en: 'It is not proven that the certificate belongs to this institution and was valid.',
    },
  },
  timestamp: {
    name: { zh: '时间可信', en: 'Time' },
    passed: {
      zh: '由另一机构的时间戳服务证明了盖章时间。',
      en: 'A timestamp authority of another organisation confirms the time.',
    },
    failed: { zh: '时间戳不成立。', en: 'The timestamp does not hold.' },
    indeterminate: { zh: '盖章时间尚未证明。', en: 'The time is not proven.' },
  },
  seal: {
    name: { zh: '印章已备案', en: 'Registered seal' },
    passed: {
      zh: '印章已为该机构备案，当时有效，页面上的印模与备案一致。',
      en: 'The seal is registered for this institution, was in force, and looks on the page as it was registered.',
    },
    failed: {
      zh: '页面上的印章与备案不符，或当时已无效。',
      en: 'The seal on the page is not the registered one, or was not in force.',
    },
    indeterminate: { zh: '尚未证明此印章已备案。', en: 'It is not proven that this seal is registered.' },
  },
  anchor: {
    name: { zh: '用印已记录', en: 'Recorded use' },
    passed: {
      zh: '这一次用印已记入该机构在账本上的日志。',
      en: 'This very use of the seal is recorded in the institution’s log on the ledger.',
    },
    failed: { zh: '账本记录与这次用印不符。', en: 'The record does not fit this use of the seal.' },
    indeterminate: { zh: '尚未证明这次用印已被记录。', en: 'It is not proven that this use of the seal was recorded.' },
  },
}

/** The three facts of a deposit. */
export const DEPOSIT_FACTS: Readonly<Record<(typeof DEPOSIT_CHECKS)[number], FactWords>> = {
  integrity: {
    name: { zh: '内容未改', en: 'Unchanged' },
    passed: { zh: '文件与存证时逐字节一致。', en: 'The file is, byte for byte, the one that was deposited.' },
    failed: { zh: '这不是当时存证的文件。', en: 'The file is not the one that was deposited.' },
    indeterminate: { zh: '无法判断此文件是否存证过。', en: 'It cannot be told whether this file was deposited.' },
  },
  timestamp: {
    name: { zh: '时间可信', en: 'Time' },
    passed: {
      zh: '由另一机构的时间戳服务证明了文件在此时已经存在。',
      en: 'A timestamp authority of another organisation confirms that the file existed at this time.',
    },
    failed: { zh: '时间戳不成立。', en: 'The timestamp does not hold.' },
    indeterminate: { zh: '时间尚未证明。', en: 'The time is not proven.' },
  },
  anchor: {
    name: { zh: '存证已记录', en: 'Recorded' },
    passed: {
      zh: '这次存证已记入该机构在账本上的日志。',
      en: 'This deposit is recorded in the institution’s log on the ledger.',
    },
    failed: { zh: '账本记录与这次存证不符。', en: 'The record does not fit this deposit.' },
    indeterminate: { zh: '尚未证明这次存证已被记录。', en: 'It is not proven that this deposit was recorded.' },
  },
}
