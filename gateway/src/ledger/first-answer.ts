/** How long to wait for one before the next is asked as well. */
export interface Impatience<W> {
  /** For the first, ms; the later ones have a third of it, since something is wrong by then. */
  readonly patienceMs: number
  /** Told of each that has not answered by then. Its answer still counts if it is the first. */
  readonly onLate: (way: W) => void
}

/**
 * Tries several ways to the same answer: the next one when the one before it fails, or keeps silent for too long. What
 * hangs (a stopped process, a lost network, a peer that waits for its chaincode) costs as little as what is refused.
 * @param attempt - undefined when this way failed and another may do; whatever it throws ends the whole.
 * @returns the first answer; undefined when every way failed.
 */
export function firstAnswer<W, T extends object>(
  ways: readonly W[],
  attempt: (way: W, index: number) => Promise<T | undefined>,
  { patienceMs, onLate }: Impatience<W>,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let begun = 0
    let underWay = 0
    let timer: NodeJS.Timeout | undefined
    let done = false
    const end = (settle: () => void) => {
      done = true
      clearTimeout(timer)
      settle()
    }
    const next = () => {
      clearTimeout(timer)
      if (done) return
      if (begun < ways.length) begin(ways[begun], begun++)
      else if (underWay === 0) end(() => resolve(undefined))
    }
    const begin = (way: W, index: number) => {
      underWay++
      timer = setTimeout(
        () => {
          onLate(way)
          next()
        },
        index === 0 ? patienceMs : patienceMs / 3,
      )
      attempt(way, index).then(
        (answer) => {
          underWay--
          if (answer === undefined) next()
          else end(() => resolve(answer))
        },
        (error) => end(() => reject(error)),
      )
    }
    next()
  })
}
