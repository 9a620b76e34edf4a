import { CmsError } from '../cms/cms-error'
import { CMS_OID } from '../cms/cms-oids'
import { parseSealUse } from '../cms/seal-use'
import { type CmsForm, MAX_CMS_BYTES, parseSignedData, type SignedData, type SignerInfo } from '../cms/signed-data'
import { namesCertificate } from '../cms/verify-signer'
import { derOfBer } from '../encode/ber'
import { toHex } from '../encode/bytes'
import { DerError, derLength } from '../encode/der'
import type { SealSignatureId } from '../model/identifiers'
import type { PdfDocument } from '../pdf/document'
import { tooComplex } from '../pdf/pdf-error'
import { type SignatureField, signatureFields } from '../pdf/signature-field'
import { type SignedRange, type SignedRangeFailure, signedRange } from '../pdf/signed-range'
import type { Work } from '../pdf/work'
import { TimestampError } from '../timestamp/timestamp-error'
import { parseToken, type TimestampToken } from '../timestamp/token'
import { type Certificate, parseCertificate } from '../x509/certificate'
import { X509Error } from '../x509/x509-error'

/** The use that a signature claims, by its signed attribute. */
export interface ClaimedUse {
  readonly id: SealSignatureId
  readonly institution: string
  readonly seal: string
}

/** Why a part of a signature could not be read. */
export interface Unreadable {
  readonly code: string
  readonly detail: string
}

/** One signature field and all that could be read of it, nothing judged yet. */
export interface Subject {
  readonly field: SignatureField
  readonly range: SignedRange | SignedRangeFailure
  readonly signed?: SignedData
  readonly signer?: SignerInfo
  /** The certificate that the SignerInfo names, out of those in the CMS. */
  readonly certificate?: Certificate
  /** SHA-1 of what is signed, where the signature is of the kind adbe.pkcs7.sha1, of which no more is read. */
  readonly legacyDigest?: Uint8Array
  /** All of the CMS that can be read. */
  readonly certificates: readonly Certificate[]
  readonly use?: ClaimedUse
  readonly token?: TimestampToken
  /** All signature timestamps that can be read: what is no seal of ours may have several. */
  readonly tokens: readonly TimestampToken[]
  /** What stands in the way of reading the CMS, the seal use or the token. */
  readonly unreadable: { readonly cms?: Unreadable; readonly use?: Unreadable; readonly token?: Unreadable }
}

/** Each may cost a hash over the whole file. */
const MAX_SIGNATURES = 128

/** Every signed or broken signature field of the file, read as far as it can be. Unsigned fields are none of ours. */
export function subjectsOf(document: PdfDocument): readonly Subject[] {
  const fields = signatureFields(document).filter(({ state }) => state !== 'unsigned')
  if (fields.length > MAX_SIGNATURES) throw tooComplex('signatures')
  const ranges = fields.map((field) => rangeOf(document, field, fields))
  requireApart(document, ranges)
  return fields.map((field, index) => subjectOf(document, field, ranges[index]))
}

/** The CMS of all signatures; one takes a few kilobytes, or megabytes with revocation lists. */
const MAX_CONTENTS_BYTES = 48 << 20

/** Each signature's own save lies behind its gap, so that together they cover little more than the file. */
function requireApart({ bytes }: PdfDocument, ranges: readonly (SignedRange | SignedRangeFailure)[]): void {
  let behind = 0
  let contents = 0
  for (const range of ranges) {
    if (!range.ok) continue
    behind += range.revisionEnd - range.gapEnd
    contents += range.contents.length
  }
  if (behind > 2 * bytes.length + (64 << 20)) throw tooComplex('signatures that cover the same bytes')
  if (contents > MAX_CONTENTS_BYTES) throw tooComplex('signature contents')
}

/** FORMAT.md 7: exactly one field refers to a signature dictionary; else one signature would stand in two places. */
function rangeOf(
  document: PdfDocument,
  field: SignatureField,
  all: readonly SignatureField[],
): SignedRange | SignedRangeFailure {
  const dict = field.signature?.dict
  if (dict !== undefined && all.some((other) => other !== field && other.signature?.dict === dict)) {
    return { ok: false, code: 'SIGNATURE_DICTIONARY_INVALID', detail: 'two fields refer to one signature' }
  }
  return signedRange(document, field)
}

/** Reading errors of hostile input, as data; anything else is our own fault and goes on. */
function attempt<T>(read: () => T): { readonly value?: T; readonly error?: Unreadable } {
  try {
    return { value: read() }
  } catch (error) {
    const expected = [DerError, CmsError, X509Error, TimestampError].some((kind) => error instanceof kind)
    if (!expected) throw error
    const { code, message } = error as CmsError
    return { error: { code, detail: message } }
  }
}

/** ISO 32000-2 12.8.3: deprecated, by SHA-1; what they sign is not what the others sign. */
const LEGACY: ReadonlySet<string> = new Set(['adbe.pkcs7.sha1', 'adbe.x509.rsa_sha1'])

/** ISO 32000-1 12.8.3.3.1: the CMS of adbe.pkcs7.sha1 encapsulates the SHA-1 of what ByteRange covers. */
function legacyDigestIn(contents: Uint8Array, work: Work): Uint8Array | undefined {
  work.spend(contents.length * BER_BYTE_STEPS)
  const { value } = attempt(() => parseSignedData(derOfBer(contents, MAX_CMS_BYTES).der, 'foreign').content)
  return value?.length === 20 ? value : undefined
}

function subjectOf({ work }: PdfDocument, field: SignatureField, range: SignedRange | SignedRangeFailure): Subject {
  if (!range.ok) return { field, range, certificates: [], tokens: [], unreadable: {} }
  const subFilter = field.signature?.subFilter ?? ''
  if (LEGACY.has(subFilter)) {
    const detail = `signatures of the kind ${subFilter} are not judged here`
    const unreadable = { cms: { code: 'SUBFILTER_UNSUPPORTED', detail } }
    return {
      field,
      range,
      legacyDigest: legacyDigestIn(range.contents, work),
      certificates: [],
      tokens: [],
      unreadable,
    }
  }
  const cms = attempt(() => signedDataOf(range.contents, work))
  if (cms.value === undefined) return { field, range, certificates: [], tokens: [], unreadable: { cms: cms.error } }
  const { signed, isStrict } = cms.value
  if (signed.signers.length !== 1) {
    const detail = `the CMS holds ${signed.signers.length} signatures, a PDF signature holds one`
    return { field, range, signed, certificates: [], tokens: [], unreadable: { cms: { code: 'CMS_SIGNERS', detail } } }
  }
  const [signer] = signed.signers
  const use = attempt(() => claimedUse(signer, isStrict))
  const isForeign = use.value === undefined && use.error === undefined
  const tokens = tokensOf(signer, isForeign ? 'foreign' : 'strict')
  const token = isForeign ? anyToken(tokens) : onlyToken(tokens)
  const certificates = signed.certificates.flatMap((der) => attempt(() => parseCertificate(der)).value ?? [])
  return {
    field,
    range,
    signed,
    signer,
    certificate: certificates.find((one) => namesCertificate(signer, one)),
    certificates,
    use: use.value,
    token: token.value,
    tokens: tokens.flatMap(({ value }) => value ?? []),
    unreadable: { use: use.error, token: token.error },
  }
}

/** BER is read value by value, and a value may take two bytes. */
const BER_BYTE_STEPS = 2

interface ReadCms {
  readonly signed: SignedData
  /** Whether it is written as a seal's is: in DER, each attribute once. */
  readonly isStrict: boolean
}

/**
 * EN 319 142-1 6.3: Contents is the CMS, then zero bytes to the end of the space kept for it. ISO 32000-2 12.8.3.3.1 wants
 * DER, as our seals have it; others write BER, which RFC 5652 2 allows around what is signed.
 */
function signedDataOf(contents: Uint8Array, work: Work): ReadCms {
  const strict = attempt(() => ({ signed: parsePadded(contents, derLength(contents), 'strict'), isStrict: true }))
  if (strict.value !== undefined) return strict.value
  if (strict.error?.code === 'CMS_UNSUPPORTED') throw new CmsError('CMS_UNSUPPORTED', strict.error.detail)
  work.spend(contents.length * BER_BYTE_STEPS)
  const foreign = attempt(() => {
    const { der, length } = derOfBer(contents, MAX_CMS_BYTES)
    if (!isZero(contents, length)) throw new CmsError('CMS_INVALID', 'bytes follow the CMS')
    return { signed: parsePadded(der, der.length, 'foreign'), isStrict: false }
  })
  if (foreign.value !== undefined) return foreign.value
  const { code, detail } = strict.error ?? { code: 'CMS_INVALID', detail: '' }
  throw new CmsError(code.startsWith('CMS_') ? (code as CmsError['code']) : 'CMS_INVALID', detail)
}

function parsePadded(contents: Uint8Array, length: number, form: CmsForm): SignedData {
  if (!isZero(contents, length)) {
    throw new CmsError('CMS_INVALID', 'Contents is not one CMS followed by zero bytes')
  }
  const signed = parseSignedData(contents.subarray(0, length), form)
  // With content of its own the message digest would be of that, for other readers, and not of the file.
  if (signed.content !== undefined) throw new CmsError('CMS_INVALID', 'a CMS that signs a file holds no content itself')
  return signed
}

function isZero(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false
  return true
}

function claimedUse(signer: SignerInfo, isStrict: boolean): ClaimedUse | undefined {
  const found = parseSealUse(signer)
  if (found !== undefined && !isStrict) {
    throw new CmsError('CMS_INVALID', 'the CMS of a seal is not DER with each attribute once')
  }
  return found && { id: toHex(found.id) as SealSignatureId, institution: found.institution, seal: found.seal }
}

/** Each may cost a path of its own. */
const MAX_TOKENS = 4

type ReadToken = ReturnType<typeof attempt<TimestampToken>>

function tokensOf(signer: SignerInfo, form: CmsForm): readonly ReadToken[] {
  const ders = signer.unsigned.get(CMS_OID.signatureTimestamp) ?? []
  return ders.slice(0, MAX_TOKENS).map((der) => attempt(() => parseToken(der, form)))
}

/** A signature that is no seal may have several, of several authorities. */
function anyToken(tokens: readonly ReadToken[]): ReadToken {
  return tokens.find(({ value }) => value !== undefined) ?? tokens[0] ?? {}
}

function onlyToken([token, ...others]: readonly ReadToken[]): ReadToken {
  if (others.length === 0) return token ?? {}
  return { error: { code: 'TIMESTAMP_INVALID', detail: 'more than one signature timestamp' } }
}

/** A document timestamp (ISO 32000-2 12.8.5): it seals nothing, and is judged as validation data. */
export function isDocumentTimestamp({ field }: Subject): boolean {
  return field.signature?.subFilter === 'ETSI.RFC3161'
}
