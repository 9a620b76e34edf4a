import type { Clock } from '../clock'
import { PeopleError } from './people-error'

const MAX_FAILURES = 10
const WINDOW_MS = 5 * 60 * 1000
/** More names than this at once are an attack: the oldest are forgotten, so that memory stays bounded. */
const MAX_NAMES = 10_000

/** Counts failed log-ins by name: a user's, an address's. In memory: a restart forgets. */
export interface LoginLimit {
  /** @throws {@link PeopleError} `LOGIN_LIMITED` after 10 failures of one of the names within 5 minutes. */
  require(...names: readonly string[]): void
  failed(...names: readonly string[]): void
  succeeded(name: string): void
}

export function loginLimit(clock: Clock): LoginLimit {
  const failures = new Map<string, number[]>()
  const recent = (name: string) => {
    const since = clock.now().getTime() - WINDOW_MS
    return (failures.get(name) ?? []).filter((at) => at > since)
  }
  return {
    require(...names) {
      if (names.every((name) => recent(name).length < MAX_FAILURES)) return
      throw new PeopleError('LOGIN_LIMITED', 'too many failed log-ins', { minutes: WINDOW_MS / 60_000 })
    },
    failed(...names) {
      for (const name of names) {
        const times = [...recent(name), clock.now().getTime()].slice(-MAX_FAILURES)
        failures.delete(name)
        failures.set(name, times)
      }
      for (const name of failures.keys()) {
        if (failures.size <= MAX_NAMES) break
        failures.delete(name)
      }
    },
    succeeded(name) {
      failures.delete(name)
    },
  }
}
