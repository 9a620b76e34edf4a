import { timeOf } from '@cinnabar/core'
import type { Clock } from '../clock'
import { change } from '../notarize/records'
import type { Store, Stored } from '../store/store'
import { backoffMs, MAX_TRIES } from './backoff'
import type { SendOutcome } from './send'
import { WebhookError } from './webhook-error'
import { bodyOf, type WebhookEvent } from './webhook-events'
import {
  type Attempt,
  type DeliveryRecord,
  type DeliveryState,
  deliveryId,
  deliveryPrefix,
  MAX_ATTEMPTS_KEPT,
} from './webhook-records'
import type { Webhook } from './webhook-register'

/** A delivery with its id. */
export interface Delivery extends DeliveryRecord {
  readonly id: string
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[]
  /** Ask again with it as `cursor`; absent on the last page. */
  readonly next?: string
}

export interface DeliveryQuery {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly state?: DeliveryState | undefined
}

const CHUNK = 500
/** One request looks through this many; the next page goes on from there. */
const MAX_LOOKED_AT = 5000

interface Parts {
  readonly store: Store
  readonly clock: Clock
}

/** The deliveries of the event to the webhook, as they are at first. */
export function newDelivery(webhook: Webhook, event: WebhookEvent, clock: Clock): Delivery {
  const { institution, id, type, at } = event
  return {
    id: deliveryId(webhook.id, event),
    ...{ institution, webhook: webhook.id, event: id, type, at, body: bodyOf(event) },
    ...{ state: 'waiting', waiting: webhook.id, nextAt: timeOf(clock.now()), tries: 0, attempts: [] },
  }
}

/** Newest event first. */
export async function listDeliveries({ store }: Pick<Parts, 'store'>, webhook: string, query: DeliveryQuery) {
  const deliveries: Delivery[] = []
  let after = query.cursor
  const page = (isMore: boolean): DeliveryPage => ({
    deliveries,
    ...(isMore && after !== undefined && { next: after }),
  })
  for (let looked = 0; looked < MAX_LOOKED_AT; looked += CHUNK) {
    const where = { field: 'webhook', equals: webhook, order: 'descending', limit: CHUNK } as const
    const found = await store.find<DeliveryRecord>('webhookDeliveries', { ...where, ...(after && { after }) })
    for (const { id, value } of found) {
      if (deliveries.length === query.limit) return page(true)
      after = id
      if (query.state === undefined || value.state === query.state) deliveries.push({ id, ...value })
    }
    if (found.length < CHUNK) return page(false)
  }
  return page(true)
}

/** @throws {@link WebhookError} `DELIVERY_UNKNOWN`, also for another webhook's. */
export async function ownDelivery({ store }: Pick<Parts, 'store'>, webhook: string, id: string): Promise<Delivery> {
  const found = await store.get<DeliveryRecord>('webhookDeliveries', id)
  if (found?.value.webhook === webhook) return { id, ...found.value }
  throw new WebhookError('DELIVERY_UNKNOWN', 'there is no such delivery here', { delivery: id })
}

/** Has it sent at once, with the same id and body, whatever became of it before. @throws {@link WebhookError} `DELIVERY_UNKNOWN`. */
export async function askAgain({ store, clock }: Parts, { id, webhook }: Delivery): Promise<Delivery> {
  const nextAt = timeOf(clock.now())
  const again = { state: 'waiting', waiting: webhook, nextAt, tries: 0 } as const
  const value = await change<DeliveryRecord>(store, 'webhookDeliveries', id, (record) => ({ ...record, ...again }))
  if (value === undefined) throw new WebhookError('DELIVERY_UNKNOWN', 'it was removed meanwhile', { delivery: id })
  return { id, ...value }
}

/**
 * Writes down what became of an attempt, and when the next is due.
 * @returns undefined when the delivery was removed meanwhile, or waits no more.
 */
export async function noteAttempt(
  { store, clock }: Parts,
  id: string,
  { status, code, ms }: SendOutcome,
): Promise<DeliveryRecord | undefined> {
  const now = clock.now()
  const attempt: Attempt = { at: timeOf(now), ms, ...(status !== undefined && { status }), ...(code && { code }) }
  return change<DeliveryRecord>(store, 'webhookDeliveries', id, (record) => {
    if (record.state !== 'waiting') return undefined
    const tries = record.tries + 1
    const after = { ...record, tries, attempts: [...record.attempts, attempt].slice(-MAX_ATTEMPTS_KEPT) }
    if (code !== undefined && tries < MAX_TRIES) {
      return { ...after, nextAt: timeOf(new Date(now.getTime() + backoffMs(tries))) }
    }
    const { waiting: _, nextAt: __, ...ended } = after
    return { ...ended, state: code === undefined ? 'delivered' : 'failed' }
  })
}

/** All that wait for this webhook, oldest first, a page at a time. */
export async function* waitingFor({ store }: Pick<Parts, 'store'>, webhook: string) {
  for (let after: string | undefined; ; ) {
    const where = { field: 'waiting', equals: webhook, limit: CHUNK } as const
    const page = await store.find<DeliveryRecord>('webhookDeliveries', { ...where, ...(after && { after }) })
    yield page
    if (page.length < CHUNK) return
    after = page[page.length - 1].id
  }
}

/** How much of the delivery log is kept. */
export interface Kept {
  /** Of events of this time and later. */
  readonly since: Date
  /** Of each webhook; older ones go first. */
  readonly most: number
}

/** Removes what is older, or too much. @returns how many. */
export async function compact({ store }: Pick<Parts, 'store'>, webhook: string, kept: Kept): Promise<number> {
  const before = deliveryPrefix(kept.since)
  let tooMany = (await store.count('webhookDeliveries', 'webhook', webhook)) - kept.most
  for (let removed = 0; ; ) {
    const where = { field: 'webhook', equals: webhook, limit: CHUNK }
    const oldest: readonly Stored<DeliveryRecord>[] = await store.find('webhookDeliveries', where)
    const ids = oldest.filter(({ id }, i) => id < before || i < tooMany).map(({ id }) => id)
    await store.remove('webhookDeliveries', ids)
    removed += ids.length
    tooMany -= ids.length
    if (ids.length < CHUNK) return removed
  }
}

/** Removes all of them, of a webhook that is no more. */
export function removeAll(parts: Pick<Parts, 'store'>, webhook: string): Promise<number> {
  return compact(parts, webhook, { since: new Date(0), most: 0 })
}
