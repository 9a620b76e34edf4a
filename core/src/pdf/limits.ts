/** What one file may cost us. A real contract stays far below each of these. */
export interface PdfLimits {
  /** Cross-reference entries of all sections together. */
  readonly maxObjects: number
  /** Cross-reference sections, that is, saved revisions. */
  readonly maxSections: number
  /** Arrays and dictionaries inside one another, and levels of the page tree and of form fields. */
  readonly maxNesting: number
  /** Signed signature fields. Judging each one reads the file. */
  readonly maxSignatures: number
  /** Decoded bytes of one stream. */
  readonly maxStreamBytes: number
  /** Decoded bytes of all streams that a document's reader decodes, those of its earlier revisions included. */
  readonly maxDecodedBytes: number
  /** Steps of all reading and comparing of a file's objects, see `Work`. */
  readonly maxSteps: number
  /** The same of looking through what pages draw. */
  readonly maxDrawnSteps: number
}

/** The limits that {@link readPdf} keeps unless told otherwise. */
export const DEFAULT_LIMITS: PdfLimits = {
  maxObjects: 1_000_000,
  maxSections: 1000,
  maxNesting: 100,
  maxSignatures: 200,
  maxStreamBytes: 32 << 20,
  maxDecodedBytes: 96 << 20,
  maxSteps: 14_000_000,
  maxDrawnSteps: 3_000_000,
}
