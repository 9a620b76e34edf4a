import type { Area, Pixels } from './comparison'

/** A pixel has changed when red, green or blue differs by more, of 255: smoothing of edges is no change. */
export const TOLERANCE = { channel: 16 } as const

/** Side of the squares in which changed pixels are gathered to areas. */
const SQUARE = 8
const MAX_AREAS = 64

/** Changed pixels among all, and rectangles in pixels around them, largest first. */
export interface ChangedPixels {
  readonly share: number
  readonly areas: readonly Area[]
}

/** Compares two pictures from their top left corners; what only one of them covers has changed. */
export function changedPixels(before: Pixels, after: Pixels): ChangedPixels {
  const width = Math.max(before.width, after.width)
  const height = Math.max(before.height, after.height)
  const columns = Math.ceil(width / SQUARE)
  const squares = new Map<number, Area>()
  let count = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isChanged(before, after, x, y)) continue
      count++
      const square = Math.floor(y / SQUARE) * columns + Math.floor(x / SQUARE)
      const point = { x, y, width: 1, height: 1 }
      const known = squares.get(square)
      squares.set(square, known === undefined ? point : around(known, point))
    }
  }
  return { share: count / Math.max(1, width * height), areas: gathered(squares, columns) }
}

function isChanged(before: Pixels, after: Pixels, x: number, y: number): boolean {
  if (x >= before.width || x >= after.width || y >= before.height || y >= after.height) return true
  const [i, j] = [4 * (y * before.width + x), 4 * (y * after.width + x)]
  for (let channel = 0; channel < 3; channel++) {
    if (Math.abs(before.rgba[i + channel] - after.rgba[j + channel]) > TOLERANCE.channel) return true
  }
  return false
}

/** Squares at most one square apart belong to one area. */
function gathered(squares: ReadonlyMap<number, Area>, columns: number): readonly Area[] {
  const open = new Map(squares)
  const areas: Area[] = []
  for (const [start, first] of squares) {
    if (!open.delete(start)) continue
    let area = first
    const near = [start]
    for (let square = near.pop(); square !== undefined; square = near.pop()) {
      for (const next of neighbours(square, columns)) {
        const found = open.get(next)
        if (found === undefined) continue
        open.delete(next)
        area = around(area, found)
        near.push(next)
      }
    }
    areas.push(area)
  }
  areas.sort((a, b) => b.width * b.height - a.width * a.height)
  const rest = areas.slice(MAX_AREAS - 1)
  return areas.length <= MAX_AREAS ? areas : [...areas.slice(0, MAX_AREAS - 1), rest.reduce(around)]
}

function neighbours(square: number, columns: number): readonly number[] {
  const found: number[] = []
  const column = square % columns
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      if (column + dx >= 0 && column + dx < columns) found.push(square + dy * columns + dx)
    }
  }
  return found
}

function around(a: Area, b: Area): Area {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}

/** The later picture in pale grey, with what has changed in red. */
export function differencePicture(before: Pixels, after: Pixels): Pixels {
  const width = Math.max(before.width, after.width)
  const height = Math.max(before.height, after.height)
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgba.set(shade(before, after, x, y), 4 * (y * width + x))
  }
  return { width, height, rgba }
}

const RED = [200, 0, 0] as const

function shade(before: Pixels, after: Pixels, x: number, y: number): readonly number[] {
  if (isChanged(before, after, x, y)) return RED
  const i = 4 * (y * after.width + x)
  const grey = 170 + (after.rgba[i] + after.rgba[i + 1] + after.rgba[i + 2]) / 9
  return [grey, grey, grey]
}
