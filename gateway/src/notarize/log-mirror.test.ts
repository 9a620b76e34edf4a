import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Append,
  digestFromBytes,
  type InstitutionId,
  inclusionProof,
  type Ledger,
  LogTree,
  rootAt,
  sha256,
  type Time,
  utf8,
} from '@cinnabar/core'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { LogMirror } from './log-mirror'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const tree = new LogTree()
const appends: Append[] = []
const withCode = (code: string) => expect.objectContaining({ code })

/** Appends of 1 to 7 leaves, 40 leaves in all. */
for (let from = 0, count = 1; from < 40; from += count, count = (count % 7) + 1) {
  const leaves = Array.from({ length: count }, (_, i) => sha256(utf8(`leaf ${from + i}`)))
  for (const leaf of leaves) tree.append(leaf)
  const size = from + count
  appends.push({
    from,
    institution: BUREAU,
    leaves: leaves.map(digestFromBytes),
    recordedAt: '2026-11-22T00:00:00Z' as Time,
    root: digestFromBytes(rootAt(tree.node, size)),
    size,
    transaction: 'none',
    type: 'cinnabar.append.v1',
  })
}

const ledger = {
  appendOf: async (_: InstitutionId, index: number) => appends.find(({ from, size }) => from <= index && index < size),
} as Pick<Ledger, 'appendOf'> as Ledger

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirror-'))
  store = await openEmbeddedStore(folder)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

async function requirePaths(mirror: LogMirror) {
  for (const { size } of appends) {
    for (let index = 0; index < size; index += 3) {
      const expected = inclusionProof(tree.node, index, size).map(digestFromBytes)
      expect(await mirror.path(BUREAU, index, size)).toEqual(expected)
    }
  }
}

describe('the mirror of a log', () => {
  it('gives the path of every entry at every size', async () => {
    const mirror = new LogMirror(store, ledger)
    for (const append of appends) await mirror.advance(append)
    await requirePaths(mirror)
  })

  it('fills what it missed from the ledger, and takes an append that it has once only', async () => {
    const mirror = new LogMirror(store, ledger)
    await Promise.all([...appends].reverse().map((append) => mirror.advance(append)))
    await requirePaths(mirror)
  })

  it('goes on where it stood after a restart, and is made again from nothing', async () => {
    const { size } = appends[appends.length - 1]
    await new LogMirror(store, ledger).catchUp(BUREAU, 10)
    const again = new LogMirror(store, ledger)
    await again.catchUp(BUREAU, size)
    await requirePaths(again)
  })

  it('refuses leaves that do not lead to the root', async () => {
    const mirror = new LogMirror(store, ledger)
    const forged = { ...appends[0], root: appends[1].root }
    await expect(mirror.advance(forged)).rejects.toThrow(withCode('LOG_MIRROR_MISMATCH'))
    await mirror.advance(appends[0])
  })

  it('refuses a path beyond what it has, and a ledger that lacks an append', async () => {
    const mirror = new LogMirror(store, ledger)
    await mirror.advance(appends[0])
    await expect(mirror.path(BUREAU, 5, 8)).rejects.toThrow(withCode('LOG_MIRROR_MISMATCH'))
    await expect(mirror.catchUp(BUREAU, 1000)).rejects.toThrow(withCode('LOG_MIRROR_MISMATCH'))
  })
})
