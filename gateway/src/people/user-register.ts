import { type InstitutionId, timeOf } from '@cinnabar/core'
import type { Clock } from '../clock'
import { change, findAll } from '../notarize/records'
import type { Store } from '../store/store'
import { PeopleError } from './people-error'
import type { EventKind, PeopleEvents } from './people-events'
import {
  createUser,
  endingLogIns,
  hashed,
  type Person,
  personOf,
  type Role,
  requireRoles,
  type UserRecord,
} from './users'

/** A user as colleagues see one. */
export interface ShownUser {
  readonly user: string
  readonly roles: readonly Role[]
  readonly status: 'active' | 'disabled'
  readonly createdAt: string
}

/** Who manages users, and from where. */
export interface Admin extends Person {
  readonly address?: string | undefined
}

/** The users of an institution, managed by its own admins. Every change is an event that the institution sees. */
export interface UserRegister {
  list(institution: InstitutionId): Promise<readonly ShownUser[]>
  /** @throws {@link PeopleError} `USER_INVALID`, `USER_EXISTS`. */
  add(
    admin: Admin,
    user: { readonly user: string; readonly roles: readonly Role[]; readonly password: string },
  ): Promise<ShownUser>
  /** @throws {@link PeopleError} `USER_UNKNOWN`, also for another institution's; `USER_INVALID`; `LAST_ADMIN`. */
  setRoles(admin: Admin, user: string, roles: readonly Role[]): Promise<ShownUser>
  /** Ends the user's log-ins. @throws {@link PeopleError} `USER_UNKNOWN`, `LAST_ADMIN`. */
  disable(admin: Admin, user: string): Promise<ShownUser>
  /** @throws {@link PeopleError} `USER_UNKNOWN`. */
  enable(admin: Admin, user: string): Promise<ShownUser>
  /** Ends the user's log-ins. @throws {@link PeopleError} `USER_UNKNOWN`, `USER_INVALID`. */
  resetPassword(admin: Admin, user: string, password: string): Promise<ShownUser>
  /** One's own; ends all log-ins. @throws {@link PeopleError} `LOGIN_FAILED` unless the present one is right; `USER_INVALID`. */
  changePassword(person: Admin, present: string, next: string): Promise<void>
}

/** What {@link userRegister} works with. */
export interface RegisterParts {
  readonly store: Store
  readonly clock: Clock
  readonly events: PeopleEvents
}

export function userRegister({ store, clock, events }: RegisterParts): UserRegister {
  const inTurn = turns()
  const record = (kind: EventKind, { institution, user: by, address }: Admin, subject: string) =>
    events.record({ institution, kind, subject, by, address })
  const list = (institution: InstitutionId) => findAll<UserRecord>(store, 'users', 'institution', institution)
  /** One change of the institution's users after another: two admins must not take each other's role at once. */
  const changed = (admin: Admin, user: string, kind: EventKind, next: (value: UserRecord) => UserRecord) =>
    inTurn(admin.institution, async () => {
      const found = await store.get<UserRecord>('users', user)
      if (found?.value.institution !== admin.institution) throw unknown(user)
      requireAnAdmin(await list(admin.institution), user, next(found.value))
      const value = await change<UserRecord>(store, 'users', user, next)
      if (value === undefined) throw unknown(user)
      await record(kind, admin, user)
      return shown(user, value)
    })
  return {
    list: async (institution) => (await list(institution)).map(({ id, value }) => shown(id, value)),
    async add(admin, { user, roles, password }) {
      const createdAt = timeOf(clock.now())
      await createUser(store, { user, institution: admin.institution, roles, password, createdAt })
      await record('userCreated', admin, user)
      return { user, roles, status: 'active', createdAt }
    },
    async setRoles(admin, user, roles) {
      requireRoles(roles)
      return changed(admin, user, 'rolesChanged', (value) => ({ ...value, roles }))
    },
    disable: (admin, user) =>
      changed(admin, user, 'userDisabled', (value) => endingLogIns({ ...value, disabled: true })),
    enable: (admin, user) => changed(admin, user, 'userEnabled', (value) => ({ ...value, disabled: false })),
    async resetPassword(admin, user, password) {
      const next = await hashed(password)
      return changed(admin, user, 'passwordReset', (value) => endingLogIns({ ...value, password: next }))
    },
    async changePassword(person, present, next) {
      await personOf(store, person.user, present)
      const password = await hashed(next)
      await changed(person, person.user, 'passwordChanged', (value) => endingLogIns({ ...value, password }))
    },
  }
}

function shown(user: string, { roles, disabled, createdAt }: UserRecord): ShownUser {
  return { user, roles, status: disabled === true ? 'disabled' : 'active', createdAt }
}

function unknown(user: string): PeopleError {
  return new PeopleError('USER_UNKNOWN', `there is no user ${user} here`, { user })
}

function isAdmin({ roles, disabled }: UserRecord): boolean {
  return roles.includes('admin') && disabled !== true
}

function requireAnAdmin(
  users: readonly { readonly id: string; readonly value: UserRecord }[],
  user: string,
  next: UserRecord,
): void {
  const had = users.some(({ value }) => isAdmin(value))
  const has = users.some(({ id, value }) => isAdmin(id === user ? next : value))
  if (had && !has) throw new PeopleError('LAST_ADMIN', `${user} is the institution's last active admin`, { user })
}

/** Work of one name after another. */
function turns() {
  const last = new Map<string, Promise<unknown>>()
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(name) ?? Promise.resolve()
    const mine = before.then(work, work)
    last.set(name, mine)
    return mine
  }
}
