import type { PdfArray, PdfDict, PdfNumber, PdfObject, PdfRef } from './objects'
import { readHexString, readLiteralString, readName } from './parse-string'
import { damaged, tooComplex } from './pdf-error'
import { type Cursor, endsToken, isDigit, skipSpace, takeDigits, takeWord, tokenText } from './tokens'
import { STEPS } from './work'

/**
 * Reads one direct object or reference, ISO 32000-2, 7.3; white space and comments before it are passed.
 * @param depth - how many arrays and dictionaries may still open.
 * @throws PdfError `PDF_DAMAGED` for any other bytes, `PDF_TOO_COMPLEX` when nested deeper.
 */
export function parseObject(cursor: Cursor, depth: number): PdfObject {
  skipSpace(cursor)
  const { bytes, at, work } = cursor
  work?.spend(work.token)
  switch (bytes[at]) {
    case 0x2f:
      return { kind: 'name', name: readName(cursor) }
    case 0x3c:
      return bytes[at + 1] === 0x3c ? parseDict(cursor, depth) : readHexString(cursor)
    case 0x28:
      return readLiteralString(cursor)
    case 0x5b:
      return parseArray(cursor, depth)
    default:
      return parseNumberOrKeyword(cursor)
  }
}

function parseNumberOrKeyword(cursor: Cursor): PdfObject {
  if (isDigit(cursor.bytes[cursor.at])) return parseReference(cursor) ?? parseNumber(cursor)
  if (takeWord(cursor, 'null')) return null
  if (takeWord(cursor, 'true')) return true
  if (takeWord(cursor, 'false')) return false
  return parseNumber(cursor)
}

/** `12 0 R`; nothing passed unless all of it stands here. */
function parseReference(cursor: Cursor): PdfRef | undefined {
  const from = cursor.at
  const objectNumber = takeDigits(cursor)
  if (objectNumber >= 0 && !isDigit(cursor.bytes[cursor.at]) && endsToken(cursor.bytes, cursor.at)) {
    skipSpace(cursor)
    const generation = takeDigits(cursor)
    if (generation >= 0 && endsToken(cursor.bytes, cursor.at)) {
      skipSpace(cursor)
      if (takeWord(cursor, 'R')) return { kind: 'ref', number: objectNumber, generation }
    }
  }
  cursor.at = from
  return undefined
}

function parseNumber(cursor: Cursor): PdfNumber {
  const { bytes } = cursor
  const from = cursor.at
  let at = from
  if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++
  const whole = at
  while (isDigit(bytes[at])) at++
  let digits = at - whole
  if (bytes[at] === 0x2e) {
    const point = at++
    while (isDigit(bytes[at])) at++
    digits += at - point - 1
  }
  if (digits === 0 || digits > 400 || !endsToken(bytes, at)) throw damaged('expected an object', from)
  cursor.at = at
  const raw = tokenText(bytes, from, at)
  return { kind: 'number', value: Number(raw), raw }
}

function parseArray(cursor: Cursor, depth: number): PdfArray {
  if (depth === 0) throw tooComplex('nesting of arrays and dictionaries')
  cursor.work?.spend(STEPS.container)
  const from = cursor.at++
  const items: PdfObject[] = []
  for (;;) {
    skipSpace(cursor)
    if (cursor.at >= cursor.bytes.length) throw damaged('array without end', from)
    if (cursor.bytes[cursor.at] === 0x5d) break
    items.push(parseObject(cursor, depth - 1))
  }
  cursor.at++
  return { kind: 'array', items }
}

const NO_KEYS: readonly string[] = []
const MANY_ENTRIES = 256

/**
 * Reads `<<…>>`.
 * @throws PdfError as {@link parseObject}.
 */
export function parseDict(cursor: Cursor, depth: number): PdfDict {
  const { bytes } = cursor
  if (bytes[cursor.at] !== 0x3c || bytes[cursor.at + 1] !== 0x3c) throw damaged('expected a dictionary', cursor.at)
  if (depth === 0) throw tooComplex('nesting of arrays and dictionaries')
  cursor.work?.spend(STEPS.container)
  cursor.at += 2
  const entries = new Map<string, PdfObject>()
  let duplicateKeys: string[] | undefined
  for (;;) {
    skipSpace(cursor)
    if (bytes[cursor.at] === 0x3e && bytes[cursor.at + 1] === 0x3e) break
    if (bytes[cursor.at] !== 0x2f) throw damaged('expected a dictionary key', cursor.at)
    const key = readName(cursor)
    if (entries.has(key)) {
      duplicateKeys ??= []
      duplicateKeys.push(key)
      cursor.repeatedKey = key
    }
    entries.set(key, parseObject(cursor, depth - 1))
    cursor.work?.spend(entries.size < MANY_ENTRIES ? cursor.work.token : STEPS.manyEntries)
  }
  cursor.at += 2
  return { kind: 'dict', entries, duplicateKeys: duplicateKeys ?? NO_KEYS }
}
