import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import type { Clock } from '../clock'
import { change } from '../notarize/records'
import type { Store } from '../store/store'
import { PeopleError } from './people-error'
import type { PeopleEvents } from './people-events'
import { hashOf, isSecret, newId, newSecret, presentedIn, textOf } from './secrets'
import { generationOf, type Person, type UserRecord } from './users'

/** How a family came to its end. */
export type FamilyEnd = 'loggedOut' | 'tokenReused'

/** All refresh tokens that descend from one log-in, of which one is good at a time. */
export interface FamilyRecord {
  readonly user: string
  readonly institution: InstitutionId
  /** The user's when they logged in. */
  readonly generation: number
  /** SHA-256 of the secret of the token that is good. */
  readonly current: string
  /** Those of earlier ones, the newest last. */
  readonly used: readonly string[]
  readonly createdAt: Time
  readonly expiresAt: Time
  readonly ended?: FamilyEnd
}

/** A log-in that may go on. */
export interface Continued {
  readonly person: Person
  readonly family: string
  readonly generation: number
  readonly refreshToken: string
  /** Seconds until the family ends, whatever is refreshed. */
  readonly refreshExpiresInSeconds: number
}

/** Log-ins that outlive their access token. */
export interface Families {
  /** @throws {@link PeopleError} `SESSION_ENDED` when the user was disabled meanwhile. */
  begin(user: string): Promise<Continued>
  /**
   * A new token for the present one, which is then used up. One that was used before ends the whole family: the holder of
   * the other copy may be a thief, and which of the two is cannot be known.
   * @throws {@link PeopleError} `REFRESH_REUSED`, `SESSION_INVALID`, `SESSION_EXPIRED`, `SESSION_ENDED`.
   */
  refresh(token: string, address: string | undefined): Promise<Continued>
  /** The user behind a log-in, as the register has them now. @throws {@link PeopleError} `SESSION_ENDED`. */
  person(family: string, user: string, generation: number): Promise<Person>
  /** Ends the family of the token; of anything that is no token of ours nothing comes. */
  end(token: string): Promise<void>
}

export interface FamiliesParts {
  readonly store: Store
  readonly clock: Clock
  readonly events: PeopleEvents
  /** 1 or more. */
  readonly days: number
}

const DAY_MS = 24 * 3600 * 1000
/** Uses that are remembered: at one in 15 minutes, four days of them. */
const MAX_USED = 400

export function families({ store, clock, events, days }: FamiliesParts): Families {
  const userOf = async (user: string) => {
    const found = await store.get<UserRecord>('users', user)
    if (found === undefined || found.value.disabled === true) throw ended()
    return found.value
  }
  const person = async (family: string, user: string, generation: number): Promise<Person> => {
    const [found, record] = await Promise.all([store.get<FamilyRecord>('families', family), userOf(user)])
    const counts = found?.value.user === user && found.value.ended === undefined
    if (!counts || generationOf(record) !== generation) throw ended()
    return { user, institution: record.institution, roles: record.roles }
  }
  const reused = async (id: string, { institution, user }: FamilyRecord, address: string | undefined) => {
    await change<FamilyRecord>(store, 'families', id, (value) => ({ ...value, ended: 'tokenReused' }))
    await events.record({ institution, kind: 'tokenReused', subject: user, address })
    return new PeopleError('REFRESH_REUSED', 'this token was used before: the log-in is ended', { user })
  }
  return {
    async begin(user) {
      const { institution, roles, ...record } = await userOf(user)
      const generation = generationOf(record)
      const [id, secret] = [newId(), newSecret()]
      const [createdAt, expiresAt] = [clock.now(), new Date(clock.now().getTime() + days * DAY_MS)]
      const family: FamilyRecord = {
        user,
        institution,
        generation,
        current: hashOf(secret),
        used: [],
        createdAt: timeOf(createdAt),
        expiresAt: timeOf(expiresAt),
      }
      await store.insert('families', id, family)
      return continued({ id, secret, family, person: { user, institution, roles }, now: createdAt })
    },
    async refresh(token, address) {
      const presented = presentedIn('refresh', token)
      const found = presented && (await store.get<FamilyRecord>('families', presented.id))
      if (presented === undefined || found === undefined) throw invalid()
      const { id, value, version } = found
      const now = clock.now()
      const isCurrent = isSecret(presented.secret, value.current)
      // Who only knows the id, from an access token, must not be able to end the family.
      if (!isCurrent && !value.used.some((one) => isSecret(presented.secret, one))) throw invalid()
      if (value.ended !== undefined) throw value.ended === 'tokenReused' ? alreadyReused(value) : ended()
      if (!isCurrent) throw await reused(id, value, address)
      if (new Date(value.expiresAt) <= now) throw new PeopleError('SESSION_EXPIRED', 'the log-in has lasted its time')
      const who = await person(id, value.user, value.generation)
      const secret = newSecret()
      const used = [...value.used, value.current].slice(-MAX_USED)
      const next: FamilyRecord = { ...value, current: hashOf(secret), used }
      // Lost to another refresh by the same token at the same time: that is a second use of it.
      if (!(await store.replace('families', id, version, next))) throw await reused(id, value, address)
      return continued({ id, secret, family: next, person: who, now })
    },
    person,
    async end(token) {
      const presented = presentedIn('refresh', token)
      const found = presented && (await store.get<FamilyRecord>('families', presented.id))
      if (presented === undefined || found === undefined) return
      const { id, value: known } = found
      if (![known.current, ...known.used].some((one) => isSecret(presented.secret, one))) return
      await change<FamilyRecord>(store, 'families', id, (value) =>
        value.ended === undefined ? { ...value, ended: 'loggedOut' } : undefined,
      )
    },
  }
}

interface ContinuedParts {
  readonly id: string
  readonly secret: string
  readonly family: FamilyRecord
  readonly person: Person
  readonly now: Date
}

function continued({ id, secret, family, person, now }: ContinuedParts): Continued {
  return {
    person,
    family: id,
    generation: family.generation,
    refreshToken: textOf('refresh', { id, secret }),
    refreshExpiresInSeconds: Math.floor((new Date(family.expiresAt).getTime() - now.getTime()) / 1000),
  }
}

function invalid(): PeopleError {
  return new PeopleError('SESSION_INVALID', 'this token is none of ours')
}

function ended(): PeopleError {
  return new PeopleError('SESSION_ENDED', 'the log-in was ended')
}

function alreadyReused({ user }: FamilyRecord): PeopleError {
  return new PeopleError('REFRESH_REUSED', 'a token of this log-in was used twice: the log-in is ended', { user })
}
