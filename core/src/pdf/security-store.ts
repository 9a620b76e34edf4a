import type { PdfDocument } from './document'
import { isKind, type PdfDict, type PdfObject } from './objects'
import { PdfError } from './pdf-error'

/** Bytes that a stream of the file holds, and where in the file that stream lies: who covers that place proves that it existed. */
export interface Stored {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** The validation data of a file (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2.2), nothing judged. */
export interface SecurityStore {
  readonly certificates: readonly Stored[]
  readonly answers: readonly Stored[]
  readonly crls: readonly Stored[]
}

/** Of each kind; more are there to keep a verifier busy. */
const MAX_STORED = 256
const MAX_STORED_BYTES = 16 << 20

/** DSS and VRI name the same things differently. */
const KINDS = [
  ['certificates', 'Certs', 'Cert'],
  ['answers', 'OCSPs', 'OCSP'],
  ['crls', 'CRLs', 'CRL'],
] as const

const NOTHING: SecurityStore = { certificates: [], answers: [], crls: [] }

/** What the newest revision's DSS dictionary holds, that of its VRI entries included. What cannot be read is left out. */
export function readSecurityStore(document: PdfDocument): SecurityStore {
  return orElse(NOTHING, () => {
    const store = document.dictValue(document.catalog, 'DSS')
    return store === undefined ? NOTHING : storeIn(document, store)
  })
}

function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (refusal) {
    if (refusal instanceof PdfError) return otherwise
    throw refusal
  }
}

function storeIn(document: PdfDocument, store: PdfDict): SecurityStore {
  const perSignature = signatureEntries(document, store)
  let left = MAX_STORED_BYTES
  const read = (references: readonly PdfObject[]): readonly Stored[] => {
    const numbers = new Set(references.flatMap((one) => (isKind(one, 'ref') ? [one.number] : [])))
    return [...numbers].slice(0, MAX_STORED).flatMap((number) => {
      const stored = orElse(undefined, () => storedIn(document, number, left))
      left -= stored?.bytes.length ?? 0
      return stored ?? []
    })
  }
  const [certificates, answers, crls] = KINDS.map(([, inStore, inEntry]) => [
    ...itemsOf(document, store, inStore),
    ...perSignature.flatMap((entry) => itemsOf(document, entry, inEntry)),
  ]).map(read)
  return { certificates, answers, crls }
}

function signatureEntries(document: PdfDocument, store: PdfDict): readonly PdfDict[] {
  const all = document.dictValue(store, 'VRI')
  const entries = [...(all?.entries.values() ?? [])].slice(0, MAX_STORED).map((one) => document.resolve(one))
  return entries.filter((one) => isKind(one, 'dict'))
}

function itemsOf(document: PdfDocument, dict: PdfDict, key: string): readonly PdfObject[] {
  const found = document.value(dict, key)
  return isKind(found, 'array') ? found.items : []
}

function storedIn(document: PdfDocument, number: number, left: number): Stored | undefined {
  const found = document.indirect(number)
  if (found === undefined || !isKind(found.object, 'stream') || found.object.raw.length > left) return undefined
  const { bytes, remaining } = document.decodeStream(found.object)
  return remaining.length > 0 || bytes.length > left ? undefined : { bytes, start: found.start, end: found.end }
}
