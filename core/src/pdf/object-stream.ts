import { integerOf, type PdfDict, type PdfObject } from './objects'
import { parseObject } from './parse-object'
import { damaged, tooComplex } from './pdf-error'
import { type Cursor, expectInteger, skipSpace } from './tokens'
import { STEPS, type Work } from './work'

/** A decoded object stream: which object each index holds, and where in `bytes` it begins. ISO 32000-2, 7.5.7. */
export interface ObjectStream {
  readonly bytes: Uint8Array
  readonly numbers: readonly number[]
  readonly offsets: readonly number[]
}

/** Reads the index of an object stream. @throws PdfError `PDF_DAMAGED`, `PDF_TOO_COMPLEX`. */
export function readObjectStream(
  bytes: Uint8Array,
  dict: PdfDict,
  context: {
    readonly resolve: (object: PdfObject | undefined) => PdfObject
    readonly maxObjects: number
    readonly at: number
    readonly work: Work
  },
): ObjectStream {
  const count = integerOf(context.resolve(dict.entries.get('N')))
  const first = integerOf(context.resolve(dict.entries.get('First')))
  if (count === undefined || count < 0 || first === undefined || first < 0 || first > bytes.length) {
    throw damaged('invalid N or First of an object stream', context.at)
  }
  if (count > context.maxObjects) throw tooComplex('objects in a stream')
  const cursor: Cursor = { bytes, inFile: false, at: 0 }
  context.work.spend(count)
  const numbers: number[] = []
  const offsets: number[] = []
  for (let i = 0; i < count; i++) {
    skipSpace(cursor)
    numbers.push(expectInteger(cursor, 'an object number in an object stream'))
    skipSpace(cursor)
    offsets.push(first + expectInteger(cursor, 'an offset in an object stream'))
  }
  return { bytes, numbers, offsets }
}

/** Reads the object at `index`, and how many bytes it took. @throws PdfError `PDF_DAMAGED` unless it is the one expected. */
export function parseCompressed(
  source: ObjectStream,
  index: number,
  expected: { readonly number: number; readonly nesting: number; readonly at: number; readonly work: Work },
): { readonly object: PdfObject; readonly length: number; readonly repeatedKey?: string } {
  if (source.numbers[index] !== expected.number) {
    throw damaged(`object ${expected.number} is not at index ${index} of its object stream`, expected.at)
  }
  const from = source.offsets[index]
  const { work } = expected
  work.spend(STEPS.object)
  const cursor: Cursor = { bytes: source.bytes, inFile: false, at: from, work }
  const object = parseObject(cursor, expected.nesting)
  return { object, length: cursor.at - from, repeatedKey: cursor.repeatedKey }
}
