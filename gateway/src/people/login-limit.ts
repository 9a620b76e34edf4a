import type { Clock } from '../clock'
import { PeopleError } from './people-error'

const WINDOW_MS = 5 * 60 * 1000
/** More keys than this at once are an attack: the oldest are forgotten, so that memory stays bounded. */
const MAX_KEYS = 30_000

/** Who tries to log in. */
export interface Attempt {
  readonly user: string
  readonly address: string
}

/** Counts failed log-ins. In memory: a restart forgets. */
export interface LoginLimit {
  /**
   * @throws {@link PeopleError} `LOGIN_LIMITED` after 10 failures for the user from this address, or 100 for the user or
   * from the address, within 5 minutes. So a stranger's guesses do not lock a user out at once.
   */
  require(attempt: Attempt): void
  failed(attempt: Attempt): void
  succeeded(attempt: Attempt): void
}

function limitsOf({ user, address }: Attempt): readonly (readonly [key: string, failures: number])[] {
  return [
    [`both ${address} ${user}`, 10],
    [`user ${user}`, 100],
    [`address ${address}`, 100],
  ]
}

export function loginLimit(clock: Clock): LoginLimit {
  const failures = new Map<string, number[]>()
  const recent = (key: string) => {
    const since = clock.now().getTime() - WINDOW_MS
    return (failures.get(key) ?? []).filter((at) => at > since)
  }
  return {
    require(attempt) {
      if (limitsOf(attempt).every(([key, max]) => recent(key).length < max)) return
      throw new PeopleError('LOGIN_LIMITED', 'too many failed log-ins', { minutes: WINDOW_MS / 60_000 })
    },
    failed(attempt) {
      for (const [key, max] of limitsOf(attempt)) {
        const times = [...recent(key), clock.now().getTime()].slice(-max)
        failures.delete(key)
        failures.set(key, times)
      }
      for (const key of failures.keys()) {
        if (failures.size <= MAX_KEYS) break
        failures.delete(key)
      }
    },
    succeeded(attempt) {
      const [[both]] = limitsOf(attempt)
      failures.delete(both)
    },
  }
}
