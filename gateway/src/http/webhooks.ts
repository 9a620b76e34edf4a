import { z } from 'zod'
import type { Delivery } from '../webhooks/deliveries'
import { callerAddress } from './caller-address'
import type { AppDeps } from './deps'
import { Id } from './input'
import { NextShape, Paging } from './listing'
import { guardedRoute, json, type Route } from './route'
import {
  DeliveryStateShape,
  SecretWebhookShape,
  SentDeliveryShape,
  WebhookDeliveryShape,
  WebhookEventShape,
  WebhookShape,
} from './shapes/webhook-shape'

const Asked = {
  url: z.string().min(1).max(500),
  events: z.array(WebhookEventShape).min(1).max(20),
  description: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'text without invisible characters')
    .optional(),
}
const One = z.object({ id: Id })
const OneDelivery = z.object({ id: Id, delivery: Id })
const SECRET = { description: 'The webhook with its secret, shown this once', json: SecretWebhookShape }

/** Addresses of the institution that are told of events. */
export function webhookRoutes(deps: AppDeps): readonly Route[] {
  const { webhooks } = deps
  const addressOf = callerAddress(deps)
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/webhooks',
      access: ['admin', 'auditor'],
      operation: 'listWebhooks',
      tag: 'webhooks',
      summary: "The institution's webhooks, oldest first",
      answers: { 200: { description: 'All of them', json: z.object({ webhooks: z.array(WebhookShape) }) } },
      handle: async (_, { institution }) => json({ webhooks: webhooks.list(institution) }),
    }),
    guardedRoute({
      method: 'post',
      path: '/v1/webhooks',
      access: ['admin'],
      operation: 'createWebhook',
      tag: 'webhooks',
      summary: 'Has an address told of events from now on',
      description: 'What is sent, and how its signature is checked, is in docs/webhooks.md.',
      body: { kind: 'json', schema: z.strictObject(Asked) },
      answers: { 201: SECRET },
      problems: ['WEBHOOK_URL_REFUSED', 'WEBHOOK_LIMIT'],
      handle: async ({ body, request }, person) => ({
        status: 201,
        ...json(await webhooks.add({ ...person, address: addressOf(request) }, body)),
      }),
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/webhooks/:id',
      access: ['admin', 'auditor'],
      operation: 'getWebhook',
      tag: 'webhooks',
      summary: 'A webhook, and whether anything reaches it',
      params: One,
      answers: { 200: { description: 'The webhook', json: WebhookShape } },
      others: 'WEBHOOK_UNKNOWN',
      handle: async ({ params }, { institution }) => json(webhooks.get(institution, params.id)),
    }),
    guardedRoute({
      method: 'put',
      path: '/v1/webhooks/:id',
      access: ['admin'],
      operation: 'setWebhook',
      tag: 'webhooks',
      summary: 'Changes a webhook, or switches it on or off; what waits is kept meanwhile',
      params: One,
      body: { kind: 'json', schema: z.strictObject({ ...Asked, status: z.enum(['on', 'off']) }) },
      answers: { 200: { description: 'The webhook as it is now', json: WebhookShape } },
      problems: ['WEBHOOK_URL_REFUSED'],
      others: 'WEBHOOK_UNKNOWN',
      handle: async ({ params, body, request }, person) =>
        json(await webhooks.set({ ...person, address: addressOf(request) }, params.id, body)),
    }),
    guardedRoute({
      method: 'delete',
      path: '/v1/webhooks/:id',
      access: ['admin'],
      operation: 'removeWebhook',
      tag: 'webhooks',
      summary: 'Removes a webhook with all of its deliveries',
      params: One,
      answers: { 200: { description: 'As it was', json: WebhookShape } },
      others: 'WEBHOOK_UNKNOWN',
      async handle({ params: { id }, request }, person) {
        const before = webhooks.get(person.institution, id)
        await webhooks.remove({ ...person, address: addressOf(request) }, id)
        return json(before)
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/v1/webhooks/:id/secret',
      access: ['admin'],
      operation: 'rotateWebhookSecret',
      tag: 'webhooks',
      summary: 'A new secret; the one before signs beside it for a day',
      params: One,
      answers: { 200: SECRET },
      others: 'WEBHOOK_UNKNOWN',
      handle: async ({ params, request }, person) =>
        json(await webhooks.rotate({ ...person, address: addressOf(request) }, params.id)),
    }),
    ...deliveryRoutes(webhooks),
  ]
}

function deliveryRoutes(webhooks: AppDeps['webhooks']): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/v1/webhooks/:id/test',
      access: ['admin'],
      operation: 'testWebhook',
      tag: 'webhooks',
      summary: 'Sends an event of no consequence',
      params: One,
      answers: { 202: { description: 'Its delivery', json: SentDeliveryShape } },
      others: 'WEBHOOK_UNKNOWN',
      handle: async ({ params }, person) => ({ status: 202, ...json(sent(await webhooks.test(person, params.id))) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/webhooks/:id/deliveries',
      access: ['admin', 'auditor'],
      operation: 'listWebhookDeliveries',
      tag: 'webhooks',
      summary: 'What it was told and what waits to be told, the newest event first',
      params: One,
      query: z.strictObject({ ...Paging, state: DeliveryStateShape.optional() }),
      answers: {
        200: {
          description: 'A page of them',
          json: z.object({ deliveries: z.array(WebhookDeliveryShape), next: NextShape }),
        },
      },
      others: 'WEBHOOK_UNKNOWN',
      async handle({ params, query }, { institution }) {
        const { deliveries, ...next } = await webhooks.deliveries(institution, params.id, query)
        return json({ deliveries: deliveries.map(shown), ...next })
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/webhooks/:id/deliveries/:delivery',
      access: ['admin', 'auditor'],
      operation: 'getWebhookDelivery',
      tag: 'webhooks',
      summary: 'One delivery with what is sent',
      params: OneDelivery,
      answers: { 200: { description: 'The delivery', json: SentDeliveryShape } },
      problems: ['DELIVERY_UNKNOWN'],
      others: 'WEBHOOK_UNKNOWN',
      handle: async ({ params: { id, delivery } }, { institution }) =>
        json(sent(await webhooks.delivery(institution, id, delivery))),
    }),
    guardedRoute({
      method: 'post',
      path: '/v1/webhooks/:id/deliveries/:delivery/redeliveries',
      access: ['admin'],
      operation: 'redeliverWebhook',
      tag: 'webhooks',
      summary: 'Sends a delivery at once, also one that has ended, by the same id',
      params: OneDelivery,
      answers: { 202: { description: 'The delivery, waiting', json: SentDeliveryShape } },
      problems: ['DELIVERY_UNKNOWN'],
      others: 'WEBHOOK_UNKNOWN',
      handle: async ({ params: { id, delivery } }, { institution }) => ({
        status: 202,
        ...json(sent(await webhooks.redeliver(institution, id, delivery))),
      }),
    }),
  ]
}

function shown({ institution: _, webhook: __, waiting: ___, body: ____, ...rest }: Delivery) {
  return rest
}

function sent({ webhook: _, waiting: __, ...rest }: Delivery) {
  return rest
}
