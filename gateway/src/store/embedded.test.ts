import { spawn } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { openEmbeddedStore } from './embedded'
import { STORE_CONTRACT, type StoreUnderTest } from './store-contract'

const ROOT = resolve(__dirname, '../../..')

const WRITER = `
import { openEmbeddedStore } from './embedded'
import { writeUntilKilled } from './store-contract'
openEmbeddedStore(process.argv[2]).then((store) => writeUntilKilled(store, console.log))
`

let folder: string
let program: string

beforeAll(async () => {
  program = join(await mkdtemp(join(tmpdir(), 'cinnabar-writer-')), 'writer.js')
  await build({
    stdin: { contents: WRITER, resolveDir: __dirname, loader: 'ts' },
    outfile: program,
    bundle: true,
    platform: 'node',
    external: ['libsql'],
    alias: { '@cinnabar/core': join(ROOT, 'core/src/index.ts') },
  })
})
afterAll(() => rm(resolve(program, '..'), { recursive: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-store-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the embedded store', () => {
  const subject: StoreUnderTest = {
    open: () => openEmbeddedStore(folder),
    startWriter: async () =>
      spawn(process.execPath, [program, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
      }),
  }
  it.each(STORE_CONTRACT.map((one) => [one.name, one] as const))('%s', (_, one) => one.run(subject))

  it('refuses to share its file with another', async () => {
    const first = await openEmbeddedStore(folder)
    await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ code: 'STORE_IN_USE' })
    await first.close()
  })
  it('refuses a file that is no database', async () => {
    await writeFile(join(folder, 'cinnabar.db'), 'x'.repeat(5000))
    await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
  })
  it('refuses a file with a damaged page, before anything is built on it', async () => {
    const store = await openEmbeddedStore(folder)
    for (let i = 0; i < 300; i++) await store.insert('settings', `name-${i}`, { text: 'x'.repeat(500) })
    await store.close()
    const file = await open(join(folder, 'cinnabar.db'), 'r+')
    const { size } = await file.stat()
    await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, size - 3 * 4096)
    await file.close()
    await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
  })
  it('refuses a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openEmbeddedStore(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
