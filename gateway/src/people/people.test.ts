import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstitutionId, Time } from '@cinnabar/core'
import { sign } from 'jsonwebtoken'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { type Attempt, type LoginLimit, loginLimit } from './login-limit'
import { PeopleError } from './people-error'
import { sessionSecret, sessions } from './sessions'
import { createUser, type NewUser, personOf } from './users'

const lin: NewUser = {
  user: 'lin',
  institution: 'JiangzhouBureau' as InstitutionId,
  roles: ['sealer'],
  password: 'correct horse battery',
  createdAt: '2026-11-22T00:00:00Z' as Time,
}
const person = { user: lin.user, institution: lin.institution, roles: lin.roles }
const withCode = (code: string) => expect.objectContaining({ code })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'people-'))
})
afterEach(() => rm(folder, { recursive: true }))

function clockAt(start: string) {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    pass: (seconds: number) => {
      time += seconds * 1000
    },
  }
}

describe('users', () => {
  let store: Store
  beforeEach(async () => {
    store = await openEmbeddedStore(folder)
    await createUser(store, lin)
  })
  afterEach(() => store.close())

  it('lets in who has the password, with the roles of the record', async () => {
    expect(await personOf(store, 'lin', lin.password)).toEqual(person)
  })

  it('keeps no password', async () => {
    const stored = await store.get<{ password: string }>('users', 'lin')
    expect(stored?.value.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('says the same of a wrong password and of nobody', async () => {
    for (const user of ['lin', 'nobody', '../lin', '']) {
      await expect(personOf(store, user, 'something else')).rejects.toThrow(withCode('LOGIN_FAILED'))
    }
  })

  it('hashes for an unknown user, too, so that the time tells nothing', async () => {
    await personOf(store, 'nobody', 'x').catch(() => undefined)
    const took = async (user: string) => {
      const start = process.hrtime.bigint()
      await personOf(store, user, 'wrong password').catch(() => undefined)
      return Number(process.hrtime.bigint() - start) / 1e6
    }
    expect(await took('nobody')).toBeGreaterThan((await took('lin')) / 4)
  })

  it('refuses a second user of the name, a short password, no role and an odd name', async () => {
    await expect(createUser(store, lin)).rejects.toThrow(withCode('USER_EXISTS'))
    const odd: readonly Partial<NewUser>[] = [{ password: 'short' }, { roles: [] }, { user: 'Lin Wei' }, { user: '' }]
    for (const change of odd) {
      await expect(createUser(store, { ...lin, user: 'wu', ...change })).rejects.toThrow(withCode('USER_INVALID'))
    }
  })
})

describe('sessions', () => {
  const secret = new Uint8Array(32).fill(7)
  const key = Buffer.from(secret)

  it('knows the person again until the session ends', () => {
    const clock = clockAt('2026-11-22T00:00:00Z')
    const all = sessions(secret, clock, 30)
    const { token, expiresInSeconds } = all.open(person)
    expect(expiresInSeconds).toBe(1800)
    clock.pass(1799)
    expect(all.person(token)).toEqual(person)
    clock.pass(1)
    expect(() => all.person(token)).toThrow(withCode('SESSION_EXPIRED'))
  })

  it('refuses a token with another key, algorithm, issuer, audience or content', () => {
    const clock = clockAt('2026-11-22T00:00:00Z')
    const all = sessions(secret, clock, 30)
    const exp = clock.now().getTime() / 1000 + 60
    const claims = { sub: 'lin', institution: 'JiangzhouBureau', roles: ['sealer'], iss: 'cinnabar', exp }
    const aud = 'cinnabar-gateway'
    const forged = [
      sign({ ...claims, aud }, Buffer.alloc(32, 8)),
      sign({ ...claims, aud }, key, { algorithm: 'HS512' }),
      sign({ ...claims, aud }, '', { algorithm: 'none' }),
      sign({ ...claims, aud, iss: 'other' }, key),
      sign({ ...claims, aud: 'other' }, key),
      sign({ ...claims, aud, roles: ['owner'] }, key),
      sign({ ...claims, aud, institution: undefined }, key),
      'nonsense',
    ]
    for (const token of forged) expect(() => all.person(token)).toThrow(withCode('SESSION_INVALID'))
    expect(all.person(sign({ ...claims, aud }, key))).toEqual(person)
  })

  it('leaves no empty secret behind when it cannot be written', async () => {
    const file = join(folder, 'session.secret')
    const fs = jest.requireActual<typeof import('node:fs/promises')>('node:fs/promises')
    const { open } = fs
    jest.spyOn(fs, 'open').mockImplementationOnce(async (...args) => {
      const handle = await open(...args)
      jest.spyOn(handle, 'writeFile').mockRejectedValueOnce(new Error('no space left'))
      return handle
    })
    await expect(sessionSecret(file)).rejects.toThrow('no space left')
    const all = await Promise.all(Array.from({ length: 20 }, () => sessionSecret(file)))
    expect(new Set(all.map((one) => Buffer.from(one).toString('hex'))).size).toBe(1)
  })
  it('makes the secret once, for the owner only, and refuses one that is none', async () => {
    const file = join(folder, 'session.secret')
    const first = await sessionSecret(file)
    expect(first).toHaveLength(32)
    expect(await sessionSecret(file)).toEqual(first)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await writeFile(file, 'changeme')
    await expect(sessionSecret(file)).rejects.toThrow(withCode('SESSION_INVALID'))
  })
})

describe('the limit of failed log-ins', () => {
  const lins = { user: 'lin', address: '10.0.0.1' }
  const wrong = async () => {
    throw new PeopleError('LOGIN_FAILED', 'another password')
  }
  const limitedOf = async (limit: LoginLimit, who: Attempt) =>
    (await limit.attempt(who, wrong).catch((error) => error.code)) === 'LOGIN_LIMITED'
  const right = async () => 'in'

  it('refuses a user from an address after ten failures, until five minutes have passed', async () => {
    const clock = clockAt('2026-11-22T00:00:00Z')
    const limit = loginLimit(clock)
    for (let i = 0; i < 10; i++) expect(await limitedOf(limit, lins)).toBe(false)
    expect(await limitedOf(limit, lins)).toBe(true)
    await expect(limit.attempt(lins, right)).rejects.toThrow(withCode('LOGIN_LIMITED'))
    expect(await limitedOf(limit, { ...lins, address: '10.0.0.2' })).toBe(false)
    expect(await limitedOf(limit, { ...lins, user: 'wu' })).toBe(false)
    clock.pass(301)
    expect(await limit.attempt(lins, right)).toBe('in')
  })

  it('counts guesses that are sent all at once', async () => {
    const limit = loginLimit(clockAt('2026-11-22T00:00:00Z'))
    const limited = await Promise.all(Array.from({ length: 50 }, () => limitedOf(limit, lins)))
    expect(limited.filter((one) => !one)).toHaveLength(10)
  })

  it('refuses an address that tries many users, and a user tried from many addresses', async () => {
    const limit = loginLimit(clockAt('2026-11-22T00:00:00Z'))
    for (let i = 0; i < 100; i++) {
      await limitedOf(limit, { user: `user${i}`, address: '10.0.0.9' })
      await limitedOf(limit, { user: 'wu', address: `10.0.1.${i}` })
    }
    expect(await limitedOf(limit, { user: 'zhao', address: '10.0.0.9' })).toBe(true)
    expect(await limitedOf(limit, { user: 'wu', address: '10.0.0.8' })).toBe(true)
  })

  it('limits guesses from no address by user alone', async () => {
    const limit = loginLimit(clockAt('2026-11-22T00:00:00Z'))
    for (let i = 0; i < 100; i++) {
      await limitedOf(limit, { user: `user${i}`, address: undefined })
      await limitedOf(limit, { user: 'wu', address: undefined })
    }
    expect(await limitedOf(limit, { user: 'zhao', address: undefined })).toBe(false)
    expect(await limitedOf(limit, { user: 'wu', address: undefined })).toBe(true)
  })

  it('forgets the failures of who got in, and counts neither successes nor faults of ours', async () => {
    const limit = loginLimit(clockAt('2026-11-22T00:00:00Z'))
    for (let i = 0; i < 9; i++) await limitedOf(limit, lins)
    await expect(limit.attempt(lins, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk')
    for (let i = 0; i < 200; i++) expect(await limit.attempt(lins, right)).toBe('in')
    for (let i = 0; i < 10; i++) expect(await limitedOf(limit, lins)).toBe(false)
  })
})
