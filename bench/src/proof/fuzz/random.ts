/** Choices that a seed decides, so that a run can be repeated. */
export interface Chance {
  /** From 0 to below `count`. */
  below(count: number): number
  /** True once in so many times. */
  oneIn(count: number): boolean
  of<T>(all: readonly T[]): T
}

/** mulberry32: not for secrets. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return { below, oneIn: (count) => below(count) === 0, of: (all) => all[below(all.length)] }
}
