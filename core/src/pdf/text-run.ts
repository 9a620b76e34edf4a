import type { Matrix } from './content-marks'
import type { Operation } from './content-operators'
import type { PdfDocument } from './document'
import { integerOf, isKind, isName, type PdfDict, type PdfObject } from './objects'

/** ISO 32000-2, 9.3: what decides where text goes. */
export interface TextState {
  readonly font: Font | undefined
  readonly size: number
  readonly charSpace: number
  readonly wordSpace: number
  readonly scale: number
  readonly leading: number
  readonly rise: number
  readonly hidden: boolean
}

interface Font {
  readonly bytesPerCode: 1 | 2
  /** In thousandths of the size. */
  width(code: number): number
}

/** What was shown, in the text space that `matrix` maps to user space. */
export interface ShownText {
  readonly matrix: Matrix
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
}

const START: TextState = {
  font: undefined,
  size: 1,
  charSpace: 0,
  wordSpace: 0,
  scale: 1,
  leading: 0,
  rise: 0,
  hidden: false,
}
/** Of Latin text without widths (the standard fonts), and of two-byte fonts without. */
const USUAL_WIDTH = 500
const WIDE = 1000
const SPACE = 0x20

/** Follows text operators. */
export class TextRun {
  state: TextState = START
  line: Matrix = [1, 0, 0, 1, 0, 0]
  matrix: Matrix = [1, 0, 0, 1, 0, 0]
  readonly #font: (name: string) => PdfObject
  readonly #document: PdfDocument
  readonly #known = new Map<string, Font | undefined>()

  constructor(font: (name: string) => PdfObject, document: PdfDocument) {
    this.#font = font
    this.#document = document
  }

  setFont(name: string, size: number): void {
    let font = this.#known.get(name)
    if (!this.#known.has(name)) {
      font = fontOf(this.#document, this.#font(name))
      this.#known.set(name, font)
    }
    this.state = { ...this.state, font, size }
  }

  moveLine(x: number, y: number): void {
    this.line = translated(this.line, x, y)
    this.matrix = this.line
  }

  setMatrix(matrix: Matrix): void {
    this.line = matrix
    this.matrix = matrix
  }

  /** Advances over the string; undefined when nothing of it can be seen. */
  shown(bytes: Uint8Array): ShownText | undefined {
    const { size, rise, hidden } = this.state
    const width = this.#advance(bytes)
    const { matrix } = this
    this.matrix = translated(matrix, width, 0)
    const blank = this.state.font?.bytesPerCode !== 2 && bytes.every((byte) => byte === SPACE)
    if (hidden || blank || width === 0) return undefined
    const [bottom, top] = [rise - 0.1 * size, rise + 0.7 * size]
    return {
      matrix,
      left: Math.min(0, width),
      right: Math.max(0, width),
      bottom: Math.min(bottom, top),
      top: Math.max(bottom, top),
    }
  }

  kern(thousandths: number): void {
    const { size, scale } = this.state
    this.matrix = translated(this.matrix, (-thousandths / 1000) * size * scale, 0)
  }

  #advance(bytes: Uint8Array): number {
    const { font, size, charSpace, wordSpace, scale } = this.state
    const step = font?.bytesPerCode ?? 1
    let width = 0
    for (let at = 0; at + step <= bytes.length; at += step) {
      const code = step === 2 ? (bytes[at] << 8) | bytes[at + 1] : bytes[at]
      const glyph = ((font?.width(code) ?? USUAL_WIDTH) / 1000) * size
      width += glyph + charSpace + (step === 1 && code === SPACE ? wordSpace : 0)
    }
    return width * scale
  }
}

function translated([a, b, c, d, e, f]: Matrix, x: number, y: number): Matrix {
  return [a, b, c, d, x * a + y * c + e, x * b + y * d + f]
}

function fontOf(document: PdfDocument, object: PdfObject): Font | undefined {
  if (!isKind(object, 'dict')) return undefined
  if (isName(document.value(object, 'Subtype'), 'Type0')) return { bytesPerCode: 2, width: () => WIDE }
  const first = integerOf(document.value(object, 'FirstChar')) ?? 0
  const widths = widthsOf(document, object)
  return { bytesPerCode: 1, width: (code) => widths[code - first] ?? USUAL_WIDTH }
}

function widthsOf(document: PdfDocument, font: PdfDict): readonly (number | undefined)[] {
  const widths = document.value(font, 'Widths')
  if (!isKind(widths, 'array') || widths.items.length > 256) return []
  // A Type 3 font counts in its own space.
  if (font.entries.has('FontMatrix')) return []
  return widths.items.map((item) => {
    const width = document.resolve(item)
    return isKind(width, 'number') ? width.value : undefined
  })
}

const num = (object: PdfObject | undefined) =>
  isKind(object, 'number') && Number.isFinite(object.value) ? object.value : 0

type Act = (run: TextRun, operands: readonly PdfObject[]) => ShownText | undefined

function set(change: (value: number) => Partial<TextState>): Act {
  return (run, [value]) => {
    run.state = { ...run.state, ...change(num(value)) }
    return undefined
  }
}

function act(change: (run: TextRun, operands: readonly PdfObject[]) => void): Act {
  return (run, operands) => {
    change(run, operands)
    return undefined
  }
}

const showString: Act = (run, operands) => {
  const text = operands.at(-1)
  return isKind(text, 'string') ? run.shown(text.bytes) : undefined
}

/** ISO 32000-2, table 107: strings and kernings; one box from the first to the last. */
const showArray: Act = (run, [items]) => {
  if (!isKind(items, 'array')) return undefined
  const start = run.matrix
  let found: ShownText | undefined
  let along = 0
  for (const item of items.items) {
    if (isKind(item, 'number')) run.kern(item.value)
    const box = isKind(item, 'string') ? run.shown(item.bytes) : undefined
    if (box === undefined) continue
    along = distance(start, box.matrix)
    found = {
      ...box,
      matrix: start,
      left: Math.min(found?.left ?? along + box.left, along + box.left),
      right: Math.max(found?.right ?? 0, along + box.right),
    }
  }
  return found
}

/** How far along the line the second begins, in text space. */
function distance(a: Matrix, b: Matrix): number {
  const length = Math.hypot(a[0], a[1])
  return length === 0 ? 0 : ((b[4] - a[4]) * a[0] + (b[5] - a[5]) * a[1]) / (length * length)
}

const nextLine = (run: TextRun) => run.moveLine(0, -run.state.leading)

const OPERATORS: Readonly<Record<string, Act>> = {
  BT: act((run) => run.setMatrix([1, 0, 0, 1, 0, 0])),
  Tf: act((run, [font, size]) => run.setFont(isKind(font, 'name') ? font.name : '', num(size))),
  Td: act((run, [x, y]) => run.moveLine(num(x), num(y))),
  TD: act((run, [x, y]) => {
    run.state = { ...run.state, leading: -num(y) }
    run.moveLine(num(x), num(y))
  }),
  Tm: act((run, [a, b, c, d, e, f]) => run.setMatrix([num(a), num(b), num(c), num(d), num(e), num(f)])),
  'T*': act(nextLine),
  Tc: set((charSpace) => ({ charSpace })),
  Tw: set((wordSpace) => ({ wordSpace })),
  Tz: set((percent) => ({ scale: percent / 100 })),
  TL: set((leading) => ({ leading })),
  Ts: set((rise) => ({ rise })),
  Tr: set((mode) => ({ hidden: mode === 3 })),
  Tj: showString,
  TJ: showArray,
  "'": (run, operands) => {
    nextLine(run)
    return showString(run, operands)
  },
  '"': (run, operands) => {
    run.state = { ...run.state, wordSpace: num(operands[0]), charSpace: num(operands[1]) }
    nextLine(run)
    return showString(run, operands)
  },
}

/** What a text operator shows, if anything; other operators show no text. */
export function textOf(run: TextRun, { operator, operands }: Operation): ShownText | undefined {
  return Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator](run, operands) : undefined
}
