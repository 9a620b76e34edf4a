import { stopwatch } from '../clock'
import { HttpError } from './http-error'

/** How much one caller may ask for. */
export interface CallerLimit {
  /** Requests in a minute, evenly; a sixth of them may come at once. */
  readonly perMinute: number
  /** Requests under way. */
  readonly atOnce: number
}

/** What one gateway grants: to each user and machine, and to each address of strangers. */
export interface CallerLimits {
  readonly user: CallerLimit
  readonly stranger: CallerLimit
}

/** Lets callers in. */
export interface Admission {
  /**
   * Counts a request of the caller.
   * @returns ends it, once.
   * @throws {@link HttpError} `RATE_LIMITED` and `TOO_MANY_AT_ONCE`, with `retryAfterSeconds`.
   */
  enter(caller: string): () => void
}

interface Caller {
  /** Requests that may come now. */
  left: number
  /** Seconds on our watch when `left` was reckoned. */
  at: number
  underWay: number
}

/** Of more callers than this those are forgotten who asked longest ago: whoever has many addresses costs little. */
const MAX_CALLERS = 10_000
/** Callers with something under way are passed over, so many at most. */
const MAX_LOOKED_AT = 16
const BURST_SECONDS = 10
/** Whoever has too much under way: one of those requests may end any moment. */
const SHORTLY_SECONDS = 1

/** Counts in memory, for this gateway alone: a restart forgets, and so do ten thousand others who came since. */
export function admissionBy({ perMinute, atOnce }: CallerLimit, seconds: () => number = stopwatch()): Admission {
  const perSecond = perMinute / 60
  const most = Math.max(1, perSecond * BURST_SECONDS)
  const callers = new Map<string, Caller>()
  /** The first in the map is whoever asked longest ago. */
  const forgetQuietest = () => {
    let looked = 0
    for (const [name, caller] of callers) {
      callers.delete(name)
      if (caller.underWay === 0 || ++looked > MAX_LOOKED_AT) return
      callers.set(name, caller)
    }
  }
  const callerOf = (name: string, now: number): Caller => {
    const known = callers.get(name)
    if (known !== undefined) {
      known.left = Math.min(most, known.left + (now - known.at) * perSecond)
      known.at = now
      callers.delete(name)
      callers.set(name, known)
      return known
    }
    if (callers.size >= MAX_CALLERS) forgetQuietest()
    const made: Caller = { left: most, at: now, underWay: 0 }
    callers.set(name, made)
    return made
  }
  return {
    enter(name) {
      const caller = callerOf(name, seconds())
      if (caller.left < 1) {
        const retryAfterSeconds = Math.ceil((1 - caller.left) / perSecond)
        throw new HttpError('RATE_LIMITED', `more than ${perMinute} requests in a minute`, {
          perMinute,
          retryAfterSeconds,
        })
      }
      if (caller.underWay >= atOnce) {
        throw new HttpError('TOO_MANY_AT_ONCE', `more than ${atOnce} requests at once`, {
          atOnce,
          retryAfterSeconds: SHORTLY_SECONDS,
        })
      }
      caller.left--
      caller.underWay++
      let ended = false
      return () => {
        if (!ended) caller.underWay--
        ended = true
      }
    },
  }
}
