import type { Clock } from '../clock'
import type { Store } from '../store/store'
import { noteAttempt, waitingFor } from './deliveries'
import { type SendOptions, type SendOutcome, send } from './send'
import { signatureHeaders } from './signature'
import type { DeliveryRecord, OffReason } from './webhook-records'
import type { Webhook, WebhookRegister } from './webhook-register'

/** At once: to one webhook that takes what it gets, and in all. To one that does not, one at a time. */
const TO_ONE = 4
const IN_ALL = 16
/** A webhook that nothing reached for so long is switched off. */
const OFF_AFTER_MS = 3 * 24 * 3600_000
const GONE = 410
/** Timers of Node do not reach further than 24 days; looking again costs nothing. */
const LONGEST_SLEEP_MS = 60_000
/** What the store did not take in is asked for again after so long. */
const AFTER_FAILURE_MS = 5000

/** What the {@link Dispatcher} works with. */
export interface DispatcherParts {
  readonly store: Store
  readonly clock: Clock
  readonly register: WebhookRegister
  readonly sending: Omit<SendOptions, 'stop'>
  /** Told of failures that are ours. */
  readonly onFailure: (error: unknown) => void
  readonly onOff: (webhook: Webhook, reason: OffReason) => void
}

/** Sends what waits, each when it is due: at least once, in no promised order. What is under way at a stop waits on. */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #stop = new AbortController()
  /** When each is due, in milliseconds since 1970, by webhook and delivery. */
  readonly #due = new Map<string, Map<string, number>>()
  readonly #underWay = new Map<string, { readonly webhook: string; readonly done: Promise<void> }>()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: DispatcherParts) {
    this.#parts = parts
  }

  /** Takes up what a former run left. */
  async begin(): Promise<void> {
    for (const { id: webhook } of this.#parts.register.all()) {
      for await (const page of waitingFor(this.#parts, webhook)) {
        for (const { id, value } of page) this.#put(webhook, id, dueOf(value))
      }
    }
    this.wake()
  }

  /** A delivery that is in the store waits to be sent. */
  take(webhook: string, id: string): void {
    this.#put(webhook, id, this.#now())
    this.wake()
  }

  /** Forgets what waits for a webhook that is no more. */
  forget(webhook: string): void {
    this.#due.delete(webhook)
  }

  /** Sends what is due. */
  wake(): void {
    if (this.#stop.signal.aborted) return
    clearTimeout(this.#timer)
    for (const [webhook, deliveries] of this.#due) this.#startOf(webhook, deliveries)
    const next = this.#nextAt()
    if (next === undefined) return
    const ms = Math.min(LONGEST_SLEEP_MS, Math.max(0, next - this.#now()))
    this.#timer = setTimeout(() => this.wake(), ms).unref()
  }

  /** How many wait, and how many are being sent. */
  queue(): { readonly waiting: number; readonly sending: number } {
    const waiting = [...this.#due.values()].reduce((sum, { size }) => sum + size, 0)
    return { waiting, sending: this.#underWay.size }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stop.abort()
    await Promise.all([...this.#underWay.values()].map(({ done }) => done))
  }

  #now(): number {
    return this.#parts.clock.now().getTime()
  }

  #put(webhook: string, id: string, at: number): void {
    const known = this.#due.get(webhook) ?? new Map<string, number>()
    this.#due.set(webhook, known.set(id, at))
  }

  #startOf(webhook: string, deliveries: Map<string, number>): void {
    const found = this.#parts.register.find(webhook)
    if (found?.status !== 'on') return
    const now = this.#now()
    let room = this.#roomFor(found)
    for (const [id, at] of deliveries) {
      if (room <= 0) return
      if (at > now || this.#underWay.has(id)) continue
      room--
      const done = this.#send(found, id).finally(() => {
        this.#underWay.delete(id)
        this.wake()
      })
      this.#underWay.set(id, { webhook, done })
    }
  }

  #roomFor({ id, failingSince }: Webhook): number {
    const own = [...this.#underWay.values()].filter(({ webhook }) => webhook === id).length
    const most = failingSince === undefined ? TO_ONE : 1
    return Math.min(most - own, IN_ALL - this.#underWay.size)
  }

  /** The first time at which something is due that can be sent; what is due already waits for room, and is woken by that. */
  #nextAt(): number | undefined {
    let next: number | undefined
    for (const [webhook, deliveries] of this.#due) {
      if (this.#parts.register.find(webhook)?.status !== 'on') continue
      for (const at of deliveries.values()) if (at > this.#now() && (next === undefined || at < next)) next = at
    }
    return next
  }

  async #send(webhook: Webhook, id: string): Promise<void> {
    try {
      const found = await this.#parts.store.get<DeliveryRecord>('webhookDeliveries', id)
      if (found?.value.state !== 'waiting') {
        this.#due.get(webhook.id)?.delete(id)
        return
      }
      await this.#note(webhook, id, await this.#attempt(webhook, found.value))
    } catch (error) {
      if (this.#stop.signal.aborted) return
      this.#put(webhook.id, id, this.#now() + AFTER_FAILURE_MS)
      this.#parts.onFailure(error)
    }
  }

  #attempt(webhook: Webhook, { event, body }: DeliveryRecord): Promise<SendOutcome> {
    const seconds = Math.floor(this.#now() / 1000)
    const headers = signatureHeaders({ id: event, seconds, body }, this.#parts.register.secretsOf(webhook))
    return send({ url: webhook.url, headers, body }, { ...this.#parts.sending, stop: this.#stop.signal })
  }

  async #note({ id: webhook }: Webhook, id: string, outcome: SendOutcome): Promise<void> {
    const { register, onOff } = this.#parts
    const after = await noteAttempt(this.#parts, id, outcome)
    if (after?.state === 'waiting') this.#put(webhook, id, dueOf(after))
    else this.#due.get(webhook)?.delete(id)
    // Removed while it was being sent.
    if (register.find(webhook) === undefined) return this.forget(webhook)
    if (outcome.code === undefined) return register.succeeded(webhook)
    const isGone = outcome.status === GONE
    const reason = await register.failed(webhook, { isGone, offAfterMs: OFF_AFTER_MS })
    const now = register.find(webhook)
    if (reason !== undefined && now !== undefined) onOff(now, reason)
  }
}

function dueOf({ nextAt }: DeliveryRecord): number {
  return nextAt === undefined ? 0 : new Date(nextAt).getTime()
}
