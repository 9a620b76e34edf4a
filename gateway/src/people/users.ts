import type { InstitutionId, Time } from '@cinnabar/core'
import { hash, verify } from '@node-rs/argon2'
import type { Store } from '../store/store'
import { PeopleError } from './people-error'

/** What a user may do in the institution: set up seals, use them, read its log, manage its users. */
export const ROLES = ['registrar', 'sealer', 'auditor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A user of one institution, by user name. */
export interface UserRecord {
  readonly institution: InstitutionId
  readonly roles: readonly Role[]
  /** Argon2id, PHC string. */
  readonly password: string
  readonly createdAt: Time
  readonly disabled?: boolean
  /** Raised whenever all earlier log-ins shall end; 0 when absent. */
  readonly generation?: number
}

/** Who asks. */
export interface Person {
  readonly user: string
  readonly institution: InstitutionId
  readonly roles: readonly Role[]
}

export interface NewUser extends Person {
  readonly password: string
  readonly createdAt: Time
}

/** argon2id, 19 MiB, 2 passes, 1 lane: OWASP's first choice, and the library's default algorithm. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const USER = /^[a-z0-9][a-z0-9._-]{0,63}$/
export const MIN_PASSWORD = 10
/** Longer ones are refused before they are hashed. */
export const MAX_PASSWORD = 256

/**
 * Makes a user.
 * @throws {@link PeopleError} `USER_INVALID` for a name that is no lower-case name, no role or a password under 10
 * characters; `USER_EXISTS`.
 */
export async function createUser(
  store: Store,
  { user, institution, roles, password, createdAt }: NewUser,
): Promise<void> {
  if (!USER.test(user)) throw new PeopleError('USER_INVALID', 'a user name has lower-case letters, digits, . _ -')
  requireRoles(roles)
  const record: UserRecord = { institution, roles, password: await hashed(password), createdAt }
  if (!(await store.insert('users', user, record))) {
    throw new PeopleError('USER_EXISTS', `there is a user ${user} already`, { user })
  }
}

/** @throws {@link PeopleError} `USER_INVALID` unless it is one or more roles, each once. */
export function requireRoles(roles: readonly Role[]): void {
  const known = roles.every((role) => ROLES.includes(role))
  if (known && roles.length > 0 && new Set(roles).size === roles.length) return
  throw new PeopleError('USER_INVALID', 'expected one or more roles, each once')
}

/** Argon2id. @throws {@link PeopleError} `USER_INVALID` for a password under 10 or over 256 characters. */
export async function hashed(password: string): Promise<string> {
  if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD) {
    throw new PeopleError('USER_INVALID', `a password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`)
  }
  return hash(password, COST)
}

/**
 * Gives a user another password and ends all log-ins. @returns false when there is no such user, or somebody else changed
 * it at once.
 * @throws {@link PeopleError} `USER_INVALID` for a password that {@link createUser} refuses.
 */
export async function setPassword(store: Store, user: string, password: string): Promise<boolean> {
  const changed = await hashed(password)
  const found = await store.get<UserRecord>('users', user)
  if (found === undefined) return false
  return store.replace('users', user, found.version, endingLogIns({ ...found.value, password: changed }))
}

/** The record under which no earlier log-in counts. */
export function endingLogIns(record: UserRecord): UserRecord {
  return { ...record, generation: generationOf(record) + 1 }
}

export function generationOf({ generation }: Pick<UserRecord, 'generation'>): number {
  return generation ?? 0
}

/**
 * The user with this password. An unknown user takes the same time as a wrong password.
 * @throws {@link PeopleError} `LOGIN_FAILED`, the same for both and for one who is disabled.
 */
export async function personOf(store: Store, user: string, password: string): Promise<Person> {
  const found = USER.test(user) ? await store.get<UserRecord>('users', user) : undefined
  const right = await verify(found?.value.password ?? (await nobody()), password)
  if (!right || found === undefined || found.value.disabled === true) {
    throw new PeopleError('LOGIN_FAILED', 'no such user, or another password')
  }
  return { user, institution: found.value.institution, roles: found.value.roles }
}

let nobodys: Promise<string> | undefined

/** The hash that an unknown user's password is compared with. */
function nobody(): Promise<string> {
  nobodys ??= hash('nobody has this password', COST)
  return nobodys
}
