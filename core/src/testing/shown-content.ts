import { equal, toHex } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { type PdfDocument, readPdf } from '../pdf/document'
import { isKind, isName, type PdfDict, type PdfObject } from '../pdf/objects'
import { serialize } from '../pdf/serialize'
import { isDocumentTimestamp, subjectsOf } from '../verify/subject'

/** Of the catalog: what decides nothing that is seen. */
const UNSEEN = new Set(['DSS', 'Extensions', 'Version', 'Metadata'])

/**
 * All that the catalog leads to, as text, objects named in the order in which they are met; without validation data, metadata and
 * document timestamps. Made for tests, by other means than the verifier's.
 */
function shownContent(document: PdfDocument): string {
  const met = new Map<number, number>()
  const entries = ({ entries: all }: PdfDict, skipped: ReadonlySet<string>) =>
    [...all].filter(([key]) => !skipped.has(key)).sort(([a], [b]) => (a < b ? -1 : 1))
  const dictText = (dict: PdfDict, skipped: ReadonlySet<string> = new Set()): string =>
    `<<${entries(dict, skipped)
      .map(([key, value]) => `${key} ${text(value)}`)
      .join(' ')}>>`
  const text = (object: PdfObject): string => {
    if (isKind(object, 'ref')) {
      const known = met.get(object.number)
      if (known !== undefined) return `#${known}`
      met.set(object.number, met.size)
      return `#${met.size - 1}=${text(document.get(object))}`
    }
    if (isKind(object, 'array'))
      return `[${object.items
        .filter((one) => !isTimestampField(document, one))
        .map(text)
        .join(' ')}]`
    if (isKind(object, 'dict')) return dictText(object)
    if (isKind(object, 'stream')) return `${dictText(object.dict)}${toHex(sha256(object.raw))}`
    return serialize(object)
  }
  return dictText(document.catalog, UNSEEN)
}

function isTimestampField(document: PdfDocument, object: PdfObject): boolean {
  const field = document.resolve(object)
  const value = isKind(field, 'dict') ? document.dictValue(field, 'V') : undefined
  return isName(value?.entries.get('SubFilter'), 'ETSI.RFC3161')
}

/**
 * Whether a changed file signs and shows the same as the original: it begins with the original's bytes up to the end of the last
 * seal, and what its catalog leads to is the same but for validation data, metadata and document timestamps.
 */
export function signsAndShowsTheSame(original: Uint8Array, changed: Uint8Array): boolean {
  const document = readPdf(original)
  const seals = subjectsOf(document).filter((one) => !isDocumentTimestamp(one))
  const end = Math.max(...seals.map(({ range }) => (range.ok ? range.revisionEnd : original.length)))
  if (!equal(original.subarray(0, end), changed.subarray(0, end))) return false
  return shownContent(document) === shownContent(readPdf(changed))
}
