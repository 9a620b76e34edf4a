import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type GatewayDouble, gatewayDouble, json, problem, type Script } from '../test/gateway-double'
import { newPlace, type Place, runCli } from '../test/run-cli'

const REFRESH = 'POST /v1/sessions/refresh'
const SEALS = 'GET /v1/seals'
const opened = (n: number, seconds = 1800) =>
  json(200, {
    token: `token-number-${n}`,
    expiresInSeconds: seconds,
    refreshToken: `cinnabar_refresh_number_${n}`,
    refreshExpiresInSeconds: 7 * 86_400,
  })

let place: Place
let gateway: GatewayDouble
beforeEach(async () => {
  place = await newPlace()
})
afterEach(async () => {
  await gateway.close()
  await place.remove()
})

const file = () => join(place.home, '.config', 'cinnabar', 'session.json')
const saved = async () => JSON.parse(await readFile(file(), 'utf8'))
const seals = (at: string) => runCli(place, ['seals', '--json'], { at })
const refreshes = () => gateway.seen.filter(({ path }) => path === '/v1/sessions/refresh')

async function loggedIn(script: Script = {}) {
  gateway = await gatewayDouble({
    'POST /v1/sessions': opened(0),
    'GET /v1/trust': problem(404, 'TRUST_MISSING', 'none'),
    [SEALS]: json(200, { institution: 'A', seals: [] }),
    ...script,
  })
  const args = ['login', '--url', gateway.url, '--user', 'wang', '--password-stdin', '--json']
  return runCli(place, args, { stdin: 'correct horse battery\n' })
}

describe('a log-in', () => {
  it('tells how long it can go on, and shows no token', async () => {
    const { exit, out, err } = await loggedIn()
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toEqual({
      url: gateway.url,
      user: 'wang',
      expires: '2026-12-01T00:30:00Z',
      refreshExpires: '2026-12-08T00:00:00Z',
    })
    expect(out + err).not.toMatch(/token-number|cinnabar_refresh/)
    expect(await saved()).toMatchObject({ refreshToken: 'cinnabar_refresh_number_0' })
  })

  it('is used as it is while its token lasts, and goes on by the next token after that', async () => {
    let n = 0
    await loggedIn({ [REFRESH]: () => opened(++n) })
    expect((await seals('2026-12-01T00:10:00Z')).exit).toBe(0)
    expect(refreshes()).toEqual([])
    expect((await seals('2026-12-01T05:00:00Z')).exit).toBe(0)
    expect(JSON.parse(refreshes()[0].body.toString())).toEqual({ refreshToken: 'cinnabar_refresh_number_0' })
    expect(gateway.seen.at(-1)?.headers.authorization).toBe('Bearer token-number-1')
    expect((await seals('2026-12-02T05:00:00Z')).exit).toBe(0)
    expect(JSON.parse(refreshes()[1].body.toString())).toEqual({ refreshToken: 'cinnabar_refresh_number_1' })
  })

  it('uses a refresh token once, however many commands want it at the same time', async () => {
    let n = 0
    await loggedIn({ [REFRESH]: () => opened(++n) })
    const ran = await Promise.all(Array.from({ length: 6 }, () => seals('2026-12-01T05:00:00Z')))
    expect(ran.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0, 0])
    expect(refreshes()).toHaveLength(1)
    expect(await saved()).toMatchObject({ token: 'token-number-1' })
  })

  it('goes on although a command that renewed it was cut off', async () => {
    await loggedIn({ [REFRESH]: opened(1) })
    await writeFile(`${file()}.lock`, '2026-12-01T04:58:00.000Z')
    expect((await seals('2026-12-01T05:00:00Z')).exit).toBe(0)
  })

  it('has ended when the gateway says that its token was used before', async () => {
    await loggedIn({ [REFRESH]: problem(401, 'REFRESH_REUSED', 'this token was used before', 'Change your password.') })
    const { exit, out, err } = await seals('2026-12-01T05:00:00Z')
    expect([exit, out]).toEqual([77, ''])
    expect(JSON.parse(err)).toMatchObject({ code: 'REFRESH_REUSED', status: 401, exit: 77 })
    expect(await saved()).toMatchObject({ token: 'token-number-0' })
  })

  it('has ended after its days, and nothing is asked then', async () => {
    await loggedIn()
    const { exit, err } = await seals('2026-12-08T00:00:01Z')
    expect([exit, JSON.parse(err).code]).toEqual([77, 'SESSION_EXPIRED'])
    expect(refreshes()).toEqual([])
  })

  it.each([
    ['no token', json(200, { refreshToken: 'x' })],
    ['no end', json(200, { token: 'token-number-9' })],
  ])('is not replaced by an answer with %s', async (_, reply) => {
    await loggedIn({ [REFRESH]: reply })
    expect((await seals('2026-12-01T05:00:00Z')).exit).toBe(76)
    expect(await saved()).toMatchObject({ token: 'token-number-0' })
  })
})
