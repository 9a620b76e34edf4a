import { isKind, type PdfDict } from './objects'
import { parseDict, parseObject } from './parse-object'
import { damaged, PdfError } from './pdf-error'
import {
  type Cursor,
  expectInteger,
  indexOf,
  lastIndexOf,
  skipSpace,
  skipWhite,
  startsWith,
  takeDigits,
  takeWord,
} from './tokens'
import type { XrefEntry, XrefSection } from './xref-entry'

/** One save of the file: what it added, ISO 32000-2, 7.5.6. A linearized file's two sections are one save. */
export interface Revision {
  /** 0 is the oldest. */
  readonly index: number
  /** Of its newest section, as its `startxref` says, from the file's start. */
  readonly startxref: number
  /** After `%%EOF`. The revision is the bytes `[0, end)`; undefined when the file does not show where it ends. */
  readonly eof: number | undefined
  /** After the line end that follows `%%EOF`, if any. */
  readonly end: number | undefined
  /** Newest first: one, or two of a linearized file. */
  readonly sections: readonly XrefSection[]
  /** Every object that this save defines or frees, by number. */
  readonly entries: ReadonlyMap<number, XrefEntry>
  readonly trailer: PdfDict
}

/** `startxref`, the offset it gives (from the header) and where its `%%EOF` ends. */
export interface EndMark {
  readonly at: number
  readonly startxref: number
  readonly eof: number
}

/** ISO 32000-2, 7.5.5: the mark stands in the last 1024 bytes; a few more for the offset itself. */
const TAIL = 1024 + 64

/**
 * The last end mark of the file.
 * @throws PdfError `PDF_DAMAGED` when its last 1088 bytes hold none that is whole.
 */
export function lastEndMark(bytes: Uint8Array, base: number): EndMark {
  const at = lastIndexOf(bytes, 'startxref', Math.max(base, bytes.length - TAIL), bytes.length)
  const mark = at < 0 ? undefined : endMarkAt(bytes, at)
  if (mark === undefined) throw damaged('no "startxref … %%EOF" at the end of the file', Math.max(0, at))
  return mark
}

function endMarkAt(bytes: Uint8Array, at: number): EndMark | undefined {
  const cursor: Cursor = { bytes, inFile: true, at }
  if (!takeWord(cursor, 'startxref')) return undefined
  skipWhite(cursor)
  const startxref = takeDigits(cursor)
  skipWhite(cursor)
  if (startxref < 0 || !startsWith(bytes, cursor.at, '%%EOF')) return undefined
  return { at, startxref, eof: cursor.at + 5 }
}

/** The end mark that belongs to a section: it follows the section and names the offset `startxref`. */
function endMarkAfter(
  bytes: Uint8Array,
  { from, to, startxref }: { from: number; to: number; startxref: number },
): EndMark | undefined {
  for (let at = indexOf(bytes, 'startxref', from, to); at >= 0; at = indexOf(bytes, 'startxref', at + 1, to)) {
    const mark = endMarkAt(bytes, at)
    if (mark?.startxref === startxref) return mark
  }
  return undefined
}

/** Where a line end at `at` ends. */
function afterLineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 13) return bytes[at + 1] === 10 ? at + 2 : at + 1
  return bytes[at] === 10 ? at + 1 : at
}

/**
 * Groups sections, newest first, into saves, oldest first.
 * @throws PdfError `PDF_DAMAGED` when a Prev points forward in a file that is not linearized, and when anything stands between
 *   a trailer and its `startxref`.
 */
export function revisionsOf(
  source: { readonly bytes: Uint8Array; readonly base: number },
  sections: readonly XrefSection[],
  last: EndMark,
): Revision[] {
  const { bytes, base } = source
  const revisions: Revision[] = []
  for (let i = sections.length - 1; i >= 0; i--) {
    const group = [sections[i]]
    const first = sections[i - 1]
    if (first !== undefined && first.offset < sections[i].offset) {
      // A Prev that points forward is a linearized file's; anywhere else it could hide a revision in another one.
      if (i !== sections.length - 1 || !isLinearized(source)) throw damaged('Prev points forward', first.offset)
      group.unshift(first)
      i--
    }
    const startxref = group[0].offset
    const from = group[group.length - 1].end
    // The newer section lies after this revision, so all the searches together pass the file once.
    const mark = i === 0 ? last : endMarkAfter(bytes, { from, to: sections[i - 1].offset, startxref: startxref - base })
    // A second trailer there would be another file for readers that take the last one.
    if (mark !== undefined) requireSpace(bytes, from, mark.at)
    revisions.push({
      index: revisions.length,
      startxref,
      eof: mark?.eof,
      end: mark && afterLineEnd(bytes, mark.eof),
      sections: group,
      entries: group.length === 1 ? group[0].entries : new Map([...group[1].entries, ...group[0].entries]),
      trailer: group[0].trailer,
    })
  }
  return revisions
}

/** What makes a trailer decide anything. */
const TRAILER_SAYS = ['Root', 'Prev', 'XRefStm', 'Info', 'Encrypt']

/** White space and comments only; some writers put a trailer that says nothing behind a cross-reference stream. */
function requireSpace(bytes: Uint8Array, from: number, to: number): void {
  const cursor: Cursor = { bytes, inFile: true, at: from }
  skipSpace(cursor)
  if (takeWord(cursor, 'trailer')) {
    skipSpace(cursor)
    const { entries } = parseDict(cursor, 16)
    if (TRAILER_SAYS.some((key) => entries.has(key))) throw damaged('two trailers', cursor.at)
    skipSpace(cursor)
  }
  if (cursor.at < to) throw damaged('something between a trailer and its startxref', cursor.at)
}

/** Whether the first object is a linearization dictionary, ISO 32000-2, F.3.3. */
function isLinearized({ bytes, base }: { readonly bytes: Uint8Array; readonly base: number }): boolean {
  const cursor: Cursor = { bytes, inFile: true, at: base }
  try {
    skipSpace(cursor)
    expectInteger(cursor, 'an object number')
    skipSpace(cursor)
    expectInteger(cursor, 'a generation number')
    skipSpace(cursor)
    if (!takeWord(cursor, 'obj')) return false
    const object = parseObject(cursor, 4)
    return isKind(object, 'dict') && object.entries.has('Linearized')
  } catch (error) {
    if (error instanceof PdfError) return false
    throw error
  }
}
