import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import type { Clock } from '../clock'
import { change, findAll } from '../notarize/records'
import type { Store } from '../store/store'
import { PeopleError } from './people-error'
import type { PeopleEvents } from './people-events'
import { hashOf, isSecret, newId, newSecret, presentedIn, textOf } from './secrets'
import type { Admin } from './user-register'
import { type Person, type Role, requireRoles } from './users'

/** What a machine may be: no machine manages people. */
export const KEY_ROLES = ['registrar', 'sealer', 'auditor'] as const satisfies readonly Role[]
export type KeyRole = (typeof KEY_ROLES)[number]

/** The longest that a key lasts, in days. */
export const MAX_KEY_DAYS = 366

/** A key of a machine of the institution. The key itself is not kept. */
export interface ApiKeyRecord {
  readonly institution: InstitutionId
  /** For people. */
  readonly name: string
  readonly roles: readonly KeyRole[]
  /** SHA-256 of the secret. */
  readonly secret: string
  readonly createdBy: string
  readonly createdAt: Time
  readonly expiresAt: Time
  readonly revokedAt?: Time
}

/** A key as admins see it. */
export interface ShownApiKey extends Omit<ApiKeyRecord, 'institution' | 'secret'> {
  readonly id: string
}

export interface NewApiKey {
  readonly name: string
  readonly roles: readonly KeyRole[]
  /** 1 to {@link MAX_KEY_DAYS}. */
  readonly days: number
}

/** Keys by which machines call the routes for users, each with roles of its own and an end. */
export interface ApiKeys {
  list(institution: InstitutionId): Promise<readonly ShownApiKey[]>
  /** @returns the key with its text, which is never shown again. @throws {@link PeopleError} `USER_INVALID`. */
  create(admin: Admin, key: NewApiKey): Promise<ShownApiKey & { readonly key: string }>
  /** @throws {@link PeopleError} `API_KEY_UNKNOWN`, also for another institution's. */
  revoke(admin: Admin, id: string): Promise<ShownApiKey>
  /**
   * Who holds the key: `key:` and its id.
   * @returns undefined for a text that is no key.
   * @throws {@link PeopleError} `API_KEY_INVALID`, `API_KEY_EXPIRED`, `API_KEY_REVOKED`.
   */
  person(text: string): Promise<Person | undefined>
}

const DAY_MS = 24 * 3600 * 1000
const NAME = /^[^\p{Cc}]{1,64}$/u

export function apiKeys(parts: {
  readonly store: Store
  readonly clock: Clock
  readonly events: PeopleEvents
}): ApiKeys {
  const { store, clock, events } = parts
  return {
    async list(institution) {
      const found = await findAll<ApiKeyRecord>(store, 'apiKeys', 'institution', institution)
      return found.map(({ id, value }) => shown(id, value))
    },
    async create({ institution, user, address }, { name, roles, days }) {
      requireKey({ name, roles, days })
      const [id, secret, now] = [newId(), newSecret(), clock.now()]
      const record: ApiKeyRecord = {
        institution,
        name,
        roles,
        secret: hashOf(secret),
        createdBy: user,
        createdAt: timeOf(now),
        expiresAt: timeOf(new Date(now.getTime() + days * DAY_MS)),
      }
      await store.insert('apiKeys', id, record)
      await events.record({ institution, kind: 'apiKeyCreated', subject: id, by: user, address })
      return { ...shown(id, record), key: textOf('key', { id, secret }) }
    },
    async revoke({ institution, user, address }, id) {
      const found = await store.get<ApiKeyRecord>('apiKeys', id)
      if (found?.value.institution !== institution) {
        throw new PeopleError('API_KEY_UNKNOWN', 'there is no such key here', { id })
      }
      if (found.value.revokedAt !== undefined) return shown(id, found.value)
      const revokedAt = timeOf(clock.now())
      const value = await change<ApiKeyRecord>(store, 'apiKeys', id, (one) => ({ ...one, revokedAt }))
      await events.record({ institution, kind: 'apiKeyRevoked', subject: id, by: user, address })
      return shown(id, value ?? found.value)
    },
    async person(text) {
      const presented = presentedIn('key', text)
      if (presented === undefined) return undefined
      const found = await store.get<ApiKeyRecord>('apiKeys', presented.id)
      if (found === undefined || !isSecret(presented.secret, found.value.secret)) {
        throw new PeopleError('API_KEY_INVALID', 'this key is none of ours')
      }
      const { institution, roles, expiresAt, revokedAt } = found.value
      if (revokedAt !== undefined) throw new PeopleError('API_KEY_REVOKED', 'this key was revoked', { revokedAt })
      if (new Date(expiresAt) <= clock.now()) {
        throw new PeopleError('API_KEY_EXPIRED', 'this key has expired', { expiresAt })
      }
      return { user: `key:${found.id}`, institution, roles }
    },
  }
}

function requireKey({ name, roles, days }: NewApiKey): void {
  requireRoles(roles)
  const fits = NAME.test(name) && Number.isInteger(days) && days >= 1 && days <= MAX_KEY_DAYS
  if (fits && roles.every((role) => KEY_ROLES.includes(role))) return
  throw new PeopleError('USER_INVALID', `a key has a name, roles other than admin, and 1 to ${MAX_KEY_DAYS} days`)
}

function shown(id: string, { institution: _, secret: __, ...rest }: ApiKeyRecord): ShownApiKey {
  return { id, ...rest }
}
