import { decodeAscii85, decodeAsciiHex, decodeRunLength } from './ascii-filters'
import { inflate } from './flate'
import { integerOf, isKind, type PdfDict, type PdfObject } from './objects'
import { damaged, tooComplex } from './pdf-error'
import { undoPredictor } from './predictor'

/** More filters on one stream than this are an attack. */
const MAX_FILTERS = 8

/** How references inside Filter and DecodeParms are followed. */
export type Resolve = (object: PdfObject | undefined) => PdfObject

/** What decoding needs to know, and whom to tell how much came out. */
export interface Decoding {
  readonly resolve: Resolve
  readonly maxBytes: number
  readonly at: number
  produced(bytes: number): void
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  Fl: 'FlateDecode',
  AHx: 'ASCIIHexDecode',
  A85: 'ASCII85Decode',
  RL: 'RunLengthDecode',
}

interface Filter {
  readonly name: string
  readonly parms: PdfDict | undefined
}

/** Bytes with as many of their filters undone as are known, and the names of those left. */
export interface Decoded {
  readonly bytes: Uint8Array
  readonly remaining: readonly string[]
}

/**
 * Undoes Flate (with PNG and TIFF predictors), ASCIIHex, ASCII85 and RunLength, ISO 32000-2, 7.4;
 * image filters and LZW stay.
 * @throws PdfError `PDF_DAMAGED` for data that does not decode, `PDF_TOO_COMPLEX` past `maxBytes`.
 */
export function decode(raw: Uint8Array, dict: PdfDict, context: Decoding): Decoded {
  const filters = filtersOf(dict, context.resolve, context.at)
  let bytes = raw
  for (const [index, filter] of filters.entries()) {
    const decoded = undo(filter, bytes, context)
    if (decoded === undefined) return { bytes, remaining: filters.slice(index).map((left) => left.name) }
    if (filter.name !== 'FlateDecode') context.produced(decoded.length)
    if (decoded.length > context.maxBytes) throw tooComplex('decoded stream')
    bytes = decoded
  }
  return { bytes, remaining: [] }
}

function undo(
  filter: Filter,
  bytes: Uint8Array,
  { resolve, maxBytes, at, produced }: Decoding,
): Uint8Array | undefined {
  switch (filter.name) {
    case 'FlateDecode':
      return undoPredictor(inflate(bytes, { maxBytes, at, produced }), predictorOf(filter.parms, resolve), at)
    case 'ASCIIHexDecode':
      return decodeAsciiHex(bytes, at)
    case 'ASCII85Decode':
      return decodeAscii85(bytes, maxBytes, at)
    case 'RunLengthDecode':
      return decodeRunLength(bytes, maxBytes, at)
    default:
      return undefined
  }
}

function filtersOf(dict: PdfDict, resolve: Resolve, at: number): Filter[] {
  const names = listOf(resolve(dict.entries.get('Filter')))
  const parms = listOf(resolve(dict.entries.get('DecodeParms') ?? dict.entries.get('DP')))
  if (names.length > MAX_FILTERS) throw tooComplex('filters on one stream')
  return names.map((entry, index) => {
    const filter = resolve(entry)
    const parm = resolve(parms[index])
    if (!isKind(filter, 'name')) throw damaged('filter that is not a name', at)
    return { name: SHORT_NAMES[filter.name] ?? filter.name, parms: isKind(parm, 'dict') ? parm : undefined }
  })
}

function listOf(object: PdfObject): readonly PdfObject[] {
  if (object === null) return []
  return isKind(object, 'array') ? object.items : [object]
}

function predictorOf(parms: PdfDict | undefined, resolve: Resolve) {
  const value = (key: string, otherwise: number) => integerOf(resolve(parms?.entries.get(key))) ?? otherwise
  return {
    predictor: value('Predictor', 1),
    colors: value('Colors', 1),
    bitsPerComponent: value('BitsPerComponent', 8),
    columns: value('Columns', 1),
  }
}
