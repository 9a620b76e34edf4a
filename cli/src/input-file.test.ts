import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readInput } from './input-file'

describe('the bytes of a named file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cinnabar-input-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test.each([0, 1, 65_537])('are all there is, %i of them', async (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251)
    await writeFile(join(folder, 'file'), bytes)
    expect(Buffer.from(await readInput('file', 65_537, { folder })).equals(bytes)).toBe(true)
  })

  test('are read of what says no size of its own', async () => {
    const bytes = await readInput('/proc/self/status', 65_536, { folder })
    expect(Buffer.from(bytes).toString()).toMatch(/^Name:/)
  })

  test('are read from a pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const reading = readInput('pipe', 10, { folder })
    await writeFile(join(folder, 'pipe'), 'eight by')
    expect(Buffer.from(await reading).toString()).toBe('eight by')
  })

  test('are refused unread where there are too many', async () => {
    await writeFile(join(folder, 'file'), 'eleven byte')
    await expect(readInput('file', 10, { folder })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  })

  test('of no file, and of a folder, are refused by name', async () => {
    await expect(readInput('none', 10, { folder })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(readInput('.', 10, { folder })).rejects.toMatchObject({ code: 'FILE_IS_FOLDER' })
  })
})
