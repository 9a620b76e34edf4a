import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf, type SealId } from '@cinnabar/core'
import { CONTRACT } from '../../test/embedded-gateway'
import { BUREAU, COURT, type HttpGateway, PASSWORD, startHttpGateway } from '../../test/http-gateway'
import { openTestWebhooks, type Receiver, startReceiver } from '../../test/webhooks-at-hand'
import type { WebhookRecord } from './webhook-records'

let http: HttpGateway
let receiver: Receiver
beforeAll(async () => {
  http = await startHttpGateway()
  await http.enter('admin', BUREAU, ['admin'])
  await http.enter('sealer', BUREAU, ['sealer'])
  await http.enter('auditor', BUREAU, ['auditor'])
  await http.enter('court', COURT, ['admin', 'auditor'])
}, 120_000)
afterAll(() => http.close())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const { id } of http.deps.webhooks.list(BUREAU))
    await http.deps.webhooks.remove({ institution: BUREAU, user: 'admin' }, id)
  await receiver.close()
  expect(http.faults.splice(0)).toEqual([])
  expect(http.breaches.splice(0)).toEqual([])
})

const call = async (method: string, path: string, json?: object, as = 'admin') => {
  const answer = await http.call(method, path, { as, ...(json && { json }) })
  return { answered: answer.status, ...(await answer.json()) }
}
const register = (...events: readonly string[]) => call('POST', '/v1/webhooks', { url: receiver.url, events })
const bodies = () => receiver.got.map(({ body }) => JSON.parse(body))
const deliveriesOf = async (id: string, query = '') =>
  (await call('GET', `/v1/webhooks/${id}/deliveries${query}`)).deliveries
/** The newest line of the delivery log, once it fits. */
async function newest(id: string, fits: (delivery: { state: string; attempts: readonly unknown[] }) => boolean) {
  for (let turn = 0; turn < 300; turn++) {
    const [found] = await deliveriesOf(id)
    if (found !== undefined && fits(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('the delivery did not come so far')
}
const ended = (id: string, state: string) => newest(id, (one) => one.state === state)
const attempted = (id: string, count: number) => newest(id, ({ attempts }) => attempts.length >= count)
function pass(seconds: number) {
  http.clock.set(new Date(http.clock.now().getTime() + seconds * 1000).toISOString())
  http.deps.webhooks.wake()
}

async function seal(id: string) {
  const upload = await http.call('POST', '/v1/documents', { as: 'sealer', bytes: CONTRACT })
  const { id: document } = await upload.json()
  const path = `/v1/documents/${document}/seal-signatures?wait=anchored`
  const answer = await http.call('POST', path, { as: 'sealer', json: { seal: id, reason: '机密事由' } })
  return { ...(await answer.json()), document }
}

describe('a webhook', () => {
  it('is told of a seal that was set, of the log that grew, and of nothing that opens or betrays the document', async () => {
    const { id, secret } = await register('sealSignature.anchored', 'log.appended', 'sealSignature.failed')
    const job = await seal('official')
    await receiver.until(2)
    const found = bodies().sort((a, b) => (a.type < b.type ? -1 : 1))
    expect(found).toMatchObject([
      { type: 'log.appended', institution: BUREAU, data: {} },
      {
        type: 'sealSignature.anchored',
        timestamp: job.times.anchored,
        data: { job: job.id, document: job.document, seal: 'official' },
      },
    ])
    const sent = JSON.stringify(receiver.got)
    expect(sent).not.toContain(job.sealSignature)
    expect(sent).not.toContain(digestOf(CONTRACT).slice(7))
    expect(sent).not.toContain('机密事由')
    expect(sent).not.toContain(secret)
    await ended(id, 'delivered')
    expect(await deliveriesOf(id)).toHaveLength(2)
  })

  it('is told once of a request to deposit, with how many files are in the log', async () => {
    await register('deposits.anchored')
    const deposits = Array.from({ length: 501 }, (_, i) => ({
      digest: digestOf(new TextEncoder().encode(`file ${i}`)),
    }))
    const job = await call('POST', '/v1/deposits?wait=anchored', { deposits }, 'sealer')
    await receiver.until(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(bodies()).toMatchObject([{ type: 'deposits.anchored', data: { job: job.id, count: 501, anchored: 501 } }])
  })

  it('is told once of a bulk job, with what became of its documents', async () => {
    await register('bulk.completed', 'bulk.failed')
    const bulk = async (...documents: readonly Uint8Array[]) => {
      const { id } = await call('POST', '/v1/bulk-jobs', { seal: 'official', count: 2 }, 'sealer')
      for (const [number, bytes] of documents.entries()) {
        await http.call('PUT', `/v1/bulk-jobs/${id}/documents/${number}`, { as: 'sealer', bytes })
      }
      await call('POST', `/v1/bulk-jobs/${id}/start?missing=leave`, undefined, 'sealer')
      return id
    }
    const whole = await bulk(CONTRACT, CONTRACT)
    await receiver.until(1)
    const partial = await bulk(CONTRACT)
    await receiver.until(2)
    const common = { seal: 'official', state: 'ended', count: 2 }
    expect(bodies()).toMatchObject([
      { type: 'bulk.completed', institution: BUREAU, data: { ...common, bulkJob: whole, anchored: 2 } },
      { type: 'bulk.failed', data: { ...common, bulkJob: partial, anchored: 1, missing: 1 } },
    ])
    expect((await call('GET', `/v1/bulk-jobs/${partial}`)).counts).toEqual({ anchored: 1, missing: 1 })
  })

  it('is told of what changes in the register, whoever changed it, by the ledger alone', async () => {
    await register('seal.changed', 'certificate.revoked')
    const { ledger } = http.gateway.env
    const registrar = { institution: BUREAU, role: 'registrar' } as const
    await ledger.change(registrar, { change: 'suspendSeal', institution: BUREAU, seal: 'contract' as SealId })
    await receiver.until(1)
    expect(bodies()).toMatchObject([{ type: 'seal.changed', data: { seal: 'contract', change: 'sealSuspended' } }])
  })

  it('is told of a stolen token, once', async () => {
    await register('signIn.alarm')
    const { refreshToken } = await call('POST', '/v1/sessions', { user: 'auditor', password: PASSWORD })
    await call('POST', '/v1/sessions/refresh', { refreshToken })
    const theft = await call('POST', '/v1/sessions/refresh', { refreshToken })
    expect(theft.code).toBe('REFRESH_REUSED')
    await receiver.until(1)
    expect(bodies()).toMatchObject([{ type: 'signIn.alarm', data: { kind: 'tokenReused', subject: 'auditor' } }])
    expect(JSON.stringify(receiver.got)).not.toContain(refreshToken)
    await http.enter('auditor', BUREAU, ['auditor'])
  })

  it('is not told of what it did not ask for, nor of what happened before, nor of another institution', async () => {
    await seal('official')
    await register('people.changed')
    await call('POST', '/v1/webhooks', { url: receiver.url, events: ['sealSignature.anchored'] }, 'court')
    await seal('official')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(receiver.got).toEqual([])
    for (const { id } of http.deps.webhooks.list(COURT))
      await http.deps.webhooks.remove({ institution: COURT, user: 'court' }, id)
  })

  it('is signed as the page shows how to check', async () => {
    const { id, secret } = await register('people.changed')
    await call('POST', `/v1/webhooks/${id}/test`)
    const [{ headers, body }] = await receiver.until(1)
    const isGenuine = checker()
    expect(isGenuine(secret, headers, body)).toBe(false)
    const at = Number(headers['webhook-timestamp']) * 1000
    const now = jest.spyOn(Date, 'now').mockReturnValue(at)
    expect(isGenuine(secret, headers, body)).toBe(true)
    expect(isGenuine(secret, headers, body.replace('admin', 'nobody'))).toBe(false)
    expect(isGenuine(secret, { ...headers, 'webhook-id': 'msg_0' }, body)).toBe(false)
    expect(isGenuine(`whsec_${Buffer.alloc(32).toString('base64')}`, headers, body)).toBe(false)
    expect(isGenuine(secret, { ...headers, 'webhook-signature': undefined }, body)).toBe(false)
    now.mockReturnValue(at + 301_000)
    expect(isGenuine(secret, headers, body)).toBe(false)
    now.mockRestore()
  })

  it('gets a new secret, and both sign for a day', async () => {
    const { id, secret } = await register('people.changed')
    const rotated = await call('POST', `/v1/webhooks/${id}/secret`)
    expect(rotated.secret).not.toBe(secret)
    const isGenuine = checker()
    const genuine = ({ headers, body }: (typeof receiver.got)[number]) => {
      const now = jest.spyOn(Date, 'now').mockReturnValue(Number(headers['webhook-timestamp']) * 1000)
      const found = [isGenuine(secret, headers, body), isGenuine(rotated.secret, headers, body)]
      now.mockRestore()
      return found
    }
    await call('POST', `/v1/webhooks/${id}/test`)
    expect((await receiver.until(1)).map(genuine)).toEqual([[true, true]])
    pass(86_401)
    await http.enter('admin', BUREAU, ['admin'])
    await call('POST', `/v1/webhooks/${id}/test`)
    expect(genuine((await receiver.until(2))[1])).toEqual([false, true])
  })

  it('is kept without its secret in clear, and shows it nowhere again', async () => {
    const { id, secret } = await register('people.changed')
    const stored = await http.gateway.env.store.get<WebhookRecord>('webhooks', id)
    const raw = Buffer.from(secret.slice(6), 'base64')
    const kept = JSON.stringify(stored)
    for (const form of [secret.slice(6), raw.toString('hex'), raw.toString('base64url')])
      expect(kept).not.toContain(form)
    const shown = JSON.stringify([await call('GET', '/v1/webhooks'), await call('GET', `/v1/webhooks/${id}`)])
    expect(shown).not.toMatch(/whsec_|sealed|nonce/)
  })
})

describe('a delivery', () => {
  it('is tried again by the same id and body, later each time, until it is taken', async () => {
    const { id } = await register('people.changed')
    receiver.answer = (_, count) => ({ status: count < 3 ? 503 : 200 })
    await call('POST', `/v1/webhooks/${id}/test`)
    const first = await attempted(id, 1)
    expect([first.state, first.attempts[0].status, first.attempts[0].code]).toEqual(['waiting', 503, 'STATUS'])
    const waits = (new Date(first.nextAt).getTime() - http.clock.now().getTime()) / 1000
    expect(waits).toBeGreaterThanOrEqual(5)
    expect(waits).toBeLessThanOrEqual(15)
    expect((await call('GET', `/v1/webhooks/${id}`)).failingSince).toBeDefined()
    pass(16)
    await attempted(id, 2)
    pass(46)
    const { attempts } = await ended(id, 'delivered')
    expect(attempts.map(({ status }: { status: number }) => status)).toEqual([503, 503, 200])
    expect(new Set(receiver.got.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1)
    const [oldest, , newest] = receiver.got.map(({ headers }) => headers['webhook-signature'])
    expect(newest).not.toBe(oldest)
    expect((await call('GET', `/v1/webhooks/${id}`)).failingSince).toBeUndefined()
  })

  it('fails in the end, and is sent again when an admin asks', async () => {
    const { id } = await register('people.changed')
    receiver.answer = () => ({ status: 500 })
    await call('POST', `/v1/webhooks/${id}/test`)
    for (let tries = 1; tries <= 12; tries++) {
      await attempted(id, tries)
      pass(12 * 3600)
      await http.enter('admin', BUREAU, ['admin'])
      // Three days of failures switch it off.
      const { url, events } = await call('GET', `/v1/webhooks/${id}`)
      await call('PUT', `/v1/webhooks/${id}`, { url, events, status: 'on' })
    }
    const failed = await ended(id, 'failed')
    expect([failed.tries, failed.nextAt]).toEqual([12, undefined])
    receiver.answer = () => ({ status: 204 })
    const path = `/v1/webhooks/${id}/deliveries/${failed.id}`
    expect(await call('POST', `${path}/redeliveries`)).toMatchObject({ answered: 202, state: 'waiting', tries: 0 })
    expect(await ended(id, 'delivered')).toMatchObject({ event: failed.event })
    expect((await call('GET', path)).body).toBe(receiver.got[0].body)
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  }, 30_000)

  it('waits while its webhook is off, which says why, and goes when it is on again', async () => {
    const { id, url, events } = await register('people.changed')
    receiver.answer = () => ({ status: 500 })
    await call('POST', `/v1/webhooks/${id}/test`)
    await attempted(id, 1)
    pass(3 * 86_400)
    await http.enter('admin', BUREAU, ['admin'])
    await attempted(id, 2)
    expect(await call('GET', `/v1/webhooks/${id}`)).toMatchObject({
      offReason: 'failing',
      offSince: expect.any(String),
    })
    await call('POST', `/v1/webhooks/${id}/test`)
    pass(86_400)
    await http.enter('admin', BUREAU, ['admin'])
    expect(receiver.got).toHaveLength(2)
    receiver.answer = () => ({ status: 200 })
    const on = await call('PUT', `/v1/webhooks/${id}`, { url, events, status: 'on' })
    expect([on.offReason, on.failingSince]).toEqual([undefined, undefined])
    expect(new Set((await receiver.until(4)).map(({ headers }) => headers['webhook-id'])).size).toBe(2)
  })

  it('ends all others of a receiver that is gone, and the institution is told of it once', async () => {
    const { id } = await register('people.changed')
    const other = await startReceiver()
    await call('POST', '/v1/webhooks', { url: other.url, events: ['webhook.off'] })
    receiver.answer = () => ({ status: 410 })
    for (let i = 0; i < 4; i++) await call('POST', `/v1/webhooks/${id}/test`)
    await other.until(1)
    expect(await call('GET', `/v1/webhooks/${id}`)).toMatchObject({ offReason: 'gone' })
    const { events } = await call('GET', '/v1/people-events?order=descending&limit=20')
    const off = events.filter(({ kind, subject }: Record<string, string>) => kind === 'webhookOff' && subject === id)
    expect(off).toHaveLength(1)
    expect(JSON.parse(other.got[0].body)).toMatchObject({ type: 'webhook.off', data: { subject: id } })
    expect(other.got).toHaveLength(1)
    await other.close()
  })

  it('that is asked for again while it is sent is sent again', async () => {
    const { id } = await register('people.changed')
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    receiver.server.removeAllListeners('request')
    receiver.server.on('request', async (request, response) => {
      for await (const _ of request);
      receiver.got.push({ headers: request.headers, body: '' })
      if (receiver.got.length === 1) await held
      response.writeHead(204).end()
    })
    const { id: delivery } = await call('POST', `/v1/webhooks/${id}/test`)
    await receiver.until(1)
    release()
    await ended(id, 'delivered')
    await call('POST', `/v1/webhooks/${id}/deliveries/${delivery}/redeliveries`)
    await receiver.until(2)
    await ended(id, 'delivered')
  })

  it('is listed in pages, the newest first, by state, and no longer than it is kept', async () => {
    const { id } = await register('people.changed')
    for (let i = 0; i < 5; i++) {
      pass(1)
      await call('POST', `/v1/webhooks/${id}/test`)
    }
    await receiver.until(5)
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = await call('GET', `/v1/webhooks/${id}/deliveries?limit=2${cursor}`)
      seen.push(...page.deliveries.map(({ at }: { at: string }) => at))
      if (page.next === undefined) break
      cursor = `&cursor=${encodeURIComponent(page.next)}`
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse())
    expect(seen).toHaveLength(5)
    expect(await deliveriesOf(id, '?state=failed')).toEqual([])
  })
})

describe('who may not', () => {
  it('see or change a webhook of another institution', async () => {
    await http.enter('court', COURT, ['admin', 'auditor'])
    const { id } = await register('people.changed')
    const { id: delivery } = await call('POST', `/v1/webhooks/${id}/test`)
    const body = { url: 'https://example.com/', events: ['seal.changed'], status: 'off' }
    const asked = [
      ['GET', `/v1/webhooks/${id}`],
      ['PUT', `/v1/webhooks/${id}`, body],
      ['DELETE', `/v1/webhooks/${id}`],
      ['POST', `/v1/webhooks/${id}/secret`],
      ['POST', `/v1/webhooks/${id}/test`],
      ['GET', `/v1/webhooks/${id}/deliveries`],
      ['GET', `/v1/webhooks/${id}/deliveries/${delivery}`],
      ['POST', `/v1/webhooks/${id}/deliveries/${delivery}/redeliveries`],
    ] as const
    const before = await http.gateway.env.store.get('webhooks', id)
    for (const [method, path, json] of asked) {
      expect([path, (await call(method, path, json, 'court')).code]).toEqual([path, 'WEBHOOK_UNKNOWN'])
    }
    expect(await http.gateway.env.store.get('webhooks', id)).toEqual(before)
  })

  it('reach a delivery through another webhook', async () => {
    const [one, two] = [await register('people.changed'), await register('people.changed')]
    const { id: delivery } = await call('POST', `/v1/webhooks/${one.id}/test`)
    expect((await call('GET', `/v1/webhooks/${two.id}/deliveries/${delivery}`)).code).toBe('DELIVERY_UNKNOWN')
  })

  it.each(['http://1.1.1.1/', 'https://10.0.0.1/', 'https://[::ffff:10.0.0.1]/', 'javascript:alert(1)'])(
    'have %s told',
    async (url) => {
      const { code } = await call('POST', '/v1/webhooks', { url, events: ['seal.changed'] })
      expect(code).toBe('WEBHOOK_URL_REFUSED')
    },
  )

  it('have more than ten, however fast they ask', async () => {
    const asked = await Promise.all(Array.from({ length: 14 }, () => register('seal.changed')))
    expect(asked.filter(({ answered }) => answered === 201)).toHaveLength(10)
    expect(asked.flatMap(({ code }) => code ?? [])).toEqual(Array(4).fill('WEBHOOK_LIMIT'))
  })

  it('change where the institution has itself told without leaving a trace', async () => {
    const { id, url } = await register('seal.changed')
    await call('PUT', `/v1/webhooks/${id}`, { url: `${url}?other`, events: ['seal.changed'], status: 'off' })
    await call('POST', `/v1/webhooks/${id}/secret`)
    await call('DELETE', `/v1/webhooks/${id}`)
    const { events } = await call('GET', '/v1/people-events?order=descending&limit=4')
    const kinds = ['webhookRemoved', 'webhookSecretRotated', 'webhookChanged', 'webhookAdded']
    expect(events).toMatchObject(kinds.map((kind) => ({ kind, subject: id, by: 'admin' })))
    for (const { address } of events) expect(address).toMatch(/127\.0\.0\.1|::1/)
    expect(JSON.stringify(events)).not.toContain(url)
  })

  it('have events told that there are not, or none', async () => {
    expect((await register('seal.stolen')).code).toBe('REQUEST_INVALID')
    expect((await register()).code).toBe('REQUEST_INVALID')
  })
})

describe('webhooks after a removal', () => {
  it('leave nothing in the store', async () => {
    const { id } = await register('people.changed')
    await call('POST', `/v1/webhooks/${id}/test`)
    await ended(id, 'delivered')
    expect((await call('DELETE', `/v1/webhooks/${id}`)).answered).toBe(200)
    const { store } = http.gateway.env
    expect(await store.count('webhookDeliveries', 'webhook', id)).toBe(0)
    expect((await call('GET', `/v1/webhooks/${id}`)).code).toBe('WEBHOOK_UNKNOWN')
    const opened = await openTestWebhooks(http.gateway.env, (error) => http.faults.push(error))
    expect(opened.list(BUREAU)).toEqual([])
  })
})

/** The code of docs/webhooks.md. */
function checker(): (secret: string, headers: object, body: string) => boolean {
  const page = readFileSync(join(__dirname, '../../../docs/webhooks.md'), 'utf8')
  const [, code] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  return new Function('require', `${code}\nreturn isGenuine`)(require)
}
