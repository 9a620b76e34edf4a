import { eachOperation, type Operation } from './content-operators'
import type { PdfDocument } from './document'
import { isKind, isName, type PdfDict, type PdfObject, type PdfStream } from './objects'
import type { Box, Page } from './pages'
import { PathRun } from './path-run'
import { tooComplex } from './pdf-error'
import { TextRun, type TextState, textOf } from './text-run'
import { STEPS } from './work'

/** Something that a page's content shows, by its bounding box in default user space. */
export interface Mark {
  /** `red`: a path painted in the red of seals. */
  readonly kind: 'text' | 'picture' | 'red'
  readonly box: Box
  /** Curves of a path. */
  readonly curves: number
  /** Of a picture; undefined when it stands in the content itself and does not read. */
  readonly image?: PdfStream
  /** Whether a stencil would be painted in the red of seals (ISO 32000-2 8.9.6.2). */
  readonly inRed?: boolean
}

/** `[a b c d e f]`, ISO 32000-2, 8.3.4. */
export type Matrix = readonly [number, number, number, number, number, number]

const MAX_MARKS = 100_000
const MAX_OPERATIONS = 400_000
const MAX_FORMS = 500
const MAX_DEPTH = 12

interface Walk {
  readonly document: PdfDocument
  readonly marks: Mark[]
  operationsLeft: number
  formsLeft: number
}

/**
 * Text, pictures and red paths that the page's content draws, each in a box; other lines and areas are none of them. Text is measured by its
 * font's widths, so a box is right to about a character.
 * @throws PdfError `PDF_DAMAGED` for content that does not read, `PDF_TOO_COMPLEX` past what a page may cost.
 */
export function pageMarks(document: PdfDocument, page: Page): readonly Mark[] {
  const walk: Walk = { document, marks: [], operationsLeft: MAX_OPERATIONS, formsLeft: MAX_FORMS }
  const contents = document.value(page.dict, 'Contents')
  const parts = isKind(contents, 'array') ? contents.items.map((item) => document.resolve(item)) : [contents]
  const streams = parts.filter((part): part is PdfStream => isKind(part, 'stream'))
  const bytes = streams.map((part) => decoded(walk, part))
  draw(walk, joined(bytes), { matrix: [1, 0, 0, 1, 0, 0], resources: page.resources, depth: 0 })
  return walk.marks
}

/** The same of a form, such as an annotation's appearance, in the form's own space. */
export function formMarks(document: PdfDocument, form: PdfStream): readonly Mark[] {
  const walk: Walk = { document, marks: [], operationsLeft: MAX_OPERATIONS, formsLeft: MAX_FORMS }
  const resources = document.dictValue(form.dict, 'Resources')
  draw(walk, decoded(walk, form), { matrix: IDENTITY, resources, depth: 0 })
  return walk.marks
}

function decoded({ document }: Walk, part: PdfStream): Uint8Array {
  const { bytes, remaining } = document.decodeStream(part)
  // LZW and image filters: whatever is drawn there cannot be told.
  if (remaining.length > 0) throw tooComplex(`content with ${remaining[0]}`)
  return bytes
}

/** White space between the parts, ISO 32000-2, 7.7.3.3. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, 0)).fill(0x20)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length + 1
  }
  return all
}

interface Scope {
  /** Whether the colours that a form inherits are red. */
  readonly red?: readonly [fill: boolean, stroke: boolean]
  readonly matrix: Matrix
  readonly resources: PdfDict | undefined
  readonly depth: number
}

interface State {
  readonly matrix: Matrix
  readonly text: TextState
  readonly red: readonly [fill: boolean, stroke: boolean]
}

function draw(walk: Walk, bytes: Uint8Array, scope: Scope): void {
  if (scope.depth > MAX_DEPTH) throw tooComplex('forms inside one another')
  const run = new TextRun((name) => resourceOf(walk.document, scope.resources, ['Font', name]), walk.document)
  const paths = new PathRun()
  ;[paths.fillRed, paths.strokeRed] = scope.red ?? [false, false]
  let matrix = scope.matrix
  const saved: State[] = []
  const before = walk.operationsLeft
  let used = 0
  eachOperation(bytes, { maxOperations: before, work: walk.document.drawing }, (operation) => {
    used++
    const { operator, operands } = operation
    if (operator === 'q') {
      const red = [paths.fillRed, paths.strokeRed] as const
      if (saved.push({ matrix, text: run.state, red }) > 1000) throw tooComplex('saved states')
    } else if (operator === 'Q') {
      const state = saved.pop()
      if (state !== undefined) {
        ;[matrix, run.state] = [state.matrix, state.text]
        ;[paths.fillRed, paths.strokeRed] = state.red
      }
    } else if (operator === 'cm') matrix = multiply(matrixOf(operands) ?? IDENTITY, matrix)
    else if (operator === 'BI') {
      mark(walk, { kind: 'picture', box: unitBox(matrix), image: operation.image, inRed: paths.fillRed })
    } else if (operator === 'Do') {
      walk.operationsLeft = before - used
      drawObject(walk, operands[0], { ...scope, matrix, red: [paths.fillRed, paths.strokeRed] })
      used = before - walk.operationsLeft
    } else show(walk, { run, paths }, { operation, matrix })
    if (used > before) throw tooComplex('operators of a page')
  })
  walk.operationsLeft = before - used
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]

interface Runs {
  readonly run: TextRun
  readonly paths: PathRun
}

function show(walk: Walk, { run, paths }: Runs, { operation, matrix }: { operation: Operation; matrix: Matrix }): void {
  const text = textOf(run, operation)
  if (text !== undefined) mark(walk, { kind: 'text', box: boundsOf(multiply(text.matrix, matrix), text) })
  const red = paths.follow(operation)
  if (red !== undefined) mark(walk, { kind: 'red', box: boundsOf(matrix, red), curves: red.curves })
}

function mark(walk: Walk, one: Omit<Mark, 'curves'> & { readonly curves?: number }): void {
  if (walk.marks.length === MAX_MARKS) throw tooComplex('marks of a page')
  walk.marks.push({ curves: 0, ...one })
}

function drawObject(walk: Walk, name: PdfObject | undefined, scope: Scope): void {
  const { document } = walk
  const object = isKind(name, 'name') ? resourceOf(document, scope.resources, ['XObject', name.name]) : null
  if (!isKind(object, 'stream')) return
  if (isName(document.value(object.dict, 'Subtype'), 'Image')) {
    mark(walk, { kind: 'picture', box: unitBox(scope.matrix), image: object, inRed: scope.red?.[0] })
    return
  }
  if (walk.formsLeft-- === 0) throw tooComplex('forms of a page')
  document.drawing.spend(STEPS.object)
  const own = document.value(object.dict, 'Matrix')
  const inner = isKind(own, 'array') ? matrixOf(own.items.map((item) => document.resolve(item))) : undefined
  const resources = document.dictValue(object.dict, 'Resources') ?? scope.resources
  const bytes = decoded(walk, object)
  draw(walk, bytes, {
    matrix: multiply(inner ?? IDENTITY, scope.matrix),
    resources,
    depth: scope.depth + 1,
    red: scope.red,
  })
}

function resourceOf(
  document: PdfDocument,
  resources: PdfDict | undefined,
  [kind, name]: readonly [string, string],
): PdfObject {
  const group = resources && document.dictValue(resources, kind)
  return group === undefined ? null : document.value(group, name)
}

function matrixOf(operands: readonly PdfObject[]): Matrix | undefined {
  const values = operands.map((operand) => (isKind(operand, 'number') ? operand.value : Number.NaN))
  const [a, b, c, d, e, f] = values
  return values.length === 6 && values.every(Number.isFinite) ? [a, b, c, d, e, f] : undefined
}

/** First `a`, then `b`. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[1] * b[2],
    a[0] * b[1] + a[1] * b[3],
    a[2] * b[0] + a[3] * b[2],
    a[2] * b[1] + a[3] * b[3],
    a[4] * b[0] + a[5] * b[2] + b[4],
    a[4] * b[1] + a[5] * b[3] + b[5],
  ]
}

function unitBox(matrix: Matrix): Box {
  return boundsOf(matrix, { left: 0, right: 1, bottom: 0, top: 1 })
}

function boundsOf(
  [a, b, c, d, e, f]: Matrix,
  { left, right, bottom, top }: { left: number; right: number; bottom: number; top: number },
): Box {
  const xs: number[] = []
  const ys: number[] = []
  for (const [x, y] of [
    [left, bottom],
    [left, top],
    [right, bottom],
    [right, top],
  ]) {
    xs.push(a * x + c * y + e)
    ys.push(b * x + d * y + f)
  }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
