import { latin1 } from '../encode/bytes'
import { readPdf } from '../pdf/document'
import { integerOf, isKind, type PdfObject } from '../pdf/objects'
import { PdfError } from '../pdf/pdf-error'
import { signatureFields } from '../pdf/signature-field'

/** A signed revision by what its signature claims; nothing is judged. */
export interface SealedRevision {
  /** Null where the file does not read, and only the ByteRange was found. */
  readonly field: string | null
  /** b + c of `[0 a b c]`: the revision is the file's bytes `[0, end)`. */
  readonly end: number
}

const MAX_REVISIONS = 64

/**
 * Where the revisions that signatures cover end, in order. A file that our reader refuses may still be looked at by another
 * engine: there every ByteRange in plain sight counts.
 */
export function sealedRevisions(file: Uint8Array): readonly SealedRevision[] {
  const found = ofFields(file) ?? inPlainSight(file)
  const fitting = found.filter(({ end }) => end > 0 && end <= file.length)
  return fitting.sort((a, b) => a.end - b.end).slice(0, MAX_REVISIONS)
}

function ofFields(file: Uint8Array): SealedRevision[] | undefined {
  try {
    return signatureFields(readPdf(file)).flatMap(({ name, signature }) => {
      const end = endOf(signature?.byteRange)
      return end === undefined ? [] : [{ field: name, end }]
    })
  } catch (refusal) {
    if (refusal instanceof PdfError) return undefined
    throw refusal
  }
}

function endOf(byteRange: PdfObject | undefined): number | undefined {
  if (!isKind(byteRange, 'array') || byteRange.items.length !== 4) return undefined
  const [zero, , b, c] = byteRange.items.map(integerOf)
  return zero === 0 && b !== undefined && c !== undefined ? b + c : undefined
}

const SLASH = 0x2f
const BYTE_RANGE = /^\/ByteRange\s*\[\s*0\s+\d{1,12}\s+(\d{1,12})\s+(\d{1,12})\s*\]/

function inPlainSight(file: Uint8Array): SealedRevision[] {
  const ends = new Set<number>()
  for (let at = file.indexOf(SLASH); at >= 0 && ends.size < MAX_REVISIONS; at = file.indexOf(SLASH, at + 1)) {
    // The second letter is looked at first: names abound.
    if (file[at + 1] !== 0x42 || file[at + 5] !== 0x52) continue
    const [, b, c] = BYTE_RANGE.exec(latin1(file.subarray(at, at + 120))) ?? []
    if (b !== undefined) ends.add(Number(b) + Number(c))
  }
  return [...ends].map((end) => ({ field: null, end }))
}
