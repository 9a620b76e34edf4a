import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { CONTRACT } from '../../test/embedded-gateway'
import type { Checks } from './checks'
import { LARGE_BYTES } from './pdf-source'
import { checksInWorkers } from './workers'

let folder: string
let workerFile: string
const open: Checks[] = []
const checks = (options: Partial<Parameters<typeof checksInWorkers>[0]> = {}) => {
  const made = checksInWorkers({ workerFile, timeoutMs: 15_000, ...options })
  open.push(made)
  return made
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-worker-'))
  workerFile = join(folder, 'worker.js')
  const entryPoints = [join(__dirname, 'worker.ts')]
  const alias = { '@cinnabar/core': join(__dirname, '../../../core/src/index.ts') }
  await build({ entryPoints, outfile: workerFile, bundle: true, platform: 'node', format: 'cjs', alias })
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(() => rm(folder, { recursive: true }))

/** Entries of a cross-reference table that are all read: 20 bytes each. */
function manyEntries(count: number): Uint8Array {
  const head = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n'
  const table = `xref\n0 ${count}\n${'0000000000 65535 f \n'.repeat(count)}`
  const tail = `trailer<</Size ${count}/Root 1 0 R>>\nstartxref\n${head.length}\n%%EOF\n`
  return new TextEncoder().encode(head + table + tail)
}

const at = new Date('2026-11-22T03:00:00Z')

describe('files read in processes of their own', () => {
  it('give what they give here', async () => {
    const there = checks()
    expect(await there.pages(CONTRACT)).toBe(1)
    expect(await there.sealSignatureIds(CONTRACT)).toEqual([])
    expect(await there.verify({ pdf: CONTRACT, evidence: [], at })).toMatchObject({ code: 'NO_SEAL' })
  })

  it('are read where they lie, if they are what was stored, and the process ends with a large one', async () => {
    const path = join(folder, 'large.pdf')
    await writeFile(path, CONTRACT)
    const sha256 = createHash('sha256').update(CONTRACT).digest('hex')
    const there = checks()
    expect(await there.pages({ path, sha256, bytes: CONTRACT.length })).toBe(1)
    const damaged = { path, sha256: '0'.repeat(64), bytes: LARGE_BYTES }
    await expect(there.pages(damaged)).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    await expect(there.pages({ ...damaged, path: `${path}x` })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(await there.pages(CONTRACT)).toBe(1)
  })

  it('keep nobody waiting who does something else', async () => {
    const there = checks()
    const began = performance.now()
    const reading = there.verify({ pdf: manyEntries(900_000), evidence: [], at })
    let [turns, longest, last] = [0, 0, performance.now()]
    const ticking = setInterval(() => {
      const now = performance.now()
      turns++
      longest = Math.max(longest, now - last)
      last = now
    }, 5)
    await reading
    clearInterval(ticking)
    expect(turns).toBeGreaterThan(10)
    // Were it read here, nothing would turn meanwhile; how long it takes is the machine's matter.
    expect(longest).toBeLessThan((performance.now() - began) / 2)
  })

  it('are refused by their own codes', async () => {
    await expect(checks().pages(new Uint8Array(0))).rejects.toMatchObject({ code: 'PDF_EMPTY' })
  })

  it('end alone when they take too long, and the next one is read', async () => {
    const there = checks({ timeoutMs: 3_000, workerFile: join(__dirname, '../../test/stuck-worker.cjs') })
    await expect(there.pages(CONTRACT)).rejects.toMatchObject({ code: 'CHECK_TIMEOUT' })
    await expect(there.pages(new Uint8Array(1))).resolves.toBe(1)
  })

  it('end alone when they take too much memory, and the next one is read', async () => {
    const there = checks({ memoryMb: 40 })
    await expect(there.pages(manyEntries(900_000))).rejects.toMatchObject({ code: 'CHECK_OUT_OF_MEMORY' })
    await expect(there.pages(CONTRACT)).resolves.toBe(1)
  })

  it('are refused when too many wait, and strangers keep no user waiting', async () => {
    const there = checks({ maxWaiting: 1, workerFile: join(__dirname, '../../test/stuck-worker.cjs') })
    const waiting = Promise.allSettled([there.sealSignatureIds(CONTRACT), there.sealSignatureIds(CONTRACT)])
    await expect(there.sealSignatureIds(CONTRACT)).rejects.toMatchObject({ code: 'TOO_BUSY' })
    await expect(there.pages(new Uint8Array(1))).resolves.toBe(1)
    await there.close()
    const stopped = { status: 'rejected', reason: expect.objectContaining({ code: 'TOO_BUSY' }) }
    expect(await waiting).toEqual([stopped, stopped])
  })
})
