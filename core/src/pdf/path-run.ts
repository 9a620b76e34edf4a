import type { Operation } from './content-operators'
import { isKind, type PdfObject } from './objects'

/** What was painted red: a box in the path's own space, and of how many curves. */
export interface RedPath {
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
  readonly curves: number
}

const POINTS: ReadonlyMap<string, number> = new Map(Object.entries({ m: 1, l: 1, c: 3, v: 2, y: 2 }))
const FILL_COLOUR = new Set(['rg', 'g', 'k', 'sc', 'scn'])
const STROKE_COLOUR = new Set(['RG', 'G', 'K', 'SC', 'SCN'])
const PAINT = new Set(['f', 'F', 'f*', 'B', 'B*', 'b', 'b*'])
const STROKE = new Set(['S', 's', ...PAINT])
const MAX_POINTS = 1_000_000

/** Follows colours and paths of a content stream, for those painted in the red of seals. */
export class PathRun {
  fillRed = false
  strokeRed = false
  #points = 0
  #curves = 0
  #box = emptyBox()

  /** What the operator paints in red, if anything. */
  follow({ operator, operands }: Operation): RedPath | undefined {
    const points = POINTS.get(operator)
    if (FILL_COLOUR.has(operator)) this.fillRed = isRed(operands)
    else if (STROKE_COLOUR.has(operator)) this.strokeRed = isRed(operands)
    else if (operator === 're') this.#rectangle(operands.map(numberIn))
    else if (points !== undefined) this.#take(points, operands)
    else if (STROKE.has(operator) || operator === 'n') return this.#paint(operator)
    return undefined
  }

  #paint(operator: string): RedPath | undefined {
    const { left, right, bottom, top } = this.#box
    const curves = this.#curves
    const painted = (PAINT.has(operator) && this.fillRed) || (STROKE.has(operator) && this.strokeRed)
    this.#box = emptyBox()
    this.#points = 0
    this.#curves = 0
    return painted && left <= right ? { left, right, bottom, top, curves } : undefined
  }

  #rectangle([x, y, width, height]: readonly number[]): void {
    this.#at(x, y)
    this.#at(x + width, y + height)
  }

  #take(points: number, values: readonly PdfObject[]): void {
    if (points > 1) this.#curves++
    for (let i = 0; i + 1 < values.length; i += 2) this.#at(numberIn(values[i]), numberIn(values[i + 1]))
  }

  #at(x: number, y: number): void {
    if (!Number.isFinite(x) || !Number.isFinite(y) || this.#points++ > MAX_POINTS) return
    const box = this.#box
    if (x < box.left) box.left = x
    if (x > box.right) box.right = x
    if (y < box.bottom) box.bottom = y
    if (y > box.top) box.top = y
  }
}

function emptyBox() {
  return { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity }
}

function numberIn(object: PdfObject): number {
  return isKind(object, 'number') ? object.value : Number.NaN
}

/** The red of seal paste, in RGB or CMYK. */
function isRed(operands: readonly PdfObject[]): boolean {
  const values = operands.filter((one) => isKind(one, 'number')).map(numberIn)
  if (values.length === 3) return isRedRgb(values[0], values[1], values[2])
  if (values.length !== 4) return false
  const [c, m, y, k] = values
  return isRedRgb((1 - c) * (1 - k), (1 - m) * (1 - k), (1 - y) * (1 - k))
}

/** Whether a colour, each part 0 to 1, is the red of seal paste. */
export function isRedRgb(r: number, g: number, b: number): boolean {
  return r >= 0.55 && g <= 0.45 && b <= 0.45 && r - Math.max(g, b) >= 0.3
}
