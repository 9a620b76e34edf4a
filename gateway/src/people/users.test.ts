import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstitutionId, Time } from '@cinnabar/core'
import { sign } from 'jsonwebtoken'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { sessionSecret, sessions } from './sessions'
import { createUser, type NewUser, personOf, type UserRecord } from './users'

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

  it('lets nobody in who is disabled, and says no more than of a wrong password', async () => {
    const stored = await store.get<UserRecord>('users', 'lin')
    await store.replace('users', 'lin', stored?.version ?? 0, { ...stored?.value, disabled: true })
    await expect(personOf(store, 'lin', lin.password)).rejects.toThrow(withCode('LOGIN_FAILED'))
  })

  it('refuses a second user of the name, a short password, no role and an odd name', async () => {
    await expect(createUser(store, lin)).rejects.toThrow(withCode('USER_EXISTS'))
    const odd: readonly Partial<NewUser>[] = [{ password: 'short' }, { roles: [] }, { user: 'Lin Wei' }, { user: '' }]
    for (const change of odd) {
      await expect(createUser(store, { ...lin, user: 'wu', ...change })).rejects.toThrow(withCode('USER_INVALID'))
    }
  })
})

describe('access tokens', () => {
  const secret = new Uint8Array(32).fill(7)
  const key = Buffer.from(secret)
  const logIn = { user: 'lin', family: 'f', generation: 3 }

  it('are read as the log-in that they were opened for, until they end', () => {
    const clock = clockAt('2026-11-22T00:00:00Z')
    const all = sessions(secret, clock, 30)
    const { token, expiresInSeconds } = all.open(logIn)
    expect(expiresInSeconds).toBe(1800)
    clock.pass(1799)
    expect(all.read(token)).toEqual(logIn)
    clock.pass(1)
    expect(() => all.read(token)).toThrow(withCode('SESSION_EXPIRED'))
  })

  it('are refused with another key, algorithm, issuer, audience or content', () => {
    const clock = clockAt('2026-11-22T00:00:00Z')
    const all = sessions(secret, clock, 30)
    const exp = clock.now().getTime() / 1000 + 60
    const claims = { sub: 'lin', sid: 'f', gen: 3, iss: 'cinnabar', exp }
    const aud = 'cinnabar-gateway'
    const forged = [
      sign({ ...claims, aud }, Buffer.alloc(32, 8)),
      sign({ ...claims, aud }, key, { algorithm: 'HS512' }),
      sign({ ...claims, aud }, '', { algorithm: 'none' }),
      sign({ ...claims, aud, iss: 'other' }, key),
      sign({ ...claims, aud: 'other' }, key),
      sign({ ...claims, aud, gen: '3' }, key),
      sign({ ...claims, aud, sid: undefined }, key),
      'nonsense',
    ]
    for (const token of forged) expect(() => all.read(token)).toThrow(withCode('SESSION_INVALID'))
    expect(all.read(sign({ ...claims, aud }, key))).toEqual(logIn)
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
