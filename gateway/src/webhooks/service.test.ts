import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Receiver, startReceiver } from '../../test/webhooks-at-hand'
import { systemClock } from '../clock'
import { readConfig } from '../config'
import { createLogger } from '../log'
import { type Gateway, startGateway } from '../start-gateway'

let folder: string
let receiver: Receiver
let gateway: Gateway
const lines: string[] = []

async function start(env: Record<string, string> = {}): Promise<void> {
  const config = readConfig({ PORT: '0', CINNABAR_DATA: folder, ...env })
  const log = createLogger('debug', systemClock, (line) => lines.push(line))
  gateway = await startGateway(config, { clock: systemClock, log, version: '1' })
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-webhooks-'))
  receiver = await startReceiver()
  await start({ CINNABAR_WEBHOOK_NETWORKS: '127.0.0.1' })
}, 60_000)
afterAll(async () => {
  await gateway.close()
  await receiver.close()
  await rm(folder, { recursive: true })
})

async function call(method: string, path: string, token?: string, json?: object) {
  const answer = await fetch(gateway.url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
  return answer.json()
}
async function admin(): Promise<string> {
  const { user, password } = gateway.demo?.logins[0] ?? { user: '', password: '' }
  return (await call('POST', '/v1/sessions', undefined, { user, password })).token
}

describe('the service', () => {
  it('tells a receiver of a deposit, and its secret is in no log and no file', async () => {
    const token = await admin()
    const asked = { url: receiver.url, events: ['deposits.anchored'] }
    const { id, secret } = await call('POST', '/v1/webhooks', token, asked)
    const deposits = [{ digest: `sha256:${'ab'.repeat(32)}` }]
    const job = await call('POST', '/v1/deposits?wait=anchored', token, { deposits })
    await receiver.until(1)
    expect(JSON.parse(receiver.got[0].body)).toMatchObject({
      type: 'deposits.anchored',
      data: { job: job.id, count: 1 },
    })
    expect(receiver.got[0].body).not.toContain('abab')
    expect((await call('GET', `/v1/webhooks/${id}`, token)).status).toBe('on')
    const key = secret.slice('whsec_'.length)
    expect(lines.filter((line) => line.includes(key) || line.includes('whsec'))).toEqual([])
    for (const name of (await readdir(folder)).filter((one) => /cinnabar\.db/.test(one))) {
      expect([name, (await readFile(join(folder, name))).includes(key)]).toEqual([name, false])
    }
  }, 30_000)

  it('sends nothing any more where the operator has taken the permission back, and says why', async () => {
    await gateway.close()
    await start()
    const token = await admin()
    const [{ id }] = (await call('GET', '/v1/webhooks', token)).webhooks
    await call('POST', `/v1/webhooks/${id}/test`, token)
    let found: { readonly attempts: readonly { readonly code: string }[] } = { attempts: [] }
    for (let turn = 0; turn < 200 && found.attempts.length === 0; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      ;[found] = (await call('GET', `/v1/webhooks/${id}/deliveries`, token)).deliveries
    }
    expect(found.attempts).toMatchObject([{ code: 'ADDRESS_REFUSED' }])
    expect(receiver.got).toHaveLength(1)
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
    expect(metrics).toContain('cinnabar_webhook_deliveries{state="waiting"} 1')
  }, 60_000)
})
