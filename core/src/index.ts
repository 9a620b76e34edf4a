export * from './audit/difference'
export * from './audit/fabric-chain'
export * from './audit/rebuild'
export * from './audit/rebuilt-log'
export * from './audit/register'
export { CmsError, type CmsErrorCode } from './cms/cms-error'
export { CMS_OID } from './cms/cms-oids'
export { essMatches, signingCertificateV2 } from './cms/ess'
export * from './cms/seal-use'
export * from './cms/sign'
export * from './cms/signed-data'
export * from './cms/verify-signer'
export * from './encode/bytes'
export * from './encode/canonical'
export { CodedError } from './encode/coded-error'
export { type Der, DerError, type DerNode, derLength, isSetOfOrdered, readDer, TAG } from './encode/der'
export { type DerFields, fieldsOf, onlyChild } from './encode/der-fields'
export * as derWrite from './encode/der-write'
export { keepRecent } from './encode/keep-recent'
export { sha256, sha256OfDocument } from './encode/sha256'
export { verifySignaturesAtOnce } from './encode/subtle'
export { ASIC_MIME_TYPE, ASIC_PLACES, type Assertion } from './evidence/asic'
export { documentIn } from './evidence/document-in'
export * from './evidence/evidence'
export { EvidenceError, type EvidenceErrorCode } from './evidence/evidence-error'
export { ledgerMembers } from './evidence/ledger-members'
export { readEvidence } from './evidence/read-evidence'
export { type EvidenceContents, type PreparedEvidence, prepareEvidence, writeEvidence } from './evidence/write-evidence'
export { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_MEMBERS } from './evidence/zip-read'
export * from './log/compact-range'
export * from './log/consistency'
export * from './log/inclusion'
export { EMPTY_ROOT, HASH_BYTES, leafHash, MerkleError, nodeHash, rootOf } from './log/merkle'
export { LogTree, type NodeSource, rootAt } from './log/tree'
export * from './model/attestation'
export * from './model/block-proof'
export * from './model/certificate'
export * from './model/claims'
export * from './model/digest'
export * from './model/entry'
export * from './model/evidence'
export * from './model/head'
export * from './model/identifiers'
export * from './model/institution'
export * from './model/ledger'
export { localClock, utcOffset } from './model/local-time'
export * from './model/opening'
export * from './model/receipt'
export * from './model/report'
export * from './model/schema'
export * from './model/seal'
export * from './model/time'
export * from './model/trust'
export * from './model/trust-list'
export { addSecurityStore, type ValidationData } from './pdf/add-security-store'
export { type IndirectObject, PdfDocument, type ReadOptions, readPdf } from './pdf/document'
export { type FormField, formFields, type Widget } from './pdf/form'
export { DEFAULT_LIMITS, type PdfLimits } from './pdf/limits'
export type { PdfArray, PdfDict, PdfName, PdfNumber, PdfObject, PdfRef, PdfStream, PdfString } from './pdf/objects'
export * as pdfObjects from './pdf/objects'
export { type Placement, pageSizeMm, rectOnPage, visibleBox } from './pdf/page-geometry'
export { type Box, type Page, pageAt } from './pdf/pages'
export { PdfError, type PdfErrorCode } from './pdf/pdf-error'
export type { Revision } from './pdf/revisions'
export { serialize } from './pdf/serialize'
export {
  type Appearance,
  addDocumentTimestamp,
  addSignatureField,
  type DocumentTimestampRequest,
  embedContents,
  type Gap,
  type Placeholder,
  type SignatureRequest,
  type SignatureUpdate,
  signatureUpdate,
} from './pdf/sign-placeholder'
export {
  type SignatureDictionary,
  type SignatureField,
  signatureFields,
  unreferencedSignatures,
} from './pdf/signature-field'
export {
  type SignedRange,
  type SignedRangeCode,
  type SignedRangeFailure,
  signedParts,
  signedRange,
} from './pdf/signed-range'
export { requireSigningAllowed } from './pdf/signing-permission'
export { decodeText, encodeText } from './pdf/text-string'
export { type Change as PdfChange, nextObjectNumber, type WrittenRevision, writeRevision } from './pdf/update'
export type { XrefEntry, XrefSection } from './pdf/xref-entry'
export * from './seal/appearance'
export type { Glyph, GlyphSource, Path, PathCommand } from './seal/glyphs'
export { drawSealPicture, pictureDigest, pointsOf, SEAL_RED, type SealPicture } from './seal/picture'
export type { SealDesign } from './seal/picture-layout'
export { drawSealSvg } from './seal/picture-svg'
export { drawQr, printedCodeOf, type QrPicture, qrTextOf } from './seal/qr'
export { SealError } from './seal/seal-error'
export { signTrustList } from './seal/sign-trust-list'
export * from './timestamp/imprint'
export * from './timestamp/request'
export * from './timestamp/respond'
export * from './timestamp/response'
export { TimestampError, type TimestampErrorCode } from './timestamp/timestamp-error'
export * from './timestamp/token'
export * from './timestamp/verify-token'
export { judgeBlock } from './verify/block-proof'
export { type PeerWord, peerWordOf } from './verify/fabric-attestation'
export * from './verify/fabric-block'
export * from './verify/fabric-endorsement'
export * from './verify/fabric-messages'
export { FabricError } from './verify/fabric-protobuf'
export { type Agreed, agreedBy, type Question } from './verify/fabric-quorum'
export { blockSignatures } from './verify/fabric-signed-block'
export { sourcesOf, type TrustSource } from './verify/recognition'
export {
  acceptTrustList,
  isTrustList,
  type ListExpectation,
  outOfForce,
  TrustListError,
  type TrustListErrorCode,
} from './verify/trust-list'
export type { MaterialGiven } from './verify/validation-material'
export { type Anchors, certificatesIn, sealSignatureIds, type VerifyRequest, verify } from './verify/verify'
export { type AcrossRequest, verifyAcross } from './verify/verify-across'
export { type FileRequest, verifyFile } from './verify/verify-file'
export { DEPOSIT_FACTS, FACTS, type FactWords } from './wording/facts'
export { type Family, familyOf, REASONS, reasonFor } from './wording/reasons'
export { DIGESTS, type DigestName, digestName, type KeyKind, readKeyKind } from './x509/algorithm'
export * from './x509/build'
export { buildCrl, type CrlRequest } from './x509/build-crl'
export { buildCertificateRequest } from './x509/build-request'
export * from './x509/certificate'
export * from './x509/crl'
export * from './x509/ecdsa'
export { type BasicConstraints, EXTENSION, type KeyUsage } from './x509/extensions'
export { commonName, distinguishedName, type NameAttribute, nameText } from './x509/name'
export { type OcspResponse, type OcspStatus, parseOcspResponse } from './x509/ocsp'
export * from './x509/path'
export type { PolicyWishes } from './x509/path-policies'
export { leafFault, type PathPurpose } from './x509/purpose'
export { type Known, pathRevocation, type RevocationSources, type RevocationStatus, statusOf } from './x509/revocation'
export { verifySignature } from './x509/signature'
export * from './x509/signer'
export { X509Error, type X509ErrorCode } from './x509/x509-error'
