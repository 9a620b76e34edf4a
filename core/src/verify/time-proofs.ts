import { digestOfRecord } from '../encode/sha256'
import { latestOf, MAX_ACCURACY_MS, type TimestampToken } from '../timestamp/token'
import { type TokenCheck, verifyToken } from '../timestamp/verify-token'
import { digestsIn } from '../x509/algorithm'
import type { Certificate } from '../x509/certificate'
import { totalFailed, undecided, type Verdict } from './ades-verdict'
import { digestWeakness, signatureWeakness } from './algorithm-strength'
import { type AdesContext, existedBy, type TimeProof } from './existence'
import { standingOf, weaknessVerdict } from './standing'
import type { Place } from './validation-material'

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

/** EN 319 102-1 5.4 and 5.6.2.4: a token is judged when it existed at the latest, by the good ones that cover it. */
export async function judgeStamp(
  stamp: Stamp,
  proofs: readonly TimeProof[],
  context: AdesContext,
): Promise<StampJudged> {
  const { token, imprint, place } = stamp
  const { tsaAnchors, material, at } = context
  const accuracyMs = token.accuracyMs ?? 0
  const latest = latestOf(token)
  if (imprint === undefined) {
    const detail = `imprint algorithm ${token.imprint.oid} is not judged here`
    return { latest, verdict: undecided('CRYPTO_CONSTRAINTS_FAILURE', detail) }
  }
  const certificates = tsaAnchors.map(({ certificate }) => certificate)
  const others = [...certificates, ...material.others]
  const check = await verifyToken(token, { imprint, certificates, others, acceptance: 'past' })
  if (!check.ok) return { latest, verdict: tokenVerdict(check) }
  const { tsa } = check
  // Asked last: a time that somebody changed is a broken signature first.
  if (token.genTime.getTime() - accuracyMs > at.getTime()) {
    return { latest, tsa, verdict: undecided('NO_POE', `genTime ${token.genTimeText} is still to come`) }
  }
  if (accuracyMs > MAX_ACCURACY_MS) {
    return { latest, tsa, verdict: undecided('NO_POE', 'accurate to more than a minute') }
  }
  const existed = existedBy([place], proofs, at)
  return { latest, tsa, verdict: await authorityVerdict({ token, tsa, existed }, proofs, context) }
}

interface Made {
  readonly token: TimestampToken
  readonly tsa: Certificate
  readonly existed: Date
}

/** Algorithms and authority of a token whose signature and imprint are right, when it existed. */
async function authorityVerdict(
  { token, tsa: leaf, existed }: Made,
  proofs: readonly TimeProof[],
  context: AdesContext,
): Promise<Verdict> {
  const { signatureAlgorithm: algorithmIdentifier, digestAlgorithm: digestOid } = token.signer
  const digest = digestsIn('past').get(token.imprint.oid)
  const weak =
    signatureWeakness({ algorithmIdentifier, spki: leaf.spki, digestOid }, existed) ??
    (digest && digestWeakness(digest, existed))
  if (weak !== undefined) return weaknessVerdict(weak)
  const { tsaAnchors } = context
  const inForce = tsaAnchors.filter(({ withdrawnAt }) => withdrawnAt === undefined || existed < withdrawnAt)
  const anchors = inForce.map(({ certificate }) => certificate)
  // That its certificate is named by the token is part of what was verified.
  const isNamed = async () => true
  const verdict = await standingOf({ leaf, purpose: 'tsa', anchors, existed, proofs, isNamed }, context)
  if (verdict.subIndication !== 'NO_CERTIFICATE_CHAIN_FOUND' || inForce.length === tsaAnchors.length) return verdict
  const detail = 'the authority is not trusted any more, and nothing shows that the timestamp is older'
  return undecided('NO_CERTIFICATE_CHAIN_FOUND_NO_POE', detail, verdict.code)
}

function tokenVerdict({ code, detail, subIndication, reason }: TokenCheck & { readonly ok: false }): Verdict {
  if (reason !== undefined && UNSUPPORTED.has(reason)) return undecided('CRYPTO_CONSTRAINTS_FAILURE', detail)
  if (code === 'TIMESTAMP_CERTIFICATE_MISSING') return undecided('NO_SIGNING_CERTIFICATE_FOUND', detail)
  if (code === 'TIMESTAMP_UNTRUSTED') {
    // Validity at its own time is for nothing else to prove.
    const word = subIndication === 'NOT_YET_VALID' ? 'OUT_OF_BOUNDS_NO_POE' : subIndication
    return undecided(word ?? 'NO_CERTIFICATE_CHAIN_FOUND', detail)
  }
  return totalFailed(code === 'TIMESTAMP_IMPRINT_MISMATCH' ? 'HASH_FAILURE' : 'SIG_CRYPTO_FAILURE', detail)
}

/** The imprint of bytes by a token's algorithm; `undefined` when that is not supported. */
export function imprintBy(token: TimestampToken, bytes: Uint8Array): ReturnType<typeof digestOfRecord> | undefined {
  const algorithm = digestsIn('past').get(token.imprint.oid)
  return algorithm && digestOfRecord(algorithm, bytes)
}
