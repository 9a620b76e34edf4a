import type { Der } from '../encode/der'
import type { Acceptance } from './algorithm'
import type { Certificate } from './certificate'
import type { Crl, CrlReason } from './crl'
import { statusByCrls } from './crl-status'
import type { Issued } from './issued'
import type { OcspResponse } from './ocsp'
import { statusByOcsp } from './ocsp-status'
import { graver, revokedFrom } from './revocation-times'

/** A CRL or an OCSP answer, and a moment by which it existed: what it is signed by must be valid then. */
export interface Known<T> {
  readonly what: T
  readonly knownAt: Date
}

/** What revocation is judged with; nothing is fetched. */
export interface RevocationSources {
  readonly crls: readonly Known<Crl>[]
  readonly answers: readonly Known<OcspResponse>[]
  /** Certificates that came along; they may help to build the paths of those who sign CRLs. */
  readonly others: readonly Certificate[]
  readonly anchors: readonly Certificate[]
  /** Whether a certificate was revoked by then is asked. */
  readonly at: Date
  /** The time of the verifier, not before `at`: what claims to be later is not believed. */
  readonly now: Date
  /** Of the algorithms that CRLs, answers and their signers' paths are signed by; `current` unless given. */
  readonly acceptance?: Acceptance
  /** Whether what this key signed could be a forgery by the time it was known, for its algorithms' weakness; never unless given. */
  isWeak?(signed: Issued, spki: Der, knownAt: Date): boolean
}

/** A certificate that was revoked, at whatever time. */
export interface Revoked {
  readonly kind: 'revoked'
  readonly by: 'crl' | 'ocsp'
  /** When its issuer revoked it. */
  readonly revokedAt: Date
  readonly reason?: CrlReason
  /** Since when the key is to be mistrusted, where the issuer says so. */
  readonly invalidityDate?: Date
}

/** What is known of one certificate. */
export type RevocationStatus =
  | { readonly kind: 'good'; readonly by: 'crl' | 'ocsp'; readonly issuedAt: Date; readonly validUntil?: Date }
  | Revoked
  | {
      readonly kind: 'unknown'
      /** `stale`: there is something of the right issuer, but of another time. */
      readonly why: 'absent' | 'stale'
    }

/** One certificate of a path, whose revocation was looked at. */
export interface PathStatus {
  readonly certificate: Certificate
  readonly status: RevocationStatus
}

/** Certificates whose status is being asked for: one that vouches for itself by a detour stays unknown. */
export type Pending = readonly Certificate[]

/**
 * What is known of a certificate: by CRLs (RFC 5280 6.3) and OCSP answers (RFC 6960 3.2). Revoked by either is revoked.
 * @param issuer - of a path that was validated.
 */
export async function statusOf(
  certificate: Certificate,
  issuer: Certificate,
  sources: RevocationSources,
  pending: Pending = [],
): Promise<RevocationStatus> {
  const byOcsp = await statusByOcsp(certificate, issuer, sources, pending)
  const byCrl = await statusByCrls(certificate, issuer, sources, pending)
  if (byOcsp.kind === 'revoked') return byCrl.kind === 'revoked' ? graver(byOcsp, byCrl) : byOcsp
  if (byCrl.kind === 'revoked' || byOcsp.kind === 'unknown') {
    return byCrl.kind === 'unknown' && byOcsp.kind === 'unknown' && byOcsp.why === 'stale' ? byOcsp : byCrl
  }
  return byCrl.kind === 'good' && byCrl.issuedAt > byOcsp.issuedAt ? byCrl : byOcsp
}

/**
 * The status of every certificate of a path but its anchor, from the top. Of those below a CA that was revoked only what was
 * known before tells: who has its key can put any date into a CRL or an answer (EN 319 102-1 5.6.2.2). Who signs them must end at the
 * path's own anchor (RFC 5280 6.3.3 f).
 * @param chain - a validated path, leaf first.
 */
export async function pathRevocation(
  chain: readonly Certificate[],
  sources: RevocationSources,
  pending: Pending = [],
): Promise<readonly PathStatus[]> {
  const found: PathStatus[] = []
  let believed: RevocationSources = { ...sources, anchors: chain.slice(-1) }
  for (let i = chain.length - 2; i >= 0; i--) {
    const status = await statusOf(chain[i], chain[i + 1], believed, pending)
    found.push({ certificate: chain[i], status })
    if (status.kind === 'revoked') believed = knownBefore(believed, revokedFrom(status))
  }
  return found
}

function knownBefore(sources: RevocationSources, limit: Date): RevocationSources {
  const inTime = ({ knownAt }: Known<unknown>) => knownAt < limit
  return { ...sources, crls: sources.crls.filter(inTime), answers: sources.answers.filter(inTime) }
}
