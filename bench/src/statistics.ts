/** Milliseconds of each of `count` runs of `work`, after `warmUp` runs that do not count. */
export async function timesOf(work: () => Promise<unknown>, count: number, warmUp: number): Promise<readonly number[]> {
  for (let i = 0; i < warmUp; i++) await work()
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return times
}

/** The q-th quantile, 0 to 1. */
export function quantile(times: readonly number[], q: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]
}

export function median(times: readonly number[]): number {
  return quantile(times, 0.5)
}
