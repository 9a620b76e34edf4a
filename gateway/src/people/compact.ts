import type { InstitutionId } from '@cinnabar/core'
import type { Clock } from '../clock'
import { findAll } from '../notarize/records'
import type { Store } from '../store/store'
import type { FamilyRecord } from './families'
import type { PeopleEvent } from './people-events'
import type { UserRecord } from './users'

/** How long what is over is kept, in days. */
export interface Retention {
  /** Log-ins, from their end: the latest at which they could have gone on. */
  readonly sessionsKeptDays: number
  readonly peopleEventsKeptDays: number
}

export interface CompactParts extends Retention {
  readonly store: Store
  readonly clock: Clock
  readonly institutions: readonly InstitutionId[]
}

const DAY_MS = 24 * 3600 * 1000
const PAGE = 500

/** Forgets log-ins and events that are older than they are kept. @returns how many of each. */
export async function compactPeople(
  parts: CompactParts,
): Promise<{ readonly families: number; readonly events: number }> {
  const removed = { families: 0, events: 0 }
  for (const institution of parts.institutions) {
    removed.families += await forgetFamilies(parts, institution)
    removed.events += await forgetEvents(parts, institution)
  }
  return removed
}

async function forgetFamilies({ store, clock, sessionsKeptDays }: CompactParts, institution: InstitutionId) {
  const before = clock.now().getTime() - sessionsKeptDays * DAY_MS
  let removed = 0
  for (const { id: user } of await findAll<UserRecord>(store, 'users', 'institution', institution)) {
    const families = await findAll<FamilyRecord>(store, 'families', 'user', user)
    // One that was ended early counts until it would have expired: its used tokens are known as such until then.
    const old = families.filter(({ value }) => new Date(value.expiresAt).getTime() < before).map(({ id }) => id)
    await store.remove('families', old)
    removed += old.length
  }
  return removed
}

/** Their ids are in the order of time: what is too young ends the search. */
async function forgetEvents({ store, clock, peopleEventsKeptDays }: CompactParts, institution: InstitutionId) {
  const before = clock.now().getTime() - peopleEventsKeptDays * DAY_MS
  let removed = 0
  for (;;) {
    const page = await store.find<PeopleEvent>('peopleEvents', {
      ...{ field: 'institution', equals: institution, limit: PAGE },
    })
    const old = page.filter(({ value }) => new Date(value.at).getTime() < before).map(({ id }) => id)
    await store.remove('peopleEvents', old)
    removed += old.length
    if (old.length < PAGE) return removed
  }
}
