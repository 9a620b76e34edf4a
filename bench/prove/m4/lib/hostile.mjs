import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compiled } from '../../lib/dist.mjs'
import { runCommand } from '../../lib/run.mjs'

/** Milestone 4: what any file may cost. */
export const HOSTILE_MS = 2000
export const HOSTILE_MEGABYTES = 512
/** The work doubles with the file: up to so many times, since small runs hold the compiler's own work. */
const GROWS_AT_MOST = 3
/** Shorter runs say nothing of growth. */
const GROWTH_FROM_MS = 60

/**
 * Every file that was made to keep a verifier busy, each verified in a fresh process.
 * @param only - a part of names.
 * @returns rows of `{ name, size, bytes, ms, cpuMs, peakMb, outcome, codes, ok }`.
 */
export async function hostileRows(root, { scratch, only = '', say }) {
  const folder = join(scratch, 'hostile')
  mkdirSync(folder, { recursive: true })
  const { HOSTILE_FILES } = await compiled(root, 'fixtures/dist/index.js')
  const scene = await hostileScene(root, folder)
  const rows = []
  for (const file of HOSTILE_FILES.filter(({ name }) => name.includes(only))) {
    const row = await judged(root, file, file.size, { folder, scene })
    const ok = row.outcome !== undefined && row.ms <= HOSTILE_MS && row.peakMb <= HOSTILE_MEGABYTES
    rows.push({ ...row, ok })
    say?.(`${ok ? ' ' : '✗'} ${row.name}: ${row.ms} ms (${row.cpuMs} of the processor), ${row.peakMb} MB, ${row.codes}`)
  }
  return rows
}

/**
 * How the work grows: each file at a size, and twice that, both read in full.
 * @returns rows of `{ name, size, ms, doubledMs, times, ok }`; of the processor's time, the least of three runs.
 */
export async function growthRows(root, { scratch, only = '', say }) {
  const folder = join(scratch, 'hostile')
  mkdirSync(folder, { recursive: true })
  const { HOSTILE_FILES } = await compiled(root, 'fixtures/dist/index.js')
  const scene = await hostileScene(root, folder)
  const rows = []
  for (const file of HOSTILE_FILES.filter(({ name, growsFrom }) => growsFrom !== undefined && name.includes(only))) {
    const least = async (size) => {
      const runs = []
      for (let i = 0; i < 3; i++) runs.push((await judged(root, file, size, { folder, scene })).cpuMs)
      return Math.min(...runs)
    }
    const [ms, doubledMs] = [await least(file.growsFrom), await least(2 * file.growsFrom)]
    const times = doubledMs / ms
    const row = { name: file.name, size: file.growsFrom, ms, doubledMs, times: Math.round(times * 10) / 10 }
    rows.push({ ...row, ok: ms < GROWTH_FROM_MS ? doubledMs < GROWS_AT_MOST * GROWTH_FROM_MS : times < GROWS_AT_MOST })
    say?.(`${rows.at(-1).ok ? ' ' : '✗'} ${file.name}: ${ms} ms, twice the size ${doubledMs} ms`)
  }
  return rows
}

async function judged(root, { name, kind, make }, size, { folder, scene }) {
  const bytes = await make(size, scene)
  const path = join(folder, 'hostile')
  writeFileSync(path, bytes)
  const [pdf, evidence] = kind === 'pdf' ? [path, scene.files.evidence] : [scene.files.pdf, path]
  const program = join(root, 'bench/prove/lib/judge-hostile.mjs')
  const args = [program, root, pdf, evidence, scene.files.trust]
  const { code, stdout, stderr } = await runCommand(process.execPath, args, { timeoutMs: 60_000 })
  rmSync(path)
  const row = { name, size, bytes: bytes.length }
  if (code !== 0)
    return { ...row, ms: 60_000, cpuMs: 60_000, peakMb: 0, codes: `crashed: ${stderr.trim().slice(-300)}` }
  const { ms, cpuMs, megabytes, outcome, codes } = JSON.parse(stdout)
  return { ...row, ms, cpuMs, peakMb: megabytes, outcome, codes }
}

/** A sealed file, its evidence and trust on disk, and ways to seal others. */
async function hostileScene(root, folder) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { oneSeal } = await compiled(root, 'core/dist/testing/sealed-evidence.js')
  const { TrustFormat } = await compiled(root, 'core/dist/index.js')
  const world = await newWorld()
  const sample = await oneSeal(world)
  const files = {
    pdf: join(folder, 'sealed.pdf'),
    evidence: join(folder, 'evidence.zip'),
    trust: join(folder, 'trust.json'),
  }
  writeFileSync(files.pdf, sample.pdf)
  writeFileSync(files.evidence, sample.evidence[0])
  writeFileSync(files.trust, TrustFormat.encode(sample.trust))
  const withCms = async (change) => {
    let length = 0
    const measure = (cms) => {
      length = change(cms).length
      return cms
    }
    await oneSeal(world, { seal: { contentsBytes: 1 << 15, cms: measure } })
    return (await oneSeal(world, { seal: { contentsBytes: length + 64, cms: change } })).pdf
  }
  const sealed = async (base) => (await oneSeal(world, { base })).pdf
  return { files, pdf: sample.pdf, evidence: sample.evidence[0], withCms, sealed }
}

// Run by itself: node bench/prove/m4/lib/hostile.mjs [part of a name] [--growth]
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(fileURLToPath(import.meta.url), '../../../../..')
  const [only = ''] = process.argv.slice(2).filter((one) => !one.startsWith('--'))
  const rows = process.argv.includes('--growth') ? growthRows : hostileRows
  const found = await rows(root, { scratch: join(tmpdir(), `cinnabar-hostile-${process.pid}`), only, say: console.log })
  process.exitCode = found.every(({ ok }) => ok) ? 0 : 1
}
