import type { SubIndication } from '../model/report'
import type { Certificate } from '../x509/certificate'
import { nameText } from '../x509/name'
import type { PathStatus } from '../x509/revocation'
import { revokedFrom } from '../x509/revocation-times'
import { signatureWeakness } from './algorithm-strength'

/** From then on somebody else than its issuer could have made a certificate. */
export interface AgeLimit {
  readonly before: Date
  readonly word: SubIndication
  readonly detail: string
  /** Ours. */
  readonly code: 'REVOKED' | 'ALGORITHM_WEAK' | 'CERTIFICATE_EXPIRED'
}

/** A path and what is known of it. */
export interface AgeContext {
  /** Leaf first. */
  readonly chain: readonly Certificate[]
  readonly statuses: readonly PathStatus[]
  readonly now: Date
}

/**
 * By when a certificate of a path must be proven to have existed, and why (EN 319 102-1 5.6.2.2: a certificate needs a proof of
 * existence from before a CA above it was revoked, or from before its algorithms became weak; nobody watches over the key of an expired
 * CA either, unless that is an anchor).
 */
export function certificateAge(certificate: Certificate, { chain, statuses, now }: AgeContext): readonly AgeLimit[] {
  const above = chain.slice(chain.indexOf(certificate) + 1)
  const [issuer] = above
  const name = nameText(certificate.subject)
  const unproven = (why: string) => `${name}: ${why}, and nothing shows that this certificate is older`
  const limits: AgeLimit[] = []
  for (const { certificate: ca, status } of statuses) {
    if (status.kind !== 'revoked' || !above.includes(ca)) continue
    const detail = unproven(`${nameText(ca.subject)} was revoked`)
    limits.push({ before: revokedFrom(status), word: 'REVOKED_CA_NO_POE', detail, code: 'REVOKED' })
  }
  const { signatureAlgorithm: algorithmIdentifier } = certificate
  const weak = issuer && signatureWeakness({ algorithmIdentifier, spki: issuer.spki }, now)
  if (weak !== undefined) {
    const detail = unproven(`${weak.algorithm} was good until ${weak.until.toISOString()}`)
    limits.push({ before: weak.until, word: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', detail, code: 'ALGORITHM_WEAK' })
  }
  if (above.length > 1 && issuer.notAfter < now) {
    const before = new Date(issuer.notAfter.getTime() + 1000)
    const detail = unproven(`${nameText(issuer.subject)} is expired`)
    limits.push({ before, word: 'OUT_OF_BOUNDS_NO_POE', detail, code: 'CERTIFICATE_EXPIRED' })
  }
  return limits
}
