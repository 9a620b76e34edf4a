import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../clock'
import { readConfig } from '../config'
import { createLogger } from '../log'
import { type Gateway, startGateway } from '../start-gateway'

const CONTRACT = readFileSync(join(__dirname, '../../../fixtures/contracts/en-service-agreement.pdf'))
const METRICS_TOKEN = 'a-token-for-prometheus'

let folder: string
let gateway: Gateway
const lines: string[] = []
const parts = {
  clock: systemClock,
  log: createLogger('debug', systemClock, (line) => lines.push(line)),
  version: '1.2.3',
}
const start = async (env: Record<string, string> = {}) => {
  gateway = await startGateway(readConfig({ PORT: '0', CINNABAR_DATA: folder, ...env }), parts)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-operate-'))
  await start()
})
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  lines.length = 0
})

const linesOf = (message: string) =>
  lines.map((line) => JSON.parse(line)).filter((line: { readonly message: string }) => line.message === message)

async function session() {
  const { user, password } = gateway.demo?.logins[0] ?? { user: '', password: '' }
  const answer = await fetch(`${gateway.url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  })
  return { user, password, token: String((await answer.json()).token), requestId: answer.headers.get('x-request-id') }
}

const metrics = (headers: Record<string, string> = {}) => fetch(`${gateway.url}/metrics`, { headers })
const value = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1),
  )

async function seal(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/pdf' }
  const uploaded = await fetch(`${gateway.url}/v1/documents`, { method: 'POST', headers, body: CONTRACT })
  const { id } = await uploaded.json()
  const asked = await fetch(`${gateway.url}/v1/documents/${id}/seal-signatures?wait=anchored`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ seal: 'contract' }),
  })
  return (await asked.json()).sealSignature
}

describe('the log of requests', () => {
  it('has one line each, with the id that the answer carries, who asked and how it ended', async () => {
    const { user, token, requestId } = await session()
    await fetch(`${gateway.url}/v1/documents/${'0'.repeat(32)}`, { headers: { authorization: `Bearer ${token}` } })
    await fetch(`${gateway.url}/v1/nothing`)
    const requests = linesOf('request')
    expect(requests).toMatchObject([
      { level: 'info', request: requestId, method: 'POST', route: '/v1/sessions', status: 201 },
      { route: '/v1/documents/:id', status: 404, code: 'DOCUMENT_UNKNOWN', user, institution: 'JiangzhouBureau' },
      { route: 'other', status: 404, code: 'ROUTE_UNKNOWN' },
    ])
    for (const one of requests) expect(one.ms).toBeGreaterThan(0)
  })

  it('has neither passwords, keys and tokens, nor the ids that open evidence, at any level', async () => {
    const { password, token } = await session()
    const id = await seal(token)
    await fetch(`${gateway.url}/v1/evidence/${id}`)
    await fetch(`${gateway.url}/v1/documents/x?token=${token}`, { headers: { authorization: `Bearer ${token}` } })
    await fetch(`${gateway.url}/${token}/${password}`, { headers: { authorization: `Basic ${password}` } })
    const log = lines.join('')
    expect(log).toContain('/v1/evidence/:id')
    const kek = readFileSync(join(folder, 'kek'), 'utf8').trim()
    const secret = readFileSync(join(folder, 'session-secret'), 'utf8').trim()
    for (const hidden of [password, token, id, kek, secret]) expect(log).not.toContain(hidden)
  })

  it('keeps what machines ask all the time for the level debug', async () => {
    await fetch(`${gateway.url}/healthz`)
    await fetch(`${gateway.url}/readyz`)
    expect(linesOf('request').map(({ level, route }) => [level, route])).toEqual([
      ['debug', '/healthz'],
      ['debug', '/readyz'],
    ])
  })
})

describe('the metrics', () => {
  it('tell requests, jobs, queues, appends, the ledger, components and the process', async () => {
    const before = await (await metrics()).text()
    const { token } = await session()
    await seal(token)
    const answer = await metrics()
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    const text = await answer.text()
    expect(value(text, 'cinnabar_build_info{version="1.2.3"}')).toBe(1)
    const grown = (series: string) => value(text, series) - (value(before, series) || 0)
    expect(grown('cinnabar_http_requests_total{method="POST",route="/v1/sessions",status="201"}')).toBe(1)
    expect(grown('cinnabar_http_request_duration_seconds_count{route="/v1/sessions"}')).toBe(1)
    expect(grown('cinnabar_jobs{state="anchored"}')).toBe(1)
    expect(grown('cinnabar_appended_entries_total')).toBe(1)
    expect(grown('cinnabar_ledger_calls_total{operation="append",outcome="ok"}')).toBe(1)
    expect(grown('cinnabar_ledger_duration_seconds_count{operation="append"}')).toBe(1)
    for (const component of ['store', 'ledger', 'tsa', 'disk']) {
      expect(value(text, `cinnabar_ready{component="${component}"}`)).toBe(1)
    }
    expect(value(text, 'cinnabar_stuck_jobs')).toBe(0)
    expect(value(text, 'cinnabar_queue_length{queue="ledger"}')).toBe(0)
    expect(value(text, 'cinnabar_disk_free_bytes')).toBeGreaterThan(0)
    expect(value(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(text).not.toContain('Jiangzhou')
  })

  it('count a job as stuck that has not ended for longer than the configuration says', async () => {
    const { store } = gateway.node.env
    const times = { received: '2026-01-01T00:00:00Z' }
    await store.insert('jobs', 'forgotten', { institution: 'X', document: 'd', state: 'sealed', times })
    expect(value(await (await metrics()).text(), 'cinnabar_stuck_jobs')).toBe(1)
    const found = await store.get<object>('jobs', 'forgotten')
    await store.replace('jobs', 'forgotten', found?.version ?? 0, { ...found?.value, state: 'failed' })
    expect(value(await (await metrics()).text(), 'cinnabar_stuck_jobs')).toBe(0)
  })

  it('are refused to who comes through a proxy', async () => {
    expect((await metrics({ 'x-forwarded-for': '127.0.0.1' })).status).toBe(403)
    expect((await metrics({ forwarded: 'for=127.0.0.1' })).status).toBe(403)
  })

  it('are for who has the token, where there is one; a token that is none stops the start', async () => {
    await gateway.close()
    const file = join(folder, 'metrics-token')
    await writeFile(file, 'short')
    await expect(start({ CINNABAR_METRICS_TOKEN_FILE: file })).rejects.toMatchObject({ code: 'METRICS_TOKEN_INVALID' })
    await writeFile(file, `${METRICS_TOKEN}\n`)
    await start({ CINNABAR_METRICS_TOKEN_FILE: file })
    expect((await metrics()).status).toBe(403)
    expect((await metrics({ authorization: 'Bearer another' })).status).toBe(403)
    expect((await metrics({ authorization: `Bearer ${METRICS_TOKEN}` })).status).toBe(200)
    expect(lines.join('')).not.toContain(METRICS_TOKEN)
  })
})
