import type { InstitutionId } from '@cinnabar/core'
import { setSetting } from '../notarize/records'
import type { PeopleEvent } from '../people/people-events'
import type { TellerParts } from './tell-ended'
import { type WebhookEvent, type WebhookEventType, webhookEvent } from './webhook-events'

/** Id of the last event of an institution's people that was told. */
interface PeopleTold {
  readonly after: string
}

const AT_ONCE = 200
const DAY_MS = 24 * 3600_000

function typeOf(kind: PeopleEvent['kind']): WebhookEventType {
  if (kind === 'tokenReused' || kind === 'loginLimited') return 'signIn.alarm'
  if (kind === 'webhookOff') return 'webhook.off'
  return kind.startsWith('webhook') ? 'webhook.changed' : 'people.changed'
}

function idOf(institution: InstitutionId): string {
  return `webhooks/people/${institution}`
}

/** From now on: what happened before is told to nobody. */
export async function tellPeopleFromNow({ store }: Pick<TellerParts, 'store'>, institution: InstitutionId) {
  const where = { field: 'institution', equals: institution, order: 'descending', limit: 1 } as const
  const [last] = await store.find<PeopleEvent>('peopleEvents', where)
  await setSetting<PeopleTold>(store, idOf(institution), { after: last?.id ?? '' })
}

/**
 * Tells of what happened to people since it was last told; how far is written down after the telling.
 * @param isFirst - of this run: then a day is looked through again, since the clock may have been set back meanwhile and
 * events are found by their time. What was told already has the same id, and is not told twice.
 */
export async function tellPeople(
  parts: TellerParts,
  institution: InstitutionId,
  { isFirst }: { readonly isFirst: boolean },
): Promise<void> {
  const { store, tell } = parts
  const told = await store.get<PeopleTold>('settings', idOf(institution))
  if (told === undefined) return tellPeopleFromNow(parts, institution)
  for (let after = isFirst ? dayBefore(told.value.after) : told.value.after; ; ) {
    const where = { field: 'institution', equals: institution, after, limit: AT_ONCE }
    const found = await store.find<PeopleEvent>('peopleEvents', where)
    await tell(found.map(({ id, value }) => eventOf(id, value)))
    const last = found.at(-1)?.id
    if (last !== undefined && last > told.value.after)
      await setSetting<PeopleTold>(store, idOf(institution), { after: last })
    if (last === undefined || found.length < AT_ONCE) return
    after = last
  }
}

/** Ids of such events begin with their time. */
function dayBefore(id: string): string {
  const at = new Date(id.slice(0, 24)).getTime()
  return Number.isNaN(at) ? '' : new Date(at - DAY_MS).toISOString()
}

function eventOf(id: string, { institution, kind, at, subject, by }: PeopleEvent): WebhookEvent {
  const data = { event: id, kind, subject, ...(by !== undefined && { by }) }
  return webhookEvent(id, { institution, type: typeOf(kind), at, data })
}
