import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Clock } from '../clock'
import { change } from '../notarize/records'
import type { Store } from '../store/store'
import { PeopleError } from './people-error'
import type { PeopleEvents } from './people-events'
import type { UserRecord } from './users'

const WINDOW_MS = 5 * 60 * 1000
/** Failures are kept in so many records, by the first digits of their key's digest. */
const BUCKET_DIGITS = 2
/** More keys than this in one record are an attack: the oldest are forgotten, so that the store stays bounded. */
const MAX_KEYS = 100

/** Who tries to log in. */
export interface Attempt {
  readonly user: string
  /** Undefined where the caller's own cannot be known. */
  readonly address: string | undefined
}

/** Counts failed log-ins, durably: a restart forgets none. */
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

/** Failures by the digest of who they are of: milliseconds, oldest first; the key last failed for stands last. */
interface Failures {
  readonly keys: readonly (readonly [digest: string, times: readonly number[]])[]
}

interface Limit {
  readonly digest: string
  readonly max: number
}

function limitsOf({ user, address }: Attempt): readonly Limit[] {
  if (address === undefined) return [limitOn(`user ${user}`, 100)]
  const network = networkOf(address)
  return [limitOn(`both ${network} ${user}`, 10), limitOn(`user ${user}`, 100), limitOn(`address ${network}`, 100)]
}

/** Names and addresses are not kept, only what finds them again. */
function limitOn(name: string, max: number): Limit {
  return { digest: createHash('sha256').update(name).digest('hex').slice(0, 32), max }
}

/** Who is counted together: whoever has one IPv6 address has the 2^64 of its network. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address
  const [head, tail] = address
    .split('%')[0]
    .split('::')
    .map((part) => part.split(':').filter(Boolean))
  const zeros = tail === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...(tail ?? [])]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

export function loginLimit(parts: {
  readonly store: Store
  readonly clock: Clock
  readonly events: PeopleEvents
}): LoginLimit {
  const { store, clock, events } = parts
  const buckets = bucketsIn(store)
  const told = new Map<string, number>()
  /** The institution hears of it once in a window, not at each guess. */
  const report = async ({ user, address }: Attempt, at: number) => {
    if (at - (told.get(user) ?? 0) < WINDOW_MS) return
    const found = await store.get<UserRecord>('users', user)
    if (found === undefined) return
    told.set(user, at)
    await events.record({ institution: found.value.institution, kind: 'loginLimited', subject: user, address })
  }
  /** @returns whether there was room. */
  const take = async ({ digest, max }: Limit, at: number): Promise<boolean> => {
    let room = false
    await buckets.change(digest, at, (keys) => {
      const recent = (keys.get(digest) ?? []).filter((time) => time > at - WINDOW_MS)
      room = recent.length < max
      return room ? [digest, [...recent, at]] : undefined
    })
    return room
  }
  const takeBack = ({ digest }: Limit, at: number, all: 'all' | 'one') =>
    buckets.change(digest, at, (keys) => {
      const times = keys.get(digest) ?? []
      const place = times.indexOf(at)
      return [digest, all === 'all' ? [] : times.filter((_, i) => i !== place)]
    })
  /** Counts the attempt everywhere, or nowhere. @returns undefined when somewhere there was no room. */
  const takeAll = async (who: Attempt, at: number): Promise<readonly Limit[] | undefined> => {
    const limits = limitsOf(who)
    const taken = await Promise.all(limits.map((limit) => take(limit, at)))
    if (taken.every(Boolean)) return limits
    await Promise.all(limits.map((limit, i) => (taken[i] ? takeBack(limit, at, 'one') : undefined)))
    return undefined
  }
  return {
    async attempt(who, logIn) {
      const at = clock.now().getTime()
      const taken = await takeAll(who, at)
      if (taken === undefined) {
        await report(who, at)
        throw new PeopleError('LOGIN_LIMITED', 'too many failed log-ins', { minutes: WINDOW_MS / 60_000 })
      }
      try {
        const person = await logIn()
        // The failures of this user from here are forgotten with the first success.
        await Promise.all(taken.map((one, i) => takeBack(one, at, i === 0 && taken.length > 1 ? 'all' : 'one')))
        return person
      } catch (cause) {
        if (!(cause instanceof PeopleError)) await Promise.all(taken.map((one) => takeBack(one, at, 'one')))
        throw cause
      }
    },
  }
}

/** The records, one change of each after another. */
function bucketsIn(store: Store) {
  const last = new Map<string, Promise<unknown>>()
  type Next = (
    keys: ReadonlyMap<string, readonly number[]>,
  ) => readonly [digest: string, times: readonly number[]] | undefined
  const changeNow = async (id: string, at: number, next: Next) => {
    if ((await store.get('loginFailures', id)) === undefined) {
      await store.insert('loginFailures', id, { keys: [] } satisfies Failures)
    }
    await change<Failures>(store, 'loginFailures', id, ({ keys }) => {
      const changed = next(new Map(keys))
      if (changed === undefined) return undefined
      const isRecent = (times: readonly number[]) => (times.at(-1) ?? 0) > at - WINDOW_MS
      const others = keys.filter(([digest, times]) => digest !== changed[0] && isRecent(times))
      return { keys: (changed[1].length === 0 ? others : [...others, changed]).slice(-MAX_KEYS) }
    })
  }
  return {
    change(digest: string, at: number, next: Next): Promise<void> {
      const id = digest.slice(0, BUCKET_DIGITS)
      const before = last.get(id) ?? Promise.resolve()
      const mine = before.then(
        () => changeNow(id, at, next),
        () => changeNow(id, at, next),
      )
      last.set(id, mine)
      return mine
    },
  }
}
