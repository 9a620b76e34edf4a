import type { Clock } from '../clock'
import { PeopleError } from './people-error'

const WINDOW_MS = 5 * 60 * 1000
/** More keys than this at once are an attack: the oldest are forgotten, so that memory stays bounded. */
const MAX_KEYS = 30_000

/** Who tries to log in. */
export interface Attempt {
  readonly user: string
  /** Undefined where the caller's own cannot be known. */
  readonly address: string | undefined
}

/** Counts failed log-ins. In memory: a restart forgets. */
export interface LoginLimit {
  /**
   * Lets somebody try. An attempt counts from its beginning, so that guesses sent at once are counted like any others;
   * one that succeeds, or does not fail with a {@link PeopleError}, is taken back.
   * @throws {@link PeopleError} `LOGIN_LIMITED` after 10 failures for the user from this address, or 100 for the user or
   * from the address, within 5 minutes. So a stranger's guesses do not lock a user out at once. Without an address the
   * user's 100 alone count. What `logIn` throws.
   */
  attempt<T>(who: Attempt, logIn: () => Promise<T>): Promise<T>
}

function limitsOf({ user, address }: Attempt): readonly (readonly [key: string, failures: number])[] {
  if (address === undefined) return [[`user ${user}`, 100]]
  return [
    [bothOf({ user, address }), 10],
    [`user ${user}`, 100],
    [`address ${address}`, 100],
  ]
}

function bothOf({ user, address }: Attempt): string {
  return `both ${address} ${user}`
}

export function loginLimit(clock: Clock): LoginLimit {
  const failures = new Map<string, number[]>()
  const recent = (key: string) => {
    const since = clock.now().getTime() - WINDOW_MS
    return (failures.get(key) ?? []).filter((at) => at > since)
  }
  const count = (who: Attempt, at: number) => {
    for (const [key, max] of limitsOf(who)) {
      const times = [...recent(key), at].slice(-max)
      failures.delete(key)
      failures.set(key, times)
    }
    for (const key of failures.keys()) {
      if (failures.size <= MAX_KEYS) break
      failures.delete(key)
    }
  }
  const takeBack = (who: Attempt, at: number) => {
    for (const [key] of limitsOf(who)) {
      const times = failures.get(key) ?? []
      const place = times.indexOf(at)
      const others = times.filter((_, i) => i !== place)
      if (others.length === 0) failures.delete(key)
      else failures.set(key, others)
    }
  }
  return {
    async attempt(who, logIn) {
      if (!limitsOf(who).every(([key, max]) => recent(key).length < max)) {
        throw new PeopleError('LOGIN_LIMITED', 'too many failed log-ins', { minutes: WINDOW_MS / 60_000 })
      }
      const at = clock.now().getTime()
      count(who, at)
      try {
        const person = await logIn()
        takeBack(who, at)
        failures.delete(bothOf(who))
        return person
      } catch (cause) {
        if (!(cause instanceof PeopleError)) takeBack(who, at)
        throw cause
      }
    },
  }
}
