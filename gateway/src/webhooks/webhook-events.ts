import { createHash } from 'node:crypto'
import type { InstitutionId, Time } from '@cinnabar/core'

/** What a webhook can ask to be told of. */
export const WEBHOOK_EVENTS = [
  /** A seal was set: timestamped and in the log, and its evidence can be fetched. */
  'sealSignature.anchored',
  /** A request to seal came to a bad end that lies in what was asked for. */
  'sealSignature.refused',
  /** A request to seal came to a bad end that lies with the service. */
  'sealSignature.failed',
  /** All files of a request to deposit are in the log. */
  'deposits.anchored',
  /** A request to deposit has ended, and some of its files are not in the log. */
  'deposits.failed',
  /** Every document of a bulk job is sealed and in the log. */
  'bulk.completed',
  /** A bulk job is over, and some of its documents are not sealed: refused, failed, missing or cancelled. */
  'bulk.failed',
  /** The institution's log has grown, whoever made it grow, also through another service. */
  'log.appended',
  /** A seal was registered, suspended, resumed, retired or renewed. */
  'seal.changed',
  'certificate.revoked',
  /** The certificate of a seal in use ends in 14 days, in 7, in 1. */
  'certificate.expiring',
  /** Another change of the institution's register: authorities, certificates, replacements. */
  'register.changed',
  /** A stolen token was used, or too many log-ins failed. */
  'signIn.alarm',
  /** Users and keys made, changed and ended. */
  'people.changed',
  /** A webhook was added, changed, removed, or got a new secret. */
  'webhook.changed',
  /** A webhook of the institution was switched off, since nothing reaches it. */
  'webhook.off',
] as const
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number]

/** What is sent: those, and what an admin sends to try the address. */
export type SentType = WebhookEventType | 'webhook.test'

/** Something to be told. It names things by ids that open nothing without a log-in; it holds no document and no digest of one. */
export interface WebhookEvent {
  /** `msg_` and 32 hexadecimal digits: the same for the same event, however often it is sent and to whomever. */
  readonly id: string
  readonly institution: InstitutionId
  readonly type: SentType
  readonly at: Time
  readonly data: Readonly<Record<string, string | number>>
  /** It is so now, and not only then: told also to who asked later. */
  readonly lasting?: boolean
}

/** @param source - what the event is of, unique for its type: the event's id is made from it, so that it is told once. */
export function webhookEvent(source: string, event: Omit<WebhookEvent, 'id'>): WebhookEvent {
  const { institution, type } = event
  const digest = createHash('sha256')
    .update(JSON.stringify([type, institution, source]))
    .digest('hex')
  return { id: `msg_${digest.slice(0, 32)}`, ...event }
}

/** The body that is signed and sent. */
export function bodyOf({ type, at, institution, data }: WebhookEvent): string {
  return JSON.stringify({ type, timestamp: at, institution, data })
}
