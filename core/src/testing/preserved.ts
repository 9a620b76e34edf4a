import { concat, toBase64 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { addSecurityStore, type ValidationData } from '../pdf/add-security-store'
import { readPdf } from '../pdf/document'
import { addDocumentTimestamp, embedContents } from '../pdf/sign-placeholder'
import { keyIdentifier } from '../x509/build'
import { buildCrl } from '../x509/build-crl'
import { parseCertificate } from '../x509/certificate'
import type { CrlEntry } from '../x509/crl'
import { ocspAnswer } from './ocsp'
import { type Holder, newHolder, tokenOf } from './pki'
import type { Sample } from './sealed-evidence'
import type { World } from './sealed-world'

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

/** The file with a document timestamp added; `chain` comes along in its token. */
export async function stamped(
  pdf: Uint8Array,
  tsa: Holder,
  at: Date,
  chain: readonly Uint8Array[] = [],
): Promise<Uint8Array> {
  const placeholder = addDocumentTimestamp(readPdf(pdf), { fieldName: 'Timestamp', contentsBytes: 2600 })
  return embedContents(placeholder, await tokenOf(tsa, sha256(concat(...placeholder.digestRanges)), at, chain))
}

/**
 * The sample with all that is needed to validate its seals when their certificates have expired (PAdES B-LTA): certificates, CRLs, an
 * OCSP answer, and over it all a document timestamp by an authority of the court below a root of its own, which the token carries.
 */
export async function preserved(sample: Sample, world: World): Promise<Sample> {
  const validity = { notBefore: day('2020-01-01'), notAfter: day('2040-01-01') }
  const root = await newHolder({ profile: 'ca', commonName: 'TSA root', ...validity })
  const tsa = await newHolder({ profile: 'tsa', commonName: 'TSA below a root', ...validity, issuer: root })
  const [bureau, company] = [world.bureau.pki.sealCa, world.company.pki.sealCa]
  const made = day('2026-11-22')
  const crls = await Promise.all([bureau, company, root].map((ca) => crlOf(ca, made)))
  const responder = { certificate: parseCertificate(bureau.certificate), signer: bureau.key.signer }
  const certificate = parseCertificate(world.bureau.holder.certificate)
  const answer = await ocspAnswer({ certificate, issuer: responder.certificate, responder, producedAt: made })
  const certificates = [bureau, company, root].map((ca) => ca.certificate)
  const pdf = await stamped(stored(sample.pdf, { certificates, crls, answers: [answer] }), tsa, day('2026-11-23'), [
    root.certificate,
  ])
  const organisations = sample.trust.organisations.map((one) =>
    one.id === world.court.id ? { ...one, tsas: [...one.tsas, { certificate: toBase64(root.certificate) }] } : one,
  )
  return { ...sample, pdf, trust: { ...sample.trust, organisations } }
}
