import { tooComplex } from './pdf-error'

/** What each kind of work counts for, in steps of about a tenth of a microsecond, or of 30 bytes where that is more. */
export const STEPS = {
  entry: 2,
  object: 20,
  container: 8,
  /** An entry of a dictionary that has very many. */
  manyEntries: 16,
  escapedName: 10,
  page: 20,
  field: 40,
  operator: 8,
} as const

/** Bytes of strings, names and the like for one step. */
const BYTES_A_STEP = 32
/** Decoded bytes for one step. */
const DECODED_A_STEP = 16

/**
 * What may still be done for one file, counted, not timed: the same file costs the same everywhere. The readers of a file and of
 * its earlier revisions share it.
 */
export class Work {
  /** For one token: 4 of objects, which are kept, 3 of content, which is not. */
  readonly token: number
  #left: number
  #decodedLeft: number

  constructor(limits: { readonly steps: number; readonly decodedBytes: number; readonly token: number }) {
    this.token = limits.token
    this.#left = limits.steps
    this.#decodedLeft = limits.decodedBytes
  }

  /** @throws PdfError `PDF_TOO_COMPLEX` when that was too much. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw tooComplex('the work that the file makes')
  }

  /** For so many bytes of a token. @throws PdfError `PDF_TOO_COMPLEX`. */
  spendBytes(bytes: number): void {
    if (bytes > BYTES_A_STEP) this.spend(Math.floor(bytes / BYTES_A_STEP))
  }

  /** Bytes that may still be decoded. */
  get decodedLeft(): number {
    return Math.max(0, this.#decodedLeft)
  }

  /** What was decoded, to an end or not. @throws PdfError `PDF_TOO_COMPLEX`. */
  spendDecoded(bytes: number): void {
    this.#decodedLeft -= bytes
    this.spend(Math.floor(bytes / DECODED_A_STEP))
    if (this.#decodedLeft < 0) throw tooComplex('decoded streams')
  }
}
