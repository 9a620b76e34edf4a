import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TrustFormat } from '@cinnabar/core'
import { newWorld, type World } from '../../../core/src/testing/sealed-world'
import { type GatewayDouble, gatewayDouble, json, problem, type Script } from '../../test/gateway-double'
import { newPlace, type Place, type RunOptions, runCli } from '../../test/run-cli'

const TOKEN = 'eyJ-a-token-that-must-not-appear'
const PASSWORD = 'correct horse battery'
const LOGIN = 'POST /v1/sessions'
const OPENED = json(201, { token: TOKEN, expires: '2026-12-01T00:30:00Z' })

let world: World
let place: Place
const doubles: GatewayDouble[] = []

beforeAll(async () => {
  world = await newWorld()
})
beforeEach(async () => {
  place = await newPlace()
})
afterEach(async () => {
  for (const double of doubles.splice(0)) await double.close()
  await place.remove()
})

async function gatewayWith(script: Script = {}): Promise<GatewayDouble> {
  const trust = { status: 200, type: 'application/json', body: TrustFormat.encode(world.trust) }
  const double = await gatewayDouble({ [LOGIN]: OPENED, 'GET /v1/trust': trust, ...script })
  doubles.push(double)
  return double
}

const config = (name: string) => join(place.home, '.config', 'cinnabar', name)

function login(url: string, options: RunOptions = {}) {
  const args = ['login', '--url', url, '--user', 'wang', '--password-stdin']
  return runCli(place, args, { stdin: `${PASSWORD}\n`, ...options })
}

describe('cinnabar login', () => {
  it('keeps the session for its owner only, and shows neither token nor password', async () => {
    const { url, seen } = await gatewayWith()
    const { exit, out, err } = await login(url)
    expect(exit).toBe(0)
    expect(JSON.parse(seen[0].body.toString())).toEqual({ user: 'wang', password: PASSWORD })
    expect(JSON.parse(await readFile(config('session.json'), 'utf8'))).toEqual({
      url,
      user: 'wang',
      token: TOKEN,
      expires: '2026-12-01T00:30:00Z',
    })
    expect((await stat(config('session.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(config('.'))).mode & 0o777).toBe(0o700)
    expect(out).toBe('')
    expect(err).not.toContain(TOKEN)
    expect(err).not.toContain(PASSWORD)
  })

  it('counts the seconds of a gateway that tells how long the token lasts', async () => {
    const { url } = await gatewayWith({ [LOGIN]: json(201, { token: TOKEN, expiresInSeconds: 1800 }) })
    expect((await login(url)).exit).toBe(0)
    expect(JSON.parse(await readFile(config('session.json'), 'utf8'))).toMatchObject({
      expires: '2026-12-01T00:30:00Z',
    })
  })

  it('pins the gateway’s trust file on first use, and says so', async () => {
    const { err } = await login((await gatewayWith()).url)
    expect(err).toContain(`trust pinned on first use: ${config('trust.json')}`)
    expect(err).toContain(TrustFormat.digest(world.trust))
    expect(new Uint8Array(await readFile(config('trust.json')))).toEqual(TrustFormat.encode(world.trust))
  })

  it('keeps the pinned trust file when the gateway serves another, and warns', async () => {
    await login((await gatewayWith()).url)
    const other = { ...world.trust, version: 2 }
    const changed = await gatewayWith({ 'GET /v1/trust': { status: 200, body: TrustFormat.encode(other) } })
    const { exit, err } = await login(changed.url)
    expect(exit).toBe(0)
    expect(err).toContain('WARNING')
    expect(err).toContain(TrustFormat.digest(other))
    expect(new Uint8Array(await readFile(config('trust.json')))).toEqual(TrustFormat.encode(world.trust))
  })

  it.each([
    ['has none', problem(404, 'TRUST_MISSING', 'no trust file'), 'TRUST_MISSING'],
    ['serves something else', json(200, { type: 'cinnabar.trust.v9' }), 'TRUST_INVALID'],
  ])('pins nothing when the gateway %s, and stays logged in', async (_what, reply, code) => {
    const { exit, err } = await login((await gatewayWith({ 'GET /v1/trust': reply })).url)
    expect(exit).toBe(0)
    expect(err).toContain(`[${code}]`)
    await expect(stat(config('trust.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('keeps nothing when user and password are wrong', async () => {
    const { url, seen } = await gatewayWith({ [LOGIN]: problem(401, 'LOGIN_FAILED', 'user or password is wrong') })
    const { exit, err } = await login(url)
    expect(exit).toBe(77)
    expect(err).toContain('[LOGIN_FAILED]')
    expect(seen).toHaveLength(1)
    await expect(stat(config('session.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it.each([
    { expires: '2026-12-01T00:30:00Z' },
    { token: TOKEN },
    { token: TOKEN, expires: 'soon' },
    { token: TOKEN, expiresInSeconds: -1 },
  ])('refuses the session %j', async (session) => {
    const { exit, err } = await login((await gatewayWith({ [LOGIN]: json(201, session) })).url)
    expect(exit).toBe(76)
    expect(err).not.toContain(TOKEN)
  })

  it('does not wait for a password where nobody can type one', async () => {
    const { exit, err } = await runCli(place, ['login', '--url', (await gatewayWith()).url, '--user', 'wang'])
    expect(exit).toBe(64)
    expect(err).toContain('[TERMINAL_MISSING]')
  })

  it.each([
    ['', 'PASSWORD_EMPTY', 64],
    ['x'.repeat(5000), 'FILE_TOO_LARGE', 66],
  ])('refuses a password of no use', async (stdin, code, expected) => {
    const { exit, err } = await login((await gatewayWith()).url, { stdin })
    expect(exit).toBe(expected)
    expect(err).toContain(`[${code}]`)
  })

  it.each(['ftp://seals.example', 'seals.example', 'http://wang:secret99@seals.example', 'http://seals.example/?x=1'])(
    'refuses the address %s, and does not repeat a password in it',
    async (url) => {
      const { exit, err } = await login(url)
      expect(exit).toBe(64)
      expect(err).toContain('[URL_INVALID]')
      expect(err).not.toContain('secret99')
    },
  )
})

describe('the session', () => {
  const sealing = (env: Readonly<Record<string, string>>, at?: string) =>
    runCli(place, ['seal', 'contract.pdf', '--seal', 'official', '-o', 'sealed.pdf'], { env, ...(at && { at }) })

  beforeEach(async () => {
    await place.put('contract.pdf', 'any')
  })

  it('is used without any setting, for its own gateway', async () => {
    const gateway = await gatewayWith({ 'POST /v1/documents': problem(422, 'PDF_NOT_PDF', 'not a PDF') })
    await login(gateway.url)
    const { exit, err } = await sealing({})
    expect(exit).toBe(1)
    expect(err).toContain('[PDF_NOT_PDF]')
    expect(gateway.seen[2].headers.authorization).toBe(`Bearer ${TOKEN}`)
  })

  it('is not given to another gateway', async () => {
    const [mine, other] = [await gatewayWith(), await gatewayWith()]
    await login(mine.url)
    expect((await sealing({ CINNABAR_URL: other.url })).exit).toBe(77)
    expect(other.seen).toEqual([])
  })

  it('is not used once it has ended', async () => {
    await login((await gatewayWith()).url)
    const { exit, err } = await sealing({}, '2026-12-01T00:30:00Z')
    expect(exit).toBe(77)
    expect(err).toContain('[SESSION_EXPIRED]')
  })

  it.each(['{', '[]', 'null', '{"url":"x","user":"u","token":"t","expires":"e"}'])(
    'is refused when its file says %s, and passed over by verify',
    async (text) => {
      await place.put('config/cinnabar/session.json', text)
      const env = { XDG_CONFIG_HOME: place.path('config') }
      const { exit, err } = await sealing(env)
      expect(exit).toBe(77)
      expect(err).toContain('[SESSION_INVALID]')
      expect((await runCli(place, ['verify', 'contract.pdf'], { env })).err).toContain('is passed over')
    },
  )
})
