import type { Clock } from '../clock'
import type { Store } from '../store/store'
import { type ApiKeys, apiKeys } from './api-keys'
import { type Continued, type Families, families } from './families'
import { type LoginLimit, loginLimit } from './login-limit'
import type { PeopleEvents } from './people-events'
import { sessions } from './sessions'
import { type Admin, type UserRegister, userRegister } from './user-register'
import { type Person, personOf } from './users'

/** A log-in as its user gets it. */
export interface OpenSession extends Person {
  readonly token: string
  readonly expiresInSeconds: number
  readonly refreshToken: string
  readonly refreshExpiresInSeconds: number
}

/** Everybody who may ask something of the gateway. */
export interface People {
  readonly users: UserRegister
  readonly keys: ApiKeys
  readonly events: PeopleEvents
  /** @throws {@link PeopleError} `LOGIN_FAILED`, `LOGIN_LIMITED`. */
  logIn(credentials: {
    readonly user: string
    readonly password: string
    readonly address: string | undefined
  }): Promise<OpenSession>
  /** @throws as {@link Families.refresh}. */
  refresh(refreshToken: string, address: string | undefined): Promise<OpenSession>
  /** Ends the log-in that a refresh token belongs to; of anything else nothing comes. */
  logOut(refreshToken: string): Promise<void>
  /** As {@link UserRegister.changePassword}, within the limit of failed log-ins. @throws also `LOGIN_LIMITED`. */
  changePassword(person: Admin, present: string, next: string): Promise<void>
  /**
   * Whose token or key it is; roles are those of the register now.
   * @throws {@link PeopleError} `SESSION_INVALID`, `SESSION_EXPIRED`, `SESSION_ENDED`, `API_KEY_INVALID`,
   * `API_KEY_EXPIRED`, `API_KEY_REVOKED`.
   */
  person(bearer: string): Promise<Person>
}

/** What {@link openPeople} works with. */
export interface PeopleParts {
  readonly store: Store
  readonly clock: Clock
  /** 32 bytes that access tokens are signed with. */
  readonly secret: Uint8Array
  /** How long an access token lasts: 15 to 60. */
  readonly sessionMinutes: number
  /** How long a log-in can be refreshed. */
  readonly refreshDays: number
  readonly events: PeopleEvents
}

export function openPeople({ store, clock, secret, sessionMinutes, refreshDays, events }: PeopleParts): People {
  const access = sessions(secret, clock, sessionMinutes)
  const known: Families = families({ store, clock, events, days: refreshDays })
  const keys = apiKeys({ store, clock, events })
  const limit: LoginLimit = loginLimit({ store, clock, events })
  const opened = ({ person, family, generation, ...refresh }: Continued): OpenSession => ({
    ...access.open({ user: person.user, family, generation }),
    ...refresh,
    ...person,
  })
  const users = userRegister({ store, clock, events })
  return {
    users,
    keys,
    events,
    async logIn({ user, password, address }) {
      await limit.attempt({ user, address }, () => personOf(store, user, password))
      return opened(await known.begin(user))
    },
    refresh: async (token, address) => opened(await known.refresh(token, address)),
    logOut: (refreshToken) => known.end(refreshToken),
    changePassword: (person, present, next) =>
      limit.attempt({ user: person.user, address: person.address }, () => users.changePassword(person, present, next)),
    async person(bearer) {
      const machine = await keys.person(bearer)
      if (machine !== undefined) return machine
      const { user, family, generation } = access.read(bearer)
      return known.person(family, user, generation)
    },
  }
}
