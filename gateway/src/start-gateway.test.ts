import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodedError, type InstitutionId, parseTrust, TrustFormat } from '@cinnabar/core'
import { systemClock } from './clock'
import { readConfig } from './config'
import { makeKek } from './keys/kek'
import { createLogger } from './log'
import { helpText, hintFor, startedText } from './main-text'
import { SETTINGS_LIST } from './settings'
import { type Gateway, startGateway } from './start-gateway'

let folder: string
let gateway: Gateway | undefined
const lines: string[] = []
const log = createLogger('info', systemClock, (line) => lines.push(line))
const start = async (env: Record<string, string> = {}) => {
  gateway = await startGateway(readConfig({ PORT: '0', CINNABAR_DATA: folder, ...env }), {
    clock: systemClock,
    log,
    version: '0',
  })
  return gateway
}
const stop = async () => {
  await gateway?.close()
  gateway = undefined
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-start-'))
  lines.length = 0
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

describe('a start', () => {
  it('gives a service that is ready, with a demonstration to log in to and a sealed sample', async () => {
    const { url, demo, trust } = await start()
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const { user, password } = demo?.logins[0] ?? { user: '', password: '' }
    const session = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password }),
    })
    expect(session.status).toBe(201)
    const served = new Uint8Array(await (await fetch(`${url}/v1/trust`)).arrayBuffer())
    expect(parseTrust(served)).toEqual(parseTrust(new Uint8Array(await readFile(trust?.file ?? ''))))
    const sealed = await readFile(demo?.sample.sealed ?? '')
    expect(sealed.subarray(0, 5).toString('latin1')).toBe('%PDF-')
    expect(lines.join('')).not.toContain(password)
  })

  it('finds everything again, and does nothing twice', async () => {
    const first = await start()
    const { demo, trust } = first
    await stop()
    const second = await start()
    expect(second.demo).toEqual(demo)
    expect(second.trust).toEqual(trust)
    const head = await second.node.env.ledger.head('JiangzhouBureau' as InstitutionId)
    expect(head.size).toBe(8)
  })

  it('is refused, with nothing opened, while another has the port or the data folder', async () => {
    const { url } = await start()
    const port = new URL(url).port
    await expect(
      startGateway(readConfig({ PORT: port, CINNABAR_DATA: join(folder, 'new') }), {
        clock: systemClock,
        log,
        version: '0',
      }),
    ).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    await expect(readFile(join(folder, 'new', 'kek'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(
      startGateway(readConfig({ PORT: '0', CINNABAR_DATA: folder }), { clock: systemClock, log, version: '0' }),
    ).rejects.toMatchObject({ code: 'STORE_IN_USE' })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  it('warns of an address that others reach and their browsers cannot use', async () => {
    await start({ CINNABAR_PUBLIC_URL: 'http://seals.example' })
    expect(lines.filter((line) => line.includes('"warn"') && line.includes('https')).length).toBe(1)
    await stop()
    lines.length = 0
    await start({ CINNABAR_PUBLIC_URL: 'https://seals.example' })
    expect(lines.filter((line) => line.includes('"warn"'))).toEqual([])
  })

  it('makes nothing up without the demonstration', async () => {
    const kek = join(folder, 'kek')
    await expect(start({ CINNABAR_DEMO: 'off', CINNABAR_KEK_FILE: kek })).rejects.toMatchObject({ code: 'KEK_INVALID' })
    await makeKek(kek)
    const { demo, trust, node } = await start({ CINNABAR_DEMO: 'off', CINNABAR_KEK_FILE: kek })
    expect([demo, trust]).toEqual([undefined, undefined])
    expect(await node.env.ledger.institutions()).toEqual([])
  })

  it('keeps a trust file that says otherwise, and says loudly what differs', async () => {
    const { trust } = await start()
    await stop()
    const file = trust?.file ?? ''
    const { singleOperator, organisations, ...rest } = JSON.parse(await readFile(file, 'utf8'))
    const key = `${singleOperator.key.slice(0, -8)}AAAAAAA=`
    const others = organisations.map((one: object, i: number) => (i === 0 ? { ...one, sealCas: [] } : one))
    const changed = TrustFormat.encode({ ...rest, organisations: others, singleOperator: { ...singleOperator, key } })
    await writeFile(file, changed)
    const again = await start()
    expect(new Uint8Array(await readFile(file))).toEqual(changed)
    const differs = ["the node's key", `sealCas of ${organisations[0].id}`]
    expect(again.trust?.differs).toEqual(differs)
    expect(lines.filter((line) => line.includes('"warn"') && line.includes(differs.join(', ')))).toHaveLength(1)
    for (const one of [...differs, 'WARNING', '警告']) expect(startedText(again, '0.1.0')).toContain(one)
  })

  it('tells people where everything is', async () => {
    const started = await start({ CINNABAR_PUBLIC_URL: 'https://seals.example' })
    const text = startedText(started, '0.1.0')
    const { demo, trust } = started
    const { password = '' } = demo?.logins[2] ?? {}
    for (const part of ['https://seals.example/', started.url, demo?.sample.sealed, trust?.file, password]) {
      expect(text).toContain(part)
    }
  })
})

describe('the texts', () => {
  it('name every setting in the help', () => {
    for (const { name } of SETTINGS_LIST) expect(helpText('0.1.0')).toContain(name)
  })
  it('say what to do about a port in use, and nothing where nothing is known', () => {
    expect(hintFor(new CodedError('PORT_IN_USE', '', { port: 8080 }))).toContain('PORT=8081')
    expect(hintFor(new CodedError('LEDGER_LOCKED', ''))).toContain('CINNABAR_DATA')
    expect(hintFor(new CodedError('SOMETHING_ELSE', ''))).toBeUndefined()
  })
})
