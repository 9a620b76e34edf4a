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

async function* piecesOf(...texts: readonly string[]) {
  for (const text of texts) yield utf8(text)
}

async function lengthOf(pieces: AsyncIterable<Uint8Array> = piecesOf(), given = { bytes: 0 }): Promise<number> {
  for await (const piece of pieces) given.bytes += piece.length
  return given.bytes
}

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
  it("takes a file in piece by piece: it is nobody's until it is kept, and gone when it is dropped", async () => {
    const files = await openFolder(folder)
    const incoming = await files.receive(piecesOf('he', 'llo'))
    expect(incoming).toMatchObject({ sha256: HELLO, bytes: 5 })
    expect(await files.get(HELLO)).toBeUndefined()
    expect(await incoming.keep()).toBe(HELLO)
    await incoming.drop()
    expect(await files.get(HELLO)).toEqual(utf8('hello'))
    await (await files.receive(piecesOf('other'))).drop()
    expect(await readdir(join(folder, 'unfinished'))).toEqual([])
  })
  it('keeps nothing of a file whose sender fails', async () => {
    const files = await openFolder(folder)
    const failing = async function* () {
      yield utf8('hel')
      throw new RangeError('gone')
    }
    await expect(files.receive(failing())).rejects.toThrow(RangeError)
    expect(await readdir(join(folder, 'unfinished'))).toEqual([])
  })
  it('puts bytes after a stored file without reading it whole', async () => {
    const files = await openFolder(folder)
    const base = utf8('x'.repeat(3_000_000))
    const name = await files.put(base)
    const longer = await files.extend(name, utf8('hello'))
    expect(Buffer.from((await files.get(longer)) ?? []).toString()).toBe(`${'x'.repeat(3_000_000)}hello`)
    expect(Buffer.from((await files.get(name)) ?? []).equals(base)).toBe(true)
    await expect(files.extend(HELLO, utf8('x'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
  it('gives a file piece by piece, never the whole of one that changed', async () => {
    const files = await openFolder(folder)
    const name = await files.put(utf8('y'.repeat(3_000_000)))
    const whole = await files.stream(name)
    expect(whole?.bytes).toBe(3_000_000)
    expect(await lengthOf(whole?.pieces)).toBe(3_000_000)
    await writeFile(join(folder, name.slice(0, 2), name.slice(2)), 'y'.repeat(2_999_999))
    const given = { bytes: 0 }
    const reading = lengthOf((await files.stream(name))?.pieces, given)
    await expect(reading).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    expect(given.bytes).toBeLessThan(2_999_999)
    await expect(files.extend(name, utf8('x'))).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    expect(await files.stream('../secret')).toBeUndefined()
    expect(await files.stream(HELLO)).toBeUndefined()
  })
  it('refuses a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
