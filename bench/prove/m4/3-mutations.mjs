import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { runJobs } from '../lib/pool.mjs'

export const line = 3
export const title =
  '200,000 mutated PDFs, CMS blobs, tokens, receipts and evidence files: no crash, no hang, no `passed`; accepted inputs re-encode to themselves'

const COUNT = 200_000
const AT_ONCE = 1000
/** A mutant that takes two seconds is a fault; after this the worker is not waited for any longer. */
const DEADLINE_MS = 10_000
/** Of one finding among the mutants of a kind: more, and they would not have got far. */
const MAX_SHARE = 0.6

export async function run({ root, scratch, say }) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { mutationSample } = await compiled(root, 'core/dist/testing/mutation-sample.js')
  const sample = await mutationSample(await newWorld())
  const isWatched = await caught(root, sample)
  say(`the watchdog ${isWatched ? 'caught' : 'did not catch'} a mutant that was made to hang`)
  const began = performance.now()
  const { findings, faults, slowest, tried } = await mutateAll(root, sample, say)
  const seconds = (performance.now() - began) / 1000
  const kept = await keepFaults({ root, scratch, sample, faults })
  const kinds = kindsOf(findings)
  const shallow = kinds.filter(({ most }) => most.share > MAX_SHARE)
  keepFindings(root, findings)
  return {
    ok: isWatched && tried === COUNT && faults.length + shallow.length === 0,
    measured: `${tried} mutants in ${Math.round(seconds)} s (${Math.round(tried / seconds)} a second), ${faults.length} faults, slowest ${Math.round(slowest)} ms, ${findings.size} different findings; a made hang was ${isWatched ? '' : 'not '}caught`,
    detail: [...kept, ...shallow.map(({ kind }) => `**the mutants of ${kind} do not get far**`), tableOf(kinds)].join(
      '\n\n',
    ),
  }
}

/** Whether a worker that hangs is noticed, named by its seed and stopped, and the rest of its job done. */
async function caught(root, sample) {
  const [stuck, done] = [[], []]
  await runJobs(worker(), [{ from: 1, to: 20, hangs: 7 }], {
    data: { root, sample },
    deadlineMs: 1500,
    onStuck: ({ item }) => stuck.push(item),
    onDone: ({ tried }) => done.push(tried),
  })
  return stuck.length === 1 && stuck[0] === 7 && done.reduce((sum, tried) => sum + tried, 0) === 18
}

const worker = () => new URL('../lib/mutation-worker.mjs', import.meta.url)

async function mutateAll(root, sample, say) {
  const starts = Array.from({ length: Math.ceil(COUNT / AT_ONCE) }, (_, i) => 1 + i * AT_ONCE)
  const jobs = starts.map((from) => ({ from, to: Math.min(COUNT + 1, from + AT_ONCE) }))
  const findings = new Map()
  const faults = []
  let [slowest, tried, said] = [0, 0, 0]
  await runJobs(worker(), jobs, {
    data: { root, sample },
    deadlineMs: DEADLINE_MS,
    onStuck: ({ item }) => {
      faults.push({ seed: item, fault: `hangs: over ${DEADLINE_MS} ms` })
      tried++
    },
    onDone: (part) => {
      for (const [found, times] of part.findings) findings.set(found, (findings.get(found) ?? 0) + times)
      faults.push(...part.faults)
      slowest = Math.max(slowest, part.slowestMs)
      tried += part.tried
      if (tried - said < 10_000) return
      said = tried
      say(`${tried} of ${COUNT}, ${faults.length} faults`)
    },
  })
  return { findings, faults, slowest, tried }
}

/** Each with its bytes, and what it was judged with: keys are made anew in every run, so that a seed alone makes none again. */
async function keepFaults({ root, scratch, sample, faults }) {
  if (faults.length === 0) return []
  const { mutatorOf } = await compiled(root, 'core/dist/testing/mutation-run.js')
  const { mutant } = mutatorOf(sample)
  const bytes = (_, value) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value)
  writeFileSync(join(scratch, 'sample.json'), JSON.stringify(sample, bytes))
  return faults.slice(0, 50).map(({ seed, fault }) => {
    const made = mutant(seed)
    const file = join(scratch, `${seed}.bin`)
    writeFileSync(file, made.bytes)
    return `**${made.kind}, seed ${seed}: ${fault}** (${file})`
  })
}

const KINDS = ['PDF', 'PDF, LTA', 'CMS', 'token', 'receipt', 'evidence']

function kindsOf(findings) {
  return KINDS.map((kind) => {
    const own = [...findings].filter(([found]) => found.startsWith(`${kind} `))
    const all = own.reduce((sum, [, times]) => sum + times, 0)
    const sorted = own
      .map(([found, times]) => ({ found: found.slice(kind.length + 1), times, share: times / all }))
      .sort((a, b) => b.times - a.times)
    return { kind, all, sorted, most: sorted[0] ?? { share: 1 } }
  })
}

function tableOf(kinds) {
  const percent = (share) => `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`
  const rows = kinds.map(({ kind, all, sorted }) => {
    const most = sorted.slice(0, 12).map(({ found, share }) => `${found} ${percent(share)}`)
    return `| ${kind} | ${all} | ${sorted.length} | ${most.join(', ')} |`
  })
  const head = [
    '| of | mutants | different findings | the most frequent (all are in bench/results/m4/3-findings.tsv) |',
    '|---|---|---|---|',
  ]
  return [...head, ...rows].join('\n')
}

function keepFindings(root, findings) {
  const folder = join(root, 'bench/results/m4')
  mkdirSync(folder, { recursive: true })
  const rows = kindsOf(findings).flatMap(({ kind, sorted }) =>
    sorted.map(({ found, times }) => `${kind}\t${found}\t${times}`),
  )
  writeFileSync(join(folder, '3-findings.tsv'), `${['of\tfound\tmutants', ...rows].join('\n')}\n`)
}
