import { decode } from './filters'
import { DEFAULT_LIMITS, type PdfLimits } from './limits'
import { requireApart } from './object-ranges'
import { type ObjectStream, parseCompressed, readObjectStream } from './object-stream'
import { integerOf, isKind, isName, type PdfDict, type PdfObject, type PdfRef, type PdfStream } from './objects'
import { type Page, readPages } from './pages'
import { parseIndirect } from './parse-indirect'
import { damaged, PdfError, tooComplex } from './pdf-error'
import { lastEndMark, type Revision, revisionsOf } from './revisions'
import { indexOf, isDigit } from './tokens'
import { Work } from './work'
import { isEncrypted, readSections, sizeOf } from './xref'
import { sameEntry, type XrefEntry, type XrefSource } from './xref-entry'

/** An indirect object in force. */
export interface IndirectObject {
  readonly number: number
  readonly generation: number
  readonly object: PdfObject
  /** Byte range from the object number to after `endobj`: in the file, or -1 when inside an object stream. */
  readonly start: number
  readonly end: number
  /** A key that some dictionary in it has twice. */
  readonly repeatedKey?: string
  /** The object stream and the index in it, when inside one. */
  readonly container?: { readonly stream: number; readonly index: number }
}

/** How {@link readPdf} reads. */
export interface ReadOptions {
  readonly limits?: Partial<PdfLimits>
  /**
   * `every` (the default) parses all objects in force at once, so that no later call meets damage.
   * `asNeeded` is for a second look at a file already read: `get` may then throw.
   */
  readonly objects?: 'every' | 'asNeeded'
  /** The longer file that these bytes begin, read already: what stands at the same place in both is not read again. */
  readonly longer?: PdfDocument
}

/** Bytes of objects, read before, for one step of passing them. */
const PASSED_A_STEP = 32
/** ISO 32000-2, annex I and every reader: the header stands in the first 1024 bytes. */
const HEADER_WITHIN = 1024
/** Lengths, filters and the like through more references than this are an attack. */
const MAX_REFERENCES = 32

/**
 * A PDF that was read without repairing anything. Objects are parsed once, when first asked for, and shared:
 * nothing in them may be changed.
 */
export class PdfDocument {
  readonly bytes: Uint8Array
  /** Where `%PDF` is, 0 unless something stands before it. Offsets inside the file count from here, ours from 0. */
  readonly base: number
  /** As in the header, for example `1.7`; the catalog may name a later one. */
  readonly headerVersion: string
  /** Oldest first, at least one. */
  readonly revisions: readonly Revision[]
  /** Of the newest revision. */
  readonly trailer: PdfDict
  /** What is in force for each object number. */
  readonly entries: ReadonlyMap<number, XrefEntry>
  /** The trailer's Size. Some writers state it too low. */
  readonly size: number
  /** The highest object number with an entry; new objects go above both this and `size - 1`. */
  readonly maxObjectNumber: number
  readonly limits: PdfLimits
  /** What may still be done for this file and its revisions. */
  readonly work: Work
  /** The same for what its pages draw. */
  readonly drawing: Work

  readonly #loaded = new Map<number, IndirectObject | undefined>()
  readonly #loading = new Set<number>()
  readonly #streams = new Map<number, ObjectStream>()
  /** Bytes that may still be parsed: objects that overlap could make every one of them as long as the file. */
  #parsedLeft: number
  #parsed = 0
  #pages: readonly Page[] | undefined
  readonly #longer: PdfDocument | undefined

  /** Use {@link readPdf}. */
  constructor(
    bytes: Uint8Array,
    header: { base: number; version: string },
    { limits, longer }: { limits: PdfLimits; longer?: PdfDocument },
  ) {
    this.bytes = bytes
    this.#longer = longer
    this.base = header.base
    this.headerVersion = header.version
    this.limits = limits
    this.work = longer?.work ?? workOf(limits.maxSteps, limits, 4)
    this.drawing = longer?.drawing ?? workOf(limits.maxDrawnSteps, limits, 3)
    this.#parsedLeft = 2 * bytes.length
    const mark = lastEndMark(bytes, header.base)
    const left = { entriesLeft: limits.maxObjects, bytesLeft: 2 * bytes.length }
    const source: XrefSource = { bytes, base: header.base, limits, work: this.work, ...left }
    const sections = readSections(source, mark.startxref + header.base)
    if (isEncrypted(sections)) throw new PdfError('PDF_ENCRYPTED', 'the file is encrypted')
    this.revisions = revisionsOf(this, sections, mark)
    this.trailer = this.revisions[this.revisions.length - 1].trailer
    this.entries = entriesInForce(this.revisions)
    this.size = sizeOf(sections[0])
    let highest = 0
    for (const number of this.entries.keys()) if (number > highest) highest = number
    this.maxObjectNumber = highest
  }

  /** The indirect object in force, undefined when none is. @throws PdfError unless all objects were read at first. */
  indirect(number: number): IndirectObject | undefined {
    if (this.#loaded.has(number)) return this.#loaded.get(number)
    if (this.#loading.has(number)) throw damaged(`object ${number} is needed to read itself`, 0)
    if (this.#loading.size === MAX_REFERENCES) throw tooComplex('objects needed to read one object')
    this.#loading.add(number)
    try {
      const found = this.#load(number)
      this.#loaded.set(number, found)
      return found
    } finally {
      this.#loading.delete(number)
    }
  }

  /** The object referred to; null when there is none with that generation, ISO 32000-2, 7.3.10. */
  get(reference: PdfRef): PdfObject {
    const found = this.indirect(reference.number)
    return found === undefined || found.generation !== reference.generation ? null : found.object
  }

  /** Follows references. @throws PdfError `PDF_DAMAGED` for a chain of more than 32. */
  resolve(object: PdfObject | undefined): PdfObject {
    let found = object ?? null
    for (let i = 0; isKind(found, 'ref'); i++) {
      if (i === MAX_REFERENCES) throw damaged('references in a loop', 0)
      found = this.get(found)
    }
    return found
  }

  /** The dictionary's entry with references followed; null when absent. */
  value(dict: PdfDict, key: string): PdfObject {
    return this.resolve(dict.entries.get(key))
  }

  /** The entry if it is, or refers to, a dictionary. */
  dictValue(dict: PdfDict, key: string): PdfDict | undefined {
    const found = this.value(dict, key)
    return isKind(found, 'dict') ? found : undefined
  }

  get catalogRef(): PdfRef {
    const root = this.trailer.entries.get('Root')
    if (!isKind(root, 'ref')) throw damaged('the trailer has no Root reference', this.#newestOffset())
    return root
  }

  get catalog(): PdfDict {
    const catalog = this.get(this.catalogRef)
    if (!isKind(catalog, 'dict')) throw damaged('the catalog is missing', this.#newestOffset())
    return catalog
  }

  /** The pages in order. @throws PdfError `PDF_DAMAGED` for a page tree that loops or holds what is no page. */
  pages(): readonly Page[] {
    this.#pages ??= readPages(this)
    return this.#pages
  }

  /** A stream's bytes with the filters undone that we know, see `decode`. Counts against `maxDecodedBytes`. */
  decodeStream(stream: PdfStream): { readonly bytes: Uint8Array; readonly remaining: readonly string[] } {
    const { work } = this
    const maxBytes = Math.min(this.limits.maxStreamBytes, work.decodedLeft)
    const resolve = (object: PdfObject | undefined) => this.resolve(object)
    const at = stream.raw.byteOffset - this.bytes.byteOffset
    return decode(stream.raw, stream.dict, { resolve, maxBytes, at, produced: (count) => work.spendDecoded(count) })
  }

  #newestOffset(): number {
    return this.revisions[this.revisions.length - 1].startxref
  }

  #load(number: number): IndirectObject | undefined {
    const entry = this.entries.get(number)
    if (entry === undefined || entry.type === 'free') return undefined
    if (entry.type === 'compressed') return this.#loadCompressed(number, entry)
    const same = this.#inLonger(number, entry)
    if (same !== undefined) return same
    const parsed = parseIndirect(this.bytes, entry.offset, {
      nesting: this.limits.maxNesting,
      lengthOf: (length) => integerOf(this.resolve(length)),
      work: this.work,
    })
    if (parsed.number !== number || parsed.generation !== entry.generation) {
      throw damaged(`expected object ${number} ${entry.generation}`, entry.offset)
    }
    this.#spend(parsed.end - entry.offset - (isKind(parsed.object, 'stream') ? parsed.object.raw.length : 0))
    return parsed
  }

  /** But for streams, whose Length may be another object's and that another revision's, the bytes alone say what it is. */
  #inLonger(number: number, entry: XrefEntry): IndirectObject | undefined {
    const longer = this.#longer
    const there = longer?.entries.get(number)
    if (there === undefined || !sameEntry(there, entry)) return undefined
    const found = longer?.indirect(number)
    return found === undefined || isKind(found.object, 'stream') || found.end > this.bytes.length ? undefined : found
  }

  /** An object stream without references in its dictionary is what its own bytes say, in both. */
  #inLongerStream(number: number, container: { readonly stream: number; readonly index: number }) {
    const longer = this.#longer
    const [there, here] = [longer?.entries.get(container.stream), this.entries.get(container.stream)]
    const entry = longer?.entries.get(number)
    if (longer === undefined || there === undefined || here?.type !== 'offset' || !sameEntry(there, here))
      return undefined
    if (entry === undefined || !sameEntry(entry, { type: 'compressed', ...container })) return undefined
    const stream = longer.indirect(container.stream)
    if (stream === undefined || !isKind(stream.object, 'stream') || stream.end > this.bytes.length) return undefined
    return [...stream.object.dict.entries.values()].some(refers) ? undefined : longer.indirect(number)
  }

  /** Counts passing all that was read so far once more. @throws PdfError `PDF_TOO_COMPLEX`. */
  spendPass(): void {
    this.work.spend(this.entries.size + Math.floor(this.#parsed / PASSED_A_STEP))
  }

  #spend(parsedBytes: number): void {
    this.#parsed += parsedBytes
    this.#parsedLeft -= parsedBytes
    if (this.#parsedLeft < 0) throw tooComplex('objects that overlap')
  }

  #loadCompressed(number: number, container: { readonly stream: number; readonly index: number }): IndirectObject {
    const same = this.#inLongerStream(number, container)
    if (same !== undefined) return same
    const source = this.#objectStream(container.stream)
    const at = this.indirect(container.stream)?.start ?? 0
    const expected = { number, nesting: this.limits.maxNesting, at, work: this.work }
    const { object, length, repeatedKey } = parseCompressed(source, container.index, expected)
    this.#spend(length)
    return { number, generation: 0, object, start: -1, end: -1, repeatedKey, container }
  }

  #objectStream(number: number): ObjectStream {
    const known = this.#streams.get(number)
    if (known !== undefined) return known
    const container = this.entries.get(number)?.type === 'offset' ? this.indirect(number) : undefined
    if (container === undefined || !isKind(container.object, 'stream')) throw damaged(`no object stream ${number}`, 0)
    const { dict } = container.object
    if (!isName(dict.entries.get('Type'), 'ObjStm'))
      throw damaged(`stream ${number} is no object stream`, container.start)
    const decoded = this.decodeStream(container.object)
    if (decoded.remaining.length > 0) throw damaged(`object stream with ${decoded.remaining[0]}`, container.start)
    const resolve = (object: PdfObject | undefined) => this.resolve(object)
    const context = { resolve, maxObjects: this.limits.maxObjects, at: container.start, work: this.work }
    const stream = readObjectStream(decoded.bytes, dict, context)
    this.#parsedLeft += 2 * decoded.bytes.length
    this.#streams.set(number, stream)
    return stream
  }
}

function workOf(steps: number, { maxDecodedBytes: decodedBytes }: PdfLimits, token: number): Work {
  return new Work({ steps, decodedBytes, token })
}

function refers(object: PdfObject): boolean {
  if (isKind(object, 'array')) return object.items.some(refers)
  if (isKind(object, 'dict')) return [...object.entries.values()].some(refers)
  return isKind(object, 'ref')
}

function entriesInForce(revisions: readonly Revision[]): ReadonlyMap<number, XrefEntry> {
  if (revisions.length === 1) return revisions[0].entries
  const all = new Map<number, XrefEntry>()
  for (const { entries } of revisions) for (const [number, entry] of entries) all.set(number, entry)
  return all
}

/**
 * Reads a PDF strictly: nothing is repaired or guessed, work and memory are bounded by `limits`.
 * @throws PdfError `PDF_EMPTY`; `PDF_NOT_PDF` without `%PDF-n.n` in the first 1024 bytes; `PDF_ENCRYPTED`;
 *   `PDF_DAMAGED` wherever another reader would have to repair; `PDF_TOO_COMPLEX` past a limit. Nothing else.
 * @example
 * const pages = readPdf(bytes).pages().length
 */
export function readPdf(bytes: Uint8Array, options: ReadOptions = {}): PdfDocument {
  if (bytes.length === 0) throw new PdfError('PDF_EMPTY', 'the file is empty')
  const document = new PdfDocument(bytes, readHeader(bytes), {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    longer: options.longer,
  })
  if (document.catalog.entries.size === 0) throw damaged('the catalog is empty', 0)
  if (options.objects !== 'asNeeded') {
    for (const number of document.entries.keys()) requireUniqueKeys(document.indirect(number))
    requireApart(document)
    document.pages()
  }
  return document
}

/** ISO 32000-2, 7.3.7: of two entries with one key readers take either. */
function requireUniqueKeys(object: IndirectObject | undefined): void {
  if (object?.repeatedKey === undefined) return
  throw damaged(`object ${object.number} has the key ${object.repeatedKey} twice`, Math.max(0, object.start))
}

function readHeader(bytes: Uint8Array): { base: number; version: string } {
  const base = indexOf(bytes, '%PDF-', 0, HEADER_WITHIN)
  if (base < 0 || !isDigit(bytes[base + 5]) || bytes[base + 6] !== 0x2e || !isDigit(bytes[base + 7])) {
    throw new PdfError('PDF_NOT_PDF', 'no PDF header in the first 1024 bytes')
  }
  return { base, version: String.fromCharCode(...bytes.subarray(base + 5, base + 8)) }
}
