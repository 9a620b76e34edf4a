import type { PdfDocument } from './document'
import { integerOf } from './objects'
import { parseIndirect } from './parse-indirect'
import { damaged, PdfError } from './pdf-error'
import type { Revision } from './revisions'
import { type Cursor, skipSpace } from './tokens'
import { STEPS } from './work'

/**
 * Objects in force lie apart in the file: of two that share bytes, readers that repair would see another one.
 * @throws PdfError `PDF_DAMAGED`.
 */
export function requireApart(document: PdfDocument): void {
  const ends = new Map<number, number>()
  for (const number of document.entries.keys()) {
    const object = document.indirect(number)
    if (object !== undefined && object.start >= 0) ends.set(object.start, object.end)
  }
  let reached = 0
  for (const start of Float64Array.from(ends.keys()).sort()) {
    if (start < reached) throw damaged('objects that overlap', start)
    reached = ends.get(start) ?? start
  }
}

/**
 * The first byte of a save that is in no object of its table, in no table, and no comment: what only a reader that repairs
 * the file would find. Undefined when all is accounted for.
 * @param from - where the save begins.
 */
export function unlistedByte(document: PdfDocument, revision: Revision, from: number): number | undefined {
  const { bytes } = document
  const eof = revision.eof ?? bytes.length
  const ranges: [number, number][] = revision.sections.map(({ offset }) => [offset, eof])
  for (const { hybrid } of revision.sections) if (hybrid !== undefined) ranges.push([hybrid.offset, hybrid.end])
  for (const [number, entry] of revision.entries) {
    if (entry.type !== 'offset' || entry.offset < from) continue
    ranges.push([entry.offset, endOf(document, number, entry.offset)])
  }
  document.work.spend(ranges.length * STEPS.entry)
  ranges.sort((a, b) => a[0] - b[0])
  const cursor: Cursor = { bytes, inFile: true, at: from }
  for (const [start, end] of ranges) {
    skipSpace(cursor)
    if (cursor.at < start) return cursor.at
    cursor.at = Math.max(cursor.at, end)
  }
  skipSpace(cursor)
  return cursor.at < (revision.end ?? bytes.length) ? cursor.at : undefined
}

/** Of the object at that place, whether it is still in force or not; where it begins if it does not read. */
function endOf(document: PdfDocument, number: number, offset: number): number {
  const inForce = document.indirect(number)
  const entry = document.entries.get(number)
  if (inForce !== undefined && entry?.type === 'offset' && entry.offset === offset) return inForce.end
  try {
    return parseIndirect(document.bytes, offset, {
      nesting: document.limits.maxNesting,
      lengthOf: (length) => integerOf(document.resolve(length)),
      work: document.work,
    }).end
  } catch (refusal) {
    if (refusal instanceof PdfError && refusal.code !== 'PDF_TOO_COMPLEX') return offset
    throw refusal
  }
}
