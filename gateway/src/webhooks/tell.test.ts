import { type InstitutionId, type SealId, type Time, timeOf } from '@cinnabar/core'
import { Crash, dyingAt, type Moment } from '../../test/dying'
import { CONTRACT, type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { openTestWebhooks, type Receiver, startReceiver } from '../../test/webhooks-at-hand'
import { Notarizer } from '../notarize/notarizer'
import type { JobRecord } from '../notarize/records'
import { peopleEvents } from '../people/people-events'
import { compact } from './deliveries'
import type { WebhookEventType } from './webhook-events'
import type { DeliveryRecord } from './webhook-records'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const ADMIN = { institution: BUREAU, user: 'admin' }
const clock = settableClock('2026-11-22T03:04:05Z')

let folders: Awaited<ReturnType<typeof gatewayFolders>>
let receiver: Receiver
let gateway: EmbeddedGateway
beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())
beforeEach(async () => {
  clock.set('2026-11-22T03:04:05Z')
  receiver = await startReceiver()
  gateway = await openGateway(await folders.fresh(), clock)
})
afterEach(async () => {
  await receiver.close()
  await gateway.close()
})

const told = () => receiver.got.map(({ body, headers }) => ({ ...JSON.parse(body), id: headers['webhook-id'] }))
const sealed = () => told().filter(({ type }) => type === 'sealSignature.anchored')
const never = (error: unknown) => {
  throw error
}
async function opened(...events: readonly WebhookEventType[]) {
  const webhooks = await openTestWebhooks(gateway.env, never)
  if (events.length > 0) await webhooks.add(ADMIN, { url: receiver.url, events })
  return webhooks
}
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 150))

/** A service that dies at the n-th durable step of sealing and telling, and starts again. */
async function livesThrough(step: number, moment: Moment): Promise<{ readonly steps: number }> {
  const { env } = gateway
  const setup = await Notarizer.start(env)
  const upload = { institution: BUREAU, user: 'lin', name: 'c.pdf', bytes: CONTRACT }
  const { id: document } = await setup.receive(upload)
  await setup.close()
  await (await opened('sealSignature.anchored', 'log.appended')).close()
  const { dying, process } = dyingAt(env, step, moment)
  const ignore = () => undefined
  const first = await openTestWebhooks(dying, ignore)
  const notarizer = await Notarizer.start({ ...dying, telling: first.telling })
  await first.begin()
  try {
    const job = await notarizer.request({ institution: BUREAU, user: 'lin', document, seal: 'official' })
    await Promise.race([process.died, notarizer.settled(job.id, 5000)])
  } catch (error) {
    if (!(error instanceof Crash)) throw error
  }
  await Promise.race([process.died, aWhile()])
  const { steps } = process
  process.dead = true
  await notarizer.close()
  await first.close()

  const second = await opened()
  const again = await Notarizer.start({ ...env, telling: second.telling })
  await second.begin()
  const jobs = await env.store.find<JobRecord>('jobs', { field: 'institution', equals: BUREAU, limit: 9 })
  await Promise.all(jobs.map(({ id }) => again.settled(id, 5000)))
  const ended = await env.store.find<JobRecord>('jobs', { field: 'institution', equals: BUREAU, limit: 9 })
  const anchored = ended.filter(({ value }) => value.state === 'anchored')
  for (let i = 0; i < 20 && sealed().length < anchored.length; i++) await aWhile()
  await aWhile()
  await again.close()
  await second.close()
  // Every end was told, by one id however often it was sent, and the log's growth as well.
  expect(new Set(sealed().map(({ id }) => id)).size).toBe(anchored.length)
  expect(new Set(sealed().map(({ data }) => data.job))).toEqual(new Set(anchored.map(({ id }) => id)))
  const grown = told().filter(({ type }) => type === 'log.appended')
  expect(new Set(grown.map(({ id }) => id)).size).toBe(anchored.length)
  expect(await env.store.count('jobs', 'untold', 'yes')).toBe(0)
  return { steps }
}

describe('what ended', () => {
  let steps = 0
  it('is told where nothing crashes', async () => {
    ;({ steps } = await livesThrough(Number.POSITIVE_INFINITY, 'after'))
    expect(sealed()).toHaveLength(1)
    expect(steps).toBeGreaterThan(8)
  })

  it.each([...Array(16).keys()])(
    'is told by one id whatever a crash at step %d from the end leaves',
    async (back) => {
      await livesThrough(Math.max(1, steps - back), back % 2 === 0 ? 'before' : 'after')
    },
    20_000,
  )

  it('is told after a restart where the receiver was away', async () => {
    const webhooks = await opened('people.changed')
    await webhooks.begin()
    receiver.answer = () => ({ status: 503 })
    const [{ id }] = webhooks.list(BUREAU)
    const delivery = await webhooks.test(ADMIN, id)
    await receiver.until(1)
    await webhooks.close()
    receiver.answer = () => ({ status: 200 })
    clock.set('2026-11-22T03:06:05Z')
    const again = await opened()
    await again.begin()
    await receiver.until(2)
    expect(receiver.got.map(({ headers }) => headers['webhook-id'])).toEqual([delivery.event, delivery.event])
    await again.close()
  })
})

describe('people', () => {
  it('are told of while nothing runs, and once', async () => {
    const webhooks = await opened('people.changed')
    const events = peopleEvents(gateway.env.store, clock, () => undefined)
    const event = { institution: BUREAU, kind: 'userCreated', subject: 'wu', by: 'admin' } as const
    for (let i = 0; i < 3; i++) await events.record(event)
    await webhooks.begin()
    await receiver.until(3)
    webhooks.wake()
    await webhooks.close()
    const again = await opened()
    await again.begin()
    await aWhile()
    await again.close()
    expect(told()).toMatchObject(Array(3).fill({ type: 'people.changed', data: { kind: 'userCreated', by: 'admin' } }))
  })

  it('are told of also when the clock was set back', async () => {
    const events = peopleEvents(gateway.env.store, clock, () => undefined)
    const webhooks = await opened('people.changed')
    await events.record({ institution: BUREAU, kind: 'userCreated', subject: 'one' })
    await webhooks.begin()
    await receiver.until(1)
    clock.set('2026-11-22T03:04:06Z')
    await events.record({ institution: BUREAU, kind: 'userCreated', subject: 'two' })
    clock.set('2026-11-22T03:04:05Z')
    await events.record({ institution: BUREAU, kind: 'userCreated', subject: 'three' })
    webhooks.wake()
    await receiver.until(3)
    expect(told().map(({ data }) => data.subject)).toEqual(expect.arrayContaining(['one', 'two', 'three']))
    await webhooks.close()
  })
})

describe('a certificate', () => {
  it('that ends soon is told of at 14, 7 and 1 days, once each, also to who asks in between', async () => {
    const { ledger } = gateway.env
    const found = await ledger.seal(BUREAU, 'official' as SealId)
    const record = found && (await ledger.certificate(BUREAU, found.seal.certificate))
    const end = new Date(record?.notAfter ?? '').getTime()
    // At least once: what a stop cut off is sent again, by the same id.
    const ours = () => {
      const official = told().filter(({ data }) => data.seal === 'official')
      return [...new Map(official.map((one) => [one.id, one.data])).values()]
    }
    const steps = [
      [15, 0],
      [10, 1],
      [9, 1],
      [5, 2],
      [0.5, 3],
      [-1, 3],
    ] as const
    for (const [step, [left, count]] of steps.entries()) {
      clock.set(new Date(end - left * 86_400_000).toISOString())
      const webhooks = await opened(...(step === 0 ? (['certificate.expiring'] as const) : []))
      await webhooks.begin()
      for (let i = 0; i < 50 && ours().length < count; i++) await aWhile()
      await aWhile()
      await webhooks.close()
      expect(ours()).toHaveLength(count)
    }
    expect(ours().map(({ days }) => days)).toEqual([14, 7, 1])
    expect(ours()[0]).toMatchObject({ notAfter: record?.notAfter, certificate: record?.digest })
  })

  it('that was revoked is told of with its seal', async () => {
    const webhooks = await opened('certificate.revoked', 'seal.changed', 'register.changed')
    await webhooks.begin()
    const { ledger } = gateway.env
    const found = await ledger.seal(BUREAU, 'contract' as SealId)
    const registrar = { institution: BUREAU, role: 'registrar' } as const
    const why = { reason: 'keyCompromise', invalidityDate: timeOf(clock.now()) } as const
    const certificate = found?.seal.certificate ?? ('' as never)
    await ledger.change(registrar, { change: 'revokeCertificate', institution: BUREAU, certificate, ...why })
    await receiver.until(1)
    expect(told()).toMatchObject([{ type: 'certificate.revoked', data: { certificate, seal: 'contract' } }])
    await webhooks.close()
  })
})

describe('the delivery log', () => {
  const delivery = (webhook: string, at: string, n: number) => {
    const id = `${at}_msg_${String(n).padStart(4, '0')}_${webhook}`
    const value: DeliveryRecord = {
      ...{ institution: BUREAU, webhook, event: `msg_${n}`, type: 'webhook.test', at: at as Time },
      ...{ body: '{}', state: 'delivered', tries: 1, attempts: [] },
    }
    return { id, value }
  }

  it('keeps what is young enough, and no more than the most, the newest', async () => {
    const { store } = gateway.env
    const old = Array.from({ length: 700 }, (_, n) => delivery('w', '2026-10-01T00:00:00.000Z', n))
    const young = Array.from({ length: 40 }, (_, n) => delivery('w', '2026-11-01T00:00:00.000Z', n))
    await store.insertMany('webhookDeliveries', [...old, ...young, delivery('other', '2026-10-01T00:00:00.000Z', 1)])
    const since = new Date('2026-10-20T00:00:00Z')
    expect(await compact({ store }, 'w', { since, most: 1000 })).toBe(700)
    expect(await compact({ store }, 'w', { since, most: 30 })).toBe(10)
    expect(await compact({ store }, 'w', { since, most: 30 })).toBe(0)
    const left = await store.find('webhookDeliveries', { field: 'webhook', equals: 'w', limit: 100 })
    expect(left.map(({ id }) => id)).toEqual(young.slice(10).map(({ id }) => id))
    expect(await store.count('webhookDeliveries', 'webhook', 'other')).toBe(1)
  })
})
