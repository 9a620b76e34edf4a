import type { Texts } from './texts'

/** Codes that mean the same to a reader share a family, and with it a sentence. */
export type Family = keyof Texts['why']

const CODES: Readonly<Record<Family, readonly string[]>> = {
  noTrust: ['TRUST_MISSING'],
  noEvidence: ['EVIDENCE_MISSING'],
  noDepositEvidence: ['DEPOSIT_EVIDENCE_MISSING'],
  badEvidence: ['EVIDENCE_INVALID'],
  bytesDiffer: ['DIGEST_MISMATCH', 'MESSAGE_DIGEST_MISMATCH', 'DEPOSIT_MISMATCH'],
  changedAfter: [
    'CHANGED_AFTER_SEAL',
    'OBJECT_REMOVED',
    'OBJECT_SUPPLIED_LATER',
    'TRAILER_CHANGED',
    'TRAILING_BYTES',
    'UNLISTED_BYTES',
    'DOCUMENT_TIMESTAMP_BROKEN',
  ],
  unreadable: ['PDF_DAMAGED', 'PDF_EMPTY'],
  encrypted: ['PDF_ENCRYPTED'],
  notPdf: ['PDF_NOT_PDF'],
  tooComplex: ['PDF_TOO_COMPLEX'],
  notSeal: ['SEAL_UNNAMED', 'SEAL_PICTURE_UNSIGNED'],
  malformed: [
    'DOCUMENT_TIMESTAMP_UNREADABLE',
    ...['BYTE_RANGE_GAP', 'BYTE_RANGE_INVALID', 'CONTENTS_INVALID', 'REVISION_INVALID', 'SIGNATURE_DICTIONARY_INVALID'],
    'SIGNATURE_HIDDEN',
    ...['CMS_INVALID', 'CMS_SIGNERS', 'CMS_UNSUPPORTED', 'CMS_ATTRIBUTE_DUPLICATE', 'CONTENT_TYPE_MISMATCH'],
    ...['DER_INVALID', 'DER_TOO_DEEP', 'DER_TOO_LARGE', 'ESS_CERTIFICATE_ABSENT', 'ESS_CERTIFICATE_MISMATCH'],
    ...['MESSAGE_DIGEST_MISSING', 'SEAL_USE_INVALID', 'SIGNED_ATTRIBUTES_MISSING', 'SIGNED_ATTRIBUTES_NOT_DER'],
  ],
  weakAlgorithm: [
    ...['ALGORITHM_UNSUPPORTED', 'ALGORITHM_WEAK', 'ALGORITHM_MISMATCH', 'DIGEST_UNSUPPORTED', 'SUBFILTER_UNSUPPORTED'],
  ],
  wrongKey: ['SIGNATURE_INVALID', 'KEY_INVALID', 'SIGNER_MISMATCH'],
  stranger: ['SIGNER_UNKNOWN', 'SIGNER_LOOKALIKE', 'PATH_NOT_FOUND', 'INSTITUTION_NOT_TRUSTED'],
  otherPolicy: ['POLICY_NOT_RECOGNISED'],
  withdrawnRecognition: ['RECOGNITION_WITHDRAWN'],
  wrongCertificate: [
    ...['CERTIFICATE_INVALID', 'CERTIFICATE_VERSION_UNSUPPORTED', 'EXTENSION_DUPLICATE', 'EXTENSION_UNKNOWN'],
    ...['ISSUER_KEY_USAGE', 'ISSUER_NOT_CA', 'LEAF_EXTENDED_KEY_USAGE', 'LEAF_IS_CA', 'LEAF_KEY_USAGE'],
    ...[
      'NAME_NOT_PERMITTED',
      'POLICY_NOT_ACCEPTED',
      'PATH_SIGNATURE_INVALID',
      'PATH_TOO_LONG',
      'SEAL_CA_NOT_REGISTERED',
    ],
  ],
  noCertificate: ['CERTIFICATE_MISSING'],
  notYetValid: ['CERTIFICATE_NOT_YET_VALID'],
  expired: ['CERTIFICATE_EXPIRED'],
  revoked: ['CERTIFICATE_REVOKED', 'REVOKED'],
  disputed: ['SEAL_DISPUTED'],
  revocationUnknown: ['REVOCATION_UNKNOWN', 'CRL_INVALID', 'CRL_EXTENSION_UNSUPPORTED', 'OCSP_INVALID'],
  noTimestamp: ['TIMESTAMP_MISSING'],
  otherTimestamp: ['TIMESTAMP_IMPRINT_MISMATCH'],
  badTimestamp: ['TIMESTAMP_INVALID', 'TIMESTAMP_SIGNATURE_INVALID'],
  strangerTime: ['TIMESTAMP_UNTRUSTED', 'TIMESTAMP_CERTIFICATE_MISSING'],
  withdrawnTime: ['TIMESTAMP_AUTHORITY_WITHDRAWN'],
  ownTime: ['TIMESTAMP_OWN_AUTHORITY'],
  vagueTime: ['TIMESTAMP_INACCURATE', 'TIMESTAMP_IN_FUTURE'],
  timeUnproven: ['TIME_UNPROVEN'],
  notRegistered: ['SEAL_MISMATCH'],
  notActive: ['SEAL_EXPIRED', 'SEAL_RETIRED', 'SEAL_SUSPENDED'],
  otherPicture: ['SEAL_PICTURE_MISMATCH'],
  otherPlace: ['SEAL_PLACE_MISMATCH', 'SEAL_COVERED', 'CONTENT_COVERED'],
  otherRecord: [
    ...['COMMITMENT_MISMATCH', 'ENTRY_MISMATCH', 'OPENING_MISMATCH', 'PRESERVATION_MISMATCH', 'SEAL_USE_MISMATCH'],
  ],
  otherFile: ['REVISION_MISMATCH'],
  notInLog: ['INCLUSION_PROOF_INVALID'],
  quorum: ['ATTESTER_NOT_TRUSTED', 'QUORUM_NOT_MET'],
  badBlock: [
    ...['BLOCK_DATA_MISMATCH', 'BLOCK_ENTRY_MISSING', 'BLOCK_INVALID', 'BLOCK_QUORUM_NOT_MET'],
    ...['BLOCK_SIGNER_NOT_TRUSTED', 'BLOCK_TRANSACTION_INVALID', 'CONFIGURATION_NOT_FOLLOWED'],
  ],
  tooOld: ['HEAD_TOO_OLD'],
  fork: ['LEDGER_FORK'],
  contradiction: ['ATTESTATION_MISMATCH', 'INSTITUTION_MISMATCH'],
  dependsOther: ['DIGEST_UNKNOWN', 'SEAL_NOT_ATTESTED'],
}

const FAMILY_OF: ReadonlyMap<string, Family> = new Map(
  Object.entries(CODES).flatMap(([family, codes]) => codes.map((code) => [code, family as Family] as const)),
)

/** The family of a code; none for one that this page has no words for, which then says only what its check says. */
export function familyOf(code: string): Family | undefined {
  return FAMILY_OF.get(code)
}
