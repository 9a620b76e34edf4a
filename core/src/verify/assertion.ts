import { equal } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { Assertion } from '../evidence/asic'
import type { AssertionReport } from '../model/report'
import { timeOf } from '../model/time'
import { verifyToken } from '../timestamp/verify-token'
import type { TrustView } from './trust-view'

/** Whose clocks count, and when they are judged. */
export interface Judging {
  readonly trust: TrustView | undefined
  readonly at: Date
}

/** EN 319 162-1 4.4: the token over the manifest, by an authority that the trust file names. */
export async function judgeAssertion({ manifest, token }: Assertion, { trust, at }: Judging): Promise<AssertionReport> {
  const time = timeOf(token.genTime)
  const nobody = { time, organisation: null }
  if (trust === undefined) {
    return { ...nobody, outcome: 'indeterminate', code: 'TRUST_MISSING', detail: 'no trust file names authorities' }
  }
  const certificates = trust.tsas.map(({ certificate }) => certificate)
  const check = await verifyToken(token, { imprint: sha256(manifest), certificates, at })
  if (!check.ok) {
    const forged = check.code === 'TIMESTAMP_SIGNATURE_INVALID' || check.code === 'TIMESTAMP_IMPRINT_MISMATCH'
    return { ...nobody, outcome: forged ? 'failed' : 'indeterminate', code: check.code, detail: check.detail }
  }
  const anchors = [check.tsa, ...check.chain].map(({ der }) => der)
  const by = trust.tsas.find(({ certificate }) => anchors.some((der) => equal(der, certificate.der)))
  if (by?.withdrawnAt !== undefined) {
    return { ...nobody, outcome: 'indeterminate', code: 'TIMESTAMP_UNTRUSTED', detail: 'the authority was withdrawn' }
  }
  const organisation = by?.organisation ?? null
  return { time, organisation, outcome: 'passed', code: 'OK', detail: 'nothing in it was changed since' }
}
