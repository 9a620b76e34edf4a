import type { Check } from '@cinnabar/core'

/** Why a fact is false or open, in Chinese: codes that mean the same to a reader share a sentence. */
const SENTENCES: readonly (readonly [string, string])[] = [
  ['没有信任文件，无从判断谁的话可信', 'TRUST_MISSING'],
  ['缺少这枚印章的证据', 'EVIDENCE_MISSING'],
  ['证据文件已损坏，或不属于这枚印章', 'EVIDENCE_INVALID EVIDENCE_DAMAGED EVIDENCE_TOO_LARGE'],
  ['盖章的内容已被改动：其摘要与签名时不同', 'DIGEST_MISMATCH MESSAGE_DIGEST_MISMATCH'],
  [
    '盖章之后又有不允许的改动或增添',
    'CHANGED_AFTER_SEAL OBJECT_REMOVED OBJECT_SUPPLIED_LATER TRAILER_CHANGED TRAILING_BYTES SEAL_COVERED ' +
      'CONTENT_COVERED UNLISTED_BYTES DOCUMENT_TIMESTAMP_BROKEN',
  ],
  ['这不是 PDF，不含印章，也没有它存证过的证据', 'DEPOSIT_EVIDENCE_MISSING'],
  ['这不是当时存证的文件，或文件已被改动', 'DEPOSIT_MISMATCH'],
  ['盖章之后的文档时间戳无法读取', 'DOCUMENT_TIMESTAMP_UNREADABLE'],
  ['签名所覆盖的范围不正确', 'BYTE_RANGE_GAP BYTE_RANGE_INVALID CONTENTS_INVALID REVISION_INVALID'],
  ['文件已损坏，或其结构会使不同软件读出不同内容', 'PDF_DAMAGED'],
  ['文件是空的', 'PDF_EMPTY'],
  ['文件已加密', 'PDF_ENCRYPTED'],
  ['这不是 PDF 文件', 'PDF_NOT_PDF'],
  ['文件的规模或嵌套超出任何真实合同，核验已中止', 'PDF_TOO_COMPLEX'],
  ['这是一个电子签名，但没有指明任何印章', 'SEAL_UNNAMED'],
  [
    '签名的结构不符合标准',
    'CMS_INVALID CMS_UNSUPPORTED CMS_SIGNERS CMS_ATTRIBUTE_DUPLICATE CONTENT_TYPE_MISMATCH DIGEST_UNKNOWN ' +
      'ESS_CERTIFICATE_ABSENT ESS_CERTIFICATE_MISMATCH MESSAGE_DIGEST_MISSING SEAL_USE_INVALID ' +
      'SIGNATURE_DICTIONARY_INVALID SIGNATURE_HIDDEN SIGNED_ATTRIBUTES_MISSING SIGNED_ATTRIBUTES_NOT_DER',
  ],
  [
    '使用了不认识或不再接受的密码算法',
    'ALGORITHM_UNSUPPORTED ALGORITHM_WEAK ALGORITHM_MISMATCH DIGEST_UNSUPPORTED SUBFILTER_UNSUPPORTED',
  ],
  ['签名与证书的密钥不符', 'SIGNATURE_INVALID KEY_INVALID'],
  ['文件中没有签名证书', 'CERTIFICATE_MISSING'],
  ['证书所依据的政策不在名单承认之列', 'POLICY_NOT_RECOGNISED'],
  ['名单已撤回对该联盟的承认，此后的用印和存证不再承认', 'RECOGNITION_WITHDRAWN'],
  [
    '信任文件中没有该机构，或没有为它作证的机构',
    'SIGNER_UNKNOWN SIGNER_LOOKALIKE PATH_NOT_FOUND INSTITUTION_NOT_TRUSTED',
  ],
  ['该机构的印章签发者没有备案', 'SEAL_CA_NOT_REGISTERED'],
  [
    '证书是为其他用途或其他持有者签发的',
    'LEAF_KEY_USAGE LEAF_EXTENDED_KEY_USAGE LEAF_IS_CA CERTIFICATE_INVALID SIGNER_MISMATCH ISSUER_NOT_CA ISSUER_KEY_USAGE',
  ],
  ['证书的名称或政策超出其签发者的许可', 'NAME_NOT_PERMITTED POLICY_NOT_ACCEPTED'],
  ['当时证书尚未生效', 'CERTIFICATE_NOT_YET_VALID'],
  ['当时证书已过期', 'CERTIFICATE_EXPIRED'],
  ['证书已被撤销', 'CERTIFICATE_REVOKED'],
  ['密钥失控后的用印存在争议', 'SEAL_DISPUTED'],
  ['不知道证书是否已被撤销', 'REVOCATION_UNKNOWN'],
  ['签名没有时间戳', 'TIMESTAMP_MISSING'],
  ['时间戳属于另一个签名', 'TIMESTAMP_IMPRINT_MISMATCH'],
  ['时间戳的签名无效', 'TIMESTAMP_INVALID TIMESTAMP_SIGNATURE_INVALID TIMESTAMP_CERTIFICATE_MISSING'],
  ['信任文件中没有这个时间戳服务', 'TIMESTAMP_UNTRUSTED'],
  ['时间戳服务已被撤销，账本没有在撤销之前记录这次用印', 'TIMESTAMP_AUTHORITY_WITHDRAWN'],
  ['时间戳服务属于盖章机构自己', 'TIMESTAMP_OWN_AUTHORITY'],
  ['时间戳的时间晚于现在', 'TIMESTAMP_IN_FUTURE'],
  ['时间戳不够精确', 'TIMESTAMP_INACCURATE'],
  ['盖章时间尚未证明，因此无法判断', 'TIME_UNPROVEN'],
  ['备案与签名所指的印章、机构或证书不符', 'SEAL_MISMATCH SEAL_USE_MISMATCH'],
  ['印章的备案没有足够的机构作证', 'SEAL_NOT_ATTESTED'],
  ['当时印章已停用', 'SEAL_SUSPENDED'],
  ['当时印章已注销', 'SEAL_RETIRED'],
  ['当时印章已过有效期', 'SEAL_EXPIRED'],
  ['当时印章尚未生效', 'SEAL_NOT_YET_VALID'],
  ['页面上的印模与备案的不同', 'SEAL_PICTURE_MISMATCH'],
  ['页面上的印章被隐藏、移动，或不在盖章的位置', 'SEAL_PLACE_MISMATCH SEAL_OFF_PAGE'],
  [
    '这是另一次用印的记录',
    'RECEIPT_MISMATCH OPENING_MISMATCH COMMITMENT_MISMATCH ENTRY_MISMATCH REVISION_MISMATCH PRESERVATION_MISMATCH',
  ],
  ['证明无法从这条记录推到该机构的日志', 'INCLUSION_PROOF_INVALID'],
  ['为日志作证的机构不足，或不是信任文件所要求的机构', 'ATTESTER_NOT_TRUSTED QUORUM_NOT_MET'],
  [
    '证据所附的区块不是记录这次用印的区块',
    'BLOCK_INVALID BLOCK_DATA_MISMATCH BLOCK_ENTRY_MISSING BLOCK_TRANSACTION_INVALID',
  ],
  [
    '证据所附的区块没有所要求的排序节点签名或机构背书',
    'BLOCK_SIGNER_NOT_TRUSTED BLOCK_QUORUM_NOT_MET CONFIGURATION_NOT_FOLLOWED',
  ],
  ['账本的陈述互相矛盾，或与信任文件矛盾', 'ATTESTATION_MISMATCH INSTITUTION_MISMATCH'],
  ['证据比所要求的旧', 'HEAD_TOO_OLD'],
  ['警报：账本向不同的人出示了不同的日志', 'LEDGER_FORK'],
]

const BY_CODE: ReadonlyMap<string, string> = new Map(
  SENTENCES.flatMap(([sentence, codes]) => codes.split(' ').map((code) => [code, sentence] as const)),
)

/** The sentence for a code; for one without, the verifier's own, which is English. */
export function reasonZh({ code, detail }: Pick<Check, 'code' | 'detail'>): string {
  return BY_CODE.get(code) ?? detail
}
