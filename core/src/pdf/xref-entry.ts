import type { PdfLimits } from './limits'
import type { PdfDict } from './objects'
import type { Work } from './work'

/** Where an object is: at a byte of the file, inside an object stream, or nowhere. Offsets count from the file's start. */
export type XrefEntry =
  | { readonly type: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly type: 'compressed'; readonly stream: number; readonly index: number }
  | { readonly type: 'free'; readonly generation: number }

/** One cross-reference table or stream with its trailer. */
export interface XrefSection {
  readonly kind: 'table' | 'stream'
  readonly offset: number
  /** After the trailer dictionary, or after the stream's `endobj`. */
  readonly end: number
  readonly entries: ReadonlyMap<number, XrefEntry>
  readonly trailer: PdfDict
  /** Of a hybrid file: the stream that XRefStm names, already merged into `entries`. ISO 32000-2, 7.5.8.4. */
  readonly hybrid?: XrefSection
}

/** What reading sections needs to know of the file. */
export interface XrefSource {
  readonly bytes: Uint8Array
  /** Where the `%PDF` header is; offsets in the file count from there. */
  readonly base: number
  readonly limits: PdfLimits
  readonly work: Work
  /** Entries still allowed. */
  entriesLeft: number
  /** Bytes of sections that may still be read: sections that overlap could each be as long as the file. */
  bytesLeft: number
}

/** No object number is higher: readers keep them in 32 bits. */
export const MAX_OBJECT_NUMBER = 2 ** 31 - 2

/** An object at `offset` from the header. Writers that mean "unused" put 0, where the header is: no object. */
export function entryAt(source: XrefSource, offset: number, generation: number): XrefEntry {
  return offset === 0 ? { type: 'free', generation } : { type: 'offset', offset: offset + source.base, generation }
}

/** Whether both say the same. */
export function sameEntry(a: XrefEntry, b: XrefEntry): boolean {
  if (a.type === 'offset' && b.type === 'offset') return a.offset === b.offset && a.generation === b.generation
  if (a.type === 'compressed' && b.type === 'compressed') return a.stream === b.stream && a.index === b.index
  return a.type === 'free' && b.type === 'free' && a.generation === b.generation
}
