import type { InstitutionId, Time } from '@cinnabar/core'
import type { Boxed } from '../keys/secret-box'
import type { SendFailure } from './send'
import type { SentType, WebhookEventType } from './webhook-events'

/** Why nothing is sent to a webhook. */
export type OffReason =
  | 'byAdmin'
  /** Nothing reached it for days. */
  | 'failing'
  /** It answered 410, which says that it wants no more. */
  | 'gone'

/** A secret of a webhook; the last one has no end. */
export interface WebhookSecret {
  /** Bound to the webhook's id. */
  readonly boxed: Boxed
  /** Until when it signs beside the one that followed it. */
  readonly until?: Time
}

/** An address of an institution that wants to be told of events. */
export interface WebhookRecord {
  readonly institution: InstitutionId
  readonly url: string
  readonly events: readonly WebhookEventType[]
  /** For people. */
  readonly description?: string
  readonly status: 'on' | 'off'
  readonly offReason?: OffReason
  readonly offSince?: Time
  /** When the first attempt failed after which none succeeded. */
  readonly failingSince?: Time
  /** The newest first. */
  readonly secrets: readonly WebhookSecret[]
  readonly createdBy: string
  readonly createdAt: Time
}

/** One try to send. */
export interface Attempt {
  readonly at: Time
  readonly ms: number
  readonly status?: number
  /** Absent where the receiver took it. */
  readonly code?: SendFailure
}

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** One event for one webhook; its id begins with the event's time, so that deliveries by id are deliveries by time. */
export interface DeliveryRecord {
  readonly institution: InstitutionId
  readonly webhook: string
  /** The event's id, sent as `webhook-id`. */
  readonly event: string
  readonly type: SentType
  readonly at: Time
  /** As it is signed and sent, each time the same. */
  readonly body: string
  readonly state: DeliveryState
  /** The webhook, while it waits. */
  readonly waiting?: string
  /** When it is to be sent next, while it waits. */
  readonly nextAt?: Time
  /** Since it was last asked for. */
  readonly tries: number
  /** The newest last; older ones than {@link MAX_ATTEMPTS_KEPT} are dropped. */
  readonly attempts: readonly Attempt[]
}

export const MAX_ATTEMPTS_KEPT = 24

/** What a delivery's id begins with, when its event is of this time. */
export function deliveryPrefix(at: Date): string {
  return at.toISOString()
}

/** Of one event for one webhook, always the same. */
export function deliveryId(webhook: string, event: { readonly id: string; readonly at: Time }): string {
  return `${deliveryPrefix(new Date(event.at))}_${event.id}_${webhook}`
}
