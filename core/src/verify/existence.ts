import type { SignedRange } from '../pdf/signed-range'
import type { Certificate } from '../x509/certificate'
import type { Material, Place } from './validation-material'

/** A document timestamp that was found good: what it covers existed at `latest`, at the latest. */
export interface TimeProof {
  readonly latest: Date
  /** What it covers of the file. */
  readonly range: SignedRange
}

/** A timestamp authority, or a CA of such, that is trusted. */
export interface TsaAnchor {
  readonly certificate: Certificate
  /** Trusted only for what is proven to be older (EN 319 102-1 v1.4.1: sunset date). */
  readonly withdrawnAt?: Date
}

/** With what paths are judged. */
export interface AdesContext {
  readonly material: Material
  readonly tsaAnchors: readonly TsaAnchor[]
  /** The time of the verifier. */
  readonly at: Date
}

/** Whether a timestamp over this range proves that what lies there existed. */
export function isCovered(place: Place, { gapStart, gapEnd, revisionEnd }: SignedRange): boolean {
  if (place === undefined) return false
  return place.end <= gapStart || (place.start >= gapEnd && place.end <= revisionEnd)
}

/** By when what lies at any of these places existed: the earliest of the proofs that cover it, else now (EN 319 102-1 5.6.2.3, POE). */
export function existedBy(places: readonly Place[], proofs: readonly TimeProof[], now: Date): Date {
  return proofs.reduce((earliest, { latest, range }) => {
    return latest < earliest && places.some((place) => isCovered(place, range)) ? latest : earliest
  }, now)
}

/** Where the CMS of a signature or a document timestamp lies. */
export function placeOf({ gapStart, gapEnd }: SignedRange): { readonly start: number; readonly end: number } {
  return { start: gapStart, end: gapEnd }
}
