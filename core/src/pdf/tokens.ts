import { latin1 } from '../encode/bytes'
import { damaged } from './pdf-error'
import type { Work } from './work'

/** A place in some bytes. `inFile`: `at` counts from the file's first byte, so strings may record where they lie. */
export interface Cursor {
  readonly bytes: Uint8Array
  readonly inFile: boolean
  at: number
  /** What reading here is counted against. */
  readonly work?: Work
  /** A key that a dictionary read here has twice. */
  repeatedKey?: string
}

const REGULAR = 0
const WHITE = 1
const DELIMITER = 2
const CLASS = new Uint8Array(256)
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = WHITE
for (const character of '()<>[]{}/%') CLASS[character.charCodeAt(0)] = DELIMITER

const HEX_VALUE = new Int8Array(256).fill(-1)
for (let value = 0; value < 16; value++) {
  HEX_VALUE[value.toString(16).charCodeAt(0)] = value
  HEX_VALUE[value.toString(16).toUpperCase().charCodeAt(0)] = value
}

const CHARACTERS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))

/** Characters of a short token, one for each byte. Names and numbers are most of a file's objects: it must be quick. */
export function tokenText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > 64) return latin1(bytes.subarray(from, to))
  let text = ''
  for (let at = from; at < to; at++) text += CHARACTERS[bytes[at]]
  return text
}

/** ISO 32000-2, table 1. */
export function isWhite(byte: number): boolean {
  return CLASS[byte] === WHITE
}

/** The value of a hexadecimal digit, else -1. */
export function hexValue(byte: number): number {
  return HEX_VALUE[byte]
}

/** By two characters: the byte they spell, else -1. */
const HEX_PAIR = new Int16Array(65536).fill(-1)
for (const high of '0123456789abcdefABCDEF') {
  for (const low of '0123456789abcdefABCDEF') {
    HEX_PAIR[(high.charCodeAt(0) << 8) | low.charCodeAt(0)] = Number.parseInt(high + low, 16)
  }
}

/** The byte that two hexadecimal digits spell, else -1. */
export function hexPair(high: number, low: number): number {
  return HEX_PAIR[(high << 8) | low]
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Whether a token may end before `at`. */
export function endsToken(bytes: Uint8Array, at: number): boolean {
  return at >= bytes.length || CLASS[bytes[at]] !== REGULAR
}

/** Passes white space, not comments. */
export function skipWhite(cursor: Cursor): void {
  const { bytes } = cursor
  let at = cursor.at
  while (at < bytes.length && CLASS[bytes[at]] === WHITE) at++
  cursor.at = at
}

/** Passes white space and comments. ISO 32000-2, 7.2.4. */
export function skipSpace(cursor: Cursor): void {
  const { bytes } = cursor
  skipWhite(cursor)
  while (bytes[cursor.at] === 0x25) {
    let at = cursor.at
    while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++
    cursor.at = at
    skipWhite(cursor)
  }
}

/** Whether the characters of `word` stand at `at`. */
export function startsWith(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false
  return true
}

/** Passes `word` if it stands here as a whole token. */
export function takeWord(cursor: Cursor, word: string): boolean {
  if (!startsWith(cursor.bytes, cursor.at, word) || !endsToken(cursor.bytes, cursor.at + word.length)) return false
  cursor.at += word.length
  return true
}

/** Passes `word`. @throws PdfError `PDF_DAMAGED` when something else stands here. */
export function expectWord(cursor: Cursor, word: string): void {
  if (!takeWord(cursor, word)) throw damaged(`expected "${word}"`, cursor.at)
}

/** Reads digits; -1, and nothing passed, if none or too many for an exact integer. */
export function takeDigits(cursor: Cursor): number {
  const { bytes } = cursor
  let at = cursor.at
  let value = 0
  while (at < bytes.length && isDigit(bytes[at])) value = value * 10 + bytes[at++] - 0x30
  if (at === cursor.at || at - cursor.at > 15) return -1
  cursor.at = at
  return value
}

/** Reads an unsigned integer token. @throws PdfError `PDF_DAMAGED` when there is none. */
export function expectInteger(cursor: Cursor, what: string): number {
  const from = cursor.at
  const value = takeDigits(cursor)
  if (value < 0 || !endsToken(cursor.bytes, cursor.at)) throw damaged(`expected ${what}`, from)
  return value
}

/** The last place of `word` that begins at or after `from` and before `to`, else -1. */
export function lastIndexOf(bytes: Uint8Array, word: string, from: number, to: number): number {
  for (let at = Math.min(to, bytes.length - word.length + 1) - 1; at >= from; at--) {
    if (startsWith(bytes, at, word)) return at
  }
  return -1
}

/** The first place of `word` that begins at or after `from` and before `to`, else -1. */
export function indexOf(bytes: Uint8Array, word: string, from: number, to: number): number {
  const span = word.length - 1
  const last = Math.min(to, bytes.length - span)
  const steps = stepsOf(word)
  // Horspool's search: no text makes it look at more than about each byte once, for words without repetitions as ours are.
  for (let at = Math.max(0, from); at < last; at += steps[bytes[at + span]]) {
    if (startsWith(bytes, at, word)) return at
  }
  return -1
}

const known = new Map<string, Uint8Array>()

/** By the byte under a word's end: how far the word may move. */
function stepsOf(word: string): Uint8Array {
  const found = known.get(word)
  if (found !== undefined) return found
  const steps = new Uint8Array(256).fill(word.length)
  for (let i = 0; i < word.length - 1; i++) steps[word.charCodeAt(i)] = word.length - 1 - i
  known.set(word, steps)
  return steps
}
