import { equal } from '../encode/bytes'
import { DerError, readDer } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readBitStringBytes } from '../encode/der-values'
import { digestOfRecord } from '../encode/sha256'
import { type Acceptance, digestsIn } from './algorithm'
import type { Certificate } from './certificate'
import { statusByCrls } from './crl-status'
import { isIssuedBy } from './issued'
import { sameName } from './name-compare'
import type { OcspResponse, OcspStatus } from './ocsp'
import { leafFault } from './purpose'
import { readableCertificates } from './readable'
import type { Known, Pending, RevocationSources, RevocationStatus, Revoked } from './revocation'
import { graver, stoodAt, tells } from './revocation-times'
import { X509Error } from './x509-error'

/** RFC 6960 4.3: of the issuer it only names, so SHA-1 does. */
const NAMING = digestsIn('past')

/** The bits of a certificate's key, without its algorithm (RFC 6960 4.1.1). */
export function keyBitsOf({ spki }: Certificate): Uint8Array {
  const fields = fieldsOf(readDer(spki))
  fields.take()
  return readBitStringBytes(fields.take())
}

/** RFC 6960 4.1.1: serial number, and digests of the issuer's name and key. */
async function isOf(status: OcspStatus, certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const digest = NAMING.get(status.digest)
  if (digest === undefined || !equal(status.serial, certificate.serial)) return false
  const [name, key] = await Promise.all([
    digestOfRecord(digest, certificate.issuer),
    digestOfRecord(digest, keyBitsOf(issuer)),
  ])
  return equal(status.issuerNameHash, name) && equal(status.issuerKeyHash, key)
}

async function holds(judge: () => Promise<boolean>): Promise<boolean> {
  try {
    return await judge()
  } catch (refusal) {
    if (refusal instanceof X509Error || refusal instanceof DerError) return false
    throw refusal
  }
}

async function isResponder(
  { responderName, responderKeyHash }: OcspResponse,
  certificate: Certificate,
): Promise<boolean> {
  if (responderName !== undefined) return sameName(responderName, certificate.subject)
  return (
    responderKeyHash !== undefined && equal(await digestOfRecord('SHA-1', keyBitsOf(certificate)), responderKeyHash)
  )
}

function isValidAt({ notBefore, notAfter }: Certificate, at: Date): boolean {
  return at >= notBefore && at.getTime() < notAfter.getTime() + 1000
}

interface Question {
  readonly issuer: Certificate
  readonly sources: RevocationSources
  readonly pending: Pending
}

/**
 * RFC 6960 4.2.2.2: whether the certificate's issuer itself delegated to this one. A responder must not have been revoked when its
 * answer was known; where the issuer wants that checked, by saying where, it must be shown.
 */
async function isDelegated(responder: Certificate, knownAt: Date, question: Question): Promise<boolean> {
  const { issuer, sources, pending } = question
  if (!sameName(responder.issuer, issuer.subject) || leafFault(responder, 'ocsp') !== undefined) return false
  if (responder.unknownCritical.length > 0 || !isValidAt(responder, knownAt)) return false
  if (sources.isWeak?.(responder, issuer.spki, knownAt)) return false
  if (!(await holds(() => isIssuedBy(responder, issuer.spki, sources.acceptance)))) return false
  const status = await statusByCrls(responder, issuer, { ...sources, at: knownAt }, [...pending, responder])
  if (status.kind !== 'unknown') return stoodAt(status, knownAt)
  return responder.ocspNoCheck || responder.crlPoints.length + responder.ocspUrls.length === 0
}

const MAX_RESPONDERS = 8
type Answers = WeakMap<OcspResponse, WeakMap<Certificate, boolean>>
const signed: Readonly<Record<Acceptance, Answers>> = { current: new WeakMap(), past: new WeakMap() }

/** Whether this certificate's key signed the answer, found out once: a hostile file asks it for many certificates. */
async function isSigned(answer: OcspResponse, by: Certificate, acceptance: Acceptance = 'current'): Promise<boolean> {
  const known = signed[acceptance].get(answer) ?? new WeakMap<Certificate, boolean>()
  signed[acceptance].set(answer, known)
  const found = known.get(by) ?? (await holds(() => isIssuedBy(answer, by.spki, acceptance)))
  known.set(by, found)
  return found
}

async function isAuthentic({ what: answer, knownAt }: Known<OcspResponse>, question: Question): Promise<boolean> {
  const { issuer, sources } = question
  const isWeak = ({ spki }: Certificate) => sources.isWeak?.(answer, spki, knownAt) === true
  if (isValidAt(issuer, knownAt) && !isWeak(issuer) && (await holds(() => isResponder(answer, issuer)))) {
    if (await isSigned(answer, issuer, sources.acceptance)) return true
  }
  const among = [...readableCertificates(answer.certificates.slice(0, MAX_RESPONDERS)), ...sources.others]
  let tried = 0
  for (const responder of among) {
    if (tried >= MAX_RESPONDERS) return false
    if (!(await holds(() => isResponder(answer, responder)))) continue
    tried++
    if (isWeak(responder) || !(await isSigned(answer, responder, sources.acceptance))) continue
    if (await isDelegated(responder, knownAt, question)) return true
  }
  return false
}

function asStatus(found: OcspStatus): RevocationStatus {
  if (found.status === 'revoked' && found.revokedAt !== undefined) {
    const { revokedAt, reason, invalidityDate } = found
    return { kind: 'revoked', by: 'ocsp', revokedAt, reason, invalidityDate }
  }
  return { kind: 'good', by: 'ocsp', issuedAt: found.thisUpdate, validUntil: found.nextUpdate }
}

interface Answer {
  readonly known: Known<OcspResponse>
  readonly found: OcspStatus
}

/** What the answers say of this certificate, whoever signed them. */
async function answersOn(
  certificate: Certificate,
  issuer: Certificate,
  { answers, now }: RevocationSources,
): Promise<readonly Answer[]> {
  const about: Answer[] = []
  for (const known of answers) {
    if (known.what.producedAt > now) continue
    for (const found of known.what.statuses) {
      if (found.status !== 'unknown' && (await holds(() => isOf(found, certificate, issuer))))
        about.push({ known, found })
    }
  }
  return about
}

function newer(a: RevocationStatus, b: RevocationStatus): RevocationStatus {
  return a.kind === 'good' && b.kind === 'good' && a.issuedAt >= b.issuedAt ? a : b
}

/** RFC 6960 3.2: the status of a certificate by the answers that its issuer, or whom it delegated to, signed. */
export async function statusByOcsp(
  certificate: Certificate,
  issuer: Certificate,
  sources: RevocationSources,
  pending: Pending = [],
): Promise<RevocationStatus> {
  const question = { issuer, sources, pending: [...pending, certificate] }
  let best: RevocationStatus = { kind: 'unknown', why: 'absent' }
  let revoked: Revoked | undefined
  for (const { known, found } of await answersOn(certificate, issuer, sources)) {
    if (!(await isAuthentic(known, question))) continue
    const status = asStatus(found)
    const current = tells(found, certificate, sources)
    if (!current && best.kind === 'unknown') best = { kind: 'unknown', why: 'stale' }
    if (status.kind !== 'revoked') best = current ? newer(best, status) : best
    else if (current || status.reason !== 'certificateHold') revoked = graver(revoked, status)
  }
  return revoked ?? best
}
