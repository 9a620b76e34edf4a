import { digestOf, fromBase64, type Time, toBase64, utf8 } from '@cinnabar/core'
import { newKey, type TestKey } from '../../core/src/testing/keys'
import { newWorld, type World } from '../../core/src/testing/sealed-world'
import { publishedList } from '../../core/src/testing/trust-lists'
import { kindOf } from './files'
import {
  browserListShelf,
  forgetKey,
  keyIn,
  type Lists,
  NO_LISTS,
  noListShelf,
  takeLists,
  trustKey,
} from './trust-lists'

const at = new Date('2026-12-01T00:00:00Z')

let operator: TestKey
let world: World
beforeAll(async () => {
  ;[operator, world] = await Promise.all([newKey(), newWorld()])
})

const key = () => digestOf(operator.spki)
const bytesOf = (changes: Parameters<typeof publishedList>[2] = {}) => publishedList(operator, world, changes)
async function take(lists: Lists, bytes: Uint8Array | undefined, keys = [key()]) {
  const files = bytes === undefined ? [] : [{ name: 'list.json', bytes }]
  return takeLists(lists, { files, keys, together: false }, at)
}
const versions = ({ used, waiting }: Lists) => [used, waiting].map((all) => all.map(({ list }) => list.sequence))

describe('a trust list that the reader chooses', () => {
  it('waits until its key is known, by a file before or after it, or by the reader’s word', async () => {
    const bytes = await bytesOf()
    const { lists: waiting } = await take(NO_LISTS, bytes, [])
    expect(versions(waiting)).toEqual([[], [1]])
    expect(versions(trustKey(waiting, key()))).toEqual([[1], []])
    expect(versions((await take(waiting, undefined)).lists)).toEqual([[1], []])
    expect(versions((await take(NO_LISTS, bytes)).lists)).toEqual([[1], []])
  })

  it('takes the place of an older version, and never of a newer one', async () => {
    const { lists } = await take(NO_LISTS, await bytesOf({ sequence: 3 }))
    const newer = await take(lists, await bytesOf({ sequence: 4 }), [])
    expect([versions(newer.lists), newer.problems]).toEqual([[[4], []], []])
    const older = await take(newer.lists, await bytesOf({ sequence: 3 }))
    expect(versions(older.lists)).toEqual([[4], []])
    expect(older.problems).toEqual([{ code: 'listRefused', name: 'list.json', why: 'TRUST_LIST_ROLLED_BACK' }])
  })

  it.each([
    ['forged', 'TRUST_LIST_SIGNATURE_INVALID'],
    ['expired', 'TRUST_LIST_EXPIRED'],
    ['none', 'TRUST_LIST_INVALID'],
  ])('is a problem and nothing else when it is %s', async (kind, why) => {
    const text = new TextDecoder().decode(await bytesOf())
    const forged = utf8(text.replace('"region":"HK"', '"region":"MO"'))
    const expired = await bytesOf({ expires: '2026-12-01T00:00:00Z' as Time })
    const bytes = kind === 'forged' ? forged : kind === 'expired' ? expired : utf8('{}')
    const { lists, problems } = await take(NO_LISTS, bytes)
    expect([versions(lists), problems]).toEqual([[[], []], [expect.objectContaining({ why })]])
  })

  it('is forgotten with its key', async () => {
    const { lists } = await take(NO_LISTS, await bytesOf())
    const forgotten = forgetKey(lists, key())
    expect([versions(forgotten), forgotten.keys]).toEqual([[[], []], []])
    expect(versions((await take(forgotten, await bytesOf(), [])).lists)).toEqual([[], [1]])
  })
})

describe('a key in a file', () => {
  it('is a digest or a public key in PEM', () => {
    const pem = `-----BEGIN PUBLIC KEY-----\n${toBase64(operator.spki)}\n-----END PUBLIC KEY-----\n`
    expect([keyIn(utf8(`${key()}\n`)), keyIn(utf8(pem))]).toEqual([key(), key()])
    expect(kindOf(utf8(pem))).toBe('listKey')
  })

  it.each(['sha256:12', 'hello', '-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----'])('is not %j', (text) => {
    expect([keyIn(utf8(text)), kindOf(utf8(text))]).toEqual([undefined, 'other'])
  })

  it('is told from a list, and a list from a trust file', async () => {
    expect(kindOf(await bytesOf())).toBe('list')
  })
})

describe('the shelf of lists', () => {
  const items = new Map<string, string>()
  const storage = () =>
    ({
      getItem: (name: string) => items.get(name) ?? null,
      setItem: (name: string, value: string) => void items.set(name, value),
    }) as unknown as Storage

  it('gives back what was in use, with its key, and nothing that waits', async () => {
    const { lists } = await take(NO_LISTS, await bytesOf({ sequence: 5 }))
    const shelf = browserListShelf(storage)
    expect([shelf.load(), shelf.save(lists)]).toEqual([{ ...NO_LISTS, kept: true }, true])
    const loaded = shelf.load()
    expect([versions(loaded), loaded.keys, loaded.kept]).toEqual([[[5], []], [key()], true])
    expect(fromBase64(loaded.used[0].list.operator.key)).toEqual(operator.spki)
  })

  it.each(['{', '{}', '[{}]', '[{"record":"{}","fileName":"x"}]'])('gives nothing for %s', (text) => {
    items.set('cinnabar.lists', text)
    expect(browserListShelf(storage).load()).toEqual(NO_LISTS)
  })

  it('keeps nothing where the browser forbids it, nor from disk', () => {
    const denied = browserListShelf(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    expect([denied.load(), denied.save(NO_LISTS), noListShelf.load(), noListShelf.save(NO_LISTS)]).toEqual([
      NO_LISTS,
      false,
      NO_LISTS,
      false,
    ])
  })
})
