import type { Path, PathCommand } from './glyphs'

/** Points in a millimetre: PDF's default user space has 72 to the inch. */
export const POINTS_PER_MM = 72 / 25.4

/** An affine map as PDF writes it: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** The outline seen through `matrix`. */
export function transformPath(path: Path, [a, b, c, d, e, f]: Matrix): Path {
  return path.map((command) => {
    const [name, ...values] = command
    const moved: number[] = []
    for (let i = 0; i < values.length; i += 2) {
      moved.push(a * values[i] + c * values[i + 1] + e, b * values[i] + d * values[i + 1] + f)
    }
    return [name, ...moved] as unknown as PathCommand
  })
}

/** Quadratic curves raised to cubic ones, which is all that PDF has. */
export function toCubics(path: Path): Path {
  let x = 0
  let y = 0
  return path.map((command) => {
    if (command[0] === 'Z') return command
    const [fromX, fromY] = [x, y]
    ;[x, y] = command.slice(-2) as [number, number]
    if (command[0] !== 'Q') return command
    const third = (from: number, control: number) => from + (2 / 3) * (control - from)
    const [, cx, cy] = command
    return ['C', third(fromX, cx), third(fromY, cy), third(x, cx), third(y, cy), x, y]
  })
}

/** Control length of a cubic that follows a quarter of a circle of radius 1. */
const KAPPA = 0.5522847498307936

/** A closed ellipse around (`cx`, `cy`), counter-clockwise; with a negative `ry` clockwise, which cuts a hole. */
export function ellipsePath(cx: number, cy: number, rx: number, ry: number): Path {
  const kx = KAPPA * rx
  const ky = KAPPA * ry
  return [
    ['M', cx + rx, cy],
    ['C', cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry],
    ['C', cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy],
    ['C', cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry],
    ['C', cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy],
    ['Z'],
  ]
}

/** The band between an ellipse and the one `thickness` further in. */
export function ringPath(cx: number, cy: number, rx: number, ry: number, thickness: number): Path {
  return [...ellipsePath(cx, cy, rx, ry), ...ellipsePath(cx, cy, rx - thickness, -(ry - thickness))]
}

/** A five-pointed star, one point up, its points `radius` from the centre. */
export function starPath(cx: number, cy: number, radius: number): Path {
  // Where the edges between the points of a regular pentagram cross.
  const inner = (radius * Math.sin(Math.PI / 10)) / Math.sin((3 * Math.PI) / 10)
  const corners = Array.from({ length: 10 }, (_, i): PathCommand => {
    const angle = Math.PI / 2 + (i * Math.PI) / 5
    const distance = i % 2 === 0 ? radius : inner
    return [i === 0 ? 'M' : 'L', cx + distance * Math.cos(angle), cy + distance * Math.sin(angle)]
  })
  return [...corners, ['Z']]
}

/** A closed rectangle, counter-clockwise; with a negative height clockwise, which cuts a hole. */
export function rectanglePath(x: number, y: number, width: number, height: number): Path {
  return [['M', x, y], ['L', x + width, y], ['L', x + width, y + height], ['L', x, y + height], ['Z']]
}

/** A number as PDF and SVG both read it, rounded to `decimals` (at most 3), without exponent, `-0` or trailing zeros. */
export function decimal(value: number, decimals = 3): string {
  const rounded = Number(value.toFixed(decimals))
  return String(Object.is(rounded, -0) ? 0 : rounded)
}
