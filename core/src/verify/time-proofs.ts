import { digestOfRecord } from '../encode/sha256'
import type { SignedRange } from '../pdf/signed-range'
import type { TimestampToken } from '../timestamp/token'
import { verifyToken } from '../timestamp/verify-token'
import { digestsIn } from '../x509/algorithm'
import type { Certificate } from '../x509/certificate'
import { isOrderly } from '../x509/crl'
import { nameText } from '../x509/name'
import { type PathResult, validatePath } from '../x509/path'
import type { PathPurpose } from '../x509/purpose'
import { type Known, type PathStatus, pathRevocation, type RevocationSources } from '../x509/revocation'
import { totalFailed, totalPassed, undecided, type Verdict } from './ades-verdict'
import { chainWeakness, digestWeakness, schemeWeakness, signatureWeakness, type Weakness } from './algorithm-strength'
import type { Material, Place, Placed } from './validation-material'

/** A timestamp that was found good: what it covers existed at `latest`, at the latest. */
export interface TimeProof {
  readonly latest: Date
  /** What a document timestamp covers of the file. */
  readonly range: SignedRange
}

/** With what paths are judged. */
export interface AdesContext {
  readonly material: Material
  readonly tsaAnchors: readonly Certificate[]
  /** The time of the verifier. */
  readonly at: Date
}

/** Whether a timestamp over this range proves that what lies there existed. */
export function isCovered(place: Place, { gapStart, gapEnd, revisionEnd }: SignedRange): boolean {
  if (place === undefined) return false
  return place.end <= gapStart || (place.start >= gapEnd && place.end <= revisionEnd)
}

/** By when what lies there existed: the earliest of the proofs that cover it, else now (EN 319 102-1 5.6.2.3, POE). */
export function existedBy(place: Place, proofs: readonly TimeProof[], now: Date): Date {
  return proofs.reduce((earliest, { latest, range }) => {
    return isCovered(place, range) && latest < earliest ? latest : earliest
  }, now)
}

/** What is signed by algorithms that were too weak when it was known could be anybody's. */
function known<T extends { readonly signatureAlgorithm: Uint8Array }>(
  items: readonly Placed<T>[],
  proofs: readonly TimeProof[],
  now: Date,
): readonly Known<T>[] {
  const all = items.map(({ what, place }) => ({ what, knownAt: existedBy(place, proofs, now) }))
  return all.filter(({ what, knownAt }) => schemeWeakness(what.signatureAlgorithm, knownAt) === undefined)
}

/** Who is to be judged, for what, and by when its signature existed. */
export interface Standing {
  readonly leaf: Certificate
  readonly purpose: PathPurpose
  readonly anchors: readonly Certificate[]
  readonly existed: Date
  readonly proofs: readonly TimeProof[]
}

function pathVerdict({ code, subIndication, detail }: PathResult & { readonly ok: false }, hasProof: boolean): Verdict {
  // Made before the certificate was: that is proven by the time that the signature existed by.
  if (code === 'CERTIFICATE_NOT_YET_VALID' && hasProof) return totalFailed('NOT_YET_VALID', detail, code)
  return undecided(subIndication, detail, code)
}

/** From when a revocation counts: after a compromise from the earlier of revocation and invalidity date. */
function countsFrom({ status }: PathStatus): Date | undefined {
  if (status.kind !== 'revoked') return undefined
  const { revokedAt, invalidityDate, reason } = status
  if (isOrderly(reason) || invalidityDate === undefined || invalidityDate > revokedAt) return revokedAt
  return invalidityDate
}

function revocationVerdict(found: PathStatus, leaf: Certificate, existed: Date): Verdict | undefined {
  const { status, certificate } = found
  const name = nameText(certificate.subject)
  if (status.kind === 'good') return undefined
  if (status.kind === 'unknown') {
    const what = status.why === 'stale' ? 'no current word' : 'no word'
    return undecided('TRY_LATER', `${name}: ${what} on whether it was revoked`, 'REVOCATION_UNKNOWN')
  }
  const from = countsFrom(found)
  if (from !== undefined && existed < from) return undefined
  const word = certificate === leaf ? 'REVOKED_NO_POE' : 'REVOKED_CA_NO_POE'
  const detail = `${name}: revoked from ${from?.toISOString()}, and nothing shows that the signature is older`
  return undecided(word, detail, 'REVOKED')
}

export function weaknessVerdict({ algorithm, until }: Weakness): Verdict {
  const detail = `${algorithm} was good until ${until.toISOString()}, and nothing shows that the signature is older`
  return undecided('CRYPTO_CONSTRAINTS_FAILURE_NO_POE', detail, 'ALGORITHM_WEAK')
}

/**
 * An authority right below a trusted root that publishes no word on revocation anywhere: who trusts the root takes it on trust
 * until the trust file withdraws it.
 */
function isLeftToTrust({ certificate, status }: PathStatus, chain: readonly Certificate[]): boolean {
  const { crlPoints, ocspUrls } = certificate
  const isDirect = chain.length === 2 && certificate === chain[0]
  return isDirect && status.kind === 'unknown' && crlPoints.length + ocspUrls.length === 0
}

/**
 * Whether a signer's certificate stood when its signature existed: path, revocation and algorithms at that time, by what was
 * known and when that was known (EN 319 102-1 5.2.6, 5.5.4 and 5.6.2).
 */
export async function standingOf(standing: Standing, context: AdesContext): Promise<Verdict> {
  const { leaf, purpose, anchors, existed, proofs } = standing
  const { material, at: now } = context
  const others = material.certificates
  const path = await validatePath({ leaf, others, anchors, at: existed, purpose, acceptance: 'past' })
  if (!path.ok) return pathVerdict(path, existed < now)
  const sources: RevocationSources = {
    crls: known(material.crls, proofs, now),
    answers: known(material.answers, proofs, now),
    ...{ others, anchors, at: existed, now, acceptance: 'past' },
  }
  for (const status of await pathRevocation(path.chain, sources)) {
    if (purpose === 'tsa' && isLeftToTrust(status, path.chain)) continue
    const found = revocationVerdict(status, leaf, existed)
    if (found !== undefined) return found
  }
  const weak = chainWeakness(path.chain, existed)
  if (weak !== undefined) return weaknessVerdict(weak)
  return totalPassed(`valid and not revoked at ${existed.toISOString()}`)
}

/** A timestamp to be judged. */
export interface Stamp {
  readonly token: TimestampToken
  /** The digest of what it is over, by its own algorithm; undefined when that is not supported. */
  readonly imprint: Uint8Array | undefined
  /** Where the token lies. */
  readonly place: Place
}

/** What a timestamp proves. */
export interface StampJudged {
  readonly verdict: Verdict
  /** The token's time and its accuracy, rounded up. */
  readonly latest: Date
  /** Who made it, where a path leads to an anchor. */
  readonly tsa?: Certificate
}

/** What is not judged here is not thereby broken. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['ALGORITHM_UNSUPPORTED', 'SIGNED_ATTRIBUTES_MISSING'])
/** Above this a token does not say when. */
const MAX_ACCURACY_MS = 60_000

/** EN 319 102-1 5.4 and 5.6.2.4: a token is judged when it existed at the latest, by the good ones that cover it. */
export async function judgeStamp(
  { token, imprint, place }: Stamp,
  proofs: readonly TimeProof[],
  context: AdesContext,
): Promise<StampJudged> {
  const { tsaAnchors: anchors, at } = context
  const accuracyMs = token.accuracyMs ?? 0
  const latest = new Date(token.genTime.getTime() + accuracyMs + (/\.\d{4,}Z$/.test(token.genTimeText) ? 1 : 0))
  if (imprint === undefined) {
    const detail = `imprint algorithm ${token.imprint.oid} is not judged here`
    return { latest, verdict: undecided('CRYPTO_CONSTRAINTS_FAILURE', detail) }
  }
  const certificates = [...anchors, ...context.material.certificates]
  const check = await verifyToken(token, {
    imprint,
    certificates: anchors,
    others: certificates,
    acceptance: 'past',
  })
  if (!check.ok) {
    const { code, detail, subIndication, reason } = check
    if (reason !== undefined && UNSUPPORTED.has(reason)) {
      return { latest, verdict: undecided('CRYPTO_CONSTRAINTS_FAILURE', detail) }
    }
    const broken = code === 'TIMESTAMP_IMPRINT_MISMATCH' ? 'HASH_FAILURE' : 'SIG_CRYPTO_FAILURE'
    const trusts = code === 'TIMESTAMP_UNTRUSTED' || code === 'TIMESTAMP_CERTIFICATE_MISSING'
    const word = subIndication ?? 'NO_CERTIFICATE_CHAIN_FOUND'
    return { latest, verdict: trusts ? undecided(word, detail) : totalFailed(broken, detail) }
  }
  const { tsa } = check
  // Asked last: a time that somebody changed is a broken signature first.
  if (token.genTime.getTime() - accuracyMs > at.getTime()) {
    return { latest, tsa, verdict: undecided('NO_POE', `genTime ${token.genTimeText} is still to come`) }
  }
  if (accuracyMs > MAX_ACCURACY_MS) {
    return { latest, tsa, verdict: undecided('NO_POE', 'accurate to more than a minute') }
  }
  const existed = existedBy(place, proofs, at)
  const { spki } = tsa
  const { signatureAlgorithm: algorithmIdentifier, digestAlgorithm: digestOid } = token.signer
  const digest = digestsIn('past').get(token.imprint.oid)
  const weak =
    signatureWeakness({ algorithmIdentifier, spki, digestOid }, existed) ?? (digest && digestWeakness(digest, existed))
  if (weak !== undefined) return { latest, tsa, verdict: weaknessVerdict(weak) }
  return { latest, tsa, verdict: await standingOf({ leaf: tsa, purpose: 'tsa', anchors, existed, proofs }, context) }
}

/** The imprint of bytes by a token's algorithm; `undefined` when that is not supported. */
export function imprintBy(token: TimestampToken, bytes: Uint8Array): ReturnType<typeof digestOfRecord> | undefined {
  const algorithm = digestsIn('past').get(token.imprint.oid)
  return algorithm && digestOfRecord(algorithm, bytes)
}
