import { concat } from '../src/encode/bytes'
import { sha256 } from '../src/encode/sha256'
import type { AdesValidation } from '../src/model/report'
import { addSecurityStore, type ValidationData } from '../src/pdf/add-security-store'
import { readPdf } from '../src/pdf/document'
import { addDocumentTimestamp, embedContents } from '../src/pdf/sign-placeholder'
import { type Holder, type HolderRequest, newHolder, tokenOf } from '../src/testing/pki'
import { type VerifyRequest, verify } from '../src/verify/verify'
import { keyIdentifier } from '../src/x509/build'
import { buildCrl } from '../src/x509/build-crl'
import { parseCertificate } from '../src/x509/certificate'
import type { CrlEntry } from '../src/x509/crl'

/** A time as in `2026-11-22`, at midnight. */
export const day = (text: string) => new Date(`${text}T00:00:00Z`)

/** A CRL of this CA, current for a week. */
export function crlOf(
  ca: Pick<Holder, 'key' | 'certificate'>,
  thisUpdate: Date,
  revoked: readonly CrlEntry[] = [],
): Promise<Uint8Array> {
  const { subject } = parseCertificate(ca.certificate)
  const nextUpdate = new Date(thisUpdate.getTime() + 7 * 24 * 3600 * 1000)
  const issuerKeyId = keyIdentifier(ca.key.spki)
  return buildCrl({ issuer: subject, thisUpdate, nextUpdate, number: 1, revoked, issuerKeyId }, ca.key.signer)
}

/** The entry that revokes a holder's certificate. */
export function entryOf(holder: Holder, at: Date, more: Partial<CrlEntry> = {}): CrlEntry {
  return { serial: parseCertificate(holder.certificate).serial, at, ...more }
}

/** The file with validation data added. */
export function stored(pdf: Uint8Array, added: Partial<ValidationData>): Uint8Array {
  return addSecurityStore(readPdf(pdf), { certificates: [], crls: [], ...added })
}

/** The file with a document timestamp added. */
export async function stamped(pdf: Uint8Array, tsa: Holder, at: Date): Promise<Uint8Array> {
  const placeholder = addDocumentTimestamp(readPdf(pdf), { fieldName: 'Timestamp' })
  return embedContents(placeholder, await tokenOf(tsa, sha256(concat(...placeholder.digestRanges)), at))
}

/** An authority, valid for these years. */
export function authority(profile: HolderRequest['profile'], from: string, until: string, issuer?: Holder) {
  return newHolder({ profile, commonName: profile, notBefore: day(from), notAfter: day(until), issuer })
}

/** The validation of the file's only signature. */
export async function adesOf(request: VerifyRequest): Promise<AdesValidation> {
  const { signatures } = await verify(request)
  if (signatures.length !== 1) throw new Error(`${signatures.length} signatures`)
  return signatures[0].ades
}

/** Process, indication and sub-indication in one line. */
export async function word(request: VerifyRequest): Promise<string> {
  const { process, indication, subIndication } = await adesOf(request)
  return [process, indication, subIndication].filter((one) => one !== null).join(' ')
}
