import type { Certificate } from './certificate'
import type { RevocationSources } from './revocation'

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
