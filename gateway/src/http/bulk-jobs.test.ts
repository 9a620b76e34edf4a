import { utf8 } from '@cinnabar/core'
import { CONTRACT } from '../../test/embedded-gateway'
import { BUREAU, COURT, type Given, type HttpGateway, startHttpGateway } from '../../test/http-gateway'

jest.setTimeout(60_000)

const ROOM = 5 * CONTRACT.length + 500

let http: HttpGateway

beforeAll(async () => {
  http = await startHttpGateway({ maxBulkDocuments: 40, maxBulkBytes: ROOM })
  await http.enter('sealer', BUREAU, ['sealer'])
  await http.enter('auditor', BUREAU, ['auditor'])
  await http.enter('clerk', COURT, ['sealer'])
}, 60_000)
afterAll(() => http.close())
afterEach(() => {
  expect(http.breaches).toEqual([])
  expect(http.faults).toEqual([])
})

const contract = (i: number) => new Uint8Array([...CONTRACT, ...utf8(`%${i}\n`)])

async function asked(method: string, path: string, given: Given = {}) {
  const answer = await http.call(method, path, { as: 'sealer', ...given })
  return { status: answer.status, body: await answer.json() }
}

async function created(count: number, more = {}): Promise<string> {
  const { status, body } = await asked('POST', '/v1/bulk-jobs', { json: { seal: 'official', count, ...more } })
  expect([status, body.state, body.counts]).toEqual([201, 'open', { missing: count }])
  return `/v1/bulk-jobs/${body.id}`
}

async function filled(count: number, more = {}): Promise<string> {
  const path = await created(count, more)
  for (let i = 0; i < count; i++) {
    const sent = await asked('PUT', `${path}/documents/${i}?name=${i}.pdf`, { bytes: contract(i) })
    expect([sent.status, sent.body.number, sent.body.state]).toEqual([201, i, 'received'])
  }
  return path
}

interface Told {
  readonly id: number | undefined
  readonly event: string
  readonly data: Record<string, unknown>
}

async function eventsOf(path: string, headers: Record<string, string> = {}): Promise<readonly Told[]> {
  const answer = await http.call('GET', `${path}/events`, { as: 'auditor', headers })
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  return toldIn(await answer.text())
}

function toldIn(text: string): readonly Told[] {
  return text.split('\n\n').flatMap((block) => {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(': ') + 2)]),
    )
    const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')]
    return event === undefined || data === undefined
      ? []
      : [{ id: id === undefined ? undefined : Number(id), event, data: JSON.parse(data) }]
  })
}

describe('bulk jobs', () => {
  it('are filled, started and told of as they go, and give each sealed file with its evidence', async () => {
    const path = await filled(3, { reason: '批量盖章' })
    expect((await asked('POST', `${path}/start`)).status).toBe(202)
    const told = await eventsOf(path)
    expect(told.filter(({ event }) => event === 'document').map(({ id }) => id)).toEqual([1, 2, 3])
    expect(told.at(-1)).toMatchObject({ event: 'ended', data: { state: 'ended', counts: { anchored: 3 } } })
    const { body } = await asked('GET', `${path}/documents`)
    expect(body).toMatchObject({ count: 3, documents: [{ name: '0.pdf' }, { name: '1.pdf' }, { name: '2.pdf' }] })
    for (const [i, { file, evidence }] of body.documents.entries()) {
      const sealed = new Uint8Array(await (await http.call('GET', file, { as: 'auditor' })).arrayBuffer())
      expect(sealed.subarray(0, contract(i).length)).toEqual(contract(i))
      expect((await http.call('GET', evidence)).status).toBe(200)
    }
  })

  it('tell a reader that comes again what it missed, and no more', async () => {
    const path = await filled(4)
    await asked('POST', `${path}/start`)
    const all = await eventsOf(path)
    const rest = await eventsOf(path, { 'Last-Event-ID': '2' })
    const documents = (told: readonly Told[]) => told.filter(({ event }) => event === 'document')
    expect(documents(rest)).toEqual(documents(all).slice(2))
    expect((await eventsOf(path, { 'Last-Event-ID': '4' })).map(({ event }) => event)).toEqual(['progress', 'ended'])
  })

  it('tell of progress while they are filled, until the reader goes away', async () => {
    const path = await created(2)
    const stop = new AbortController()
    const address = http.server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const headers = { Authorization: `Bearer ${http.tokens.get('auditor')}` }
    const answer = await fetch(`http://127.0.0.1:${port}${path}/events`, { headers, signal: stop.signal })
    const reader = answer.body?.getReader()
    let text = ''
    const until = async (count: string) => {
      while (!text.includes(count)) text += new TextDecoder().decode((await reader?.read())?.value)
    }
    await until('"counts":{"missing":2}')
    await asked('PUT', `${path}/documents/1`, { bytes: contract(1) })
    await until('"counts":{"missing":1,"received":1}')
    stop.abort()
    await asked('POST', `${path}/cancel`)
    expect(toldIn(text).every(({ event }) => event === 'progress')).toBe(true)
  })

  it('list what is missing, so that a client that stopped can send the rest', async () => {
    const path = await created(5)
    await asked('PUT', `${path}/documents/3`, { bytes: contract(3) })
    const { body } = await asked('GET', `${path}/documents?state=missing&limit=3`)
    expect(body).toEqual({ count: 5, documents: [0, 1, 2].map((number) => ({ number, state: 'missing' })), next: 4 })
    const rest = await asked('GET', `${path}/documents?state=missing&from=4`)
    expect(rest.body.documents).toEqual([{ number: 4, state: 'missing' }])
    const refused = await asked('POST', `${path}/start`)
    expect([refused.status, refused.body.code, refused.body.facts.missing]).toEqual([409, 'BULK_JOB_INCOMPLETE', 4])
  })

  it('take the same document again, and no other under its number', async () => {
    const path = await created(2)
    const statuses: unknown[] = []
    for (const i of [0, 0, 1]) {
      const { status, body } = await asked('PUT', `${path}/documents/0`, { bytes: contract(i) })
      statuses.push([status, body.code])
    }
    expect(statuses).toEqual([
      [201, undefined],
      [200, undefined],
      [409, 'BULK_DOCUMENT_DIFFERS'],
    ])
  })

  it.each([
    ['more documents than may be', { seal: 'official', count: 41 }, 400, 'REQUEST_INVALID'],
    ['no document', { seal: 'official', count: 0 }, 400, 'REQUEST_INVALID'],
    ['an unknown seal', { seal: 'nothing', count: 1 }, 404, 'SEAL_UNKNOWN'],
  ])('are refused for %s', async (_what, json, status, code) => {
    const refused = await asked('POST', '/v1/bulk-jobs', { json })
    expect([refused.status, refused.body.code]).toEqual([status, code])
  })

  it('refuse documents that are too large together, and numbers that they have not', async () => {
    const path = await created(40)
    for (let i = 0; i < 5; i++) await asked('PUT', `${path}/documents/${i}`, { bytes: contract(i) })
    const over = await asked('PUT', `${path}/documents/5`, { bytes: contract(5) })
    expect([over.status, over.body.code]).toEqual([413, 'BULK_JOB_TOO_LARGE'])
    const beyond = await asked('PUT', `${path}/documents/40`, { bytes: contract(0) })
    expect([beyond.status, beyond.body.code]).toEqual([404, 'BULK_DOCUMENT_UNKNOWN'])
    const none = await asked('GET', `${path}/documents/7`)
    expect([none.status, none.body.code]).toEqual([404, 'BULK_DOCUMENT_UNKNOWN'])
  })

  it('end when they are cancelled, and take nothing more', async () => {
    const path = await filled(1)
    const cancelled = await asked('POST', `${path}/cancel`)
    expect([cancelled.status, cancelled.body.state, cancelled.body.counts]).toEqual([
      202,
      'cancelled',
      { cancelled: 1 },
    ])
    for (const [method, what, given] of [
      ['POST', 'start', {}],
      ['PUT', 'documents/0', { bytes: contract(5) }],
    ] as const) {
      const { status, body } = await asked(method, `${path}/${what}`, given)
      expect([status, body.code]).toEqual([409, what === 'start' ? 'BULK_JOB_CLOSED' : 'BULK_DOCUMENT_DIFFERS'])
    }
    const list = await asked('GET', '/v1/bulk-jobs?state=cancelled&limit=1')
    expect(list.body.bulkJobs).toMatchObject([{ state: 'cancelled' }])
  })

  it('are nobody else’s, and not for auditors to change', async () => {
    const path = await created(1)
    const others = await asked('GET', `${path}/events`, { as: 'clerk' })
    expect([others.status, others.body.code]).toEqual([404, 'BULK_JOB_UNKNOWN'])
    const auditor = await asked('POST', `${path}/start`, { as: 'auditor' })
    expect([auditor.status, auditor.body.code]).toEqual([403, 'ROLE_REQUIRED'])
  })

  it('answer a HEAD for their events at once', async () => {
    const path = await created(1)
    const answer = await http.call('HEAD', `${path}/events`, { as: 'sealer' })
    expect(answer.status).toBe(200)
  })
})
