import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstitutionId, Time } from '@cinnabar/core'
import { openPeople, type People } from '../src/people/people'
import { type PeopleEvent, peopleEvents } from '../src/people/people-events'
import { createUser, type Role } from '../src/people/users'
import { openEmbeddedStore } from '../src/store/embedded'
import type { Store } from '../src/store/store'

export const BUREAU = 'JiangzhouBureau' as InstitutionId
export const COURT = 'JiangzhouCourt' as InstitutionId
export const PASSWORD = 'correct horse battery'

/** A clock that goes on when it is told to. */
export function movingClock(start: string) {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    pass: (seconds: number) => {
      time += seconds * 1000
    },
  }
}

/** People on a real store. */
export interface PeopleAtHand {
  readonly people: People
  readonly store: Store
  readonly clock: ReturnType<typeof movingClock>
  readonly told: readonly PeopleEvent[]
  /** Makes a user whose password is {@link PASSWORD}. */
  add(user: string, institution: InstitutionId, roles: readonly Role[]): Promise<void>
  /** The same store, opened again by a new process, as it were. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Opens people in a folder of their own. */
export async function peopleAtHand(): Promise<PeopleAtHand> {
  const folder = await mkdtemp(join(tmpdir(), 'cinnabar-people-'))
  const clock = movingClock('2026-11-22T00:00:00Z')
  const told: PeopleEvent[] = []
  const open = async () => {
    const store = await openEmbeddedStore(folder)
    const secret = new Uint8Array(32).fill(7)
    const parts = { store, clock, secret, sessionMinutes: 30, refreshDays: 7 }
    return { store, people: openPeople({ ...parts, events: peopleEvents(store, clock, (event) => told.push(event)) }) }
  }
  let now = await open()
  return {
    clock,
    told,
    get people() {
      return now.people
    },
    get store() {
      return now.store
    },
    async add(user, institution, roles) {
      const createdAt = '2026-11-22T00:00:00Z' as Time
      await createUser(now.store, { user, institution, roles, password: PASSWORD, createdAt })
    },
    async restart() {
      await now.store.close()
      now = await open()
    },
    async close() {
      await now.store.close()
      await rm(folder, { recursive: true })
    },
  }
}
