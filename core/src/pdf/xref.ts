import { integerOf, type PdfDict } from './objects'
import { parseDict } from './parse-object'
import { damaged, tooComplex } from './pdf-error'
import { type Cursor, expectInteger, isDigit, isWhite, skipSpace, skipWhite, startsWith, takeWord } from './tokens'
import { STEPS } from './work'
import { entryAt, MAX_OBJECT_NUMBER, sameEntry, type XrefEntry, type XrefSection, type XrefSource } from './xref-entry'
import { readXrefStream } from './xref-stream'

/**
 * Reads the chain of sections from `startxref`, newest first, each exactly where the last one says.
 * @throws PdfError `PDF_DAMAGED` for anything else, a loop included; `PDF_TOO_COMPLEX` past the limits.
 */
export function readSections(source: XrefSource, startxref: number): XrefSection[] {
  const sections: XrefSection[] = []
  const seen = new Set<number>()
  for (let offset: number | undefined = startxref; offset !== undefined; ) {
    if (seen.has(offset)) throw damaged('cross-reference sections in a loop', offset)
    if (sections.length === source.limits.maxSections) throw tooComplex('cross-reference sections')
    seen.add(offset)
    const section = readSection(source, offset)
    source.bytesLeft -= section.end - section.offset
    if (section.hybrid !== undefined) source.bytesLeft -= section.hybrid.end - section.hybrid.offset
    if (source.bytesLeft < 0) throw tooComplex('cross-reference sections that overlap')
    sections.push(section)
    offset = previousOf(source, section)
  }
  return sections
}

function readSection(source: XrefSource, offset: number): XrefSection {
  if (offset >= source.bytes.length) throw damaged('cross-reference section outside the file', offset)
  const isTable = startsWith(source.bytes, offset, 'xref') && isWhite(source.bytes[offset + 4])
  return isTable ? readTable(source, offset) : readXrefStream(source, offset)
}

function previousOf(source: XrefSource, section: XrefSection): number | undefined {
  const entry = section.trailer.entries.get('Prev')
  if (entry === undefined || entry === null) return undefined
  const previous = integerOf(entry)
  if (previous === undefined || previous < 0) throw damaged('invalid Prev', section.offset)
  // Some writers put 0 for "none".
  return previous === 0 ? undefined : previous + source.base
}

/** ISO 32000-2, 7.5.4. */
function readTable(source: XrefSource, offset: number): XrefSection {
  const cursor: Cursor = { bytes: source.bytes, inFile: true, at: offset + 4, work: source.work }
  const entries = new Map<number, XrefEntry>()
  skipSpace(cursor)
  while (!takeWord(cursor, 'trailer')) {
    readSubsection(source, cursor, entries)
    skipSpace(cursor)
  }
  skipSpace(cursor)
  const trailer = parseDict(cursor, source.limits.maxNesting)
  if (cursor.repeatedKey !== undefined) throw damaged(`the trailer has the key ${cursor.repeatedKey} twice`, cursor.at)
  const end = cursor.at
  const hybrid = readHybrid(source, trailer, offset)
  if (hybrid === undefined) return { kind: 'table', offset, end, entries, trailer }
  return { kind: 'table', offset, end, entries: merged(entries, hybrid.entries), trailer, hybrid }
}

function readSubsection(source: XrefSource, cursor: Cursor, entries: Map<number, XrefEntry>): void {
  const first = expectInteger(cursor, 'a subsection or "trailer"')
  skipWhite(cursor)
  const count = expectInteger(cursor, 'a subsection length')
  skipWhite(cursor)
  if (first + count - 1 > MAX_OBJECT_NUMBER) throw damaged('object number too high', cursor.at)
  if (count > source.entriesLeft) throw tooComplex('cross-reference entries')
  source.entriesLeft -= count
  source.work.spend(count * STEPS.entry)
  for (let objectNumber = first; objectNumber < first + count; objectNumber++) {
    const entry = readEntry(source, cursor)
    const known = entries.get(objectNumber)
    // Readers differ on which of two entries counts.
    if (known !== undefined && !sameEntry(known, entry))
      throw damaged(`two entries for object ${objectNumber}`, cursor.at)
    entries.set(objectNumber, entry)
  }
}

/** `nnnnnnnnnn ggggg n` and a line end of two bytes; some writers make it one or three, which readers take. */
function readEntry(source: XrefSource, cursor: Cursor): XrefEntry {
  const { bytes } = source
  const { at } = cursor
  const type = bytes[at + 17]
  const end = entryEnd(bytes, at + 18)
  const shaped = bytes[at + 10] === 32 && bytes[at + 16] === 32 && end > 0
  if (!shaped || (type !== 0x6e && type !== 0x66)) throw damaged('invalid cross-reference entry', at)
  const offset = fixedDigits(bytes, at, 10)
  const generation = fixedDigits(bytes, at + 11, 5)
  cursor.at = end
  return type === 0x66 ? { type: 'free', generation } : entryAt(source, offset, generation)
}

/** After at most two spaces and a line end; 0 when there is none. */
function entryEnd(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === 32 && at < from + 2) at++
  const lineEnd = at
  while ((bytes[at] === 13 || bytes[at] === 10) && at < lineEnd + 2) at++
  return at === lineEnd ? 0 : at
}

function fixedDigits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) {
    if (!isDigit(bytes[i])) throw damaged('invalid cross-reference entry', at)
    value = value * 10 + bytes[i] - 0x30
  }
  return value
}

function readHybrid(source: XrefSource, trailer: PdfDict, offset: number): XrefSection | undefined {
  const entry = trailer.entries.get('XRefStm')
  if (entry === undefined || entry === null) return undefined
  const at = integerOf(entry)
  if (at === undefined || at < 0) throw damaged('invalid XRefStm', offset)
  return readXrefStream(source, at + source.base)
}

/** What the table hides as free, the stream may define. */
function merged(table: ReadonlyMap<number, XrefEntry>, hidden: ReadonlyMap<number, XrefEntry>): Map<number, XrefEntry> {
  const all = new Map(hidden)
  for (const [objectNumber, entry] of table) {
    if (entry.type !== 'free' || !all.has(objectNumber)) all.set(objectNumber, entry)
  }
  return all
}

/** Whether the trailer, or one it follows, says that the file is encrypted. ISO 32000-2, 7.6.2. */
export function isEncrypted(sections: readonly XrefSection[]): boolean {
  return sections.some(({ trailer }) => {
    const encrypt = trailer.entries.get('Encrypt')
    return encrypt !== undefined && encrypt !== null
  })
}

/** The section's Size. @throws PdfError `PDF_DAMAGED` when there is none. */
export function sizeOf(section: XrefSection): number {
  const size = integerOf(section.trailer.entries.get('Size'))
  if (size === undefined || size < 0) throw damaged('invalid Size', section.offset)
  return size
}
