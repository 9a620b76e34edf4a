import { type InstitutionId, type Ledger, timeOf } from '@cinnabar/core'
import type { Clock } from '../clock'
import type { SecretBox } from '../keys/secret-box'
import type { Telling } from '../notarize/ports'
import type { EventKind, PeopleEvents } from '../people/people-events'
import { newId } from '../people/secrets'
import type { Store } from '../store/store'
import {
  askAgain,
  compact,
  type Delivery,
  type DeliveryPage,
  type DeliveryQuery,
  listDeliveries,
  newDelivery,
  ownDelivery,
  removeAll,
} from './deliveries'
import { Dispatcher } from './dispatcher'
import type { SendOptions } from './send'
import { tellLogFromNow } from './tell-log'
import { tellPeopleFromNow } from './tell-people'
import { Tellers } from './tellers'
import { type WebhookEvent, webhookEvent } from './webhook-events'
import type { WebhookRecord } from './webhook-records'
import {
  type ShownWebhook,
  shownWebhook,
  type Webhook,
  type WebhookAdmin,
  type WebhookAsked,
  WebhookRegister,
} from './webhook-register'

/** Deliveries of one webhook that are kept at most, whatever their age. */
const MOST_KEPT = 50_000
const DAY_MS = 24 * 3600_000

/** What {@link openWebhooks} works with. */
export interface WebhooksParts {
  readonly store: Store
  readonly clock: Clock
  readonly ledger: Ledger
  readonly secrets: SecretBox
  readonly sending: Omit<SendOptions, 'stop'>
  /** How long deliveries are kept. */
  readonly keptDays: number
  /** Where it is written who changed what, and what was switched off. */
  readonly events: PeopleEvents
  readonly onFailure: (error: unknown) => void
}

/** Who decides, and from where. */
export type Admin = WebhookAdmin & { readonly address?: string | undefined }

/** Addresses that are told of what happens, and what they were told. */
export interface Webhooks {
  /** For who ends jobs. */
  readonly telling: Telling
  /** Something happened to people of the institution. */
  peopleChanged(institution: InstitutionId): void
  list(institution: InstitutionId): readonly ShownWebhook[]
  /** @throws {@link WebhookError} `WEBHOOK_UNKNOWN`, as all of the following do for what is none of the institution's. */
  get(institution: InstitutionId, id: string): ShownWebhook
  /** @throws {@link WebhookError} `WEBHOOK_URL_REFUSED`, `WEBHOOK_LIMIT`. */
  add(admin: Admin, asked: WebhookAsked): Promise<ShownWebhook & { readonly secret: string }>
  /** @throws {@link WebhookError} `WEBHOOK_URL_REFUSED`. */
  set(admin: Admin, id: string, asked: WebhookAsked & Pick<WebhookRecord, 'status'>): Promise<ShownWebhook>
  rotate(admin: Admin, id: string): Promise<ShownWebhook & { readonly secret: string }>
  remove(admin: Admin, id: string): Promise<void>
  /** Sends it an event of no consequence. */
  test(admin: Admin, id: string): Promise<Delivery>
  deliveries(institution: InstitutionId, id: string, query: DeliveryQuery): Promise<DeliveryPage>
  /** @throws {@link WebhookError} `DELIVERY_UNKNOWN`. */
  delivery(institution: InstitutionId, id: string, delivery: string): Promise<Delivery>
  /** @throws {@link WebhookError} `DELIVERY_UNKNOWN`. */
  redeliver(institution: InstitutionId, id: string, delivery: string): Promise<Delivery>
  /** Takes up what a former run left, and begins to tell and to send. */
  begin(): Promise<void>
  /** Looks whether anything is to be told or is due. */
  wake(): void
  queue(): { readonly waiting: number; readonly sending: number }
  close(): Promise<void>
}

/** Reads who is to be told; until {@link Webhooks.begin} nothing is sent. */
export async function openWebhooks(parts: WebhooksParts): Promise<Webhooks> {
  const { store, clock, ledger, secrets, sending } = parts
  const onFirst = async (institution: InstitutionId) => {
    await tellLogFromNow({ store, ledger }, institution)
    await tellPeopleFromNow({ store }, institution)
  }
  const register = await WebhookRegister.open({ store, clock, secrets, targets: sending.targets, onFirst })
  const note = (kind: EventKind, { institution, user: by, address }: Admin, subject: string) =>
    parts.events.record({ kind, institution, subject, by, address })
  const dispatcher = new Dispatcher({
    ...parts,
    register,
    onOff: ({ id: subject, institution }) => parts.events.record({ kind: 'webhookOff', institution, subject }),
  })
  const give = async (events: readonly WebhookEvent[], to: (event: WebhookEvent) => readonly Webhook[]) => {
    const made = events.flatMap((event) => to(event).map((webhook) => newDelivery(webhook, event, clock)))
    if (made.length > 0) {
      await store.insertMany(
        'webhookDeliveries',
        made.map(({ id, ...value }) => ({ id, value })),
      )
    }
    for (const { id, webhook } of made) dispatcher.take(webhook, id)
    // One that was removed meanwhile leaves nothing.
    const gone = new Set(made.flatMap(({ webhook }) => (register.find(webhook) === undefined ? [webhook] : [])))
    for (const webhook of gone) await removeAll(parts, webhook)
    return made
  }
  const tellers = new Tellers({
    ...parts,
    institutions: () => register.institutions(),
    tell: async (events) => {
      await give(events, (event) => wantedBy(register, event))
    },
    tidy: async () => {
      const since = new Date(clock.now().getTime() - parts.keptDays * DAY_MS)
      for (const { id } of register.all()) await compact(parts, id, { since, most: MOST_KEPT })
    },
  })
  return {
    telling: {
      wants: (institution) => register.of(institution).length > 0,
      ended: () => tellers.look('ended'),
    },
    peopleChanged: (institution) => tellers.look('people', institution),
    list: (institution) => register.of(institution).map(shownWebhook),
    get: (institution, id) => shownWebhook(register.own(institution, id)),
    async add(admin, asked) {
      const added = await register.add(admin, asked)
      await note('webhookAdded', admin, added.id)
      return added
    },
    async set(admin, id, asked) {
      const after = await register.set(admin, id, asked)
      if (after.status === 'on') await dispatcher.load(id)
      else dispatcher.forget(id)
      await note('webhookChanged', admin, id)
      return shownWebhook(after)
    },
    async rotate(admin, id) {
      const rotated = await register.rotate(admin, id)
      await note('webhookSecretRotated', admin, id)
      return rotated
    },
    async remove(admin, id) {
      register.own(admin.institution, id)
      // A crash in between leaves a webhook that can be removed again, never deliveries of none.
      await removeAll(parts, id)
      await register.remove(admin, id)
      dispatcher.forget(id)
      await removeAll(parts, id)
      await note('webhookRemoved', admin, id)
    },
    async test({ institution, user }, id) {
      const webhook = register.own(institution, id)
      const at = timeOf(clock.now())
      const event = webhookEvent(newId(), { institution, type: 'webhook.test', at, data: { by: user } })
      const [made] = await give([event], () => [webhook])
      return made
    },
    async deliveries(institution, id, query) {
      return listDeliveries(parts, register.own(institution, id).id, query)
    },
    async delivery(institution, id, delivery) {
      return ownDelivery(parts, register.own(institution, id).id, delivery)
    },
    async redeliver(institution, id, delivery) {
      const found = await ownDelivery(parts, register.own(institution, id).id, delivery)
      const after = await askAgain(parts, found)
      dispatcher.take(id, delivery)
      return after
    },
    async begin() {
      await dispatcher.begin()
      tellers.begin()
    },
    wake() {
      tellers.lookEverywhere()
      dispatcher.wake()
    },
    queue: () => dispatcher.queue(),
    async close() {
      await tellers.close()
      await dispatcher.close()
    },
  }
}

/** What a ledger's clock may be behind ours: what happened since is not taken for what happened before. */
const SKEW_MS = 5 * 60_000

/** Who asked for such events, and had asked when it happened. */
function wantedBy(register: WebhookRegister, { institution, type, at, lasting }: WebhookEvent): readonly Webhook[] {
  const asked = register.of(institution).filter(({ events }) => events.some((one) => one === type))
  const latest = new Date(at).getTime() + SKEW_MS
  return asked.filter(({ createdAt }) => lasting === true || new Date(createdAt).getTime() <= latest)
}
