import { BUREAU, COURT, PASSWORD, type PeopleAtHand, peopleAtHand } from '../../test/people-store'
import type { Admin } from './user-register'

const DAY = 24 * 3600
const address = '203.0.113.9'
let hand: PeopleAtHand
beforeEach(async () => {
  hand = await peopleAtHand()
  await hand.add('lin', BUREAU, ['sealer'])
  await hand.add('boss', BUREAU, ['admin'])
  await hand.add('judge', COURT, ['admin'])
})
afterEach(() => hand.close())

const admin: Admin = { user: 'boss', institution: BUREAU, roles: ['admin'], address }
const withCode = (code: string) => expect.objectContaining({ code })
const logIn = (user = 'lin', password = PASSWORD) => hand.people.logIn({ user, password, address })
const kinds = async () =>
  (await hand.people.events.list(BUREAU, { limit: 100 })).map(({ kind, subject }) => [kind, subject])

describe('a log-in', () => {
  it('gives an access token whose roles are those of the register now', async () => {
    const { token, ...rest } = await logIn()
    expect(rest).toMatchObject({ user: 'lin', institution: BUREAU, roles: ['sealer'], expiresInSeconds: 1800 })
    expect(await hand.people.person(token)).toEqual({ user: 'lin', institution: BUREAU, roles: ['sealer'] })
    await hand.people.users.setRoles(admin, 'lin', ['auditor'])
    expect((await hand.people.person(token)).roles).toEqual(['auditor'])
  })

  it('goes on by its refresh token, also after a restart, each of which is good once', async () => {
    const first = await logIn()
    hand.clock.pass(1801)
    await expect(hand.people.person(first.token)).rejects.toThrow(withCode('SESSION_EXPIRED'))
    await hand.restart()
    const second = await hand.people.refresh(first.refreshToken, address)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect((await hand.people.person(second.token)).user).toBe('lin')
    const third = await hand.people.refresh(second.refreshToken, address)
    expect((await hand.people.person(third.token)).user).toBe('lin')
  })

  it('ends when a used token comes again: for thief and owner alike, at once, and the institution sees it', async () => {
    const owner = await logIn()
    const thief = await hand.people.refresh(owner.refreshToken, '198.51.100.1')
    await expect(hand.people.refresh(owner.refreshToken, address)).rejects.toThrow(withCode('REFRESH_REUSED'))
    await expect(hand.people.person(thief.token)).rejects.toThrow(withCode('SESSION_ENDED'))
    await expect(hand.people.refresh(thief.refreshToken, address)).rejects.toThrow(withCode('REFRESH_REUSED'))
    expect(await kinds()).toEqual([['tokenReused', 'lin']])
    expect(hand.told).toMatchObject([{ kind: 'tokenReused', subject: 'lin', institution: BUREAU, address }])
    const newest = await hand.people.events.list(BUREAU, { limit: 1, order: 'descending' })
    expect(newest).toMatchObject([{ kind: 'tokenReused', address }])
    // Other log-ins of the same user go on.
    expect((await hand.people.person((await logIn()).token)).user).toBe('lin')
  })

  it('is told a theft also when both copies come at the same time', async () => {
    const { refreshToken } = await logIn()
    const both = await Promise.allSettled([1, 2].map(() => hand.people.refresh(refreshToken, address)))
    const good = both.filter(({ status }) => status === 'fulfilled')
    expect(good.length).toBeLessThan(2)
    expect((await kinds())[0]).toEqual(['tokenReused', 'lin'])
    for (const one of good) {
      const { token } = (one as PromiseFulfilledResult<Awaited<ReturnType<typeof logIn>>>).value
      await expect(hand.people.person(token)).rejects.toThrow(withCode('SESSION_ENDED'))
    }
  })

  it('is not ended by who knows its id alone, nor by anything that is no token', async () => {
    const { token, refreshToken } = await logIn()
    const guessed = `${refreshToken.slice(0, -43)}${'A'.repeat(43)}`
    for (const text of [guessed, token, '', 'cinnabar_refresh_', `${refreshToken}x`]) {
      await expect(hand.people.refresh(text, address)).rejects.toThrow(withCode('SESSION_INVALID'))
    }
    expect((await hand.people.person(token)).user).toBe('lin')
    expect((await hand.people.refresh(refreshToken, address)).user).toBe('lin')
  })

  it('lasts no longer than it may, however often it is refreshed', async () => {
    let { refreshToken } = await logIn()
    for (let day = 0; day < 6; day++) {
      hand.clock.pass(DAY)
      ;({ refreshToken } = await hand.people.refresh(refreshToken, address))
    }
    hand.clock.pass(DAY)
    await expect(hand.people.refresh(refreshToken, address)).rejects.toThrow(withCode('SESSION_EXPIRED'))
  })

  it('ends with the log-out, the password and the user', async () => {
    const ends: readonly ((token: string, refreshToken: string) => Promise<unknown>)[] = [
      (_, refreshToken) => hand.people.logOut(refreshToken),
      () => hand.people.users.resetPassword(admin, 'lin', PASSWORD),
      () => hand.people.users.disable(admin, 'lin').then(() => hand.people.users.enable(admin, 'lin')),
      () => hand.people.users.changePassword({ ...admin, user: 'lin' }, PASSWORD, PASSWORD),
    ]
    for (const end of ends) {
      const { token, refreshToken } = await logIn()
      await end(token, refreshToken)
      await expect(hand.people.person(token)).rejects.toThrow(withCode('SESSION_ENDED'))
      await expect(hand.people.refresh(refreshToken, address)).rejects.toThrow(withCode('SESSION_ENDED'))
    }
  })

  it('keeps no token', async () => {
    const { token, refreshToken } = await logIn()
    const kept = JSON.stringify(await hand.store.find('families', { field: 'user', equals: 'lin', limit: 10 }))
    expect(kept).not.toContain(refreshToken.split('_').slice(3).join('_'))
    expect(kept).not.toContain(token)
  })
})

describe("an institution's admin", () => {
  it('adds users, changes their roles, resets passwords, disables and enables, all of it seen', async () => {
    const { users } = hand.people
    await users.add(admin, { user: 'wu', roles: ['registrar'], password: PASSWORD })
    await users.setRoles(admin, 'wu', ['registrar', 'sealer'])
    await users.resetPassword(admin, 'wu', 'another good password')
    await expect(logIn('wu')).rejects.toThrow(withCode('LOGIN_FAILED'))
    expect((await logIn('wu', 'another good password')).roles).toEqual(['registrar', 'sealer'])
    expect(await users.disable(admin, 'wu')).toMatchObject({ user: 'wu', status: 'disabled' })
    await expect(logIn('wu', 'another good password')).rejects.toThrow(withCode('LOGIN_FAILED'))
    expect(await users.enable(admin, 'wu')).toMatchObject({ status: 'active' })
    expect((await users.list(BUREAU)).map(({ user }) => user)).toEqual(['boss', 'lin', 'wu'])
    expect(JSON.stringify(await users.list(BUREAU))).not.toContain('argon2')
    const kept = await kinds()
    expect(kept.map(([kind]) => kind)).toEqual([
      'userCreated',
      'rolesChanged',
      'passwordReset',
      'userDisabled',
      'userEnabled',
    ])
  })

  it("cannot see or touch another institution's users", async () => {
    const { users } = hand.people
    for (const user of ['judge', 'nobody']) {
      for (const attempt of [
        users.setRoles(admin, user, ['sealer']),
        users.disable(admin, user),
        users.enable(admin, user),
        users.resetPassword(admin, user, PASSWORD),
      ]) {
        await expect(attempt).rejects.toThrow(withCode('USER_UNKNOWN'))
      }
    }
    expect((await logIn('judge')).roles).toEqual(['admin'])
  })

  it('cannot leave the institution without one, not even two at once', async () => {
    const { users } = hand.people
    await expect(users.disable(admin, 'boss')).rejects.toThrow(withCode('LAST_ADMIN'))
    await expect(users.setRoles(admin, 'boss', ['sealer'])).rejects.toThrow(withCode('LAST_ADMIN'))
    await users.add(admin, { user: 'boss2', roles: ['admin'], password: PASSWORD })
    const both = await Promise.allSettled([users.disable(admin, 'boss2'), users.disable(admin, 'boss')])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  it('is refused unfit users', async () => {
    const fit = { user: 'wu', roles: ['sealer'] as const, password: PASSWORD }
    const { users } = hand.people
    for (const change of [
      { user: 'Wu' },
      { roles: [] },
      { roles: ['sealer', 'sealer'] as const },
      { password: 'short' },
    ]) {
      await expect(users.add(admin, { ...fit, ...change })).rejects.toThrow(withCode('USER_INVALID'))
    }
    await expect(users.add(admin, { ...fit, user: 'judge' })).rejects.toThrow(withCode('USER_EXISTS'))
    await expect(users.resetPassword(admin, 'lin', 'short')).rejects.toThrow(withCode('USER_INVALID'))
    await expect(users.changePassword(admin, 'wrong password', PASSWORD)).rejects.toThrow(withCode('LOGIN_FAILED'))
  })
})

describe('a key of a machine', () => {
  const wanted = { name: 'records system', roles: ['sealer'], days: 30 } as const

  it('lets in with its own roles until it expires, and is kept as a digest', async () => {
    const { key, ...shown } = await hand.people.keys.create(admin, wanted)
    expect(shown).toMatchObject({ name: 'records system', roles: ['sealer'], createdBy: 'boss' })
    expect(await hand.people.person(key)).toEqual({ user: `key:${shown.id}`, institution: BUREAU, roles: ['sealer'] })
    const kept = JSON.stringify(await hand.store.get('apiKeys', shown.id))
    expect(kept).not.toContain(key.split('_')[3])
    expect(await hand.people.keys.list(BUREAU)).toEqual([shown])
    hand.clock.pass(30 * DAY)
    await expect(hand.people.person(key)).rejects.toThrow(withCode('API_KEY_EXPIRED'))
  })

  it('is revoked by an admin of the institution, once and for all, and by nobody else', async () => {
    const { key, id } = await hand.people.keys.create(admin, wanted)
    const judge: Admin = { user: 'judge', institution: COURT, roles: ['admin'] }
    await expect(hand.people.keys.revoke(judge, id)).rejects.toThrow(withCode('API_KEY_UNKNOWN'))
    const first = await hand.people.keys.revoke(admin, id)
    expect(await hand.people.keys.revoke(admin, id)).toEqual(first)
    await expect(hand.people.person(key)).rejects.toThrow(withCode('API_KEY_REVOKED'))
    expect(await kinds()).toEqual([
      ['apiKeyCreated', id],
      ['apiKeyRevoked', id],
    ])
  })

  it('is refused with another secret, an unknown id, or for more than a machine may', async () => {
    const { key, id } = await hand.people.keys.create(admin, wanted)
    for (const text of [`${key.slice(0, -43)}${'A'.repeat(43)}`, key.replace(id, '0'.repeat(32))]) {
      await expect(hand.people.person(text)).rejects.toThrow(withCode('API_KEY_INVALID'))
    }
    const unfit = [
      { roles: ['admin'] },
      { roles: [] },
      { days: 0 },
      { days: 367 },
      { days: 1.5 },
      { name: '' },
      { name: 'a\nb' },
    ]
    for (const change of unfit) {
      const attempt = hand.people.keys.create(admin, { ...wanted, ...change } as never)
      await expect(attempt).rejects.toThrow(withCode('USER_INVALID'))
    }
  })
})
