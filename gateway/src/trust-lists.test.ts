import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf, type Time } from '@cinnabar/core'
import { newKey, type TestKey } from '../../core/src/testing/keys'
import { newWorld, type World } from '../../core/src/testing/sealed-world'
import { publishedList } from '../../core/src/testing/trust-lists'
import { openTrustLists } from './trust-lists'

const clock = { now: () => new Date('2026-12-01T00:00:00Z') }

let folder: string
let world: World
let operator: TestKey
const said: string[] = []
const log = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) }
beforeAll(async () => {
  ;[world, operator] = await Promise.all([newWorld(), newKey()])
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-lists-'))
  said.splice(0)
})
afterEach(() => rm(folder, { recursive: true }))

async function open(list: Uint8Array | undefined, keys = [digestOf(operator.spki)]) {
  const path = join(folder, 'list.json')
  if (list !== undefined) await writeFile(path, list)
  const settings = { dataFolder: join(folder, 'data'), trustLists: [path], trustListKeys: keys }
  return openTrustLists(settings, { clock, log })
}
const refusal = (list: Uint8Array | undefined, keys?: Parameters<typeof open>[1]) =>
  open(list, keys).then(
    () => 'OK',
    ({ code, details }) => [code, details.path === join(folder, 'list.json')],
  )
const list = (changes: Parameters<typeof publishedList>[2] = {}, key = operator) => publishedList(key, world, changes)

describe('the lists that the operator configured', () => {
  it('are taken when well signed, in force and not older than those seen', async () => {
    expect(await open(await list({ sequence: 3 }))).toMatchObject([{ sequence: 3 }])
    expect(await open(await list({ sequence: 4 }))).toMatchObject([{ sequence: 4 }])
    expect(said).toEqual(['verifies by a trust list', 'verifies by a trust list'])
  })

  it('keep the gateway from starting when one is forged, expired, of an unknown key or none', async () => {
    const expires = '2026-12-01T00:00:00Z' as Time
    const text = new TextDecoder().decode(await list())
    const forged = new TextEncoder().encode(text.replace('"region":"HK"', '"region":"MO"'))
    expect(await refusal(forged)).toEqual(['TRUST_LIST_SIGNATURE_INVALID', true])
    expect(await refusal(await list({ expires }))).toEqual(['TRUST_LIST_EXPIRED', true])
    expect(await refusal(await list({ issued: '2027-01-01T00:00:00Z' as Time }))).toEqual([
      'TRUST_LIST_IN_FUTURE',
      true,
    ])
    expect(await refusal(await list({}, await newKey()))).toEqual(['TRUST_LIST_SIGNER_UNKNOWN', true])
    expect(await refusal(await list(), [])).toEqual(['TRUST_LIST_SIGNER_UNKNOWN', true])
    expect(await refusal(new Uint8Array(9))).toEqual(['TRUST_LIST_INVALID', true])
    expect(await refusal(new Uint8Array((4 << 20) + 2))).toEqual(['TRUST_LIST_INVALID', true])
  })

  it('are never taken in an older version, nor in another of the same number', async () => {
    await open(await list({ sequence: 3 }))
    expect(await refusal(await list({ sequence: 2 }))).toEqual(['TRUST_LIST_ROLLED_BACK', true])
    const other = await list({ sequence: 3, consortium: { region: 'MO' } })
    expect(await refusal(other)).toEqual(['TRUST_LIST_FORKED', true])
  })

  it('are missed when they are not there, and called out before they expire', async () => {
    expect(await refusal(undefined)).toEqual(['TRUST_LIST_INVALID', true])
    await open(await list({ expires: '2026-12-20T00:00:00Z' as Time }))
    expect(said).toEqual(['a trust list soon counts no more: get the next one'])
  })
})
