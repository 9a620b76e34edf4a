import { decode } from './filters'
import { integerOf, isKind, isName, type PdfDict, type PdfObject } from './objects'
import { parseIndirect } from './parse-indirect'
import { damaged, tooComplex } from './pdf-error'
import { STEPS } from './work'
import { entryAt, MAX_OBJECT_NUMBER, sameEntry, type XrefEntry, type XrefSection, type XrefSource } from './xref-entry'

/**
 * Reads a cross-reference stream, ISO 32000-2, 7.5.8. Nothing in it may be a reference: nothing is known yet.
 * @throws PdfError `PDF_DAMAGED`, `PDF_TOO_COMPLEX`.
 */
export function readXrefStream(source: XrefSource, offset: number): XrefSection {
  const { bytes, limits } = source
  const parsed = parseIndirect(bytes, offset, { nesting: limits.maxNesting, lengthOf: integerOf, work: source.work })
  const { object } = parsed
  if (!isKind(object, 'stream') || !isName(object.dict.entries.get('Type'), 'XRef')) {
    throw damaged('expected a cross-reference section', offset)
  }
  const shape = shapeOf(object.dict, offset)
  if (shape.count > source.entriesLeft) throw tooComplex('cross-reference entries')
  const resolve = (part: PdfObject | undefined) => part ?? null
  // A predictor adds at most one byte to each byte, so whatever is longer is not looked at.
  const maxBytes = Math.min(limits.maxStreamBytes, 2 * shape.count * shape.width + 64)
  const produced = (count: number) => source.work.spendDecoded(count)
  const decoded = decode(object.raw, object.dict, { resolve, maxBytes, at: offset, produced })
  if (decoded.remaining.length > 0) throw damaged(`cross-reference stream with ${decoded.remaining[0]}`, offset)
  const entries = readEntries(source, decoded.bytes, shape)
  return { kind: 'stream', offset: parsed.start, end: parsed.end, entries, trailer: object.dict }
}

interface Shape {
  readonly widths: readonly number[]
  /** First object number and count, in turn. */
  readonly index: readonly number[]
  /** Bytes of an entry, and how many entries there are. */
  readonly width: number
  readonly count: number
  readonly at: number
}

function shapeOf(dict: PdfDict, at: number): Shape {
  const size = integerOf(dict.entries.get('Size'))
  if (size === undefined || size < 0) throw damaged('invalid Size', at)
  const widths = integersOf(dict.entries.get('W'))
  if (widths === undefined || widths.length !== 3 || widths.some((width) => width > 8)) throw damaged('invalid W', at)
  const index = dict.entries.has('Index') ? integersOf(dict.entries.get('Index')) : [0, size]
  if (index === undefined || index.length % 2 !== 0) throw damaged('invalid Index', at)
  const width = widths[0] + widths[1] + widths[2]
  const count = index.reduce((sum, part, i) => (i % 2 === 1 ? sum + part : sum), 0)
  return { widths, index, width, count, at }
}

function integersOf(object: PdfObject | undefined): number[] | undefined {
  if (!isKind(object, 'array')) return undefined
  const values = object.items.map(integerOf)
  return values.every((value): value is number => value !== undefined && value >= 0) ? values : undefined
}

function readEntries(source: XrefSource, data: Uint8Array, shape: Shape): Map<number, XrefEntry> {
  const { widths, index, width, count, at } = shape
  source.entriesLeft -= count
  source.work.spend(count * STEPS.entry)
  if (data.length !== count * width) throw damaged('cross-reference stream of the wrong size', at)
  const entries = new Map<number, XrefEntry>()
  let from = 0
  for (let i = 0; i < index.length; i += 2) {
    if (index[i] + index[i + 1] - 1 > MAX_OBJECT_NUMBER) throw damaged('object number too high', at)
    for (let objectNumber = index[i]; objectNumber < index[i] + index[i + 1]; objectNumber++, from += width) {
      const entry = readEntry(source, data, { widths, from, at })
      const known = entries.get(objectNumber)
      if (known !== undefined && !sameEntry(known, entry)) throw damaged(`two entries for object ${objectNumber}`, at)
      entries.set(objectNumber, entry)
    }
  }
  return entries
}

function readEntry(
  source: XrefSource,
  data: Uint8Array,
  { widths, from, at }: { widths: readonly number[]; from: number; at: number },
): XrefEntry {
  const [typeWidth, secondWidth, thirdWidth] = widths
  const type = typeWidth === 0 ? 1 : field(data, from, typeWidth)
  const second = field(data, from + typeWidth, secondWidth)
  const third = field(data, from + typeWidth + secondWidth, thirdWidth)
  if (!Number.isSafeInteger(second) || !Number.isSafeInteger(third)) throw damaged('invalid cross-reference entry', at)
  if (type === 0) return { type: 'free', generation: third }
  if (type === 1) return entryAt(source, second, third)
  if (type === 2) return { type: 'compressed', stream: second, index: third }
  throw damaged(`cross-reference entry of type ${type}`, at)
}

function field(data: Uint8Array, from: number, width: number): number {
  let value = 0
  for (let i = from; i < from + width; i++) value = value * 256 + data[i]
  return value
}
