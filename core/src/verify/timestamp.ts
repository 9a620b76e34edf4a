import { sha256 } from '../encode/sha256'
import { subtle } from '../encode/subtle'
import { compareTimes, type Time } from '../model/time'
import type { TimestampToken } from '../timestamp/token'
import { type TokenCheck, verifyToken } from '../timestamp/verify-token'
import { DIGESTS } from '../x509/algorithm'
import { type Finding, failed, indeterminate, passed } from './finding'
import type { Subject } from './subject'
import type { TrustedTsa, TrustView } from './trust-view'

const CLAUSE = 'RFC 3161 2.4.2'
/** Above this a token does not say when. */
const MAX_ACCURACY_MS = 60_000

/** The proven time, when the check passed. */
export interface TimestampFacts {
  readonly finding: Finding
  readonly provenTime?: { readonly at: Date; readonly text: Time; readonly accuracyMs: number }
}

/** Fact 4: a token over this signature, by a trusted authority of another organisation, gives the proven time. */
export async function checkTimestamp(
  subject: Subject,
  trust: TrustView | undefined,
  at: Date,
): Promise<TimestampFacts> {
  const { signer, token, unreadable } = subject
  if (unreadable.token !== undefined) {
    return { finding: failed(unreadable.token.code, CLAUSE, unreadable.token.detail, 'FORMAT_FAILURE') }
  }
  if (signer === undefined || token === undefined) {
    return { finding: indeterminate('TIMESTAMP_MISSING', CLAUSE, 'no timestamp over the signature', 'NO_POE') }
  }
  const imprint = await imprintOf(signer.signature, token)
  if (imprint === undefined) {
    const detail = `imprint algorithm ${token.imprint.oid} is not judged here`
    return { finding: indeterminate('ALGORITHM_UNSUPPORTED', CLAUSE, detail, 'CRYPTO_CONSTRAINTS_FAILURE') }
  }
  if (trust === undefined) {
    const self = await verifyToken(token, { imprint, certificates: [], at })
    if (!self.ok && isFault(self)) return { finding: failed(self.code, self.clause, self.detail, 'SIG_CRYPTO_FAILURE') }
    return { finding: indeterminate('TRUST_MISSING', CLAUSE, 'no trust file says which authorities count', 'NO_POE') }
  }
  return byTrusted(token, { imprint, at, sealer: subject.use?.institution }, trust)
}

/** Faults of the token itself; a missing path is a matter of trust. */
function isFault(check: TokenCheck & { readonly ok: false }): boolean {
  return ['TIMESTAMP_IMPRINT_MISMATCH', 'TIMESTAMP_SIGNATURE_INVALID', 'TIMESTAMP_IN_FUTURE'].includes(check.code)
}

async function imprintOf(signature: Uint8Array, token: TimestampToken): Promise<Uint8Array | undefined> {
  const algorithm = DIGESTS.get(token.imprint.oid)
  if (algorithm === 'SHA-256') return sha256(signature)
  return algorithm && new Uint8Array(await subtle().digest(algorithm, signature))
}

interface Expected {
  readonly imprint: Uint8Array
  readonly at: Date
  /** The organisation that seals, whose own authorities prove no time for it. */
  readonly sealer: string | undefined
}

async function byTrusted(token: TimestampToken, expected: Expected, trust: TrustView): Promise<TimestampFacts> {
  const { imprint, at, sealer } = expected
  const accept = async (tsas: readonly TrustedTsa[]) =>
    verifyToken(token, { imprint, at, certificates: tsas.map(({ certificate }) => certificate) })
  const own = trust.tsas.filter(({ organisation }) => organisation === sealer)
  if (own.length > 0 && (await accept(own)).ok) {
    const detail = `the authority is ${sealer}'s own: it proves no time against it`
    return { finding: failed('TIMESTAMP_OWN_AUTHORITY', 'FORMAT.md 11.4', detail, 'SIG_CONSTRAINTS_FAILURE') }
  }
  const time = token.genTimeText as Time
  const others = trust.tsas.filter(({ organisation }) => organisation !== sealer)
  const counting = others.filter(({ withdrawnAt }) => withdrawnAt === undefined || compareTimes(time, withdrawnAt) < 0)
  const check = await accept(counting)
  if (!check.ok) {
    if (check.code !== 'TIMESTAMP_UNTRUSTED' && check.code !== 'TIMESTAMP_CERTIFICATE_MISSING') {
      return { finding: failed(check.code, check.clause, check.detail, 'SIG_CRYPTO_FAILURE') }
    }
    return { finding: indeterminate(check.code, check.clause, check.detail, 'NO_CERTIFICATE_CHAIN_FOUND') }
  }
  const accuracyMs = token.accuracyMs ?? 0
  if (accuracyMs > MAX_ACCURACY_MS) {
    const detail = `the token is accurate to ${accuracyMs} ms, more than a minute`
    return { finding: indeterminate('TIMESTAMP_INACCURATE', CLAUSE, detail, 'NO_POE') }
  }
  return {
    finding: passed(CLAUSE, `the signature existed at ${time}, by the word of another organisation's authority`),
    provenTime: { at: token.genTime, text: time, accuracyMs },
  }
}
