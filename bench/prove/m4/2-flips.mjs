import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { runJobs } from '../lib/pool.mjs'

export const line = 2
export const title =
  'Every single byte of three sealed files (one revision, two seals, LTA) flipped in turn: never `passed` unless it is outside everything displayed or signed, and then listed'

/** In every byte: its lowest bit, and the bit that makes capitals of letters. */
const FLIPS = [0x01, 0x20]
const AT_ONCE = 500
/** No file under test takes a twentieth of that. */
const DEADLINE_MS = 10_000

export async function run({ root, say }) {
  const { verify } = await compiled(root, 'core/dist/index.js')
  const files = await filesOf(root)
  for (const { name, sample } of files) {
    const { code } = await verify(sample)
    if (code !== 'OK') throw new Error(`${name}: ${code}`)
    say(`${name}: ${sample.pdf.length} bytes`)
  }
  const began = performance.now()
  const { counts, unnoticed } = await flipAll(root, files, say)
  say(`flipped in ${Math.round((performance.now() - began) / 1000)} s; now why each that passed may`)
  const passed = await explained(root, files, unnoticed)
  const wrong = passed.filter(({ why }) => why === undefined)
  const listing = tableOf(passed.filter(({ why }) => why !== undefined))
  keep(root, files, listing)
  return {
    ok: wrong.length === 0,
    measured: files.map(({ name, sample }, file) => lineOf(name, sample, { file, counts, passed, wrong })).join('; '),
    detail: [
      ...wrong.map(({ file, position, flip, what }) => `**${files[file].name}, byte ${position} ^ ${flip}: ${what}**`),
      ...files.map(({ name }, file) => `**${name}**: ${verdictsOf(counts, file)}`),
      ...(listing.length === 0 ? [] : [listedOf(files, listing)]),
    ].join('\n\n'),
  }
}

async function flipAll(root, files, say) {
  // Nothing else of a sample goes into another thread, and nothing else is verified.
  const samples = files.map(({ sample: { pdf, evidence, trust, at } }) => ({ pdf, evidence, trust, at }))
  const jobs = FLIPS.flatMap((flip) => samples.flatMap(({ pdf }, file) => stretches(pdf.length, { file, flip })))
  const counts = files.map(() => new Map())
  const unnoticed = []
  let done = 0
  await runJobs(new URL('../lib/flip-worker.mjs', import.meta.url), jobs, {
    data: { root, samples },
    deadlineMs: DEADLINE_MS,
    onStuck: ({ job: { file, flip }, item }) =>
      unnoticed.push({ file, flip, position: item, what: `took over ${DEADLINE_MS} ms` }),
    onDone: ({ file, verdicts, unnoticed: here }) => {
      for (const [verdict, times] of verdicts) counts[file].set(verdict, (counts[file].get(verdict) ?? 0) + times)
      unnoticed.push(...here.map((one) => ({ ...one, file })))
      done++
      if (done % 20 === 0) say(`${done * AT_ONCE} flips of about ${jobs.length * AT_ONCE}, ${unnoticed.length} passed`)
    },
  })
  return { counts, unnoticed }
}

function stretches(bytes, which) {
  const starts = Array.from({ length: Math.ceil(bytes / AT_ONCE) }, (_, i) => i * AT_ONCE)
  return starts.map((from) => ({ ...which, from, to: Math.min(bytes, from + AT_ONCE) }))
}

/** With `why` for those of which it can be proven that nothing displayed or signed depends on them. */
async function explained(root, files, unnoticed) {
  const { unreadBytes } = await compiled(root, 'core/dist/testing/unread-bytes.js')
  const proofs = files.map(({ sample }) => unreadBytes(sample))
  const all = []
  for (const one of unnoticed) {
    const why = one.what.startsWith('passed') ? await proofs[one.file](one.position, one.flip) : undefined
    all.push({ ...one, why })
  }
  return all.sort((a, b) => a.file - b.file || a.flip - b.flip || a.position - b.position)
}

/** One row for each place, reason and flip of a file, its bytes as ranges. */
function tableOf(passed) {
  const rows = new Map()
  for (const { file, flip, position, why } of passed) {
    const key = JSON.stringify([file, flip, why.place, why.reason])
    rows.set(key, [...(rows.get(key) ?? []), position])
  }
  return [...rows].map(([key, positions]) => ({
    key: JSON.parse(key),
    count: positions.length,
    ranges: rangesOf(positions),
  }))
}

function rangesOf(positions) {
  const ranges = []
  for (const at of positions) {
    const last = ranges.at(-1)
    if (last !== undefined && at === last[1] + 1) last[1] = at
    else ranges.push([at, at])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
}

/** All of them, since the table of all lines only has where they begin and end. */
function keep(root, files, listing) {
  const folder = join(root, 'bench/results/m4')
  mkdirSync(folder, { recursive: true })
  const rows = listing.map(({ key: [file, flip, place, reason], count, ranges }) =>
    [files[file].name, `^ 0x${flip.toString(16).padStart(2, '0')}`, place, reason, count, ranges.join(' ')].join('\t'),
  )
  const head = 'file\tflip\twhere\twhy nothing displayed or signed depends on it\tbytes\toffsets'
  writeFileSync(join(folder, '2-flips.tsv'), `${[head, ...rows].join('\n')}\n`)
}

function lineOf(name, { pdf }, { file, counts, passed, wrong }) {
  const flips = [...counts[file].values()].reduce((sum, times) => sum + times, 0)
  const bad = wrong.filter((one) => one.file === file).length
  const listed = passed.filter((one) => one.file === file).length - bad
  return `${name}: ${pdf.length} bytes, ${flips} flips, ${bad} wrongly passed, ${listed} proven irrelevant and listed`
}

function verdictsOf(counts, file) {
  const sorted = [...counts[file]].sort((a, b) => b[1] - a[1])
  return sorted.map(([verdict, count]) => `${verdict}: ${count}`).join(', ')
}

function listedOf(files, listing) {
  const rows = listing.map(({ key: [file, flip, place, reason], count, ranges }) => {
    const span = `${ranges[0].split('-')[0]}–${ranges.at(-1).split('-').at(-1)}`
    return `| ${files[file].name} | ^ 0x${flip.toString(16).padStart(2, '0')} | ${place} | ${count} within ${span} | ${reason} |`
  })
  const head = [
    '| file | flip | where | bytes | why nothing displayed or signed depends on it |',
    '|---|---|---|---|---|',
  ]
  return `Passed, with the proof for each (every offset is in bench/results/m4/2-flips.tsv):\n\n${[...head, ...rows].join('\n')}`
}

async function filesOf(root) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { oneSeal, twoSeals } = await compiled(root, 'core/dist/testing/sealed-evidence.js')
  const { preserved } = await compiled(root, 'core/dist/testing/preserved.js')
  const world = await newWorld()
  const seal = { contentsBytes: 2600 }
  const [one, two] = [await oneSeal(world, { seal }), await twoSeals(world, { seal })]
  return [
    { name: 'one revision', sample: one },
    { name: 'two seals', sample: two },
    { name: 'two seals, LTA', sample: await preserved(two, world) },
  ]
}
