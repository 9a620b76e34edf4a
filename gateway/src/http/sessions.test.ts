import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedGateway, openGateway, settableClock } from '../../test/embedded-gateway'
import { openTestWebhooks } from '../../test/webhooks-at-hand'
import { Notarizer } from '../notarize/notarizer'
import { readinessOf } from '../operation/readiness'
import { openPeople } from '../people/people'
import { peopleEvents } from '../people/people-events'
import type { Webhooks } from '../webhooks/webhooks'
import { createApp } from './app'
import type { AppDeps } from './deps'

const clock = settableClock('2026-11-22T03:00:00Z')
let folder: string
let gateway: EmbeddedGateway
let notarizer: Notarizer
let webhooks: Webhooks
let server: Server | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-sessions-'))
  gateway = await openGateway(folder, clock)
  notarizer = await Notarizer.start(gateway.env)
  webhooks = await openTestWebhooks(gateway.env, (error) => {
    throw error
  })
})
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})
afterAll(async () => {
  await notarizer.close()
  await gateway.close()
  await rm(folder, { recursive: true })
})

/** Logs in with wrong passwords, each time as another user; gives the codes of the answers. */
function guesser(settings: Pick<AppDeps, 'trustProxy' | 'onUnknownProxy'>) {
  const { env, authority, tsas, trust } = gateway
  const secret = new Uint8Array(32).fill(1)
  const people = openPeople({
    store: env.store,
    clock,
    secret,
    sessionMinutes: 30,
    refreshDays: 7,
    events: peopleEvents(env.store, clock, () => undefined),
  })
  const readiness = readinessOf({ env, notarizer, onFailure: () => undefined })
  const limits = { maxPdfBytes: 1024, maxBulkDocuments: 10, maxBulkBytes: 1024 }
  const rest = { ...limits, readiness, https: false, webFolder: undefined, onFault: () => undefined }
  const replaceSealCertificate = () => Promise.reject(new TypeError('no test of log-ins renews a seal'))
  const deps = {
    env,
    authority,
    replaceSealCertificate,
    tsas,
    trust,
    notarizer,
    people,
    webhooks,
    ...rest,
    ...settings,
  }
  server = createApp(deps).listen(0)
  const { port } = server.address() as AddressInfo
  let user = 0
  const guess = async (headers: Record<string, string>): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ user: `guess${user++}`, password: 'x' }),
    })
    return (await answer.json()).code
  }
  return async (times: number, headers: Record<string, string> = {}) => {
    const codes = await Promise.all(Array.from({ length: times }, () => guess(headers)))
    return [...new Set(codes)]
  }
}

describe('log-ins behind a proxy', () => {
  it('are limited by the address that a named proxy tells, each on its own', async () => {
    const guess = guesser({ trustProxy: ['127.0.0.0/8', '::1', '::ffff:127.0.0.1'] })
    expect(await guess(100, { 'x-forwarded-for': '203.0.113.1' })).toEqual(['LOGIN_FAILED'])
    expect(await guess(1, { 'x-forwarded-for': '203.0.113.1' })).toEqual(['LOGIN_LIMITED'])
    expect(await guess(1, { 'x-forwarded-for': '203.0.113.2' })).toEqual(['LOGIN_FAILED'])
    // What the caller wrote before the proxy did is nobody's word.
    expect(await guess(1, { 'x-forwarded-for': '198.51.100.9, 203.0.113.1' })).toEqual(['LOGIN_LIMITED'])
  })

  it('do not lock out everybody behind a proxy that was not named; the operator is told once', async () => {
    let told = 0
    const guess = guesser({
      onUnknownProxy: () => {
        told++
      },
    })
    expect(await guess(110, { 'x-forwarded-for': '203.0.113.1' })).toEqual(['LOGIN_FAILED'])
    expect(told).toBe(1)
  })

  it('are limited by the address of the connection where no proxy is', async () => {
    const guess = guesser({})
    expect(await guess(100)).toEqual(['LOGIN_FAILED'])
    expect(await guess(1)).toEqual(['LOGIN_LIMITED'])
  })
})
