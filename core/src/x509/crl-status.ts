import { equal } from '../encode/bytes'
import { DerError } from '../encode/der'
import type { Acceptance } from './algorithm'
import { type Certificate, certificateDigest } from './certificate'
import { type Crl, type CrlEntry, revocationOf } from './crl'
import { ALL_REASONS, comparableNames, comparablePlace, type DistributionPoint } from './distribution-point'
import { GENERAL_NAME } from './general-name'
import { type Issued, isIssuedBy } from './issued'
import { sameName } from './name-compare'
import { type PathResult, validatePath } from './path'
import {
  type Known,
  type Pending,
  pathRevocation,
  type RevocationSources,
  type RevocationStatus,
  type Revoked,
} from './revocation'
import { graver, stoodAt, tells } from './revocation-times'
import { X509Error } from './x509-error'

/** Certificates of one name that are tried as signers of one CRL. */
const MAX_SIGNERS = 8
/** CRL signers whose own CRLs have signers, and so on. */
const MAX_PENDING = 4

/** Where its CRLs are, and last where those of its issuer are whose place it does not name (RFC 5280 6.3.3). */
function pointsOf({ crlPoints, issuer }: Certificate): readonly DistributionPoint[] {
  const name = { tag: GENERAL_NAME.directory, content: issuer, name: issuer }
  return [...crlPoints, { at: { full: [name] } }]
}

/** RFC 5280 6.3.3 (b)(1): by the certificate's issuer, or by whom the point names, who must say so. */
function isBy(crl: Crl, certificate: Certificate, { crlIssuer }: DistributionPoint): boolean {
  if (crlIssuer === undefined) return sameName(crl.issuer, certificate.issuer)
  const named = crlIssuer.some(({ name }) => name !== undefined && sameName(name, crl.issuer))
  return named && crl.issuingPoint?.indirect === true
}

/** RFC 5280 6.3.3 (b)(2): the CRL's extent holds this certificate. */
function reaches({ issuingPoint, issuer }: Crl, certificate: Certificate, point: DistributionPoint): boolean {
  if (issuingPoint === undefined) return true
  const isCa = certificate.basicConstraints?.ca === true
  if (issuingPoint.only !== undefined && issuingPoint.only !== (isCa ? 'ca' : 'user')) return false
  if (issuingPoint.at === undefined) return true
  const places = comparablePlace(issuingPoint.at, issuer)
  const wanted = point.at === undefined ? comparableNames(point.crlIssuer ?? []) : comparablePlace(point.at, issuer)
  return wanted.some((place) => places.includes(place))
}

/** Reasons that a CRL covers for this certificate, over all its points. */
function covered(crl: Crl, certificate: Certificate): number {
  const fitting = pointsOf(certificate).filter(
    (point) => isBy(crl, certificate, point) && reaches(crl, certificate, point),
  )
  const reasons = fitting.reduce((all, { reasons: some = ALL_REASONS }) => all | some, 0)
  return reasons & (crl.issuingPoint?.reasons ?? ALL_REASONS)
}

type Answers = WeakMap<Crl, WeakMap<Certificate, boolean>>
const signed: Readonly<Record<Acceptance, Answers>> = { current: new WeakMap(), past: new WeakMap() }

/** Whether this certificate's key signed the CRL, found out once: a hostile file asks it for many certificates. */
async function isSignedBy(crl: Crl, signer: Certificate, acceptance: Acceptance = 'current'): Promise<boolean> {
  const known = signed[acceptance].get(crl) ?? new WeakMap<Certificate, boolean>()
  signed[acceptance].set(crl, known)
  const found = known.get(signer) ?? (await verified(crl, signer, acceptance))
  known.set(signer, found)
  return found
}

async function verified(crl: Crl, signer: Certificate, acceptance: Acceptance): Promise<boolean> {
  try {
    return await isIssuedBy(crl, signer.spki, acceptance)
  } catch (refusal) {
    if (refusal instanceof X509Error || refusal instanceof DerError) return false
    throw refusal
  }
}

type Paths = WeakMap<Certificate, Map<string, Promise<PathResult>>>
const found = new WeakMap<readonly Certificate[], Paths>()

/** The path of who signed a CRL, looked for once with the same certificates: a hostile file may hold hundreds by each of them. */
function signerPath(
  leaf: Certificate,
  knownAt: Date,
  { others, anchors, acceptance }: RevocationSources,
): Promise<PathResult> {
  const known = found.get(others) ?? new WeakMap<Certificate, Map<string, Promise<PathResult>>>()
  found.set(others, known)
  const paths = known.get(leaf) ?? new Map<string, Promise<PathResult>>()
  known.set(leaf, paths)
  const key = [knownAt.getTime(), acceptance, ...anchors.map(({ der }) => certificateDigest(der))].join(' ')
  const path = paths.get(key) ?? validatePath({ leaf, others, anchors, at: knownAt, purpose: 'crl', acceptance })
  paths.set(key, path)
  return path
}

interface Question {
  readonly certificate: Certificate
  readonly issuer: Certificate
  readonly sources: RevocationSources
  readonly pending: Pending
}

/**
 * RFC 5280 6.3.3 (f) and (g): signed by a certificate of the CRL issuer's name, with a path to the same anchors, that was good
 * and not revoked when the CRL was known.
 */
async function isAuthentic({ what: crl, knownAt }: Known<Crl>, question: Question): Promise<boolean> {
  const { issuer, sources, pending } = question
  const { others, anchors, acceptance } = sources
  const isWeak = (signed: Issued, { spki }: Certificate) => sources.isWeak?.(signed, spki, knownAt) === true
  const among = [issuer, ...anchors, ...others].filter(({ subject }) => sameName(subject, crl.issuer))
  const signers = among.filter((one, i) => among.findIndex(({ der }) => equal(der, one.der)) === i)
  for (const leaf of signers.slice(0, MAX_SIGNERS)) {
    if (isWeak(crl, leaf) || !(await isSignedBy(crl, leaf, acceptance))) continue
    const path = await signerPath(leaf, knownAt, sources)
    if (!path.ok) continue
    // The path above the certificate is judged with the certificate itself.
    if (equal(leaf.der, issuer.der)) return true
    if (pending.length >= MAX_PENDING || pending.some(({ der }) => equal(der, leaf.der))) continue
    if (path.chain.slice(1).some((above, i) => isWeak(path.chain[i], above))) continue
    const statuses = await pathRevocation(path.chain, { ...sources, at: knownAt }, [...pending, leaf])
    if (statuses.every(({ status }) => stoodAt(status, knownAt))) return true
  }
  return false
}

function asRevoked({ at, reason, invalidityDate }: CrlEntry): Revoked {
  return { kind: 'revoked', by: 'crl', revokedAt: at, reason, invalidityDate }
}

/** RFC 5280 6.3: the status of a certificate by the CRLs that reach it, all reasons together. */
export async function statusByCrls(
  certificate: Certificate,
  issuer: Certificate,
  sources: RevocationSources,
  pending: Pending = [],
): Promise<RevocationStatus> {
  const question = { certificate, issuer, sources, pending: [...pending, certificate] }
  let reasons = 0
  let isStale = false
  let newest: Crl | undefined
  let revoked: Revoked | undefined
  for (const known of sources.crls) {
    const { what: crl } = known
    const covers = covered(crl, certificate)
    if (covers === 0 || !(await isAuthentic(known, question))) continue
    const current = tells(crl, certificate, sources)
    const entry = revocationOf(crl, certificate)
    // A hold may have been lifted since; every other revocation lasts, however old the list.
    if (entry !== undefined && (current || entry.reason !== 'certificateHold'))
      revoked = graver(revoked, asRevoked(entry))
    if (!current) isStale = true
    else {
      reasons |= covers
      if (newest === undefined || crl.thisUpdate > newest.thisUpdate) newest = crl
    }
  }
  if (revoked !== undefined) return revoked
  if (newest === undefined || reasons !== ALL_REASONS) return { kind: 'unknown', why: isStale ? 'stale' : 'absent' }
  return { kind: 'good', by: 'crl', issuedAt: newest.thisUpdate, validUntil: newest.nextUpdate }
}
