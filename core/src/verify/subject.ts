import { CmsError } from '../cms/cms-error'
import { CMS_OID } from '../cms/cms-oids'
import { parseSealUse } from '../cms/seal-use'
import { parseSignedData, type SignedData, type SignerInfo } from '../cms/signed-data'
import { toHex } from '../encode/bytes'
import { DerError, derLength } from '../encode/der'
import type { SealSignatureId } from '../model/identifiers'
import type { PdfDocument } from '../pdf/document'
import { type SignatureField, signatureFields } from '../pdf/signature-field'
import { type SignedRange, type SignedRangeFailure, signedRange } from '../pdf/signed-range'
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
  readonly use?: ClaimedUse
  readonly token?: TimestampToken
  /** What stands in the way of reading the CMS, the seal use or the token. */
  readonly unreadable: { readonly cms?: Unreadable; readonly use?: Unreadable; readonly token?: Unreadable }
}

/** Every signed or broken signature field of the file, read as far as it can be. Unsigned fields are none of ours. */
export function subjectsOf(document: PdfDocument): readonly Subject[] {
  return signatureFields(document)
    .filter(({ state }) => state !== 'unsigned')
    .map((field) => subjectOf(field, signedRange(document, field)))
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

function subjectOf(field: SignatureField, range: SignedRange | SignedRangeFailure): Subject {
  if (!range.ok) return { field, range, unreadable: {} }
  const cms = attempt(() => signedDataOf(range.contents))
  if (cms.value === undefined) return { field, range, unreadable: { cms: cms.error } }
  const signed = cms.value
  if (signed.signers.length !== 1) {
    const detail = `the CMS holds ${signed.signers.length} signatures, a PDF signature holds one`
    return { field, range, signed, unreadable: { cms: { code: 'CMS_SIGNERS', detail } } }
  }
  const [signer] = signed.signers
  const use = attempt(() => claimedUse(signer))
  const token = attempt(() => tokenOf(signer))
  return {
    field,
    range,
    signed,
    signer,
    certificate: certificateOf(signed, signer),
    use: use.value,
    token: token.value,
    unreadable: { use: use.error, token: token.error },
  }
}

/** EN 319 142-1 6.3: Contents is the CMS, then zero bytes to the end of the space kept for it. */
function signedDataOf(contents: Uint8Array): SignedData {
  const length = derLength(contents)
  if (length > contents.length || contents.subarray(length).some((byte) => byte !== 0)) {
    throw new CmsError('CMS_INVALID', 'Contents is not one CMS followed by zero bytes')
  }
  return parseSignedData(contents.subarray(0, length))
}

function claimedUse(signer: SignerInfo): ClaimedUse | undefined {
  const found = parseSealUse(signer)
  return found && { id: toHex(found.id) as SealSignatureId, institution: found.institution, seal: found.seal }
}

function tokenOf(signer: SignerInfo): TimestampToken | undefined {
  const tokens = signer.unsigned.get(CMS_OID.signatureTimestamp)
  if (tokens === undefined || tokens.length === 0) return undefined
  if (tokens.length > 1) throw new TimestampError('TIMESTAMP_INVALID', 'more than one signature timestamp')
  return parseToken(tokens[0])
}

function certificateOf(signed: SignedData, { issuer, serial, keyId }: SignerInfo): Certificate | undefined {
  const readable = signed.certificates.flatMap((der) => attempt(() => parseCertificate(der)).value ?? [])
  const same = (a: Uint8Array | undefined, b: Uint8Array | undefined) => a && b && toHex(a) === toHex(b)
  return readable.find((certificate) =>
    keyId === undefined
      ? same(issuer, certificate.issuer) && same(serial, certificate.serial)
      : same(keyId, certificate.subjectKeyId),
  )
}

/** A document timestamp (ISO 32000-2 12.8.5): it seals nothing, and is judged as validation data. */
export function isDocumentTimestamp({ field }: Subject): boolean {
  return field.signature?.subFilter === 'ETSI.RFC3161'
}
