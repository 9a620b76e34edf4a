import { CMS_OID } from '../cms/cms-oids'
import type { SignerInfo } from '../cms/signed-data'
import { equal } from '../encode/bytes'
import { readDer } from '../encode/der'
import type { PdfDocument } from '../pdf/document'
import { readSecurityStore } from '../pdf/security-store'
import type { SignedRange } from '../pdf/signed-range'
import { type Certificate, parseCertificate } from '../x509/certificate'
import { type Crl, parseCrl } from '../x509/crl'
import { type OcspResponse, parseOcspResponse } from '../x509/ocsp'
import { readable } from '../x509/readable'

/** Where in the file something lies; nowhere, when it was given beside the file. */
export type Place = { readonly start: number; readonly end: number } | undefined

/** A certificate, a CRL or an OCSP answer with all its places. */
export interface Placed<T> {
  readonly what: T
  readonly places: readonly Place[]
}

/** All that came along to validate signatures with, hostile and unverified. */
export interface Material {
  readonly certificates: readonly Placed<Certificate>[]
  /** The same without their places, always this one array: what is found out with it is kept by it. */
  readonly others: readonly Certificate[]
  readonly crls: readonly Placed<Crl>[]
  readonly answers: readonly Placed<OcspResponse>[]
}

/** Validation data that the caller brings, DER; hostile. */
export interface MaterialGiven {
  readonly certificates?: readonly Uint8Array[]
  readonly crls?: readonly Uint8Array[]
  /** OCSP responses. */
  readonly answers?: readonly Uint8Array[]
}

/** What the files hold that somebody brings, told apart by what they can be read as; the rest is passed over. */
export function sortedMaterial(ders: readonly Uint8Array[]): MaterialGiven {
  const those = (read: (der: Uint8Array) => unknown) => ders.filter((der) => readable(() => read(der)) !== undefined)
  return { certificates: those(parseCertificate), crls: those(parseCrl), answers: those(parseOcspResponse) }
}

/** Of each kind. */
const MAX_ITEMS = 512

interface Raw {
  readonly bytes: Uint8Array
  readonly place: Place
}

function placed<T extends { readonly der: Uint8Array }>(
  items: readonly Raw[],
  read: (der: Uint8Array) => T,
): readonly Placed<T>[] {
  const found: { readonly what: T; readonly places: Place[] }[] = []
  for (const { bytes, place } of items.slice(0, MAX_ITEMS)) {
    const same = found.find(({ what }) => equal(what.der, bytes))
    if (same !== undefined) {
      same.places.push(place)
      continue
    }
    const what = readable(() => read(bytes))
    if (what !== undefined) found.push({ what, places: [place] })
  }
  return found
}

/** One CMS of the file: what it carries lies where it lies. */
export interface Carrier {
  readonly range: SignedRange
  readonly signer?: SignerInfo
  readonly certificates: readonly Uint8Array[]
  readonly crls: readonly Uint8Array[]
}

/**
 * Adobe's attribute, which is signed. RevocationInfoArchival ::= SEQUENCE { crl [0] EXPLICIT SEQUENCE OF CRL OPTIONAL,
 *   ocsp [1] EXPLICIT SEQUENCE OF OCSPResponse OPTIONAL, otherRevInfo [2] OPTIONAL }
 */
function archived(signer: SignerInfo | undefined, tag: 0xa0 | 0xa1): readonly Uint8Array[] {
  const values = signer?.attributes.get(CMS_OID.revocationArchival) ?? []
  return values.flatMap((value) => {
    const parts = readable(() => readDer(value, { maxBytes: 16 << 20 }))?.children ?? []
    const lists = parts.filter((part) => part.tag === tag).flatMap((part) => part.children)
    return lists.flatMap((list) => list.children.map(({ der }) => der))
  })
}

/** The certificates that these carry, each once. */
export function certificatesAmong(carriers: readonly Carrier[]): readonly Certificate[] {
  const ders = carriers.flatMap(({ certificates }) => certificates)
  return placed(
    ders.map((bytes) => ({ bytes, place: undefined })),
    parseCertificate,
  ).map(({ what }) => what)
}

/** Everything in the file's signatures, its security store and beside it. */
export function collectMaterial(document: PdfDocument, carriers: readonly Carrier[], given: MaterialGiven): Material {
  const store = readSecurityStore(document)
  const inStore = (items: typeof store.crls): readonly Raw[] =>
    items.map(({ bytes, start, end }) => ({ bytes, place: { start, end } }))
  const inCms = (pick: (carrier: Carrier) => readonly Uint8Array[]): readonly Raw[] =>
    carriers.flatMap((carrier) => {
      const place = { start: carrier.range.gapStart, end: carrier.range.gapEnd }
      return pick(carrier).map((bytes) => ({ bytes, place }))
    })
  const beside = (items: readonly Uint8Array[] = []): readonly Raw[] =>
    items.map((bytes) => ({ bytes, place: undefined }))
  const certificates = [
    ...inCms((one) => one.certificates),
    ...inStore(store.certificates),
    ...beside(given.certificates),
  ]
  const crls = [
    ...inCms(({ crls: own, signer }) => [...own, ...archived(signer, 0xa0)]),
    ...inStore(store.crls),
    ...beside(given.crls),
  ]
  const answers = [
    ...inCms(({ signer }) => archived(signer, 0xa1)),
    ...inStore(store.answers),
    ...beside(given.answers),
  ]
  const found = placed(certificates, parseCertificate)
  return {
    certificates: found,
    others: found.map(({ what }) => what),
    crls: placed(crls, parseCrl),
    answers: placed(answers, parseOcspResponse),
  }
}
