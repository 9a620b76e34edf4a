import { stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compiled } from '../lib/dist.mjs'
import { withNetwork } from '../lib/network.mjs'
import { runCommand } from '../lib/run.mjs'

export const line = 7
export const title =
  'Offline verification of evidence made on Fabric, block, endorsements and followed configuration included: under 100 ms in Node, the same in Chromium (warm; the first call of a process or page is told beside it)'

const LIMIT_MS = 100
const WARM = 50
/** Fresh processes and fresh pages: the first call of each. */
const COLD = 7
const FLAGS = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking'

export function run(context) {
  return withNetwork(context.root, context.say, (connection) => prove(context, connection))
}

async function prove({ root, scratch, say }, connection) {
  const files = await sealOnFabric(root, scratch, connection)
  say('in Node')
  const node = await inNode(root, scratch, files)
  say('in Chromium')
  const chromium = await inChromium(root, scratch, files)
  const rows = [
    ['Node, first call of a process', node.first],
    ['Node, warm', node.warm],
    ['Chromium, first call of a page', chromium.first],
    ['Chromium, warm', chromium.warm],
  ]
  const table = rows.map(
    ([name, times]) => `| ${name} | ${ms(median(times))} | ${ms(Math.min(...times))} | ${times.length} |`,
  )
  const passed = [...node.reports, ...chromium.reports].every(isWhole)
  const sizes = await Promise.all(Object.values(files).map(async (path) => (await stat(path)).size))
  const { number, orderers, endorsers, configuration } = node.reports[0]?.block ?? {}
  return {
    ok: passed && [node.warm, chromium.warm].every((times) => median(times) < LIMIT_MS),
    measured: rows.map(([name, times]) => `${name} ${ms(median(times))}`).join('; '),
    detail: [
      `PDF ${sizes[0]}, evidence ${sizes[1]}, trust file ${sizes[2]} bytes; block ${number} signed by ${orderers}, endorsed by ${endorsers}, configuration from block ${configuration}; every run passed with its block: ${passed ? 'yes' : '**no**'}`,
      '',
      '| where | median | best | runs |',
      '|---|---|---|---|',
      ...table,
    ].join('\n'),
  }
}

/** The demonstration's sample, sealed and recorded on the network; the service is stopped when this returns. */
async function sealOnFabric(root, scratch, connection) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const env = { CINNABAR_LEDGER: 'fabric', CINNABAR_FABRIC_CONNECTION: connection }
  const { data, stop } = await startService({ root, data: join(scratch, 'data'), env })
  await stop()
  return {
    pdf: join(data, 'demo/contract-sealed.pdf'),
    evidence: join(data, 'demo/evidence.zip'),
    trust: join(data, 'trust.json'),
  }
}

const isWhole = ({ outcome, block }) =>
  outcome === 'passed' && block?.carried === true && block.orderers.length > 0 && block.configuration !== null

async function inNode(root, scratch, { pdf, evidence, trust }) {
  const script = join(root, 'bench/prove/lib/time-verify.mjs')
  const runs = []
  for (let i = 0; i < COLD; i++) {
    const args = [script, root, pdf, evidence, trust, i === 0 ? WARM : 0].map(String)
    const { code, stdout, stderr } = await runCommand(process.execPath, args, { cwd: scratch })
    if (code !== 0) throw new Error(stderr)
    runs.push(JSON.parse(stdout))
  }
  return { first: runs.map(({ first }) => first), warm: runs[0].warm, reports: runs }
}

async function inChromium(root, scratch, files) {
  const require = createRequire(join(root, 'package.json'))
  const { toolPath } = await compiled(root, 'bench/dist/checkers/tools.js')
  const page = await writePage(require('esbuild'), root, scratch)
  const browser = await require('playwright-core').chromium.launch({
    executablePath: toolPath('chromium'),
    args: FLAGS.split(' '),
  })
  try {
    const runs = []
    for (let i = 0; i < COLD; i++) runs.push(await timeIn(browser, page, files, i === 0 ? WARM : 0))
    return { first: runs.map(({ first }) => first), warm: runs[0].warm, reports: runs }
  } finally {
    await browser.close()
  }
}

/** A page from disk with the verifier as the pages of `web` have it, bundled for browsers. */
async function writePage(esbuild, root, scratch) {
  const bundle = join(scratch, 'verify.js')
  await esbuild.build({
    stdin: { contents: "export { parseTrust, verify } from '@cinnabar/core'", resolveDir: join(root, 'web') },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'cinnabar',
    platform: 'browser',
    outfile: bundle,
  })
  const page = join(scratch, 'time.html')
  const inputs = ['pdf', 'evidence', 'trust'].map((name) => `<input type="file" id="${name}">`).join('')
  await writeFile(page, `<!doctype html><meta charset="utf-8">${inputs}<script src="verify.js"></script>`)
  return pathToFileURL(page).href
}

async function timeIn(browser, address, files, count) {
  const context = await browser.newContext({ offline: true })
  const page = await context.newPage()
  await page.goto(address)
  for (const [name, path] of Object.entries(files)) await page.locator(`#${name}`).setInputFiles(path)
  const found = await page.evaluate(async (more) => {
    const read = async (name) => new Uint8Array(await document.getElementById(name).files[0].arrayBuffer())
    const { parseTrust, verify } = globalThis.cinnabar
    const [pdf, evidence, trust] = await Promise.all(['pdf', 'evidence', 'trust'].map(read))
    const request = { pdf, evidence: [evidence], trust: parseTrust(trust), at: new Date() }
    const times = []
    let report
    for (let i = 0; i <= more; i++) {
      const began = performance.now()
      report = await verify(request)
      times.push(performance.now() - began)
    }
    const block = report.signatures[0]?.recorded?.block ?? null
    return { outcome: report.outcome, code: report.code, block, first: times[0], warm: times.slice(1) }
  }, count)
  await context.close()
  return found
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

const ms = (value) => `${value.toFixed(1)} ms`
