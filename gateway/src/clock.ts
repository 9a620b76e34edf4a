/** The one place that reads the time and draws random bytes; tests pass their own. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** Measures from now on, whatever becomes of the wall clock. @returns the seconds since. */
export function stopwatch(): () => number {
  const start = performance.now()
  return () => (performance.now() - start) / 1000
}
