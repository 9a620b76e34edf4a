import { parseTrust, TrustFormat, utf8 } from '@cinnabar/core'
import { newPlace, type Place, runCli } from '../../test/run-cli'

const TRUST = parseTrust(
  utf8(
    '{"chaincode":"cinnabar","channel":"cinnabar","demonstration":true,"issued":"2026-11-22T00:00:00Z","name":{"en":"Test","zh":"测试"},"organisations":[{"id":"JiangzhouCourt","kind":"court","names":{"en":"Court","zh":"法院"},"roots":[],"sealCas":[],"tsas":[]}],"quorum":{"independentKinds":["court"],"organisations":2},"type":"cinnabar.trust.v1","version":1}',
  ),
)

let place: Place
beforeAll(async () => {
  place = await newPlace()
})
afterAll(() => place.remove())

describe('cinnabar audit', () => {
  it('asks whose word counts', async () => {
    const { exit, err } = await runCli(place, ['audit', '--data', 'data'])
    expect([exit, err]).toEqual([64, expect.stringContaining('[TRUST_NEEDED]')])
    const env = { CINNABAR_TRUST: 'absent.json' }
    expect((await runCli(place, ['audit', '--data', 'data'], { env })).exit).toBe(66)
  })

  it('asks what to audit', async () => {
    await place.put('trust.json', TrustFormat.encode(TRUST))
    const { exit, err } = await runCli(place, ['audit', '--trust', 'trust.json'])
    expect([exit, err]).toEqual([64, expect.stringContaining('[NOTHING_TO_AUDIT]')])
  })
})
