import { equal } from '../encode/bytes'
import { digestOfRecord } from '../encode/sha256'
import { compareTimes, type Time, timeOf } from '../model/time'
import { latestOf, MAX_ACCURACY_MS, type TimestampToken } from '../timestamp/token'
import { type TokenCheck, verifyToken } from '../timestamp/verify-token'
import { DIGESTS, digestsIn } from '../x509/algorithm'
import type { Certificate } from '../x509/certificate'
import { validatePath } from '../x509/path'
import { type Finding, failed, indeterminate, passed, tooWeak } from './finding'
import type { Subject } from './subject'
import type { TrustedTsa, TrustView } from './trust-view'

const CLAUSE = 'RFC 3161 2.4.2'

/** When the signature existed at the latest. */
export interface ProvenTime {
  /** To the millisecond; finer digits are cut off. */
  readonly at: Date
  /** With all digits of the token. */
  readonly text: Time
  /** The token's time plus its accuracy, rounded up: what is "before" a limit must be so by this. */
  readonly latest: Time
}

/** The proven time, when the check passed. */
export interface TimestampFacts {
  readonly finding: Finding
  readonly provenTime?: ProvenTime
  /** Set when the authority was withdrawn later: the time then counts only if the ledger had the use before. */
  readonly withdrawnAt?: Time
}

/** Fact 4: a token over this signature, by a trusted authority of another organisation, gives the proven time. */
export async function checkTimestamp(
  subject: Subject,
  trust: TrustView | undefined,
  at: Date,
): Promise<TimestampFacts> {
  const { signer, token, unreadable, tokens } = subject
  if (unreadable.token !== undefined) {
    return { finding: failed(unreadable.token.code, CLAUSE, unreadable.token.detail, 'FORMAT_FAILURE') }
  }
  if (signer === undefined || token === undefined) {
    return { finding: indeterminate('TIMESTAMP_MISSING', CLAUSE, 'no timestamp over the signature', 'NO_POE') }
  }
  const expected = { signature: signer.signature, at, sealer: subject.use?.institution }
  const first = await judgeOver(token, expected, trust)
  for (const other of tokens.length === 1 ? [] : tokens.filter((one) => one !== token)) {
    if (first.provenTime !== undefined) return first
    const facts = await judgeOver(other, expected, trust)
    if (facts.provenTime !== undefined) return facts
  }
  return first
}

type Over = Omit<Expected, 'imprint'> & { readonly signature: Uint8Array }

async function judgeOver(
  token: TimestampToken,
  { signature, ...expected }: Over,
  trust: TrustView | undefined,
): Promise<TimestampFacts> {
  const digesting = imprintOf(signature, token)
  const imprint = digesting instanceof Uint8Array ? digesting : await digesting
  if (imprint === undefined) {
    const detail = `imprint algorithm ${token.imprint.oid} is not judged here`
    return { finding: indeterminate('ALGORITHM_UNSUPPORTED', CLAUSE, detail, 'CRYPTO_CONSTRAINTS_FAILURE') }
  }
  return judgeToken(token, { ...expected, imprint }, trust)
}

/** Whether a token over `imprint` is by a trusted authority of another organisation than `sealer`, and what time it proves. */
export async function judgeToken(
  token: TimestampToken,
  expected: Expected,
  trust: TrustView | undefined,
): Promise<TimestampFacts> {
  if (!DIGESTS.has(token.imprint.oid)) return { finding: await judgedAsOld(token, expected, trust) }
  if (trust === undefined) {
    const { imprint, at } = expected
    const self = await verifyToken(token, { imprint, certificates: [], at })
    if (isUnsupported(self)) return { finding: await judgedAsOld(token, expected, trust) }
    if (!self.ok && FAULTS.has(self.code)) return { finding: faultOf(self) }
    return { finding: indeterminate('TRUST_MISSING', CLAUSE, 'no trust file says which authorities count', 'NO_POE') }
  }
  return byTrusted(token, expected, trust)
}

/** Faults of the token itself; a missing path is a matter of trust. */
const FAULTS: ReadonlySet<string> = new Set([
  'TIMESTAMP_IMPRINT_MISMATCH',
  'TIMESTAMP_SIGNATURE_INVALID',
  'TIMESTAMP_IN_FUTURE',
])

function isUnsupported(check: TokenCheck): boolean {
  return !check.ok && check.code === 'TIMESTAMP_SIGNATURE_INVALID' && check.reason === 'ALGORITHM_UNSUPPORTED'
}

/** Whether a token is broken, whose algorithms are too weak to prove a time today. */
async function judgedAsOld(
  token: TimestampToken,
  { imprint, at }: Expected,
  trust: TrustView | undefined,
): Promise<Finding> {
  const others = certificatesOf(trust?.tsas ?? [])
  const check = await verifyToken(token, { imprint, certificates: [], others, at, acceptance: 'past' })
  if (isUnsupported(check)) {
    return indeterminate(
      'ALGORITHM_UNSUPPORTED',
      CLAUSE,
      'the token is signed by an algorithm that is not judged here',
      'CRYPTO_CONSTRAINTS_FAILURE',
    )
  }
  if (!check.ok && FAULTS.has(check.code)) return faultOf(check)
  return tooWeak(CLAUSE, 'the token holds by algorithms too weak today, which prove no time')
}

function faultOf({ code, clause, detail }: TokenCheck & { readonly ok: false }): Finding {
  return failed(code, clause, detail, 'SIG_CRYPTO_FAILURE')
}

function imprintOf(signature: Uint8Array, token: TimestampToken): ReturnType<typeof digestOfRecord> | undefined {
  const algorithm = digestsIn('past').get(token.imprint.oid)
  return algorithm && digestOfRecord(algorithm, signature)
}

/** What a token is judged against. */
export interface Expected {
  readonly imprint: Uint8Array
  readonly at: Date
  /** The organisation that seals or deposits, whose own authorities prove no time for it. */
  readonly sealer: string | undefined
}

async function byTrusted(token: TimestampToken, expected: Expected, trust: TrustView): Promise<TimestampFacts> {
  const { sealer, ...expectation } = expected
  const own = trust.tsas.filter(({ organisation }) => organisation === sealer)
  const others = trust.tsas.filter(({ organisation }) => organisation !== sealer)
  const check = await verifyToken(token, { ...expectation, certificates: certificatesOf(others) })
  if (!check.ok) {
    if (isUnsupported(check)) return { finding: await judgedAsOld(token, expected, trust) }
    if (FAULTS.has(check.code)) return { finding: faultOf(check) }
    const byOwn = own.length > 0 && (await verifyToken(token, { ...expectation, certificates: certificatesOf(own) })).ok
    if (byOwn) return { finding: ownAuthority(sealer) }
    return { finding: indeterminate(check.code, check.clause, check.detail, 'NO_CERTIFICATE_CHAIN_FOUND') }
  }
  if (await endsAtOneOf(check, own)) return { finding: ownAuthority(sealer) }
  return provenBy(token, withdrawalOf(check.chain, others))
}

/** Whether the path of a good token's signer ends, at its genTime, at one of these authorities as well. */
export async function endsAtOneOf(
  { tsa, chain, genTime }: TokenCheck & { readonly ok: true },
  tsas: readonly TrustedTsa[],
): Promise<boolean> {
  // Only what is on the path, or bears the name of an issuer there, can be the end of another path.
  const anchors = certificatesOf(tsas).filter((anchor) =>
    chain.some(({ der, issuer }) => equal(anchor.subject, issuer) || equal(anchor.der, der)),
  )
  if (anchors.length === 0) return false
  return (await validatePath({ leaf: tsa, others: chain, anchors, at: genTime, purpose: 'tsa' })).ok
}

export function certificatesOf(tsas: readonly TrustedTsa[]): readonly Certificate[] {
  return tsas.map(({ certificate }) => certificate)
}

function ownAuthority(sealer: string | undefined): Finding {
  const detail = `the authority is ${sealer}'s own: it proves no time against it`
  return failed('TIMESTAMP_OWN_AUTHORITY', 'FORMAT.md 11.4', detail, 'SIG_CONSTRAINTS_FAILURE')
}

/** When the trust file withdrew the authority that the path ended at; if several name it, the first withdrawal. */
function withdrawalOf(chain: readonly Certificate[], tsas: readonly TrustedTsa[]): Time | undefined {
  const anchor = chain[chain.length - 1]
  const times = tsas.flatMap(({ certificate, withdrawnAt }) =>
    certificate === anchor && withdrawnAt !== undefined ? [withdrawnAt] : [],
  )
  return times.sort(compareTimes)[0]
}

/** What a good token says: when at the latest what it is over existed. */
export function provenTimeOf(token: TimestampToken): ProvenTime {
  return { at: token.genTime, text: token.genTimeText as Time, latest: timeOf(latestOf(token)) }
}

function provenBy(token: TimestampToken, withdrawnAt: Time | undefined): TimestampFacts {
  const { accuracyMs = 0 } = token
  if (accuracyMs > MAX_ACCURACY_MS) {
    const detail = `the token is accurate to ${accuracyMs} ms, more than a minute`
    return { finding: indeterminate('TIMESTAMP_INACCURATE', CLAUSE, detail, 'NO_POE') }
  }
  const provenTime = provenTimeOf(token)
  const { text, latest } = provenTime
  if (withdrawnAt !== undefined && compareTimes(latest, withdrawnAt) >= 0) return { finding: withdrawn(withdrawnAt) }
  return {
    finding: passed(CLAUSE, `the signature existed at ${text}, by the word of another organisation's authority`),
    provenTime,
    withdrawnAt,
  }
}

function withdrawn(withdrawnAt: Time): Finding {
  const detail = `the authority was withdrawn at ${withdrawnAt}, and nothing else shows that the token is older`
  return indeterminate('TIMESTAMP_AUTHORITY_WITHDRAWN', 'FORMAT.md 10', detail, 'NO_POE')
}

/**
 * The timestamp once it is known when the use was recorded. A withdrawn authority's key may be in other hands, which can
 * put any time into a token: its word counts only for what the ledger had before (FORMAT.md section 10).
 * @param recordedAt - when the ledger recorded the use, if that is proven.
 */
export function confirmed(facts: TimestampFacts, recordedAt: Time | undefined): TimestampFacts {
  const { withdrawnAt } = facts
  if (withdrawnAt === undefined) return facts
  const inTime = recordedAt !== undefined && compareTimes(recordedAt, withdrawnAt) < 0
  return inTime ? facts : { finding: withdrawn(withdrawnAt) }
}
