import { BUREAU, movingClock, type PeopleAtHand, peopleAtHand } from '../../test/people-store'
import { type Attempt, type LoginLimit, loginLimit } from './login-limit'
import { PeopleError } from './people-error'
import { peopleEvents } from './people-events'

const lins = { user: 'lin', address: '10.0.0.1' }
const wrong = async () => {
  throw new PeopleError('LOGIN_FAILED', 'another password')
}
const right = async () => 'in'
const limitedOf = async (limit: LoginLimit, who: Attempt) =>
  (await limit.attempt(who, wrong).catch((error) => error.code)) === 'LOGIN_LIMITED'

let hand: PeopleAtHand
let clock: ReturnType<typeof movingClock>
let limit: LoginLimit
const newLimit = () => {
  const events = peopleEvents(hand.store, clock, () => undefined)
  return loginLimit({ store: hand.store, clock, events })
}
beforeEach(async () => {
  hand = await peopleAtHand()
  clock = movingClock('2026-11-22T00:00:00Z')
  limit = newLimit()
})
afterEach(() => hand.close())

describe('the limit of failed log-ins', () => {
  it('refuses a user from an address after ten failures, until five minutes have passed', async () => {
    for (let i = 0; i < 10; i++) expect(await limitedOf(limit, lins)).toBe(false)
    expect(await limitedOf(limit, lins)).toBe(true)
    await expect(limit.attempt(lins, right)).rejects.toMatchObject({ code: 'LOGIN_LIMITED' })
    expect(await limitedOf(limit, { ...lins, address: '10.0.0.2' })).toBe(false)
    expect(await limitedOf(limit, { ...lins, user: 'wu' })).toBe(false)
    clock.pass(301)
    expect(await limit.attempt(lins, right)).toBe('in')
  })

  it('is kept over a restart', async () => {
    for (let i = 0; i < 10; i++) await limitedOf(limit, lins)
    await hand.restart()
    limit = newLimit()
    expect(await limitedOf(limit, lins)).toBe(true)
    expect(await limitedOf(limit, { ...lins, user: 'wu' })).toBe(false)
  })

  it('counts guesses that are sent all at once', async () => {
    const limited = await Promise.all(Array.from({ length: 50 }, () => limitedOf(limit, lins)))
    expect(limited.filter((one) => !one)).toHaveLength(10)
  })

  it('refuses an address that tries many users, and a user tried from many addresses', async () => {
    for (let i = 0; i < 100; i++) {
      await limitedOf(limit, { user: `user${i}`, address: '10.0.0.9' })
      await limitedOf(limit, { user: 'wu', address: `10.0.1.${i}` })
    }
    expect(await limitedOf(limit, { user: 'zhao', address: '10.0.0.9' })).toBe(true)
    expect(await limitedOf(limit, { user: 'wu', address: '10.0.0.8' })).toBe(true)
  })

  it('takes all addresses of an IPv6 network for one, and an IPv4 address in its clothes for itself', async () => {
    for (let i = 0; i < 10; i++) await limitedOf(limit, { user: 'lin', address: `2001:db8::${i}:1` })
    expect(await limitedOf(limit, { user: 'lin', address: '2001:db8:0:0:ffff::9' })).toBe(true)
    expect(await limitedOf(limit, { user: 'lin', address: '2001:db8:0:1::9' })).toBe(false)
    for (let i = 0; i < 10; i++) await limitedOf(limit, lins)
    expect(await limitedOf(limit, { user: 'lin', address: '::ffff:10.0.0.1' })).toBe(true)
  })

  it('limits guesses from no address by user alone', async () => {
    for (let i = 0; i < 100; i++) {
      await limitedOf(limit, { user: `user${i}`, address: undefined })
      await limitedOf(limit, { user: 'wu', address: undefined })
    }
    expect(await limitedOf(limit, { user: 'zhao', address: undefined })).toBe(false)
    expect(await limitedOf(limit, { user: 'wu', address: undefined })).toBe(true)
  })

  it('forgets the failures of who got in, and counts neither successes nor faults of ours', async () => {
    for (let i = 0; i < 9; i++) await limitedOf(limit, lins)
    await expect(limit.attempt(lins, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk')
    for (let i = 0; i < 110; i++) expect(await limit.attempt(lins, right)).toBe('in')
    for (let i = 0; i < 10; i++) expect(await limitedOf(limit, lins)).toBe(false)
  })

  it('keeps neither names nor addresses, and tells the institution once', async () => {
    await hand.add('lin', BUREAU, ['sealer'])
    for (let i = 0; i < 13; i++) await limitedOf(limit, lins)
    const events = await peopleEvents(hand.store, clock, () => undefined).list(BUREAU, { limit: 10 })
    expect(events).toMatchObject([{ kind: 'loginLimited', subject: 'lin', address: '10.0.0.1' }])
    for (let i = 0; i < 256; i++) {
      const bucket = await hand.store.get('loginFailures', i.toString(16).padStart(2, '0'))
      expect(JSON.stringify(bucket?.value ?? '')).not.toMatch(/lin|10\.0/)
    }
  })
})
