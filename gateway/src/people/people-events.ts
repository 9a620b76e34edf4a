import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import type { Clock } from '../clock'
import type { FindQuery, Store } from '../store/store'
import { newId } from './secrets'

/** What happens to people, their log-ins and where their institution has itself told: it must be able to see that. */
export const EVENT_KINDS = [
  'userCreated',
  'rolesChanged',
  'passwordReset',
  'passwordChanged',
  'userDisabled',
  'userEnabled',
  'apiKeyCreated',
  'apiKeyRevoked',
  /** A used refresh token was sent again. */
  'tokenReused',
  /** Log-ins of the user are refused for a while: too many failures. */
  'loginLimited',
  /** A registrar had a seal given another certificate over a new key. */
  'sealCertificateReplaced',
  'webhookAdded',
  'webhookChanged',
  'webhookSecretRotated',
  'webhookRemoved',
  /** Nothing reaches it, or it wants no more: it was switched off. */
  'webhookOff',
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** One such event; never changed. */
export interface PeopleEvent {
  readonly institution: InstitutionId
  readonly kind: EventKind
  readonly at: Time
  /** Whom it is about, or the id of the key, webhook or seal. */
  readonly subject: string
  /** Who did it; absent where nobody known did. */
  readonly by?: string
  /** Where the request came from, where that is known. */
  readonly address?: string | undefined
}

/** Keeps events, and tells whoever watches. */
export interface PeopleEvents {
  record(event: Omit<PeopleEvent, 'at'>): Promise<void>
  /** By time, oldest first unless said. @param after - id of the last one known. */
  list(
    institution: InstitutionId,
    page: Pick<FindQuery, 'after' | 'limit' | 'order'>,
  ): Promise<readonly (PeopleEvent & { readonly id: string })[]>
}

/** @param told - told of each event after it is durable. */
export function peopleEvents(store: Store, clock: Clock, told: (event: PeopleEvent) => void): PeopleEvents {
  let count = 0
  let last = ''
  return {
    async record(event) {
      const at = timeOf(clock.now())
      const kept: PeopleEvent = { ...event, at }
      // Ids ascend with time, so that pages by id are pages by time; a millisecond can hold several.
      const time = clock.now().toISOString()
      // Nor do ids go back with a clock that is set back: who reads on from the last one would miss them.
      last = time > last ? time : last
      const id = `${last}-${String(count++).padStart(9, '0')}-${newId()}`
      await store.insert('peopleEvents', id, kept)
      told(kept)
    },
    async list(institution, page) {
      const found = await store.find<PeopleEvent>('peopleEvents', {
        field: 'institution',
        equals: institution,
        ...page,
      })
      return found.map(({ id, value }) => ({ id, ...value }))
    },
  }
}
