import { concat, fromLatin1 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { PdfDocument } from './document'
import {
  array,
  dict,
  isKind,
  name,
  number,
  type PdfDict,
  type PdfObject,
  type PdfStream,
  stream,
  string,
  withEntries,
} from './objects'
import { serialize, serializeDict } from './serialize'

/** An object's text already in PDF syntax, where the caller must know what stands at which byte. */
export interface RawObject {
  readonly kind: 'raw'
  readonly bytes: Uint8Array
}

/** What one save adds. */
export interface Change {
  /** New and replaced objects by number; new ones count up from {@link nextObjectNumber}. */
  readonly objects: ReadonlyMap<number, PdfObject | RawObject>
}

export interface WrittenRevision {
  /** The whole file: the original's bytes, unchanged, and the update after them. */
  readonly bytes: Uint8Array
  /** Where the text of each object of the change begins, after `N G obj` and its line feed. */
  readonly bodies: ReadonlyMap<number, number>
}

/** What is to be put after a file's bytes, which stay where they are: a large file need not be copied to be sealed. */
export interface RevisionUpdate {
  /** The update alone. */
  readonly bytes: Uint8Array
  /** As {@link WrittenRevision} has them: counted from the beginning of the file. */
  readonly bodies: ReadonlyMap<number, number>
}

/** The first object number that is free: above the trailer's Size, and above entries that lie beyond it. */
export function nextObjectNumber(document: PdfDocument): number {
  return Math.max(document.size, document.maxObjectNumber + 1, 1)
}

/**
 * Appends an incremental update, ISO 32000-2, 7.5.6. The cross-reference section is of the newest one's kind;
 * the second file identifier is derived from the first, the old second and what is added.
 */
export function writeRevision(document: PdfDocument, change: Change): WrittenRevision {
  const { bytes, bodies } = revisionUpdate(document, change)
  return { bytes: concat(document.bytes, bytes), bodies }
}

/** As {@link writeRevision}, without the file itself. */
export function revisionUpdate(document: PdfDocument, change: Change): RevisionUpdate {
  const output = new Output(document)
  const bodies = new Map<number, number>()
  const offsets = new Map<number, number>()
  const numbers = [...change.objects.keys()].sort((a, b) => a - b)
  for (const objectNumber of numbers) {
    const object = change.objects.get(objectNumber)
    if (object === undefined) continue
    offsets.set(objectNumber, output.at)
    output.text(`${objectNumber} ${generationOf(document, objectNumber)} obj\n`)
    bodies.set(objectNumber, output.at)
    writeBody(output, object)
    output.text('\nendobj\n')
  }
  writeXref(output, document, offsets)
  return { bytes: output.added(), bodies }
}

/** What is to be added, in pieces, so that it is put together in one allocation. */
class Output {
  readonly #pieces: Uint8Array[] = []
  /** Where the next byte will be in the file. */
  at: number

  constructor({ bytes }: PdfDocument) {
    this.at = bytes.length
    const last = bytes[bytes.length - 1]
    if (last !== 10 && last !== 13) this.text('\n')
  }

  text(text: string): void {
    this.bytes(fromLatin1(text))
  }

  bytes(bytes: Uint8Array): void {
    this.#pieces.push(bytes)
    this.at += bytes.length
  }

  /** Of what was added, long pieces by their beginning and length: enough to tell two saves apart. */
  digest(before: Uint8Array): Uint8Array {
    const beginnings = this.#pieces.map((piece) => piece.subarray(0, 512))
    const lengths = fromLatin1(this.#pieces.map((piece) => piece.length).join(' '))
    return sha256(concat(before, lengths, ...beginnings))
  }

  added(): Uint8Array {
    return concat(...this.#pieces)
  }
}

function writeBody(output: Output, object: PdfObject | RawObject): void {
  if (typeof object !== 'object' || object === null) output.text(serialize(object))
  else if (object.kind === 'raw') output.bytes(object.bytes)
  else if (object.kind === 'stream') writeStream(output, object)
  else output.text(serialize(object))
}

function writeStream(output: Output, { dict: entries, raw }: PdfStream): void {
  output.text(`${serializeDict(withEntries(entries, { Length: number(raw.length) }))}\nstream\n`)
  output.bytes(raw)
  output.text('\nendstream')
}

function generationOf(document: PdfDocument, objectNumber: number): number {
  const entry = document.entries.get(objectNumber)
  return entry?.type === 'offset' ? entry.generation : 0
}

/** What describes one section only, and a checksum over the whole file that LibreOffice leaves. */
const NOT_CARRIED_ON = ['Prev', 'XRefStm', 'Type', 'W', 'Index', 'Filter', 'DecodeParms', 'Length', 'DocChecksum']

function writeXref(output: Output, document: PdfDocument, offsets: Map<number, number>): void {
  const newest = document.revisions[document.revisions.length - 1]
  const asStream = newest.sections[0].kind === 'stream'
  const highest = Math.max(nextObjectNumber(document) - 1, ...offsets.keys())
  const at = output.at
  const previous = newest.startxref - document.base
  const size = asStream ? highest + 2 : highest + 1
  const trailer = trailerOf(output, document, { Size: number(size), Prev: number(previous) })
  if (asStream) writeXrefStream(output, document, { offsets: offsets.set(highest + 1, at), trailer })
  else writeTable(output, document, { offsets, trailer })
  output.text(`startxref\n${at - document.base}\n%%EOF\n`)
}

function trailerOf(output: Output, document: PdfDocument, own: Readonly<Record<string, PdfObject>>): PdfDict {
  const carried = [...document.trailer.entries].filter(([key]) => !NOT_CARRIED_ON.includes(key))
  const trailer = withEntries(dict(new Map(carried)), own)
  const id = document.value(document.trailer, 'ID')
  if (!isKind(id, 'array') || id.items.length !== 2) return trailer
  const [first, second] = id.items.map((item) => document.resolve(item))
  if (!isKind(first, 'string') || !isKind(second, 'string')) return trailer
  const next = output.digest(concat(first.bytes, second.bytes)).slice(0, 16)
  return withEntries(trailer, { ID: array([first, { ...string(next), hex: true }]) })
}

/** Runs of consecutive object numbers, ascending. */
function runsOf(offsets: ReadonlyMap<number, number>): number[][] {
  const runs: number[][] = []
  for (const objectNumber of offsets.keys()) {
    const run = runs[runs.length - 1]
    if (run !== undefined && run[run.length - 1] === objectNumber - 1) run.push(objectNumber)
    else runs.push([objectNumber])
  }
  return runs
}

interface Xref {
  readonly offsets: ReadonlyMap<number, number>
  readonly trailer: PdfDict
}

function writeTable(output: Output, document: PdfDocument, { offsets, trailer }: Xref): void {
  let text = 'xref\n'
  for (const run of runsOf(offsets)) {
    text += `${run[0]} ${run.length}\n`
    for (const objectNumber of run) {
      const offset = (offsets.get(objectNumber) ?? 0) - document.base
      const generation = generationOf(document, objectNumber)
      text += `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`
    }
  }
  output.text(`${text}trailer\n${serializeDict(trailer)}\n`)
}

function writeXrefStream(output: Output, document: PdfDocument, { offsets, trailer }: Xref): void {
  const own = output.at
  const width = own > 0xffffffff ? 6 : 4
  const data = new Uint8Array(offsets.size * (width + 3))
  let at = 0
  for (const [objectNumber, offset] of offsets) {
    data[at++] = 1
    at = putInteger(data, at, { value: offset - document.base, width })
    at = putInteger(data, at, { value: generationOf(document, objectNumber), width: 2 })
  }
  const index = runsOf(offsets).flatMap((run) => [number(run[0]), number(run.length)])
  const entries = withEntries(trailer, {
    Type: name('XRef'),
    W: array([number(1), number(width), number(2)]),
    Index: array(index),
  })
  output.text(`${Math.max(...offsets.keys())} 0 obj\n`)
  writeStream(output, stream(entries, data))
  output.text('\nendobj\n')
}

function putInteger(data: Uint8Array, at: number, { value, width }: { value: number; width: number }): number {
  let rest = value
  for (let i = width - 1; i >= 0; i--) {
    data[at + i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return at + width
}
