import { dict, isKind, type PdfObject, type PdfStream } from './objects'
import { parseObject } from './parse-object'
import { damaged, PdfError, tooComplex } from './pdf-error'
import { type Cursor, endsToken, indexOf, isWhite, skipSpace, takeWord, tokenText } from './tokens'
import { STEPS, type Work } from './work'

/** One operator of a content stream with its operands, ISO 32000-2, 7.8.2. */
export interface Operation {
  readonly operator: string
  readonly operands: readonly PdfObject[]
  /** Of `BI`: the picture, its keys spelled in full. */
  readonly image?: PdfStream
}

const MAX_OPERANDS = 256
const OPERAND_START = new Set([...'/<([+-.0123456789'].map((character) => character.charCodeAt(0)))
/** Of true, false and null: most operators begin otherwise, and there are very many of them. */
const WORD_START = new Set([...'tfn'].map((character) => character.charCodeAt(0)))

/**
 * Calls `visit` for each operator in turn; of an inline image there is one, `BI`, without its bytes.
 * @param maxOperations - more are `PDF_TOO_COMPLEX`, and so is more `work` than there may be.
 * @throws PdfError `PDF_DAMAGED` for what is no content, `PDF_TOO_COMPLEX`.
 */
export function eachOperation(
  bytes: Uint8Array,
  { maxOperations, work }: { readonly maxOperations: number; readonly work: Work },
  visit: (operation: Operation) => void,
): void {
  const cursor: Cursor = { bytes, inFile: false, at: 0, work }
  let operands: PdfObject[] = []
  let left = maxOperations
  for (skipSpace(cursor); cursor.at < bytes.length; skipSpace(cursor)) {
    if (isOperand(cursor)) {
      if (operands.push(parseObject(cursor, 16)) > MAX_OPERANDS) throw tooComplex('operands')
      continue
    }
    if (left-- === 0) throw tooComplex('operators of a page')
    work.spend(STEPS.operator)
    const operator = readOperator(cursor)
    const image = operator === 'BI' ? readInlineImage(cursor) : undefined
    visit({ operator, operands, ...(image && { image }) })
    operands = []
  }
}

function isOperand({ bytes, at }: Cursor): boolean {
  if (OPERAND_START.has(bytes[at])) return true
  if (!WORD_START.has(bytes[at])) return false
  return ['true', 'false', 'null'].includes(wordAt(bytes, at))
}

function wordAt(bytes: Uint8Array, at: number): string {
  let end = at
  while (!endsToken(bytes, end) && end - at < 8) end++
  return tokenText(bytes, at, end)
}

function readOperator(cursor: Cursor): string {
  const operator = wordAt(cursor.bytes, cursor.at)
  if (operator === '' || !endsToken(cursor.bytes, cursor.at + operator.length)) throw damaged('no operator', cursor.at)
  cursor.at += operator.length
  return operator
}

/** ISO 32000-2 table 91. */
const INLINE_KEYS: Readonly<Record<string, string>> = {
  ...{ BPC: 'BitsPerComponent', CS: 'ColorSpace', D: 'Decode', DP: 'DecodeParms', F: 'Filter' },
  ...{ H: 'Height', IM: 'ImageMask', I: 'Interpolate', W: 'Width' },
}
const MAX_INLINE_KEYS = 32

/** What stands between `BI` and `EI`; undefined when its keys do not read. */
function readInlineImage(cursor: Cursor): PdfStream | undefined {
  const { at, bytes } = cursor
  const entries = inlineKeys(cursor)
  const from = cursor.at + 1
  if (entries === undefined) cursor.at = at
  skipInlineImage(cursor)
  return entries && { kind: 'stream', dict: dict(entries), raw: bytes.subarray(from, cursor.at - 3) }
}

/** To behind `ID`. */
function inlineKeys(cursor: Cursor): ReadonlyMap<string, PdfObject> | undefined {
  const entries = new Map<string, PdfObject>()
  try {
    for (skipSpace(cursor); !takeWord(cursor, 'ID'); skipSpace(cursor)) {
      const key = parseObject(cursor, 4)
      if (!isKind(key, 'name') || entries.size === MAX_INLINE_KEYS) return undefined
      entries.set(INLINE_KEYS[key.name] ?? key.name, parseObject(cursor, 4))
    }
    return entries
  } catch (refusal) {
    if (refusal instanceof PdfError && refusal.code === 'PDF_DAMAGED') return undefined
    throw refusal
  }
}

/** To behind `EI`: white space before it, the end of a token after it. */
function skipInlineImage(cursor: Cursor): void {
  const { bytes } = cursor
  for (
    let at = indexOf(bytes, 'EI', cursor.at, bytes.length);
    at >= 0;
    at = indexOf(bytes, 'EI', at + 1, bytes.length)
  ) {
    if (!isWhite(bytes[at - 1]) || !endsToken(bytes, at + 2)) continue
    cursor.at = at + 2
    return
  }
  throw damaged('inline image without end', cursor.at)
}
