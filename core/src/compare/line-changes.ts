import type { LineChange, LineChanges } from './comparison'

const MAX_LINES = 4_000
const MAX_LINE = 300
const MAX_CHANGES = 200
/** Beyond so many steps of the search, order is given up and only what came and went is told. */
const MAX_EDITS = 500

/** The lines that are on one side only, by a shortest edit script (Myers, 1986). Bounded in time and size. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChanges {
  const [a, b] = [before, after].map((lines) => lines.slice(0, MAX_LINES).map((line) => line.slice(0, MAX_LINE)))
  const unread = before.length - a.length !== after.length - b.length ? 1 : 0
  const changes = shortest(a, b) ?? unordered(a, b)
  return { changes: changes.slice(0, MAX_CHANGES), more: Math.max(0, changes.length - MAX_CHANGES) + unread }
}

/** For each number of edits, the furthest point reached on each diagonal; then the way back. */
function shortest(a: readonly string[], b: readonly string[]): readonly LineChange[] | undefined {
  const reached: Map<number, number>[] = []
  let last = new Map<number, number>([[1, 0]])
  for (let edits = 0; edits <= Math.min(a.length + b.length, MAX_EDITS); edits++) {
    const here = new Map<number, number>()
    reached.push(last)
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOn(last, diagonal, edits)
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      here.set(diagonal, x)
      if (x >= a.length && x - diagonal >= b.length) return wayBack(a, b, reached)
    }
    last = here
  }
  return undefined
}

const at = (reached: ReadonlyMap<number, number>, diagonal: number) => reached.get(diagonal) ?? -1
const isDown = (reached: ReadonlyMap<number, number>, diagonal: number, edits: number) =>
  diagonal === -edits || (diagonal !== edits && at(reached, diagonal - 1) < at(reached, diagonal + 1))

function startOn(reached: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  return isDown(reached, diagonal, edits) ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1
}

function wayBack(
  a: readonly string[],
  b: readonly string[],
  reached: readonly ReadonlyMap<number, number>[],
): readonly LineChange[] {
  const changes: LineChange[] = []
  let [x, y] = [a.length, b.length]
  for (let edits = reached.length - 1; edits > 0; edits--) {
    const diagonal = x - y
    const down = isDown(reached[edits], diagonal, edits)
    const from = diagonal + (down ? 1 : -1)
    x = at(reached[edits], from)
    y = x - from
    changes.push(down ? { change: 'added', text: b[y] } : { change: 'removed', text: a[x] })
  }
  return changes.reverse()
}

function unordered(a: readonly string[], b: readonly string[]): readonly LineChange[] {
  const missing = (from: readonly string[], among: readonly string[], change: LineChange['change']) => {
    const left = new Map<string, number>()
    for (const line of among) left.set(line, (left.get(line) ?? 0) + 1)
    return from.flatMap((text): LineChange[] => {
      const count = left.get(text) ?? 0
      left.set(text, count - 1)
      return count > 0 ? [] : [{ change, text }]
    })
  }
  return [...missing(a, b, 'removed'), ...missing(b, a, 'added')]
}
