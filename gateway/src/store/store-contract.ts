import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Store, StoreError } from './store'

/** One adapter on storage of its own. */
export interface StoreUnderTest {
  /** Opens the same storage again; called only after the last store was closed or its process killed. */
  open(): Promise<Store>
  /** Starts another process that opens the storage and runs {@link writeUntilKilled}. */
  startWriter(): Promise<ChildProcess>
}

/** One promise of the {@link Store} port, as a sentence. */
export interface ContractCase {
  readonly name: string
  run(subject: StoreUnderTest): Promise<void>
}

/** What every adapter must pass; each case gets fresh storage. */
export const STORE_CONTRACT: readonly ContractCase[] = [
  onOpen('gives back what was inserted, at version 1', async (store) => {
    const value = { institution: 'A', words: ['江州', '"', '\u0000'], nested: { n: 1.5, none: null } }
    strictEqual(await store.insert('documents', 'd1', value), true)
    deepStrictEqual(await store.get('documents', 'd1'), { id: 'd1', version: 1, value })
  }),
  onOpen('knows nothing of an id that was never inserted', async (store) => {
    strictEqual(await store.get('documents', 'd1'), undefined)
  }),
  onOpen('keeps collections apart', async (store) => {
    await store.insert('documents', 'x', { institution: 'A' })
    strictEqual(await store.get('jobs', 'x'), undefined)
    strictEqual(await store.insert('jobs', 'x', { institution: 'B' }), true)
  }),
  onOpen('refuses a second insert of an id and changes nothing', async (store) => {
    await store.insert('documents', 'd1', { n: 1 })
    strictEqual(await store.insert('documents', 'd1', { n: 2 }), false)
    deepStrictEqual((await store.get('documents', 'd1'))?.value, { n: 1 })
  }),
  onOpen('lets exactly one of many inserts of one id win', async (store) => {
    const won = await Promise.all(Array.from({ length: 32 }, (_, n) => store.insert('documents', 'd1', { n })))
    strictEqual(won.filter(Boolean).length, 1)
    deepStrictEqual((await store.get('documents', 'd1'))?.value, { n: won.indexOf(true) })
  }),
  onOpen('lets exactly one of many replacements of one version win, round after round', async (store) => {
    await store.insert('jobs', 'j', { by: -1 })
    for (let version = 1; version <= 20; version++) {
      const tries = Array.from({ length: 8 }, async (_, by) => {
        // Half of the rivals come a turn later, into another group of writes.
        if (by % 2 === 1) await new Promise((resolve) => setImmediate(resolve))
        return store.replace('jobs', 'j', version, { by })
      })
      const won = await Promise.all(tries)
      strictEqual(won.filter(Boolean).length, 1)
      deepStrictEqual(await store.get('jobs', 'j'), { id: 'j', version: version + 1, value: { by: won.indexOf(true) } })
    }
  }),
  onOpen('does not replace what does not exist, or at another version', async (store) => {
    strictEqual(await store.replace('jobs', 'j', 1, { n: 1 }), false)
    await store.insert('jobs', 'j', { n: 1 })
    strictEqual(await store.replace('jobs', 'j', 2, { n: 2 }), false)
    deepStrictEqual((await store.get('jobs', 'j'))?.value, { n: 1 })
  }),
  onOpen('counts a compare-and-set counter without losing a step', async (store) => {
    await store.insert('settings', 'count', { n: 0 })
    const add = async (): Promise<void> => {
      for (;;) {
        const now = await store.get<{ n: number }>('settings', 'count')
        if (now && (await store.replace('settings', 'count', now.version, { n: now.value.n + 1 }))) return
      }
    }
    await Promise.all(Array.from({ length: 25 }, add))
    deepStrictEqual((await store.get('settings', 'count'))?.value, { n: 25 })
  }),
  onOpen('counts by an indexed field', async (store) => {
    const states = ['failed', 'anchored', 'anchored']
    await Promise.all(states.map((state, i) => store.insert('jobs', `j${i}`, { state })))
    deepStrictEqual(
      await Promise.all(['anchored', 'failed', 'sealed'].map((state) => store.count('jobs', 'state', state))),
      [2, 1, 0],
    )
    await rejects(store.count('jobs', 'page', '1'), (error: StoreError) => error.code === 'STORE_UNAVAILABLE')
  }),
  onOpen('finds by an indexed field in pages, by id, each document once', async (store) => {
    const ids = Array.from({ length: 25 }, (_, i) => `job-${String(i).padStart(2, '0')}`)
    const documents = ids.map((id, i) => ({ id, value: { state: i % 5 === 0 ? 'failed' : 'anchored' } }))
    await store.insertMany('jobs', documents.reverse())
    const found: string[] = []
    for (let after: string | undefined; ; after = found.at(-1)) {
      const page = await store.find('jobs', { field: 'state', equals: 'anchored', after, limit: 7 })
      found.push(...page.map(({ id }) => id))
      if (page.length < 7) break
    }
    deepStrictEqual(
      found,
      ids.filter((_, i) => i % 5 !== 0),
    )
  }),
  onOpen('gives the ids of what is found, in pages, and none of what is not', async (store) => {
    for (let i = 0; i < 20; i++)
      await store.insert('jobs', `j${String(i).padStart(2, '0')}`, { state: i % 2 ? 'a' : 'b' })
    const query = { field: 'state', equals: 'a', limit: 6 }
    const [first, rest] = [await store.ids('jobs', query), await store.ids('jobs', { ...query, after: 'j11' })]
    deepStrictEqual(
      [...first, ...rest],
      (await store.find('jobs', { ...query, limit: 99 })).map(({ id }) => id),
    )
    strictEqual(first.length, 6)
    deepStrictEqual(await store.ids('jobs', { ...query, equals: 'c' }), [])
    await rejects(store.ids('jobs', { ...query, field: 'colour' }), hasCode('STORE_UNAVAILABLE'))
  }),
  onOpen('finds in pages from the last id down', async (store) => {
    const ids = ['a', 'b', '9', '文', 'c']
    await store.insertMany(
      'jobs',
      ids.map((id) => ({ id, value: { state: 'anchored' } })),
    )
    const query = { field: 'state', equals: 'anchored', order: 'descending' } as const
    const idsOf = async (more: { readonly after?: string; readonly limit: number }) =>
      (await store.find('jobs', { ...query, ...more })).map(({ id }) => id)
    deepStrictEqual(await idsOf({ limit: 3 }), ['文', 'c', 'b'])
    deepStrictEqual(await idsOf({ limit: 3, after: 'b' }), ['a', '9'])
    deepStrictEqual(await idsOf({ limit: 3, after: '9' }), [])
  }),
  onOpen('finds a document by what it says now, not by what it said', async (store) => {
    await store.insert('jobs', 'j', { state: 'received' })
    await store.replace('jobs', 'j', 1, { state: 'sealed' })
    deepStrictEqual(await store.find('jobs', { field: 'state', equals: 'received', limit: 9 }), [])
    strictEqual((await store.find('jobs', { field: 'state', equals: 'sealed', limit: 9 })).length, 1)
  }),
  onOpen('takes the text that is looked for as text, whatever it holds', async (store) => {
    await store.insert('jobs', 'j', { state: `' OR 1=1 --` })
    await store.insert('jobs', 'k', { state: 'x' })
    const found = await store.find('jobs', { field: 'state', equals: `' OR 1=1 --`, limit: 9 })
    deepStrictEqual(
      found.map(({ id }) => id),
      ['j'],
    )
  }),
  onOpen('refuses a search by a field that is not indexed', async (store) => {
    await rejects(store.find('jobs', { field: 'colour', equals: 'red', limit: 1 }), hasCode('STORE_UNAVAILABLE'))
  }),
  onOpen('leaves documents that exist as they are when many are inserted', async (store) => {
    await store.insert('nodes', 'n1', { v: 'first' })
    await store.insertMany('nodes', [
      { id: 'n1', value: { v: 'second' } },
      { id: 'n2', value: { v: 'second' } },
    ])
    deepStrictEqual((await store.get('nodes', 'n1'))?.value, { v: 'first' })
    deepStrictEqual((await store.get('nodes', 'n2'))?.value, { v: 'second' })
  }),
  onOpen('removes what it is told to, and nothing else', async (store) => {
    await Promise.all(['a', 'b', 'c'].map((id) => store.insert('jobs', id, { state: 'anchored' })))
    await store.remove('jobs', ['a', 'c', 'none'])
    strictEqual(await store.get('jobs', 'a'), undefined)
    const found = await store.find('jobs', { field: 'state', equals: 'anchored', limit: 9 })
    deepStrictEqual(
      found.map(({ id }) => id),
      ['b'],
    )
    strictEqual(await store.replace('jobs', 'a', 1, {}), false)
    strictEqual(await store.insert('jobs', 'a', { state: 'again' }), true)
  }),
  onOpen('refuses a value that has no JSON form, and writes the others', async (store) => {
    const [refused, written] = await Promise.allSettled([
      store.insert('jobs', 'a', undefined),
      store.insert('jobs', 'b', {}),
    ])
    strictEqual((refused as PromiseRejectedResult).reason.code, 'STORE_VALUE_INVALID')
    strictEqual((written as PromiseFulfilledResult<boolean>).value, true)
  }),
  {
    name: 'has everything again after it was closed and opened',
    async run(subject) {
      const first = await subject.open()
      const write = first.insert('users', 'u', { institution: 'A' })
      await Promise.all([write, first.close()])
      const second = await subject.open()
      deepStrictEqual(await second.get('users', 'u'), { id: 'u', version: 1, value: { institution: 'A' } })
      await second.close()
    },
  },
  {
    name: 'refuses everything once closed',
    async run(subject) {
      const store = await subject.open()
      await store.close()
      await rejects(store.insert('users', 'u', {}), hasCode('STORE_UNAVAILABLE'))
      await rejects(store.get('users', 'u'), hasCode('STORE_UNAVAILABLE'))
      await store.close()
    },
  },
  { name: 'has every acknowledged write after its process was killed', run: killedWhileWriting },
]

/** Inserts and replaces for ever; prints one line, `ID VERSION`, for each write that was acknowledged. */
export async function writeUntilKilled(store: Store, print: (line: string) => void): Promise<void> {
  const one = async (writer: number): Promise<void> => {
    for (let i = 0; ; i++) {
      const id = `w${writer}-${i}`
      await store.insert('documents', id, { institution: 'A', filler: 'x'.repeat(400) })
      print(`${id} 1`)
      await store.replace('documents', id, 1, { institution: 'B' })
      print(`${id} 2`)
    }
  }
  await Promise.all(Array.from({ length: 4 }, (_, writer) => one(writer)))
}

async function killedWhileWriting(subject: StoreUnderTest): Promise<void> {
  const writer = await subject.startWriter()
  const acknowledged = new Map<string, number>()
  if (writer.stdout === null) throw new TypeError('the writer needs a piped standard output')
  for await (const line of createInterface(writer.stdout)) {
    const [id, version] = line.split(' ')
    acknowledged.set(id, Number(version))
    if (acknowledged.size === 200) writer.kill('SIGKILL')
  }
  strictEqual(acknowledged.size >= 200, true)
  const store = await subject.open()
  for (const [id, version] of acknowledged) {
    const found = await store.get('documents', id)
    strictEqual(found !== undefined && found.version >= version, true, `${id} at version ${version} was lost`)
  }
  await store.close()
}

function onOpen(name: string, run: (store: Store) => Promise<void>): ContractCase {
  return {
    name,
    async run(subject) {
      const store = await subject.open()
      try {
        await run(store)
      } finally {
        await store.close()
      }
    },
  }
}

function hasCode(code: StoreError['code']): (error: unknown) => boolean {
  return (error) => (error as { readonly code?: unknown }).code === code
}
