import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type InstitutionId, parseTrust } from '@cinnabar/core'
import { testKey } from '@cinnabar/fixtures'
import { systemClock } from '../clock'
import { readConfig } from '../config'
import { makeKek } from '../keys/kek'
import { createLogger } from '../log'
import { openNode } from '../node'
import { type Gateway, startGateway } from '../start-gateway'
import { foundRequest } from './arguments'
import { foundInstitution } from './found'

const CONTRACT = join(__dirname, '../../../fixtures/contracts/en-service-agreement.pdf')
const log = createLogger('error', systemClock, () => undefined)
const BUREAU = ['--id', 'LinanBureau', '--kind', 'agency', '--name-en', 'Linan Bureau', '--name-zh', '临安市审批局']
const TIME = ['--id', 'TimeCentre', '--kind', 'court', '--name-en', 'Time Centre', '--name-zh', '授时中心', '--tsa']

let folder: string
let gateway: Gateway | undefined
const env = (more: Record<string, string> = {}) => ({
  PORT: '0',
  CINNABAR_DATA: join(folder, 'data'),
  CINNABAR_KEK_FILE: join(folder, 'kek'),
  CINNABAR_DEMO: 'off',
  ...more,
})
const options = { clock: systemClock, log, publicUrl: 'http://127.0.0.1:8080' }
const found = (args: readonly string[]) => foundInstitution(readConfig(env()), options, foundRequest(args))
const start = async (more: Record<string, string> = {}) => {
  gateway = await startGateway(readConfig(env(more)), { clock: systemClock, log, version: '0' })
  return gateway
}
const stop = async () => {
  await gateway?.close()
  gateway = undefined
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-found-'))
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

async function post(path: string, json: object, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  return (await fetch(`${gateway?.url}${path}`, { method: 'POST', headers, body: JSON.stringify(json) })).json()
}

describe('founding from outside', () => {
  it('makes an institution whose admin logs in, makes a sealer, who seals; nothing of a demonstration', async () => {
    const { password, trustFile, madeKek } = await found([...BUREAU, '--admin', 'chen', '--seal', 'official'])
    expect((await stat(madeKek ?? '')).mode & 0o777).toBe(0o600)
    expect(password).toMatch(/^[\w-]{20}$/)
    await found([...TIME, '--founder', 'LinanBureau'])
    expect(parseTrust(new Uint8Array(await readFile(trustFile)))).toMatchObject({
      demonstration: false,
      version: 2,
      name: { en: 'Linan Bureau' },
      organisations: [{ id: 'LinanBureau' }, { id: 'TimeCentre', tsas: [{}] }],
    })
    const { url, demo } = await start()
    expect(demo).toBeUndefined()
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const admin = await post('/v1/sessions', { user: 'chen', password })
    expect(admin).toMatchObject({ institution: 'LinanBureau', roles: ['admin'] })
    const sealer = { user: 'wang', roles: ['sealer'], password: 'a long enough password' }
    await post('/v1/users', sealer, admin.token)
    const { token } = await post('/v1/sessions', { user: 'wang', password: sealer.password })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/pdf' }
    const body = new Uint8Array(await readFile(CONTRACT))
    const { id } = await (await fetch(`${url}/v1/documents`, { method: 'POST', headers, body })).json()
    const sealed = await post(`/v1/documents/${id}/seal-signatures?wait=anchored`, { seal: 'official' }, token)
    expect(sealed).toMatchObject({ state: 'anchored', institution: 'LinanBureau' })
  }, 60_000)

  it('may be called again, and then changes nothing but the trust file’s version', async () => {
    await found([...BUREAU, '--seal', 'official'])
    const again = await found([...BUREAU, '--seal', 'official'])
    expect([again.password, again.madeKek, again.trust?.version]).toEqual([undefined, undefined, 2])
    const { node } = await start()
    expect((await node.env.ledger.head('LinanBureau' as InstitutionId)).size).toBe(4)
  })

  it('is refused in the demonstration, beside a running service, and with arguments that make no sense', async () => {
    const demo = readConfig({ CINNABAR_DATA: join(folder, 'demo') })
    await expect(foundInstitution(demo, options, foundRequest(BUREAU))).rejects.toMatchObject({ code: 'FOUND_DEMO' })
    for (const args of [[], BUREAU.slice(2), [...BUREAU, '--seal', 'red'], [...BUREAU, '--what'], ['--kind', 'king']]) {
      expect(() => foundRequest(args)).toThrow(expect.objectContaining({ code: 'FOUND_ARGUMENT' }))
    }
    await found(BUREAU)
    await start()
    await expect(found(TIME)).rejects.toMatchObject({ code: 'STORE_IN_USE' })
  })

  it('needs an agency or court of the ledger to admit a second institution', async () => {
    await found(BUREAU)
    await expect(found(TIME)).rejects.toMatchObject({ code: 'CALLER_NOT_PERMITTED' })
  })
})

describe('a service in earnest', () => {
  const refusal = (rejected: Promise<unknown>) =>
    rejected.then(
      () => [],
      (error) => {
        expect(error).toMatchObject({ code: 'PRODUCTION_REFUSED' })
        return error.problems as readonly string[]
      },
    )

  it('does not start with what a demonstration left: its users, and three institutions’ seal keys', async () => {
    await makeKek(join(folder, 'kek'))
    await start({ CINNABAR_DEMO: 'on' })
    await stop()
    await expect(found(BUREAU)).rejects.toMatchObject({ code: 'PRODUCTION_REFUSED' })
    const problems = await refusal(start())
    expect(problems.filter((one) => one.includes('users of the demonstration'))).toHaveLength(3)
    expect(problems.filter((one) => one.includes('more than one institution'))).toHaveLength(1)
  }, 60_000)

  it('does not start with the seal keys of two institutions', async () => {
    await found([...BUREAU, '--seal', 'official'])
    const second = [...TIME, '--founder', 'LinanBureau']
    await expect(found([...second, '--seal', 'contract'])).rejects.toMatchObject({ code: 'FOUND_SECOND_SEALER' })
    await found(second)
    const node = await openNode(readConfig(env()), options)
    await node.keys.create('TimeCentre/seal/contract')
    await node.close()
    expect(await refusal(start())).toEqual([expect.stringContaining('LinanBureau, TimeCentre')])
  })

  it('does not start with a key that is published in fixtures/', async () => {
    await found(BUREAU)
    const node = await openNode(readConfig(env()), options)
    const spki = Buffer.from(testKey('JiangzhouBureau/tsa').spki).toString('base64')
    const key = { institution: 'LinanBureau', purpose: 'LinanBureau/tsa', algorithm: 'ecdsa-p256-sha256', spki }
    await node.env.store.insert('keys', 'fixture', { ...key, nonce: '', sealed: '' })
    await node.close()
    expect(await refusal(start())).toEqual([expect.stringContaining('LinanBureau/tsa is published')])
  })
})
