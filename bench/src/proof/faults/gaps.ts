/** A stretch of time in ms, on any one clock. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The longest stretch within the span in which nothing happened, in ms. */
export function longestGap(times: readonly number[], { from, to }: Span): number {
  const within = times.filter((time) => time > from && time < to).sort((a, b) => a - b)
  const marks = [from, ...within, to]
  return Math.max(...marks.slice(1).map((mark, i) => mark - marks[i]))
}

/** The same choice of at most `count` of them each time, by a linear congruential generator. */
export function sampleOf<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  const rest = [...all]
  let state = seed >>> 0
  return Array.from({ length: Math.min(count, all.length) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return rest.splice(state % rest.length, 1)[0]
  })
}
