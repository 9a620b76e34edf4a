import type { InstitutionId } from '@cinnabar/core'
import type { Clock } from '../clock'
import type { Store } from '../store/store'
import { noteAttempt, waitingFor } from './deliveries'
import { DueQueue } from './due-queue'
import { type SendOptions, type SendOutcome, send } from './send'
import { signatureHeaders } from './signature'
import type { DeliveryRecord } from './webhook-records'
import type { Webhook, WebhookRegister } from './webhook-register'

/** At once: to one webhook that takes what it gets, to those of one institution, and in all. To one that fails, one at a time. */
const TO_ONE = 4
const TO_INSTITUTION = 8
const IN_ALL = 64
/** A webhook that nothing reached for so long is switched off. */
const OFF_AFTER_MS = 3 * 24 * 3600_000
const GONE = 410
/** Timers of Node do not reach further than 24 days; looking again costs nothing. */
const LONGEST_SLEEP_MS = 60_000
/** What the store did not take in is asked for again after so long. */
const AFTER_FAILURE_MS = 5000
/** No attempt is further away than that, unless the clock was set back meanwhile: then it need not wait for the clock. */
const LONGEST_WAIT_MS = 12 * 3600_000

/** What the {@link Dispatcher} works with. */
export interface DispatcherParts {
  readonly store: Store
  readonly clock: Clock
  readonly register: WebhookRegister
  readonly sending: Omit<SendOptions, 'stop'>
  /** Told of failures that are ours. */
  readonly onFailure: (error: unknown) => void
  /** Told of each that was switched off. */
  readonly onOff: (webhook: Webhook) => Promise<void>
}

interface Sending {
  readonly institution: InstitutionId
  readonly webhook: string
  readonly done: Promise<void>
  /** Somebody asked for it again meanwhile. */
  again: boolean
}

/** Sends what waits, each when it is due: at least once, in no promised order. What is under way at a stop waits on. */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #stop = new AbortController()
  /** Of webhooks that are on, what is not being sent; of those that are off it waits in the store alone. */
  readonly #queues = new Map<string, DueQueue>()
  /** By delivery. */
  readonly #underWay = new Map<string, Sending>()
  /** The turn at which each webhook last had something sent. */
  readonly #served = new Map<string, number>()
  #turn = 0
  #lastWake = 0
  #timer: NodeJS.Timeout | undefined
  #soon: NodeJS.Immediate | undefined

  constructor(parts: DispatcherParts) {
    this.#parts = parts
  }

  /** Takes up what a former run left. */
  async begin(): Promise<void> {
    for (const { id } of this.#parts.register.all()) await this.load(id)
  }

  /** Takes up what waits for a webhook in the store, unless it is off. */
  async load(webhook: string): Promise<void> {
    if (this.#parts.register.find(webhook)?.status !== 'on') return
    for await (const page of waitingFor(this.#parts, webhook)) {
      for (const { id, value } of page) this.#put(webhook, id, dueOf(value))
    }
    this.wake()
  }

  /** A delivery that is in the store waits to be sent. */
  take(webhook: string, id: string): void {
    this.#put(webhook, id, this.#now())
    this.#soon ??= setImmediate(() => this.wake())
  }

  /** Forgets what waits for a webhook that is off, or no more. */
  forget(webhook: string): void {
    this.#queues.delete(webhook)
    this.#served.delete(webhook)
  }

  /** Sends what is due. */
  wake(): void {
    this.#sleep()
    if (this.#stop.signal.aborted) return
    const now = this.#now()
    if (now < this.#lastWake) for (const queue of this.#queues.values()) queue.clamp(now + LONGEST_WAIT_MS)
    this.#lastWake = now
    for (let next = this.#next(now); next !== undefined; next = this.#next(now)) this.#start(next.webhook, next.id)
    // What is due and has no room is woken by what ends.
    if (this.#underWay.size >= IN_ALL) return
    const roomFor = this.#room()
    const times = [...this.#queues].flatMap(([id, queue]) => (roomFor(id) > 0 ? (queue.nextAt() ?? []) : []))
    if (times.length === 0) return
    const ms = Math.min(LONGEST_SLEEP_MS, Math.max(0, Math.min(...times) - now))
    this.#timer = setTimeout(() => this.wake(), ms).unref()
  }

  /** How many wait for webhooks that are on, and how many are being sent. */
  queue(): { readonly waiting: number; readonly sending: number } {
    const waiting = [...this.#queues.values()].reduce((sum, { size }) => sum + size, 0)
    return { waiting, sending: this.#underWay.size }
  }

  async close(): Promise<void> {
    this.#sleep()
    this.#stop.abort()
    await Promise.all([...this.#underWay.values()].map(({ done }) => done))
  }

  #sleep(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#soon)
    this.#soon = undefined
  }

  #now(): number {
    return this.#parts.clock.now().getTime()
  }

  #put(webhook: string, id: string, at: number): void {
    if (this.#parts.register.find(webhook)?.status !== 'on') return
    const sending = this.#underWay.get(id)
    if (sending !== undefined) {
      sending.again = true
      return
    }
    const queue = this.#queues.get(webhook) ?? new DueQueue()
    this.#queues.set(webhook, queue)
    queue.put(id, Math.min(at, this.#now() + LONGEST_WAIT_MS))
  }

  /**
   * What is sent next: of the institution to which the least is under way, of its webhooks the one that waited longest.
   * So slow receivers of one institution hold up nobody else.
   */
  #next(now: number): { readonly webhook: Webhook; readonly id: string } | undefined {
    if (this.#underWay.size >= IN_ALL) return undefined
    const roomFor = this.#room()
    let best: { readonly queue: DueQueue; readonly webhook: Webhook; readonly rank: readonly number[] } | undefined
    for (const [id, queue] of this.#queues) {
      const webhook = this.#parts.register.find(id)
      if (webhook === undefined || (queue.nextAt() ?? now + 1) > now || roomFor(id) <= 0) continue
      const rank = [roomFor.busy(webhook.institution), this.#served.get(id) ?? 0]
      const isBetter =
        best === undefined || rank[0] < best.rank[0] || (rank[0] === best.rank[0] && rank[1] < best.rank[1])
      if (isBetter) best = { queue, webhook, rank }
    }
    const id = best?.queue.take(now)
    return best === undefined || id === undefined ? undefined : { webhook: best.webhook, id }
  }

  /** How much more may be sent to each webhook now, and how much is being sent to each institution. */
  #room() {
    const counts = new Map<string, number>()
    const busy = (name: string) => counts.get(name) ?? 0
    for (const { webhook, institution } of this.#underWay.values()) {
      for (const name of [webhook, institution]) counts.set(name, busy(name) + 1)
    }
    const roomFor = (id: string): number => {
      const found = this.#parts.register.find(id)
      if (found?.status !== 'on') return 0
      const most = found.failingSince === undefined ? TO_ONE : 1
      return Math.min(most - busy(id), TO_INSTITUTION - busy(found.institution))
    }
    return Object.assign(roomFor, { busy })
  }

  #start(webhook: Webhook, id: string): void {
    this.#served.set(webhook.id, ++this.#turn)
    const done = this.#send(webhook, id).then((at) => {
      const again = this.#underWay.get(id)?.again === true
      this.#underWay.delete(id)
      // Whoever asked again did so after its state was written or before: the store knows whether it waits.
      const next = again ? this.#now() : at
      if (next !== undefined) this.#put(webhook.id, id, next)
      this.wake()
    })
    this.#underWay.set(id, { institution: webhook.institution, webhook: webhook.id, done, again: false })
  }

  /** @returns when it is due again; undefined when it waits no more. */
  async #send(webhook: Webhook, id: string): Promise<number | undefined> {
    try {
      const found = await this.#parts.store.get<DeliveryRecord>('webhookDeliveries', id)
      if (found?.value.state !== 'waiting') return undefined
      return await this.#note(webhook, id, await this.#attempt(webhook, found.value))
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#parts.onFailure(error)
      return this.#now() + AFTER_FAILURE_MS
    }
  }

  #attempt(webhook: Webhook, { event, body }: DeliveryRecord): Promise<SendOutcome> {
    const seconds = Math.floor(this.#now() / 1000)
    const headers = signatureHeaders({ id: event, seconds, body }, this.#parts.register.secretsOf(webhook))
    return send({ url: webhook.url, headers, body }, { ...this.#parts.sending, stop: this.#stop.signal })
  }

  async #note({ id: webhook }: Webhook, id: string, outcome: SendOutcome): Promise<number | undefined> {
    const { register, onOff } = this.#parts
    const after = await noteAttempt(this.#parts, id, outcome)
    const next = after?.state === 'waiting' ? dueOf(after) : undefined
    // Removed while it was being sent.
    if (register.find(webhook) === undefined) return undefined
    if (outcome.code === undefined) {
      await register.succeeded(webhook)
      return next
    }
    const isGone = outcome.status === GONE
    const reason = await register.failed(webhook, { isGone, offAfterMs: OFF_AFTER_MS })
    const now = register.find(webhook)
    if (now !== undefined && now.status !== 'on') this.forget(webhook)
    if (reason !== undefined && now !== undefined) await onOff(now)
    return next
  }
}

function dueOf({ nextAt }: DeliveryRecord): number {
  return nextAt === undefined ? 0 : new Date(nextAt).getTime()
}
