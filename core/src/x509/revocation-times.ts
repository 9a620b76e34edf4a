import type { Certificate } from './certificate'
import type { RevocationSources, RevocationStatus, Revoked } from './revocation'

/** From when to when what a CRL or an OCSP answer says is meant to hold. */
export interface Currency {
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  /** Its issuer keeps what it says of certificates that expired since then. */
  readonly keptSince?: Date
}

/** Where nothing says when there is newer, so long is it taken for current. */
const FRESH_MS = 24 * 3600 * 1000

/**
 * Whether it tells of the time that is asked for: made since (EN 319 102-1 5.6.2.2: what is not listed later was not revoked
 * before), or current then (5.2.5). Once a certificate is expired its issuer may forget it, so what was made later tells
 * nothing unless it says that it remembers.
 */
export function tells(currency: Currency, certificate: Certificate, { at, now }: RevocationSources): boolean {
  const { thisUpdate, nextUpdate, keptSince } = currency
  if (thisUpdate > now) return false
  if (thisUpdate > certificate.notAfter && (keptSince === undefined || keptSince > certificate.notAfter)) return false
  const until = nextUpdate ?? new Date(thisUpdate.getTime() + FRESH_MS)
  return thisUpdate >= at || until >= at
}

/** From when a revocation counts: the earlier of its date and the invalidity date (RFC 5280 5.3.2), whatever its reason. */
export function revokedFrom({ revokedAt, invalidityDate }: Revoked): Date {
  return invalidityDate === undefined || invalidityDate > revokedAt ? revokedAt : invalidityDate
}

/** Whether a certificate was not revoked then, as far as a status that is about that time says. */
export function stoodAt(status: RevocationStatus, at: Date): boolean {
  return status.kind === 'good' || (status.kind === 'revoked' && at < revokedFrom(status))
}

/** Of two revocations the one that counts: for good rather than a hold, which may be lifted; else the earlier. */
export function graver(a: Revoked | undefined, b: Revoked): Revoked {
  if (a === undefined) return b
  const [aHolds, bHolds] = [a, b].map(({ reason }) => reason === 'certificateHold')
  if (aHolds !== bHolds) return aHolds ? b : a
  return revokedFrom(b) < revokedFrom(a) ? b : a
}
