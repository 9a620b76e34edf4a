import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import type { Clock } from '../clock'
import type { SecretBox } from '../keys/secret-box'
import { change, findAll } from '../notarize/records'
import { newId } from '../people/secrets'
import type { Store } from '../store/store'
import { newWebhookSecret, secretText } from './signature'
import type { Targets } from './target'
import { WebhookError } from './webhook-error'
import type { WebhookEventType } from './webhook-events'
import type { OffReason, WebhookRecord } from './webhook-records'

/** More would only tell the same to the same. */
export const MAX_WEBHOOKS = 10
/** How long the secret before the present one goes on signing. */
const OVERLAP_MS = 24 * 3600_000

/** A webhook as its institution sees it. */
export interface ShownWebhook extends Omit<WebhookRecord, 'institution' | 'secrets'> {
  readonly id: string
  /** Until when the secret before the present one signs as well. */
  readonly oldSecretUntil?: Time
}

/** What an admin decides. */
export interface WebhookAsked {
  readonly url: string
  readonly events: readonly WebhookEventType[]
  readonly description?: string | undefined
}

/** Who decides. */
export interface WebhookAdmin {
  readonly institution: InstitutionId
  readonly user: string
}

/** A webhook in force. */
export interface Webhook extends WebhookRecord {
  readonly id: string
}

/** Parts of a {@link WebhookRegister}. */
export interface RegisterParts {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: SecretBox
  readonly targets: Targets
  /** Resolves when all that happens from now on will be told; called before an institution's first webhook is written. */
  readonly onFirst: (institution: InstitutionId) => Promise<void>
}

/** Whom to tell, in memory as in the store. */
export class WebhookRegister {
  readonly #parts: RegisterParts
  readonly #known = new Map<string, Webhook>()
  /** Webhooks are added one after another: their number is limited, and the first one begins the telling. */
  #adding: Promise<unknown> = Promise.resolve()

  private constructor(parts: RegisterParts) {
    this.#parts = parts
  }

  static async open(parts: RegisterParts): Promise<WebhookRegister> {
    const register = new WebhookRegister(parts)
    for (const status of ['on', 'off']) {
      const found = await findAll<WebhookRecord>(parts.store, 'webhooks', 'status', status)
      for (const { id, value } of found) register.#known.set(id, { id, ...value })
    }
    return register
  }

  /** Oldest first. */
  of(institution: InstitutionId): readonly Webhook[] {
    const own = [...this.#known.values()].filter((one) => one.institution === institution)
    return own.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  }

  institutions(): readonly InstitutionId[] {
    return [...new Set([...this.#known.values()].map(({ institution }) => institution))]
  }

  all(): readonly Webhook[] {
    return [...this.#known.values()]
  }

  find(id: string): Webhook | undefined {
    return this.#known.get(id)
  }

  /** @throws {@link WebhookError} `WEBHOOK_UNKNOWN`, also for another institution's. */
  own(institution: InstitutionId, id: string): Webhook {
    const found = this.#known.get(id)
    if (found?.institution === institution) return found
    throw new WebhookError('WEBHOOK_UNKNOWN', 'there is no such webhook here', { webhook: id })
  }

  /**
   * @returns the webhook with its secret, which is never shown again.
   * @throws {@link WebhookError} `WEBHOOK_URL_REFUSED`, `WEBHOOK_LIMIT`.
   */
  add(by: WebhookAdmin, asked: WebhookAsked): Promise<ShownWebhook & { readonly secret: string }> {
    const added = this.#adding.then(() => this.#add(by, asked))
    this.#adding = added.catch(() => undefined)
    return added
  }

  async #add(
    { institution, user }: WebhookAdmin,
    { url, events, description }: WebhookAsked,
  ): Promise<ShownWebhook & { readonly secret: string }> {
    const { store, clock, targets, onFirst } = this.#parts
    targets.requireUrl(url)
    const before = this.of(institution).length
    if (before >= MAX_WEBHOOKS) throw new WebhookError('WEBHOOK_LIMIT', `there are ${before} already`, { most: before })
    if (before === 0) await onFirst(institution)
    const id = newId()
    const secret = newWebhookSecret()
    const record: WebhookRecord = {
      institution,
      url,
      events: [...new Set(events)],
      ...(description !== undefined && { description }),
      status: 'on',
      secrets: [{ boxed: this.#parts.secrets.seal(boundTo(id), secret) }],
      createdBy: user,
      createdAt: timeOf(clock.now()),
    }
    await store.insert('webhooks', id, record)
    this.#known.set(id, { id, ...record })
    return { ...shownWebhook({ id, ...record }), secret: secretText(secret) }
  }

  /** @throws {@link WebhookError} `WEBHOOK_UNKNOWN`, `WEBHOOK_URL_REFUSED`. */
  async set({ institution }: WebhookAdmin, id: string, asked: WebhookAsked & Pick<WebhookRecord, 'status'>) {
    this.own(institution, id)
    this.#parts.targets.requireUrl(asked.url)
    return this.#change(id, ({ description: _, ...record }) => ({
      ...(asked.status === 'on' ? switchedOn(record) : this.#off(record, 'byAdmin')),
      url: asked.url,
      events: [...new Set(asked.events)],
      ...(asked.description !== undefined && { description: asked.description }),
    }))
  }

  /** A new secret; the one before signs beside it for a day. @throws {@link WebhookError} `WEBHOOK_UNKNOWN`. */
  async rotate({ institution }: WebhookAdmin, id: string): Promise<ShownWebhook & { readonly secret: string }> {
    this.own(institution, id)
    const { clock, secrets } = this.#parts
    const secret = newWebhookSecret()
    const until = timeOf(new Date(clock.now().getTime() + OVERLAP_MS))
    const boxed = secrets.seal(boundTo(id), secret)
    const after = await this.#change(id, (record) => ({
      ...record,
      // At most two are in force: a header of many signatures helps nobody.
      secrets: [{ boxed }, { boxed: record.secrets[0].boxed, until }],
    }))
    return { ...shownWebhook(after), secret: secretText(secret) }
  }

  /** Forgets it. @throws {@link WebhookError} `WEBHOOK_UNKNOWN`. */
  async remove({ institution }: WebhookAdmin, id: string): Promise<void> {
    this.own(institution, id)
    await this.#parts.store.remove('webhooks', [id])
    this.#known.delete(id)
  }

  /** What signs now. @throws {@link KeyError} `KEY_UNREADABLE`. */
  secretsOf({ id, secrets }: Webhook): readonly Uint8Array[] {
    const now = this.#parts.clock.now()
    const inForce = secrets.filter(({ until }) => until === undefined || new Date(until) > now)
    return inForce.map(({ boxed }) => this.#parts.secrets.open(boundTo(id), boxed))
  }

  /** Something reached it. */
  async succeeded(id: string): Promise<void> {
    if (this.#known.get(id)?.failingSince === undefined) return
    await this.#change(id, ({ failingSince: _, ...record }) => record)
  }

  /** An attempt failed. @returns why it was switched off for that, if it was; one of several attempts is told. */
  async failed(id: string, { isGone, offAfterMs }: { readonly isGone: boolean; readonly offAfterMs: number }) {
    const now = this.#parts.clock.now()
    let wasOn = false
    const after = await this.#change(id, (record) => {
      wasOn = record.status === 'on'
      const failingSince = record.failingSince ?? timeOf(now)
      const isLong = now.getTime() - new Date(failingSince).getTime() >= offAfterMs
      const failing = { ...record, failingSince }
      return isGone || isLong ? this.#off(failing, isGone ? 'gone' : 'failing') : failing
    })
    return wasOn && after.status === 'off' ? after.offReason : undefined
  }

  #off(record: WebhookRecord, offReason: OffReason): WebhookRecord {
    if (record.status === 'off') return record
    return { ...record, status: 'off', offReason, offSince: timeOf(this.#parts.clock.now()) }
  }

  async #change(id: string, next: (record: WebhookRecord) => WebhookRecord): Promise<Webhook> {
    const value = await change<WebhookRecord>(this.#parts.store, 'webhooks', id, next)
    if (value === undefined) throw new WebhookError('WEBHOOK_UNKNOWN', 'it was removed', { webhook: id })
    const webhook = { id, ...value }
    this.#known.set(id, webhook)
    return webhook
  }
}

export function shownWebhook({ institution: _, secrets, ...rest }: Webhook): ShownWebhook {
  const until = secrets.at(-1)?.until
  return { ...rest, ...(until !== undefined && { oldSecretUntil: until }) }
}

function switchedOn(record: WebhookRecord): WebhookRecord {
  if (record.status === 'on') return record
  const { offReason: _, offSince: __, failingSince: ___, ...rest } = record
  return { ...rest, status: 'on' }
}

function boundTo(id: string): string {
  return `cinnabar.webhook.v1\n${id}`
}
