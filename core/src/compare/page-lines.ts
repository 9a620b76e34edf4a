/** What pdf.js says of a piece of text; marked content is among the pieces, and has none. */
interface TextPiece {
  readonly str?: unknown
  readonly hasEOL?: unknown
}

const MAX_PIECES = 200_000
const MAX_VALUE = 2_000

/**
 * A page's text as pdf.js gives it, a line each, then what its annotations show or hold: a form field's value may be
 * changed where the picture is not.
 * @param pieces - `getTextContent().items`.
 * @param annotations - `getAnnotations()`.
 */
export function pageLines(pieces: readonly unknown[], annotations: readonly unknown[]): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces.slice(0, MAX_PIECES) as readonly TextPiece[]) {
    if (typeof piece.str === 'string') line += piece.str
    if (piece.hasEOL !== true) continue
    lines.push(line)
    line = ''
  }
  return [...lines, line, ...annotations.map((one) => annotationLine(one as Readonly<Record<string, unknown>>))].filter(
    (text) => text.trim() !== '',
  )
}

function annotationLine(annotation: Readonly<Record<string, unknown>>): string {
  const { subtype, fieldName, fieldValue, textContent, contentsObj } = annotation
  const held = [fieldValue, textContent, (contentsObj as { readonly str?: unknown } | undefined)?.str]
  const told = [...new Set(held.map(plain).filter((text) => text !== ''))]
  return `[${plain(fieldName) || plain(subtype)}] ${told.join(' | ')}`
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, MAX_VALUE)
  if (Array.isArray(value))
    return value
      .filter((one) => typeof one === 'string')
      .join(' ')
      .slice(0, MAX_VALUE)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
