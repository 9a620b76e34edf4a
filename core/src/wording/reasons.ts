import type { Names } from '../model/institution'
import type { Check } from '../model/report'

interface Reason extends Names {
  readonly codes: readonly string[]
}

/** Codes that mean the same to people share a sentence: page, command line and report for courts say it in the same words. */
export const REASONS = {
  noTrust: {
    codes: ['TRUST_MISSING'],
    zh: '没有信任文件，因此无从判断谁的话可信。',
    en: 'No trust file was given, so nobody’s word can be judged.',
  },
  noEvidence: {
    codes: ['EVIDENCE_MISSING'],
    zh: '缺少这枚印章的证据。',
    en: 'The evidence for this seal is missing.',
  },
  noDepositEvidence: {
    codes: ['DEPOSIT_EVIDENCE_MISSING'],
    zh: '没有此文件存证过的证据。',
    en: 'There is no evidence that this file was deposited.',
  },
  badEvidence: {
    codes: ['EVIDENCE_INVALID', 'EVIDENCE_DAMAGED', 'EVIDENCE_TOO_LARGE'],
    zh: '证据文件已损坏，或不属于这枚印章。',
    en: 'The evidence file is damaged or does not belong to this seal.',
  },
  bytesDiffer: {
    codes: ['DIGEST_MISMATCH', 'MESSAGE_DIGEST_MISMATCH', 'DEPOSIT_MISMATCH'],
    zh: '内容已被改动：其摘要与盖章或存证时不同。',
    en: 'The bytes have been changed: their fingerprint is not the one that was sealed or deposited.',
  },
  changedAfter: {
    codes: [
      'CHANGED_AFTER_SEAL',
      'OBJECT_REMOVED',
      'OBJECT_SUPPLIED_LATER',
      'TRAILER_CHANGED',
      'TRAILING_BYTES',
      'UNLISTED_BYTES',
      'DOCUMENT_TIMESTAMP_BROKEN',
    ],
    zh: '盖章之后又有不允许的改动或增添。',
    en: 'Something was changed or added after sealing that a sealed document does not allow.',
  },
  unreadable: {
    codes: ['PDF_DAMAGED', 'PDF_EMPTY'],
    zh: '文件已损坏，或其结构会使不同软件读出不同内容。',
    en: 'The file is damaged or is built in a way that readers take differently.',
  },
  encrypted: {
    codes: ['PDF_ENCRYPTED'],
    zh: '文件已加密。',
    en: 'The file is encrypted.',
  },
  notPdf: {
    codes: ['PDF_NOT_PDF'],
    zh: '这不是 PDF 文件。',
    en: 'The file is not a PDF.',
  },
  tooComplex: {
    codes: ['PDF_TOO_COMPLEX'],
    zh: '文件的规模或嵌套超出任何真实合同，核验已中止。',
    en: 'The file is larger or more deeply nested than any real contract; the check was broken off.',
  },
  notSeal: {
    codes: ['SEAL_UNNAMED', 'SEAL_PICTURE_UNSIGNED'],
    zh: '这是一个电子签名，但没有指明任何印章。',
    en: 'It is an electronic signature, but it does not name a seal.',
  },
  malformed: {
    codes: [
      'DOCUMENT_TIMESTAMP_UNREADABLE',
      'BYTE_RANGE_GAP',
      'BYTE_RANGE_INVALID',
      'CONTENTS_INVALID',
      'REVISION_INVALID',
      'SIGNATURE_DICTIONARY_INVALID',
      'SIGNATURE_HIDDEN',
      'CMS_INVALID',
      'CMS_SIGNERS',
      'CMS_UNSUPPORTED',
      'CMS_ATTRIBUTE_DUPLICATE',
      'CONTENT_TYPE_MISMATCH',
      'DER_INVALID',
      'DER_TOO_DEEP',
      'DER_TOO_LARGE',
      'ESS_CERTIFICATE_ABSENT',
      'ESS_CERTIFICATE_MISMATCH',
      'MESSAGE_DIGEST_MISSING',
      'SEAL_USE_INVALID',
      'SIGNED_ATTRIBUTES_MISSING',
      'SIGNED_ATTRIBUTES_NOT_DER',
    ],
    zh: '签名的结构不符合标准。',
    en: 'The signature is not built as the standard demands.',
  },
  weakAlgorithm: {
    codes: [
      'ALGORITHM_UNSUPPORTED',
      'ALGORITHM_WEAK',
      'ALGORITHM_MISMATCH',
      'DIGEST_UNSUPPORTED',
      'SUBFILTER_UNSUPPORTED',
    ],
    zh: '使用了本核验器不认识或不再接受的密码算法。',
    en: 'It uses a cryptographic method that this verifier does not know or no longer accepts.',
  },
  wrongKey: {
    codes: ['SIGNATURE_INVALID', 'KEY_INVALID', 'SIGNER_MISMATCH'],
    zh: '签名与证书的密钥不符。',
    en: 'The signature does not fit the key of the certificate.',
  },
  stranger: {
    codes: ['SIGNER_UNKNOWN', 'SIGNER_LOOKALIKE', 'PATH_NOT_FOUND', 'INSTITUTION_NOT_TRUSTED'],
    zh: '信任文件中没有该机构，或没有为它作证的机构。',
    en: 'The trust file does not name the institution or whoever vouches for it.',
  },
  otherPolicy: {
    codes: ['POLICY_NOT_RECOGNISED'],
    zh: '名单仅承认该机构载明特定策略的证书，而此证书没有载明。',
    en: 'The published list recognises this institution’s certificates only under a policy that this one does not state.',
  },
  withdrawnRecognition: {
    codes: ['RECOGNITION_WITHDRAWN'],
    zh: '当时名单已撤回对该联盟的承认。',
    en: 'The published list no longer recognised this consortium at that time.',
  },
  wrongCertificate: {
    codes: [
      'CERTIFICATE_INVALID',
      'CERTIFICATE_VERSION_UNSUPPORTED',
      'EXTENSION_DUPLICATE',
      'EXTENSION_UNKNOWN',
      'ISSUER_KEY_USAGE',
      'ISSUER_NOT_CA',
      'LEAF_EXTENDED_KEY_USAGE',
      'LEAF_IS_CA',
      'LEAF_KEY_USAGE',
      'NAME_NOT_PERMITTED',
      'POLICY_NOT_ACCEPTED',
      'PATH_SIGNATURE_INVALID',
      'PATH_TOO_LONG',
      'SEAL_CA_NOT_REGISTERED',
    ],
    zh: '证书是为其他用途或其他持有者签发的。',
    en: 'The certificate was issued for another purpose or another holder.',
  },
  noCertificate: {
    codes: ['CERTIFICATE_MISSING'],
    zh: '签名中没有它的证书。',
    en: 'The signature does not carry its certificate.',
  },
  notYetValid: {
    codes: ['CERTIFICATE_NOT_YET_VALID'],
    zh: '当时证书尚未生效。',
    en: 'The certificate was not yet valid at that time.',
  },
  expired: {
    codes: ['CERTIFICATE_EXPIRED'],
    zh: '当时证书已过期。',
    en: 'The certificate had expired at that time.',
  },
  revoked: {
    codes: ['CERTIFICATE_REVOKED', 'REVOKED'],
    zh: '证书已被撤销。',
    en: 'The certificate was revoked.',
  },
  disputed: {
    codes: ['SEAL_DISPUTED'],
    zh: '密钥曾被盗用或丢失，不能确定这次用印在此之前。',
    en: 'The key was stolen or lost, and this use is not known to be from before.',
  },
  revocationUnknown: {
    codes: ['REVOCATION_UNKNOWN', 'CRL_INVALID', 'CRL_EXTENSION_UNSUPPORTED', 'OCSP_INVALID'],
    zh: '不知道证书是否已被撤销。',
    en: 'It is not known whether the certificate had been revoked.',
  },
  noTimestamp: {
    codes: ['TIMESTAMP_MISSING'],
    zh: '签名没有时间戳。',
    en: 'The signature bears no timestamp.',
  },
  otherTimestamp: {
    codes: ['TIMESTAMP_IMPRINT_MISMATCH'],
    zh: '时间戳属于另一个签名。',
    en: 'The timestamp belongs to another signature.',
  },
  badTimestamp: {
    codes: ['TIMESTAMP_INVALID', 'TIMESTAMP_SIGNATURE_INVALID'],
    zh: '时间戳的签名无效。',
    en: 'The timestamp is not validly signed.',
  },
  strangerTime: {
    codes: ['TIMESTAMP_UNTRUSTED', 'TIMESTAMP_CERTIFICATE_MISSING'],
    zh: '信任文件中没有这个时间戳服务。',
    en: 'The trust file does not name the timestamp authority.',
  },
  withdrawnTime: {
    codes: ['TIMESTAMP_AUTHORITY_WITHDRAWN'],
    zh: '当时该时间戳服务已被撤回。',
    en: 'The timestamp authority had been withdrawn by then.',
  },
  ownTime: {
    codes: ['TIMESTAMP_OWN_AUTHORITY'],
    zh: '时间戳来自盖章机构自己的服务，不能为自己证明时间。',
    en: 'The timestamp is from the institution’s own authority, which proves no time for itself.',
  },
  vagueTime: {
    codes: ['TIMESTAMP_INACCURATE', 'TIMESTAMP_IN_FUTURE'],
    zh: '时间戳不够精确，或在未来。',
    en: 'The timestamp is not exact enough, or lies in the future.',
  },
  timeUnproven: {
    codes: ['TIME_UNPROVEN'],
    zh: '盖章时间尚未证明，因此无法判断。',
    en: 'It could not be judged, because the time of sealing is not proven.',
  },
  notRegistered: {
    codes: ['SEAL_MISMATCH'],
    zh: '备案中没有该机构以此证书使用的这枚印章。',
    en: 'The register does not have this seal for this institution and certificate.',
  },
  suspended: {
    codes: ['SEAL_SUSPENDED'],
    zh: '当时印章已停用。',
    en: 'The seal was suspended at that time.',
  },
  retired: {
    codes: ['SEAL_RETIRED'],
    zh: '当时印章已注销。',
    en: 'The seal had been retired by that time.',
  },
  outOfTerm: {
    codes: ['SEAL_EXPIRED'],
    zh: '当时印章不在有效期内。',
    en: 'The seal was out of its term at that time.',
  },
  otherPicture: {
    codes: ['SEAL_PICTURE_MISMATCH'],
    zh: '页面上的印模与备案的不同。',
    en: 'The picture of the seal on the page is not the registered one.',
  },
  otherPlace: {
    codes: ['SEAL_PLACE_MISMATCH', 'SEAL_COVERED', 'CONTENT_COVERED'],
    zh: '页面上的印章被隐藏、遮盖、移动，或不在盖章的位置。',
    en: 'The seal on the page is hidden, covered, moved or not where it was sealed.',
  },
  otherRecord: {
    codes: ['COMMITMENT_MISMATCH', 'ENTRY_MISMATCH', 'OPENING_MISMATCH', 'PRESERVATION_MISMATCH', 'SEAL_USE_MISMATCH'],
    zh: '这是另一次用印的记录。',
    en: 'The record is of another use of a seal.',
  },
  otherFile: {
    codes: ['REVISION_MISMATCH'],
    zh: '账本上这个签名对应的是另一份文件。',
    en: 'Under this signature another file was recorded.',
  },
  notInLog: {
    codes: ['INCLUSION_PROOF_INVALID'],
    zh: '证明无法从这条记录推到该机构的日志。',
    en: 'The proof does not lead from the record to the institution’s log.',
  },
  quorum: {
    codes: ['ATTESTER_NOT_TRUSTED', 'QUORUM_NOT_MET'],
    zh: '为日志作证的机构不足，或不是信任文件所要求的机构。',
    en: 'Those who attest the log are not enough, or not those whom the trust file demands.',
  },
  badBlock: {
    codes: [
      'BLOCK_DATA_MISMATCH',
      'BLOCK_ENTRY_MISSING',
      'BLOCK_INVALID',
      'BLOCK_QUORUM_NOT_MET',
      'BLOCK_SIGNER_NOT_TRUSTED',
      'BLOCK_TRANSACTION_INVALID',
      'CONFIGURATION_NOT_FOLLOWED',
    ],
    zh: '证据所附的账本区块不是记录这次用印的区块，或缺少应有的签名。',
    en: 'The ledger’s block in the evidence is not the one that recorded this use, or lacks the signatures it needs.',
  },
  tooOld: {
    codes: ['HEAD_TOO_OLD'],
    zh: '备案的陈述早于所要求的时间。',
    en: 'The register’s word is older than was demanded.',
  },
  fork: {
    codes: ['LEDGER_FORK'],
    zh: '警报：账本向不同的人出示了不同的日志。请报告联盟。',
    en: 'Alarm: the ledger shows different people different logs. Report it to the consortium.',
  },
  contradiction: {
    codes: ['ATTESTATION_MISMATCH', 'INSTITUTION_MISMATCH'],
    zh: '账本的陈述互相矛盾，或与信任文件矛盾。',
    en: 'Two statements of the ledger contradict each other or the trust file.',
  },
  dependsOther: {
    codes: ['DIGEST_UNKNOWN', 'SEAL_NOT_ATTESTED'],
    zh: '另一项事实尚未证明，因此无法判断。',
    en: 'It could not be judged because another fact is not proven.',
  },
} as const satisfies Readonly<Record<string, Reason>>

/** What codes that mean the same have in common. */
export type Family = keyof typeof REASONS

const FAMILY_OF: ReadonlyMap<string, Family> = new Map(
  Object.entries(REASONS).flatMap(([family, { codes }]) => codes.map((code) => [code, family as Family] as const)),
)

/** The family of a code; none for one that there are no words for. */
export function familyOf(code: string): Family | undefined {
  return FAMILY_OF.get(code)
}

/** Why a fact is false or open, a sentence in each language; none for a code that there are no words for. */
export function reasonFor({ code }: Pick<Check, 'code'>): Names | undefined {
  const family = familyOf(code)
  return family && REASONS[family]
}
