import { BUREAU, COURT, PASSWORD, type PeopleAtHand, peopleAtHand } from '../../test/people-store'
import { compactPeople } from './compact'

const DAY = 24 * 3600
const address = '203.0.113.9'
const kept = { sessionsKeptDays: 10, peopleEventsKeptDays: 100 }
let hand: PeopleAtHand
beforeEach(async () => {
  hand = await peopleAtHand()
  await hand.add('lin', BUREAU, ['sealer'])
  await hand.add('judge', COURT, ['admin'])
})
afterEach(() => hand.close())

const logIn = (user = 'lin') => hand.people.logIn({ user, password: PASSWORD, address })
const compact = () => compactPeople({ store: hand.store, clock: hand.clock, institutions: [BUREAU, COURT], ...kept })
const stolen = async () => {
  const { refreshToken } = await logIn()
  await hand.people.refresh(refreshToken, address)
  await hand.people.refresh(refreshToken, address).catch(() => undefined)
  return refreshToken
}

describe('what is over', () => {
  it('is kept as long as the settings say, and forgotten then', async () => {
    await stolen()
    await logIn('judge')
    hand.clock.pass(16 * DAY)
    expect(await compact()).toEqual({ families: 0, events: 0 })
    hand.clock.pass(2 * DAY)
    expect(await compact()).toEqual({ families: 2, events: 0 })
    hand.clock.pass(100 * DAY)
    expect(await compact()).toEqual({ families: 0, events: 1 })
    expect(await hand.people.events.list(BUREAU, { limit: 10 })).toEqual([])
  })

  it('leaves log-ins that go on, and events that are young', async () => {
    await stolen()
    hand.clock.pass(101 * DAY)
    const { token } = await logIn()
    await stolen()
    expect(await compact()).toEqual({ families: 1, events: 1 })
    expect((await hand.people.person(token)).user).toBe('lin')
    expect(await hand.people.events.list(BUREAU, { limit: 10 })).toHaveLength(1)
  })

  it('never makes a used token good again', async () => {
    const token = await stolen()
    hand.clock.pass(20 * DAY)
    await compact()
    await expect(hand.people.refresh(token, address)).rejects.toMatchObject({ code: 'SESSION_INVALID' })
  })

  it('forgets more events than a page holds', async () => {
    for (let i = 0; i < 501; i++) {
      await hand.people.events.record({ institution: BUREAU, kind: 'loginLimited', subject: 'lin', address })
    }
    hand.clock.pass(101 * DAY)
    expect(await compact()).toMatchObject({ events: 501 })
  })
})
