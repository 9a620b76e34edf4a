import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { CONTRACT } from '../../../gateway/test/embedded-gateway'
import { BUREAU, COURT, type HttpGateway, PASSWORD, startHttpGateway } from '../../../gateway/test/http-gateway'
import { type Receiver, startReceiver } from '../../../gateway/test/webhooks-at-hand'
import { newPlace, type Place, runCli } from '../../test/run-cli'

let http: HttpGateway
let place: Place
let receiver: Receiver
beforeAll(async () => {
  http = await startHttpGateway()
  place = await newPlace()
  receiver = await startReceiver()
  await http.enter('admin', BUREAU, ['admin'])
  await http.enter('sealer', BUREAU, ['sealer', 'auditor'])
  await http.enter('court', COURT, ['auditor'])
  for (const reason of ['合同盖章', '第二次']) {
    const { id } = await (await http.call('POST', '/v1/documents?name=a.pdf', { as: 'sealer', bytes: CONTRACT })).json()
    const path = `/v1/documents/${id}/seal-signatures?wait=anchored`
    await http.call('POST', path, { as: 'sealer', json: { seal: 'official', reason } })
  }
}, 120_000)
afterAll(async () => {
  await receiver.close()
  await http.close()
  await place.remove()
})

function run(as: string, args: readonly string[], stdin?: string) {
  const url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`
  const env = { CINNABAR_URL: url, CINNABAR_TOKEN: http.tokens.get(as) ?? '' }
  return runCli(place, args, { env, ...(stdin !== undefined && { stdin }) })
}
/** With `--json`: the one document on standard output. */
async function told(as: string, args: readonly string[], stdin?: string) {
  const { exit, out, err } = await run(as, [...args, '--json'], stdin)
  return { exit, json: JSON.parse(out), err }
}
/** With `--json`: the problem, which is all there is. */
async function refused(as: string, args: readonly string[], stdin?: string) {
  const { exit, out, err } = await run(as, [...args, '--json'], stdin)
  expect(out).toBe('')
  const lines = err.trimEnd().split('\n')
  const { code, exit: said, type } = JSON.parse(lines[lines.length - 1])
  expect([said, type]).toEqual([exit, `urn:cinnabar:problem:${code}`])
  return [exit, code]
}

describe('cinnabar seals', () => {
  it('lists all of them, by kind and status, in both languages', async () => {
    const { out } = await run('sealer', ['seals'])
    expect(out).toMatch(/^ID +KIND +STATUS +USES +UNTIL +NAME\n/)
    expect(out).toMatch(/^official +official +active +2 /m)
    expect((await run('sealer', ['seals', '--lang', 'zh'])).out).toMatch(/^official +公章 +有效 +2 /m)
    const { json } = await told('sealer', ['seals', '--kind', 'contract'])
    expect(json).toMatchObject({ institution: BUREAU, seals: [{ id: 'contract', kind: 'contract' }] })
    expect((await told('sealer', ['seals', '--status', 'retired'])).json.seals).toEqual([])
  })

  it('is refused with what is no kind, and without a log-in', async () => {
    expect((await run('sealer', ['seals', '--kind', 'rubber'])).exit).toBe(64)
    expect(await refused('nobody', ['seals'])).toEqual([77, 'NOT_LOGGED_IN'])
    expect(await refused('sealer', ['seals', '--kind', 'rubber'])).toEqual([64, 'USAGE'])
  })
})

describe('cinnabar log', () => {
  it('lists entries in pages, from where it is asked, of one seal', async () => {
    const { json } = await told('sealer', ['log'])
    expect(json.entries).toHaveLength(json.size)
    expect(json.entries.map(({ index }: { index: number }) => index)).toEqual([...Array(json.size).keys()])
    const uses = await told('sealer', ['log', '--seal', 'official', '--limit', '1'])
    expect(uses.json.entries).toMatchObject([{ kind: 'sealSignature', useNumber: 1 }])
    const last = await told('sealer', ['log', '--from', String(json.size - 1)])
    expect(last.json.entries).toEqual(json.entries.slice(-1))
    expect((await run('sealer', ['log', '--kind', 'register', '--limit', '2'])).out).toMatch(/ register .*founded/)
  })

  it('is refused for an institution that is not there', async () => {
    const [exit] = await refused('sealer', ['log', 'Nowhere'])
    expect(exit).toBe(1)
  })
})

describe('cinnabar book', () => {
  it('shows every use by number, and says that it is complete', async () => {
    const { exit, out, err } = await run('sealer', ['book', 'official'])
    expect([exit, err]).toEqual([0, expect.stringContaining('complete: every number up to 2')])
    expect(out).toMatch(/^1 +\S+ +sealer +a\.pdf +合同盖章$/m)
    const { json } = await told('sealer', ['book', 'official', '--to', '2020-01-01T00:00:00Z'])
    expect([json.complete, json.lines]).toEqual([true, []])
  })

  it('writes it as CSV and as PDF, and never over a file', async () => {
    expect((await run('sealer', ['book', 'official', '-o', 'book.csv'])).out).toBe('')
    expect(await readFile(place.path('book.csv'), 'utf8')).toContain('合同盖章')
    expect((await told('sealer', ['book', 'official', '-o', 'book.pdf'])).json.output).toBe('book.pdf')
    expect((await readFile(place.path('book.pdf'))).subarray(0, 5).toString()).toBe('%PDF-')
    expect(await refused('sealer', ['book', 'official', '-o', 'book.pdf'])).toEqual([73, 'OUTPUT_EXISTS'])
    expect((await run('sealer', ['book', 'official', '-o', 'book.pdf', '--force'])).exit).toBe(0)
  })

  it('is refused for another form, and for a seal that is not there', async () => {
    expect(await refused('sealer', ['book', 'official', '-o', 'book.xls'])).toEqual([64, 'BOOK_FORMAT_UNKNOWN'])
    expect(await refused('sealer', ['book', 'none'])).toEqual([1, 'SEAL_UNKNOWN'])
  })
})

describe('cinnabar users', () => {
  it('adds, changes, disables and enables a user, whose password is nowhere', async () => {
    const added = await told('admin', ['users', 'add', 'wu', '--role', 'sealer', '--password-stdin'], `${PASSWORD}\n`)
    expect(added.json).toMatchObject({ user: 'wu', roles: ['sealer'], status: 'active' })
    expect(JSON.stringify(added)).not.toContain(PASSWORD)
    const roles = await told('admin', ['users', 'roles', 'wu', 'registrar', 'auditor'])
    expect(roles.json.roles).toEqual(['registrar', 'auditor'])
    expect((await told('admin', ['users', 'disable', 'wu'])).json.status).toBe('disabled')
    expect((await run('admin', ['users', '--lang', 'zh'])).out).toMatch(/^wu +已停用 .*登记员、审计员$/m)
    expect((await told('admin', ['users', 'enable', 'wu'])).json.status).toBe('active')
    const other = await told('admin', ['users', 'password', 'wu', '--password-stdin'], 'another correct horse\n')
    expect(other.json.user).toBe('wu')
  })

  it.each([
    [['users', 'add', 'li', '--password-stdin'], 64, 'USAGE'],
    [['users', 'add', 'li', '--role', 'king', '--password-stdin'], 64, 'USAGE'],
    [['users', 'add', 'li', '--role', 'sealer'], 64, 'TERMINAL_MISSING'],
    [['users', 'roles', 'nobody', 'sealer'], 1, 'USER_UNKNOWN'],
    [['users', 'roles', 'wu'], 64, 'USAGE'],
    [['users', 'disable', 'admin'], 1, 'LAST_ADMIN'],
  ])('is refused: %j', async (args, exit, code) => {
    expect(await refused('admin', args, PASSWORD)).toEqual([exit, code])
  })

  it('is refused to who is no admin', async () => {
    expect(await refused('court', ['users', 'disable', 'wu'])).toEqual([1, 'ROLE_REQUIRED'])
  })
})

describe('cinnabar webhooks', () => {
  it('adds one with its secret, tests it, lists what it was told, switches and removes it', async () => {
    const events = ['--event', 'people.changed', '--event', 'signIn.alarm']
    const { json } = await told('admin', ['webhooks', 'add', receiver.url, ...events])
    expect(json).toMatchObject({ secret: expect.stringMatching(/^whsec_/), events: ['people.changed', 'signIn.alarm'] })
    expect((await run('admin', ['webhooks', 'test', json.id])).exit).toBe(0)
    await receiver.until(1)
    const page = await told('admin', ['webhooks', 'deliveries', json.id, '--limit', '1'])
    expect(page.json.deliveries).toMatchObject([{ type: 'webhook.test' }])
    const again = await told('admin', ['webhooks', 'redeliver', json.id, page.json.deliveries[0].id])
    expect(again.json.event).toBe(page.json.deliveries[0].event)
    expect((await told('admin', ['webhooks', 'secret', json.id])).json.secret).not.toBe(json.secret)
    expect((await told('admin', ['webhooks', 'off', json.id])).json).toMatchObject({ offReason: 'byAdmin' })
    expect((await run('admin', ['webhooks'])).out).toMatch(/off \(byAdmin\) +http/)
    expect((await told('admin', ['webhooks', 'on', json.id])).json.status).toBe('on')
    expect((await told('admin', ['webhooks', 'remove', json.id])).json.id).toBe(json.id)
    expect((await told('admin', ['webhooks'])).json).toEqual({ webhooks: [] })
  })

  it('is refused for an address that nothing may go to, and for one that is not there', async () => {
    const add = ['webhooks', 'add', 'https://10.0.0.1/', '--event', 'people.changed']
    expect(await refused('admin', add)).toEqual([1, 'WEBHOOK_URL_REFUSED'])
    expect(await refused('admin', ['webhooks', 'test', 'none'])).toEqual([1, 'WEBHOOK_UNKNOWN'])
    expect(await refused('admin', ['webhooks', 'add', receiver.url])).toEqual([64, 'USAGE'])
  })
})
