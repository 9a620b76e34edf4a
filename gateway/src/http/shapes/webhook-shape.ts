import { z } from 'zod'
import { WEBHOOK_EVENTS } from '../../webhooks/webhook-events'
import { DELIVERY_STATES } from '../../webhooks/webhook-records'
import { Count, HexIdShape, InstitutionIdShape, named, TimeShape } from './named'

export const WebhookEventShape = z.enum(WEBHOOK_EVENTS)
export const DeliveryStateShape = z.enum(DELIVERY_STATES)

const WEBHOOK = {
  id: HexIdShape,
  url: z.string(),
  events: z.array(WebhookEventShape),
  description: z.string().optional(),
  status: z.enum(['on', 'off']),
  offReason: z
    .enum(['byAdmin', 'failing', 'gone'])
    .optional()
    .describe('`failing`: nothing reached it for three days; `gone`: it answered 410.'),
  offSince: TimeShape.optional(),
  failingSince: TimeShape.optional().describe('When the first attempt failed after which none succeeded.'),
  oldSecretUntil: TimeShape.optional().describe('Until then the secret before the present one signs as well.'),
  createdBy: z.string(),
  createdAt: TimeShape,
}

/** An address that is told of events. */
export const WebhookShape = named('Webhook', z.object(WEBHOOK))

/** The same with its secret. */
export const SecretWebhookShape = named(
  'SecretWebhook',
  z.object({
    ...WEBHOOK,
    secret: z
      .string()
      .describe('`whsec_` and the key in base64. It is shown this once; keep it as you keep a password.'),
  }),
)

const DELIVERY = {
  id: z.string(),
  event: z.string().describe('Sent as `webhook-id`: the same each time that this event is sent.'),
  type: z.enum([...WEBHOOK_EVENTS, 'webhook.test']),
  at: TimeShape.describe('When it happened.'),
  state: DeliveryStateShape,
  nextAt: TimeShape.optional().describe('When it is sent next.'),
  tries: Count.describe('Attempts since it was last asked for.'),
  attempts: z
    .array(
      z.object({
        at: TimeShape,
        ms: Count,
        status: z.int().optional().describe('What the receiver answered.'),
        code: z
          .enum([
            'ADDRESS_REFUSED',
            'NAME_UNKNOWN',
            'CONNECTION_FAILED',
            'TLS_FAILED',
            'TIMEOUT',
            'REDIRECTED',
            'STATUS',
          ])
          .optional()
          .describe('Why it failed; absent where the receiver took it.'),
      }),
    )
    .describe('The newest last.'),
}

/** One event for one webhook. */
export const WebhookDeliveryShape = named('WebhookDelivery', z.object(DELIVERY))

/** The same with what is sent. */
export const SentDeliveryShape = named(
  'SentDelivery',
  z.object({ ...DELIVERY, institution: InstitutionIdShape, body: z.string().describe('As it is signed and sent.') }),
)
