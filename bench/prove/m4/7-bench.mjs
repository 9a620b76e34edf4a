import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { runCommand } from '../lib/run.mjs'
import { growthRows, HOSTILE_MEGABYTES, HOSTILE_MS, hostileRows } from './lib/hostile.mjs'

export const line = 7
export const title =
  'The bench table: ten seals in 1 MB beside pyHanko and EU DSS, 200 MB in 450 MB of memory, 10 MB in Chromium, hostile files within 2 s and 512 MB'

const MB = 1 << 20
const LARGE_BYTES = 200 * MB
const LARGE_MEGABYTES = 450
const PAGE_BYTES = 10 * MB
const PAGE_MS = 1000
const PAGE_RUNS = 5
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** Ours are measured before the peers start and while nothing else of ours runs. */
export async function run({ root, scratch, say }) {
  const { milestone4 } = await compiled(root, 'bench/dist/milestone-4.js')
  const { comparisonTable, under } = await compiled(root, 'bench/dist/comparison.js')
  const { writeLargePdf } = await compiled(root, 'bench/dist/proof/large-pdf.js')
  const place = { root, scratch, say, under, writeLargePdf }
  const rows = [
    ...(await milestone4({ root, scratch, say })),
    ...(await largeFile(place)),
    await inChromium(place, await compiled(root, 'bench/dist/proof/service.js')),
  ]
  say('hostile files, each in a fresh process')
  const hostile = await hostileRows(root, { scratch, say })
  const slowest = hostile.reduce((a, b) => (b.ms > a.ms ? b : a))
  const largest = hostile.reduce((a, b) => (b.peakMb > a.peakMb ? b : a))
  const named = `the slowest of ${hostile.length} hostile files (${slowest.name})`
  rows.push(under(named, { ours: slowest.ms, limit: HOSTILE_MS, unit: 'ms' }))
  rows.push(
    under(`the largest in memory (${largest.name})`, { ours: largest.peakMb, limit: HOSTILE_MEGABYTES, unit: 'MB' }),
  )
  say('hostile files of twice the size')
  const growth = await growthRows(root, { scratch, say })
  const wrong = [...hostile, ...growth].filter(({ ok }) => !ok).map(({ name }) => name)
  return {
    ok: rows.every(({ met }) => met) && wrong.length === 0,
    measured:
      rows.map(({ what, ours, peer, factor }) => `${what}: ${ours}, ${peer}, ${factor}`).join('; ') +
      (wrong.length > 0 ? `; too slow, too large or growing too fast: ${wrong.join(', ')}` : ''),
    detail: [comparisonTable(rows), '', ...hostileTable(hostile), '', ...growthTable(growth)].join('\n'),
  }
}

function hostileTable(rows) {
  return [
    'Hostile files: a fresh process’s first call, by the clock and of the processor.',
    '',
    '| file | size | ms | of the processor | MB | found |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ name, bytes, ms, cpuMs, peakMb, outcome, codes }) =>
        `| ${name} | ${(bytes / 1024).toFixed(0)} KB | ${ms} | ${cpuMs} | ${peakMb} | ${outcome ?? 'crashed'} ${[codes].flat().slice(0, 3).join(' ')} |`,
    ),
  ]
}

function growthTable(rows) {
  return [
    'How the work grows: the same kind of file in twice the size; of the processor’s time, the least of three runs.',
    '',
    '| file | ms | twice the size | factor |',
    '|---|---|---|---|',
    ...rows.map(({ name, ms, doubledMs, times }) => `| ${name} | ${ms} | ${doubledMs} | ${times} |`),
  ]
}

/** A sealed file of so many bytes, its evidence and trust on disk. */
async function sealedFile({ root, scratch, writeLargePdf }, { name, bytes, pages }) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { oneSeal } = await compiled(root, 'core/dist/testing/sealed-evidence.js')
  const { TrustFormat } = await compiled(root, 'core/dist/index.js')
  const base = join(scratch, `${name}-base.pdf`)
  await writeLargePdf(base, { pages, bytes })
  const sample = await oneSeal(await newWorld(), { base: new Uint8Array(readFileSync(base)) })
  const path = (suffix) => join(scratch, `${name}${suffix}`)
  const files = { pdf: path('.pdf'), evidence: path('.zip'), trust: path('.json') }
  writeFileSync(files.pdf, sample.pdf)
  writeFileSync(files.evidence, sample.evidence[0])
  writeFileSync(files.trust, TrustFormat.encode(sample.trust))
  return files
}

async function largeFile({ root, scratch, say, under, writeLargePdf }) {
  say('200 MB')
  const files = await sealedFile({ root, scratch, writeLargePdf }, { name: 'large', bytes: LARGE_BYTES, pages: 50 })
  const judge = join(root, 'bench/prove/lib/judge-hostile.mjs')
  const args = [judge, root, files.pdf, files.evidence, files.trust]
  const { code, stdout, stderr } = await runCommand(process.execPath, args)
  if (code !== 0) throw new Error(`200 MB by the library: ${stderr}`)
  const library = JSON.parse(stdout)
  const command = await peakOfCommand(root, files)
  for (const { outcome } of [library, command]) if (outcome !== 'passed') throw new Error(`200 MB: ${outcome}`)
  return [
    under(`a 200 MB file by the library, ${library.ms} ms`, {
      ours: library.megabytes,
      limit: LARGE_MEGABYTES,
      unit: 'MB',
    }),
    under('a 200 MB file by `cinnabar verify`', { ours: command.megabytes, limit: LARGE_MEGABYTES, unit: 'MB' }),
  ]
}

/** The greatest resident memory of the command, as Linux keeps it, read until it ends. */
async function peakOfCommand(root, { pdf, evidence, trust }) {
  const args = [join(root, 'cli/dist/main.js'), 'verify', pdf, '--evidence', evidence, '--trust', trust, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece
  })
  let kilobytes = 0
  const look = setInterval(() => {
    try {
      const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))
      if (found !== null) kilobytes = Number(found[1])
    } catch (gone) {
      if (gone.code !== 'ENOENT' && gone.code !== 'ESRCH') throw gone
    }
  }, 5)
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  clearInterval(look)
  return { outcome: JSON.parse(text).outcome, megabytes: kilobytes / 1024 }
}

/** A file of 10 MB that the service sealed, which then has its evidence. */
async function sealedByService({ root, scratch, writeLargePdf }, service) {
  const { logIn } = await compiled(root, 'bench/dist/proof/client.js')
  const path = join(scratch, 'page.pdf')
  await writeLargePdf(path, { pages: 20, bytes: PAGE_BYTES })
  const client = await logIn(service, 'bureau')
  const document = await client.upload(new Uint8Array(readFileSync(path)), 'page.pdf')
  const job = await client.seal(document, { seal: 'official' })
  if (job.state !== 'anchored') throw new Error(`job ${job.state} ${job.code}`)
  writeFileSync(path, await client.file(document))
  return path
}

/** From the choice of the file to the verdict on the page, its evidence fetched; the median of several fresh pages. */
async function inChromium(place, { startService }) {
  const { root, scratch, say, under } = place
  say('10 MB in Chromium')
  const { toolPath } = await compiled(root, 'bench/dist/checkers/tools.js')
  const { median } = await compiled(root, 'bench/dist/statistics.js')
  const { chromium } = createRequire(join(root, 'package.json'))('playwright-core')
  const service = await startService({ root, data: join(scratch, 'page-data') })
  const browser = await chromium.launch({ executablePath: toolPath('chromium'), args: FLAGS.split(' ') })
  try {
    const pdf = await sealedByService(place, service)
    const times = []
    for (let i = 0; i < PAGE_RUNS; i++) times.push(await timeOnPage(browser, service, pdf))
    return under('a 10 MB file in Chromium, from the choice to the verdict', {
      ours: median(times),
      limit: PAGE_MS,
      unit: 'ms',
    })
  } finally {
    await browser.close()
    await service.stop()
  }
}

async function timeOnPage(browser, service, pdf) {
  const page = await browser.newPage()
  try {
    await page.goto(service.url)
    // The page's own clock: when it got the files, and when it had drawn the button that saves the finished report.
    await page.evaluate(() => {
      addEventListener(
        'change',
        () => {
          globalThis.chosenAt ??= performance.now()
        },
        true,
      )
      new MutationObserver(() => {
        const done = [...document.querySelectorAll('button, a')].some((one) => /JSON/.test(one.textContent))
        if (done && globalThis.chosenAt !== undefined) globalThis.doneAt ??= performance.now()
      }).observe(document.body, { childList: true, subtree: true })
    })
    await page.locator('input[type=file]').first().setInputFiles(pdf)
    const button = page.getByRole('button', { name: /JSON/ })
    await button.waitFor({ timeout: 30_000 })
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    const { outcome } = JSON.parse(await readFile(await download.path(), 'utf8'))
    if (outcome !== 'passed') throw new Error(`10 MB in Chromium: ${outcome}`)
    return await page.evaluate(() => globalThis.doneAt - globalThis.chosenAt)
  } finally {
    await page.close()
  }
}
