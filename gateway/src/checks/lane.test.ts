import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { CONTRACT } from '../../test/embedded-gateway'
import type { Checks } from './checks'
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
const contract = () => new Uint8Array(CONTRACT)

describe('files read in workers', () => {
  it('give what they give here; their bytes move there and back', async () => {
    const there = checks()
    const mine = contract()
    const { pages, pdf } = await there.pages(mine)
    expect([mine.length, pdf.length, pages]).toEqual([0, CONTRACT.length, 1])
    const { ids, pdf: again } = await there.sealSignatureIds(pdf)
    expect(ids).toEqual([])
    expect(await there.verify({ pdf: again, evidence: [], at })).toMatchObject({ code: 'NO_SEAL' })
  })

  it('keep nobody waiting who does something else', async () => {
    const reading = checks().verify({ pdf: manyEntries(900_000), evidence: [], at })
    let [turns, longest, last] = [0, 0, performance.now()]
    const ticking = setInterval(() => {
      const now = performance.now()
      turns++
      longest = Math.max(longest, now - last)
      last = now
    }, 5)
    await reading
    clearInterval(ticking)
    expect(turns).toBeGreaterThan(20)
    expect(longest).toBeLessThan(500)
  })

  it('are refused by their own codes', async () => {
    await expect(checks().pages(new Uint8Array(0))).rejects.toMatchObject({ code: 'PDF_EMPTY' })
  })

  it('end alone when they take too long, and the next one is read', async () => {
    const there = checks({ timeoutMs: 3_000, workerFile: join(__dirname, '../../test/stuck-worker.cjs') })
    await expect(there.pages(contract())).rejects.toMatchObject({ code: 'CHECK_TIMEOUT' })
    await expect(there.pages(new Uint8Array(1))).resolves.toMatchObject({ pages: 1 })
  })

  it('end alone when they take too much memory, and the next one is read', async () => {
    const there = checks({ memoryMb: 40 })
    await expect(there.pages(manyEntries(900_000))).rejects.toMatchObject({ code: 'CHECK_OUT_OF_MEMORY' })
    await expect(there.pages(contract())).resolves.toMatchObject({ pages: 1 })
  })

  it('are refused when too many wait, and strangers keep no user waiting', async () => {
    const there = checks({ maxWaiting: 1, workerFile: join(__dirname, '../../test/stuck-worker.cjs') })
    const waiting = Promise.allSettled([there.sealSignatureIds(contract()), there.sealSignatureIds(contract())])
    await expect(there.sealSignatureIds(contract())).rejects.toMatchObject({ code: 'TOO_BUSY' })
    await expect(there.pages(new Uint8Array(1))).resolves.toMatchObject({ pages: 1 })
    await there.close()
    const stopped = { status: 'rejected', reason: expect.objectContaining({ code: 'TOO_BUSY' }) }
    expect(await waiting).toEqual([stopped, stopped])
  })
})
