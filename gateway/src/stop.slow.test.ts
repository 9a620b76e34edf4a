import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstitutionId } from '@cinnabar/core'
import { systemClock } from './clock'
import { readConfig } from './config'
import { createLogger } from './log'
import { type Gateway, startGateway } from './start-gateway'

const CONTRACT = readFileSync(join(__dirname, '../../fixtures/contracts/en-service-agreement.pdf'))
const BUREAU = 'JiangzhouBureau' as InstitutionId
const CLIENTS = 12

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-stop-'))
})
afterEach(() => rm(folder, { recursive: true }))

const log = createLogger('error', systemClock, () => undefined)
const start = () =>
  startGateway(readConfig({ PORT: '0', CINNABAR_DATA: folder }), { clock: systemClock, log, version: '0' })

/** How what a client sent came out: answered, or never taken. */
interface Sent {
  readonly jobs: string[]
  readonly refused: number[]
  cutOff: number
}

async function post({ url }: Gateway, path: string, init: RequestInit): Promise<Response> {
  return fetch(url + path, { method: 'POST', ...init })
}

async function logIn(gateway: Gateway): Promise<string> {
  const { user, password } = gateway.demo?.logins[0] ?? { user: '', password: '' }
  const headers = { 'content-type': 'application/json' }
  const answer = await post(gateway, '/v1/sessions', { headers, body: JSON.stringify({ user, password }) })
  return (await answer.json()).token
}

/** Uploads and seals until the service takes nothing more. */
async function client(gateway: Gateway, token: string, sent: Sent): Promise<void> {
  const authorization = `Bearer ${token}`
  for (;;) {
    try {
      const headers = { authorization, 'content-type': 'application/pdf' }
      const document = await post(gateway, '/v1/documents', { headers, body: CONTRACT })
      if (!document.ok) sent.refused.push(document.status)
      const { id } = await document.json()
      const asked = await post(gateway, `/v1/documents/${id}/seal-signatures`, {
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ seal: 'official' }),
      })
      if (asked.status === 202) sent.jobs.push((await asked.json()).id)
      else sent.refused.push(asked.status)
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { readonly code?: string }
      if (code !== 'ECONNREFUSED') sent.cutOff++
      return
    }
  }
}

it('a stop under load answers what is under way, cuts nobody off, and keeps all that was acknowledged', async () => {
  const gateway = await start()
  const token = await logIn(gateway)
  const sent: Sent = { jobs: [], refused: [], cutOff: 0 }
  const clients = Array.from({ length: CLIENTS }, () => client(gateway, token, sent))
  await new Promise((resolve) => setTimeout(resolve, 3000))
  await gateway.close()
  await Promise.all(clients)
  expect(sent.jobs.length).toBeGreaterThan(CLIENTS)
  expect(sent.refused).toEqual([])
  expect(sent.cutOff).toBe(0)

  const again = await start()
  try {
    const { notarizer, node } = again
    await Promise.all(sent.jobs.map((id) => notarizer.settled(id, 30_000)))
    const jobs = await Promise.all(sent.jobs.map((id) => notarizer.job(BUREAU, id)))
    expect(new Set(jobs.map(({ value }) => value.state))).toEqual(new Set(['anchored']))
    // Once each: the seal's uses on the ledger are those jobs, and the sample's.
    const [official] = (await node.env.ledger.seals(BUREAU)).filter(({ seal }) => seal.id === 'official')
    expect(official?.uses).toBe(sent.jobs.length + 1)
  } finally {
    await again.close()
  }
}, 120_000)
