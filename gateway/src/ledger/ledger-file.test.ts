import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf, utf8 } from '@cinnabar/core'
import { chainOrigin } from './block'
import { LedgerFile } from './ledger-file'

describe('the ledger file', () => {
  let folder = ''
  let file: LedgerFile
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cinnabar-file-'))
    file = LedgerFile.open(folder, 'test', chainOrigin('test'))
  })
  afterEach(() => {
    file.close()
    rmSync(folder, { recursive: true })
  })

  const commit = (number: number, writes: Readonly<Record<string, string>>) => {
    const bytes = utf8(`block ${number}`)
    const entries = Object.entries(writes).map(([key, value]) => [key, utf8(value)] as const)
    const block = { number, digest: digestOf(bytes), bytes }
    file.commit({ block, transaction: `transaction ${number}`, writes: new Map(entries) })
  }

  it('writes block, state and head together', () => {
    commit(0, { 'a/1': 'x', 'a/2': 'y' })
    expect(file.head()).toMatchObject({ blocks: 1, digest: file.block(0)?.digest })
    expect(file.blockOf('transaction 0')).toEqual(file.block(0))
    expect(file.get('a/2')).toEqual(utf8('y'))
    expect(file.get('a/3')).toBeUndefined()
  })

  it('writes nothing when the block does not follow the head', () => {
    commit(0, { 'a/1': 'x' })
    for (const number of [0, 2]) {
      expect(() => commit(number, { 'a/1': 'changed', 'b/1': 'new' })).toThrow(
        expect.objectContaining({ code: 'LEDGER_UNAVAILABLE' }),
      )
    }
    expect(file.head().blocks).toBe(1)
    expect(file.get('a/1')).toEqual(utf8('x'))
    expect(file.get('b/1')).toBeUndefined()
    expect(file.block(2)).toBeUndefined()
  })

  it('ranges over keys in the order of their bytes, page after page', () => {
    const keys = Array.from({ length: 200 }, (_, i) => `k/${String(i).padStart(4, '0')}`)
    commit(0, Object.fromEntries([...keys, 'k-at/1', 'k0', 'j/9'].map((key) => [key, key])))
    const found = [...file.range('k/', 'k0')].map(([key]) => key)
    expect(found).toEqual(keys)
    expect([...file.range('k/0064', 'k/0066')].map(([, value]) => value)).toEqual(['k/0064', 'k/0065'].map(utf8))
    expect([...file.range('z', 'zz')]).toEqual([])
  })

  it('is locked while it is open, in the same process too', () => {
    expect(() => LedgerFile.open(folder, 'test', chainOrigin('test'))).toThrow(
      expect.objectContaining({ code: 'LEDGER_LOCKED' }),
    )
  })
})
