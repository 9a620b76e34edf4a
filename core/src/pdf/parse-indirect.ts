import type { PdfObject } from './objects'
import { parseObject } from './parse-object'
import { damaged } from './pdf-error'
import { type Cursor, expectInteger, expectWord, skipSpace, skipWhite, startsWith, takeWord } from './tokens'
import { STEPS, type Work } from './work'

/** An indirect object as it stands in the file. */
export interface ParsedIndirect {
  readonly number: number
  readonly generation: number
  readonly object: PdfObject
  /** Of the object number's first digit, in the file. */
  readonly start: number
  /** After `endobj`. */
  readonly end: number
  /** A key that some dictionary in it has twice. */
  readonly repeatedKey?: string
}

/** How a stream's Length is found; undefined when it is no integer. */
export type LengthOf = (length: PdfObject | undefined) => number | undefined

/**
 * Reads `N G obj … endobj` at a byte of the file, ISO 32000-2, 7.3.10; only white space may stand before it.
 * A stream's Length must be right: `endstream` follows its data after nothing but white space.
 * @throws PdfError `PDF_DAMAGED`, `PDF_TOO_COMPLEX`.
 */
export function parseIndirect(
  bytes: Uint8Array,
  at: number,
  options: { readonly nesting: number; readonly lengthOf: LengthOf; readonly work: Work },
): ParsedIndirect {
  const { work } = options
  const cursor: Cursor = { bytes, inFile: true, at, work }
  work.spend(STEPS.object)
  skipWhite(cursor)
  const start = cursor.at
  const number = expectInteger(cursor, 'an object number')
  skipSpace(cursor)
  const generation = expectInteger(cursor, 'a generation number')
  skipSpace(cursor)
  expectWord(cursor, 'obj')
  let object = parseObject(cursor, options.nesting)
  skipSpace(cursor)
  if (typeof object === 'object' && object?.kind === 'dict' && takeWord(cursor, 'stream')) {
    const raw = readStreamData(cursor, options.lengthOf(object.entries.get('Length')))
    object = { kind: 'stream', dict: object, raw }
    skipSpace(cursor)
  }
  expectWord(cursor, 'endobj')
  return { number, generation, object, start, end: cursor.at, repeatedKey: cursor.repeatedKey }
}

function readStreamData(cursor: Cursor, length: number | undefined): Uint8Array {
  const { bytes } = cursor
  // ISO 32000-2, 7.3.8.1: CR LF or LF, never CR alone.
  if (startsWith(bytes, cursor.at, '\r\n')) cursor.at += 2
  else if (bytes[cursor.at] === 10) cursor.at += 1
  else throw damaged('expected a line end after "stream"', cursor.at)
  const from = cursor.at
  if (length === undefined || length < 0 || from + length > bytes.length) throw damaged('invalid stream Length', from)
  cursor.at = from + length
  skipWhite(cursor)
  expectWord(cursor, 'endstream')
  return bytes.subarray(from, from + length)
}
