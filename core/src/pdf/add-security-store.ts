import { equal } from '../encode/bytes'
import type { PdfDocument } from './document'
import { ObjectChanges } from './object-changes'
import { array, dict, isKind, name, type PdfDict, type PdfObject, stream, withEntries } from './objects'
import { writeRevision } from './update'

/** What is needed to validate a file's signatures later, all DER. */
export interface ValidationData {
  readonly certificates: readonly Uint8Array[]
  readonly crls: readonly Uint8Array[]
  /** OCSP responses. */
  readonly answers?: readonly Uint8Array[]
}

/**
 * Adds validation data to the file's DSS dictionary, made when missing, as one incremental update (ISO 32000-2 12.8.4.3,
 * EN 319 142-1 5.4.2.2): what is in it stays, what it has already is not added again. Without VRI entries, which no reader needs.
 * @returns the file as it is when there is nothing to add.
 */
export function addSecurityStore(document: PdfDocument, added: ValidationData): Uint8Array {
  const reference = document.catalog.entries.get('DSS')
  const store = document.dictValue(document.catalog, 'DSS') ?? dict({ Type: name('DSS') })
  const changes = new ObjectChanges(document)
  const entries = {
    ...listWith(changes, store, 'Certs', added.certificates),
    ...listWith(changes, store, 'OCSPs', added.answers ?? []),
    ...listWith(changes, store, 'CRLs', added.crls),
  }
  if (Object.keys(entries).length === 0) return document.bytes
  const longer = withEntries(store, entries)
  if (isKind(reference, 'ref') && document.resolve(reference) !== null) changes.put(reference, longer)
  else changes.setEntries(document.catalogRef, { DSS: changes.add(longer) })
  return writeRevision(document, changes).bytes
}

/** The entry with streams for what it does not hold yet; none when nothing is new. */
function listWith(
  changes: ObjectChanges,
  store: PdfDict,
  key: string,
  items: readonly Uint8Array[],
): Readonly<Record<string, PdfObject>> {
  const { document } = changes
  const present = document.value(store, key)
  const old = isKind(present, 'array') ? present.items : []
  const held = old.flatMap((item) => {
    const object = document.resolve(item)
    return isKind(object, 'stream') ? [document.decodeStream(object).bytes] : []
  })
  const fresh = items.filter(
    (item, i) => !held.some((one) => equal(one, item)) && items.findIndex((one) => equal(one, item)) === i,
  )
  if (fresh.length === 0) return {}
  return { [key]: array([...old, ...fresh.map((bytes) => changes.add(stream(dict({}), bytes)))]) }
}
