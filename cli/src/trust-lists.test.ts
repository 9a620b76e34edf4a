import { digestOf, signTrustList, type Time, TrustFormat, type TrustList, toBase64 } from '@cinnabar/core'
import { newKey, type TestKey } from '../../core/src/testing/keys'
import { oneSeal, type Sample } from '../../core/src/testing/sealed-evidence'
import { newWorld, type World } from '../../core/src/testing/sealed-world'
import { newPlace, type Place, runCli } from '../test/run-cli'

let home: World
let abroad: World
let operator: TestKey
let sample: Sample
let place: Place
beforeAll(async () => {
  ;[home, abroad, operator] = await Promise.all([newWorld(), newWorld(), newKey()])
  sample = await oneSeal(abroad)
})
beforeEach(async () => {
  place = await newPlace()
  await place.put('sealed.pdf', sample.pdf)
  await place.put('evidence.zip', sample.evidence[0])
  await place.put('trust.json', TrustFormat.encode(home.trust))
  await place.put('list.json', await listNumber(7))
})
afterEach(() => place.remove())

async function listNumber(sequence: number): Promise<Uint8Array> {
  const list: TrustList = {
    expires: '2039-01-01T00:00:00Z' as Time,
    issued: '2020-01-01T00:00:00Z' as Time,
    name: { en: 'Hong Kong list', zh: '香港名单' },
    operator: { key: toBase64(operator.spki), name: { en: 'Operator', zh: '发布方' } },
    consortia: [{ policies: [], region: 'HK', trust: abroad.trust }],
    sequence,
    type: 'cinnabar.trustList.v1',
  }
  return signTrustList(list, operator.signer)
}

const verify = (...more: readonly string[]) =>
  runCli(place, ['verify', 'sealed.pdf', '--trust', 'trust.json', '--evidence', 'evidence.zip', ...more])
const KEY = () => ['--list-key', digestOf(operator.spki)]

describe('cinnabar verify --list', () => {
  it('recognises a seal from abroad by a published list, and names it', async () => {
    expect((await verify()).exit).not.toBe(0)
    const { exit, out } = await verify('--list', 'list.json', ...KEY())
    expect(exit).toBe(0)
    expect(out).toContain('(HK), by the list Hong Kong list, version 7, in force until 2039-01-01T00:00:00Z')
  })

  it('takes no list of an operator whose key nobody named', async () => {
    const { exit, err } = await verify('--list', 'list.json')
    expect([exit, err.includes('TRUST_LIST_SIGNER_UNKNOWN')]).toEqual([66, true])
  })

  it('needs the key once, and never takes an older list again', async () => {
    expect((await verify('--list', 'list.json', ...KEY())).exit).toBe(0)
    await place.put('newer.json', await listNumber(8))
    expect((await verify('--list', 'newer.json')).exit).toBe(0)
    const { exit, err } = await verify('--list', 'list.json', ...KEY())
    expect([exit, err.includes('TRUST_LIST_ROLLED_BACK')]).toEqual([66, true])
  })

  it('refuses what is no list', async () => {
    const { exit, err } = await verify('--list', 'trust.json', ...KEY())
    expect([exit, err.includes('TRUST_LIST_INVALID')]).toEqual([66, true])
  })
})
