import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utf8 } from '@cinnabar/core'
import { openFolder } from './files'

const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the folder of files', () => {
  it('names a file by its SHA-256 and gives its bytes back, also when opened again', async () => {
    const files = await openFolder(folder)
    expect(await files.put(utf8('hello'))).toBe(HELLO)
    expect(await (await openFolder(folder)).get(HELLO)).toEqual(utf8('hello'))
  })
  it('stores the same bytes once, however many store them at once', async () => {
    const files = await openFolder(folder)
    const names = await Promise.all(Array.from({ length: 20 }, () => files.put(utf8('hello'))))
    expect(new Set(names)).toEqual(new Set([HELLO]))
    expect(await readdir(join(folder, HELLO.slice(0, 2)))).toEqual([HELLO.slice(2)])
    expect(await readdir(join(folder, 'unfinished'))).toEqual([])
  })
  it('holds the empty file', async () => {
    const files = await openFolder(folder)
    expect(await files.get(await files.put(new Uint8Array()))).toEqual(new Uint8Array())
  })
  it('knows no file that was never stored, and no path', async () => {
    const files = await openFolder(folder)
    await writeFile(join(folder, 'secret'), 'x')
    for (const name of [HELLO, '../secret', 'secret', '', HELLO.toUpperCase()]) {
      expect(await files.get(name)).toBeUndefined()
    }
  })
  it('refuses bytes that changed on the disk, and heals them when they are stored again', async () => {
    const files = await openFolder(folder)
    await files.put(utf8('hello'))
    await writeFile(join(folder, HELLO.slice(0, 2), HELLO.slice(2)), 'hallo')
    await expect(files.get(HELLO)).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    await files.put(utf8('hello'))
    expect(await files.get(HELLO)).toEqual(utf8('hello'))
  })
  it('throws away what a crash left half-written', async () => {
    await openFolder(folder)
    await writeFile(join(folder, 'unfinished', 'x'), 'half')
    await openFolder(folder)
    expect(await readdir(join(folder, 'unfinished'))).toEqual([])
  })
  it('refuses a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
