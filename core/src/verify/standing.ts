import { essMatches } from '../cms/ess'
import { equal } from '../encode/bytes'
import type { Certificate } from '../x509/certificate'
import { nameText } from '../x509/name'
import { type PathFault, validatePath } from '../x509/path'
import type { PathPurpose } from '../x509/purpose'
import { type Known, type PathStatus, pathRevocation, type RevocationSources } from '../x509/revocation'
import { revokedFrom, stoodAt } from '../x509/revocation-times'
import { totalFailed, totalPassed, undecided, type Verdict } from './ades-verdict'
import { signatureWeakness, type Weakness } from './algorithm-strength'
import { certificateAge } from './certificate-age'
import { type AdesContext, existedBy, type TimeProof } from './existence'
import type { Subject } from './subject'
import type { Placed } from './validation-material'

/** Who is to be judged, for what, and by when its signature existed. */
export interface Standing {
  readonly leaf: Certificate
  readonly purpose: PathPurpose
  readonly anchors: readonly Certificate[]
  readonly existed: Date
  readonly proofs: readonly TimeProof[]
  /** Whether what is signed names the leaf by its digest (ESS): then it is no younger than the signature. */
  isNamed(): Promise<boolean>
}

/** Whether a signature names its certificate by digest. */
export function namedIn({ signer, certificate }: Subject): () => Promise<boolean> {
  return async () =>
    signer !== undefined && certificate !== undefined && (await essMatches(signer.attributes, certificate)) === true
}

export function weaknessVerdict({ algorithm, until }: Weakness): Verdict {
  const detail = `${algorithm} was good until ${until.toISOString()}, and nothing shows that the signature is older`
  return undecided('CRYPTO_CONSTRAINTS_FAILURE_NO_POE', detail, 'ALGORITHM_WEAK')
}

/**
 * Whether a signer's certificate stood when its signature existed: path, revocation and algorithms at that time, by what was
 * known and when that was known (EN 319 102-1 5.2.6, 5.5.4 and 5.6.2). Of several paths the first that stands counts.
 */
export async function standingOf(standing: Standing, context: AdesContext): Promise<Verdict> {
  const { existed, leaf } = standing
  const request = requestOf(standing, context, existed)
  const sources = sourcesOf(standing, context, existed)
  let first: Verdict | undefined
  const suits = async (chain: readonly Certificate[]): Promise<boolean> => {
    const verdict = await chainVerdict(chain, sources, { standing, context })
    first ??= verdict
    return verdict === undefined
  }
  const path = await validatePath({ ...request, suits })
  if (path.ok) return totalPassed(`valid and not revoked at ${existed.toISOString()}`)
  if (first !== undefined) return first
  const isOver = path.code === 'CERTIFICATE_EXPIRED' && path.certificate === leaf
  if (isOver && (await wasGoodToTheEnd(standing, context))) {
    return undecided('OUT_OF_BOUNDS_NOT_REVOKED', `${path.detail}, not revoked until then`, path.code)
  }
  return faultVerdict(path, standing, context.at)
}

/** 5.2.6.4: words for a signer's certificate are not those for what stands above it. */
export function faultVerdict(
  { code, subIndication, detail, certificate }: PathFault,
  { leaf, existed }: Pick<Standing, 'leaf' | 'existed'>,
  now: Date,
): Verdict {
  if (code === 'CERTIFICATE_NOT_YET_VALID') {
    // Made before the signer's certificate was: that is proven by the time that the signature existed by.
    const isProven = certificate === leaf && existed < now
    return isProven ? totalFailed('NOT_YET_VALID', detail, code) : undecided('OUT_OF_BOUNDS_NO_POE', detail, code)
  }
  return undecided(code === 'ALGORITHM_UNSUPPORTED' ? 'CRYPTO_CONSTRAINTS_FAILURE' : subIndication, detail, code)
}

function requestOf({ leaf, purpose, anchors }: Standing, { material }: AdesContext, at: Date) {
  return { leaf, others: material.others, anchors, at, purpose, acceptance: 'past' } as const
}

function sourcesOf({ anchors, proofs }: Standing, { material, at: now }: AdesContext, at: Date): RevocationSources {
  const known = <T>(items: readonly Placed<T>[]): readonly Known<T>[] =>
    items.map(({ what, places }) => ({ what, knownAt: existedBy(places, proofs, now) }))
  return {
    crls: known(material.crls),
    answers: known(material.answers),
    others: material.others,
    ...{ anchors, at, now, acceptance: 'past' },
    isWeak: ({ signatureAlgorithm: algorithmIdentifier }, spki, knownAt) =>
      signatureWeakness({ algorithmIdentifier, spki }, knownAt) !== undefined,
  }
}

interface Judging {
  readonly standing: Standing
  readonly context: AdesContext
}

/** What speaks against a path that is valid but for revocation and algorithms. */
async function chainVerdict(
  chain: readonly Certificate[],
  sources: RevocationSources,
  { standing, context }: Judging,
): Promise<Verdict | undefined> {
  const { purpose, existed } = standing
  const statuses = await pathRevocation(chain, sources)
  for (const status of statuses) {
    if (purpose === 'tsa' && isLeftToTrust(status, chain)) continue
    const found = revocationVerdict(status, chain[0], existed)
    if (found !== undefined) return found
  }
  return tooYoung(chain, statuses, { standing, context })
}

/** A certificate that is not known to be older than what would let anybody make it. */
async function tooYoung(
  chain: readonly Certificate[],
  statuses: readonly PathStatus[],
  { standing, context }: Judging,
): Promise<Verdict | undefined> {
  const { existed, proofs, isNamed } = standing
  for (const certificate of chain.slice(0, -1)) {
    const limits = certificateAge(certificate, { chain, statuses, now: context.at })
    if (limits.length === 0) continue
    const placed = context.material.certificates.find(({ what }) => equal(what.der, certificate.der))
    const byPlace = existedBy(placed?.places ?? [], proofs, context.at)
    const byName = certificate === chain[0] && existed < byPlace && (await isNamed())
    const known = byName ? existed : byPlace
    const passed = limits.find(({ before }) => known >= before)
    if (passed !== undefined) return undecided(passed.word, passed.detail, passed.code)
  }
  return undefined
}

function revocationVerdict(found: PathStatus, leaf: Certificate, existed: Date): Verdict | undefined {
  const { status, certificate } = found
  if (stoodAt(status, existed)) return undefined
  const name = nameText(certificate.subject)
  if (status.kind !== 'revoked') {
    const what = status.kind === 'unknown' && status.why === 'stale' ? 'no current word' : 'no word'
    return undecided('TRY_LATER', `${name}: ${what} on whether it was revoked`, 'REVOCATION_UNKNOWN')
  }
  const from = revokedFrom(status).toISOString()
  // 5.2.6.4: a hold may be lifted.
  if (status.reason === 'certificateHold') return undecided('TRY_LATER', `${name}: on hold from ${from}`, 'REVOKED')
  const word = certificate === leaf ? 'REVOKED_NO_POE' : 'REVOKED_CA_NO_POE'
  return undecided(word, `${name}: revoked from ${from}, and nothing shows that the signature is older`, 'REVOKED')
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

/** 5.2.6.4: whether an expired certificate is known not to have been revoked while it was valid. */
async function wasGoodToTheEnd(standing: Standing, context: AdesContext): Promise<boolean> {
  const end = standing.leaf.notAfter
  const path = await validatePath(requestOf(standing, context, end))
  if (!path.ok) return false
  const statuses = await pathRevocation(path.chain, sourcesOf(standing, context, end))
  return statuses.every(
    (one) => one.status.kind === 'good' || (standing.purpose === 'tsa' && isLeftToTrust(one, path.chain)),
  )
}
