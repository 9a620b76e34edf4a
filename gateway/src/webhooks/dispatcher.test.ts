import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstitutionId } from '@cinnabar/core'
import { settableClock } from '../../test/embedded-gateway'
import { type Receiver, startReceiver } from '../../test/webhooks-at-hand'
import { secretBox } from '../keys/secret-box'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { newDelivery } from './deliveries'
import { Dispatcher } from './dispatcher'
import { webhookTargets } from './target'
import { webhookEvent } from './webhook-events'
import { type Webhook, WebhookRegister } from './webhook-register'

const SLOW = 'Slow' as InstitutionId
const OTHER = 'Other' as InstitutionId
const clock = settableClock('2026-11-22T03:04:05Z')

let folder: string
let store: Store
let register: WebhookRegister
let dispatcher: Dispatcher
let receiver: Receiver
const failures: unknown[] = []
const off: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-dispatcher-'))
  store = await openEmbeddedStore(folder)
  receiver = await startReceiver()
  const targets = webhookTargets(['127.0.0.1'])
  register = await WebhookRegister.open({
    ...{ store, clock, targets, secrets: secretBox(new Uint8Array(32)) },
    onFirst: async () => undefined,
  })
  dispatcher = new Dispatcher({
    ...{ store, clock, register, sending: { targets, timeoutMs: 5000 } },
    onFailure: (error) => failures.push(error),
    onOff: async ({ id }) => {
      off.push(id)
    },
  })
})
afterEach(async () => {
  await dispatcher.close()
  await receiver.close()
  await store.close()
  await rm(folder, { recursive: true })
  expect(failures.splice(0)).toEqual([])
})

async function webhookOf(institution: InstitutionId, path: string): Promise<Webhook> {
  const url = new URL(path, receiver.url).href
  const { id } = await register.add({ institution, user: 'admin' }, { url, events: ['people.changed'] })
  return register.own(institution, id)
}

let made = 0
async function give(webhook: Webhook, count: number): Promise<void> {
  const { institution } = webhook
  const at = '2026-11-22T03:04:05Z' as const
  const deliveries = Array.from({ length: count }, () => {
    const event = webhookEvent(`${made++}`, { institution, type: 'people.changed', at, data: {} } as never)
    return newDelivery(webhook, event, clock)
  })
  await store.insertMany(
    'webhookDeliveries',
    deliveries.map(({ id, ...value }) => ({ id, value })),
  )
  for (const { id } of deliveries) dispatcher.take(webhook.id, id)
}

/** Answers at once where the path says so, and nothing elsewhere. */
function answerOnly(path: string): string[] {
  const got: string[] = []
  receiver.server.removeAllListeners('request')
  receiver.server.on('request', (request, response) => {
    got.push(request.url ?? '')
    if (request.url === path) response.writeHead(204).end()
  })
  return got
}
async function until(is: () => boolean): Promise<void> {
  for (let turn = 0; !is(); turn++) {
    if (turn === 500) throw new Error('it did not come so far')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('what is sent to many', () => {
  it('reaches one institution while receivers of another answer nothing', async () => {
    const got = answerOnly('/quick')
    const slow = await Promise.all(Array.from({ length: 10 }, (_, i) => webhookOf(SLOW, `/slow${i}`)))
    const quick = await webhookOf(OTHER, '/quick')
    for (const one of slow) await give(one, 20)
    await until(() => got.length > 0)
    await give(quick, 50)
    await until(() => got.filter((path) => path === '/quick').length === 50)
    await until(() => dispatcher.queue().sending === 8)
    expect(dispatcher.queue().waiting).toBe(192)
  })

  it('goes out fast, also when ten thousand wait', async () => {
    const got = answerOnly('/quick')
    const dead = await webhookOf(SLOW, '/slow')
    await give(dead, 10_000)
    const quick = await webhookOf(OTHER, '/quick')
    await until(() => got.length === 4)
    const before = process.cpuUsage()
    await give(quick, 300)
    await until(() => got.length === 304)
    const { user } = process.cpuUsage(before)
    // With a look through all that wait for each one sent it was several seconds.
    expect(user / 1e6).toBeLessThan(4)
  }, 60_000)

  it('is not held in memory while its webhook is off, and all of it goes when it is on again', async () => {
    const got = answerOnly('/quick')
    const quick = await webhookOf(OTHER, '/quick')
    const admin = { institution: OTHER, user: 'admin' }
    const { url, events } = quick
    await register.set(admin, quick.id, { url, events, status: 'off' })
    await give(quick, 30)
    expect(dispatcher.queue()).toEqual({ waiting: 0, sending: 0 })
    await register.set(admin, quick.id, { url, events, status: 'on' })
    await dispatcher.load(quick.id)
    await until(() => got.length === 30)
  })

  it('ends with the service though receivers answer nothing', async () => {
    const got = answerOnly('/quick')
    await give(await webhookOf(SLOW, '/slow'), 10)
    await until(() => got.length === 4)
    const began = performance.now()
    await dispatcher.close()
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

describe('a clock', () => {
  it('that is set back by a year does not hold up what waits for another attempt', async () => {
    receiver.answer = (_, count) => ({ status: count === 1 ? 500 : 204 })
    const webhook = await webhookOf(OTHER, '/hook')
    await give(webhook, 1)
    await receiver.until(1)
    await until(() => dispatcher.queue().waiting === 1)
    clock.set('2025-11-22T03:04:05Z')
    dispatcher.wake()
    clock.set('2025-11-22T15:04:06Z')
    dispatcher.wake()
    await receiver.until(2)
    await until(() => dispatcher.queue().sending === 0)
    clock.set('2026-11-22T03:04:05Z')
  })
})
