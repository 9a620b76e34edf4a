import type { SecretWebhook, SentDelivery, Webhook, WebhookDelivery } from '@cinnabar/client'
import { columns } from '../columns'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { listIn, requireService } from '../service'

interface Options {
  readonly json?: boolean
}

/** What `cinnabar webhooks add` was told. */
export interface AddWebhookOptions extends Options {
  readonly event: Webhook['events']
  readonly description?: string
}

/** What `cinnabar webhooks deliveries` was told. */
export interface DeliveriesOptions extends Options {
  readonly state?: WebhookDelivery['state']
  /** 50 unless given. */
  readonly limit?: number
}

/** Lists the institution's webhooks. */
export async function listWebhooks(context: Context, { json }: Options): Promise<Exit> {
  const service = await requireService(context)
  const { webhooks } = await service.ask((api) => api.listWebhooks())
  const found = listIn(service.url, 'GET /v1/webhooks', webhooks)
  if (json) context.voice.json({ webhooks: found })
  else printWebhooks(context, found)
  return EXIT.passed
}

/** Has an address told of events; the secret is printed, this once. */
export async function addWebhook(context: Context, url: string, options: AddWebhookOptions): Promise<Exit> {
  const service = await requireService(context)
  const { event: events, description } = options
  const body = { url, events, ...(description !== undefined && { description }) }
  return secretShown(context, await service.ask((api) => api.createWebhook({ body })), options)
}

/** A new secret; the one before signs beside it for a day. */
export async function rotateSecret(context: Context, id: string, options: Options): Promise<Exit> {
  const service = await requireService(context)
  return secretShown(context, await service.ask((api) => api.rotateWebhookSecret({ id })), options)
}

/** Switches a webhook on or off; what waits is kept meanwhile. */
export async function switchWebhook(
  context: Context,
  { id, status }: Pick<Webhook, 'id' | 'status'>,
  options: Options,
): Promise<Exit> {
  const service = await requireService(context)
  const { url, events, description } = await service.ask((api) => api.getWebhook({ id }))
  const body = { url, events, status, ...(description !== undefined && { description }) }
  return shown(context, await service.ask((api) => api.setWebhook({ id, body })), options)
}

/** Removes a webhook with all of its deliveries. */
export async function removeWebhook(context: Context, id: string, options: Options): Promise<Exit> {
  const service = await requireService(context)
  return shown(context, await service.ask((api) => api.removeWebhook({ id })), options)
}

/** Sends an event of no consequence. */
export async function testWebhook(context: Context, id: string, options: Options): Promise<Exit> {
  const service = await requireService(context)
  return deliveryShown(context, await service.ask((api) => api.testWebhook({ id })), options)
}

/** Lists what a webhook was told, and what waits, the newest first. */
export async function listDeliveries(context: Context, id: string, options: DeliveriesOptions): Promise<Exit> {
  const service = await requireService(context)
  const { limit = 50, state } = options
  const found: WebhookDelivery[] = []
  for (let cursor: string | undefined; found.length < limit; ) {
    const wanted = { id, state, cursor, limit: Math.min(200, limit - found.length) }
    const page = await service.ask((api) => api.listWebhookDeliveries(wanted))
    found.push(...listIn(service.url, 'GET /v1/webhooks/{id}/deliveries', page.deliveries))
    cursor = page.next
    if (cursor === undefined) break
  }
  const { texts, voice } = context
  if (options.json) voice.json({ deliveries: found })
  else voice.print(columns([texts.list.deliveries, ...found.map((one) => texts.list.delivery(one))]))
  return EXIT.passed
}

/** Sends a delivery once more, by the same id. */
export async function redeliver(
  context: Context,
  { id, delivery }: { readonly id: string; readonly delivery: string },
  options: Options,
): Promise<Exit> {
  const service = await requireService(context)
  return deliveryShown(context, await service.ask((api) => api.redeliverWebhook({ id, delivery })), options)
}

function printWebhooks({ texts, voice }: Context, webhooks: readonly Webhook[]): void {
  voice.print(columns([texts.list.webhooks, ...webhooks.map((one) => texts.list.webhook(one))]))
}

function shown(context: Context, webhook: Webhook, { json }: Options): Exit {
  if (json) context.voice.json(webhook)
  else printWebhooks(context, [webhook])
  return EXIT.passed
}

function secretShown(context: Context, webhook: SecretWebhook, options: Options): Exit {
  shown(context, webhook, options)
  if (!options.json) context.voice.print([context.texts.list.secret(webhook.secret)])
  return EXIT.passed
}

function deliveryShown({ texts, voice }: Context, delivery: SentDelivery, { json }: Options): Exit {
  if (json) voice.json(delivery)
  else voice.print(columns([texts.list.deliveries, texts.list.delivery(delivery)]))
  return EXIT.passed
}
