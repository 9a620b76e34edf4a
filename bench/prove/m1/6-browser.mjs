import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compiled } from '../lib/dist.mjs'

export const line = 6
export const title =
  'In Chromium the page and `verify.html` (from file://) pass a sealed file, fail a tampered one, and say of a foreign PDF that it has no seal; no file is sent'

const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

export async function run({ root, scratch, say }) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { toolPath } = await compiled(root, 'bench/dist/checkers/tools.js')
  const { chromium } = createRequire(join(root, 'package.json'))('playwright-core')
  const service = await startService({ root, data: join(scratch, 'data') })
  const browser = await chromium.launch({ executablePath: toolPath('chromium'), args: FLAGS.split(' ') })
  const shots = join(root, 'bench/results/m1')
  await mkdir(shots, { recursive: true })
  try {
    const files = await filesFor(root, service, scratch)
    const rows = []
    for (const place of ['served', 'from disk']) {
      for (const [name, { pdf, outcome, code }] of Object.entries(files.pdfs)) {
        say(`${place}: ${name}`)
        const seen = await look(browser, {
          root,
          service,
          place,
          files,
          pdf,
          shot: join(shots, `${place.replace(' ', '-')}-${name}.jpg`),
        })
        const ok =
          seen.outcome === outcome &&
          (code === undefined || seen.code === code) &&
          seen.sent.length === 0 &&
          seen.failed.length === 0
        rows.push({ place, name, ...seen, ok })
      }
    }
    const table = rows.map(
      ({ place, name, outcome, code, requests, sent, ok }) =>
        `| ${place} | ${name} | ${outcome} ${code} | ${requests} | ${sent.length} | ${ok ? 'yes' : '**no**'} |`,
    )
    return {
      ok: rows.every(({ ok }) => ok),
      measured: `${rows.filter(({ ok }) => ok).length} of ${rows.length} as wanted; bodies sent: ${rows.reduce((sum, { sent }) => sum + sent.length, 0)}; requests from disk: ${rows.filter(({ place }) => place === 'from disk').reduce((sum, { requests }) => sum + requests, 0)}`,
      detail: [
        '| page | file | shows | requests | bodies sent | as wanted |',
        '|---|---|---|---|---|---|',
        ...table,
      ].join('\n'),
    }
  } finally {
    await browser.close()
    await service.stop()
  }
}

async function filesFor(root, service, scratch) {
  const sealed = join(service.data, 'demo/contract-sealed.pdf')
  const bytes = await readFile(sealed)
  bytes[Math.floor(bytes.length / 3)] ^= 1
  const tampered = join(scratch, 'tampered.pdf')
  await writeFile(tampered, bytes)
  return {
    evidence: join(service.data, 'demo/evidence.zip'),
    trust: join(service.data, 'trust.json'),
    pdfs: {
      sealed: { pdf: sealed, outcome: 'passed' },
      tampered: { pdf: tampered, outcome: 'failed' },
      foreign: {
        pdf: join(root, 'fixtures/contracts/en-service-agreement.pdf'),
        outcome: 'indeterminate',
        code: 'NO_SEAL',
      },
    },
  }
}

/** Chooses the files as a person would and reads the report that the page offers for download. */
async function look(browser, { root, service, place, files, pdf, shot }) {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 900, height: 900 } })
  const page = await context.newPage()
  const sent = []
  const failed = []
  let requests = 0
  page.on('request', (request) => {
    if (/^(file|blob|data):/.test(request.url())) return
    requests++
    if (request.method() !== 'GET' || request.postData() !== null) sent.push(request.url())
  })
  page.on('pageerror', (error) => failed.push(error.message))
  const served = place === 'served'
  await page.goto(served ? service.url : pathToFileURL(join(root, 'web/dist/verify.html')).href)
  const input = page.locator('input[type=file]').first()
  await input.setInputFiles(served ? [pdf] : [pdf, files.evidence, files.trust])
  const button = page.getByRole('button', { name: /JSON/ })
  await button.waitFor({ timeout: 20_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  const { outcome, code } = JSON.parse(await readFile(await download.path(), 'utf8'))
  // The pages are drawn when they come into view.
  await page.locator('canvas').first().waitFor({ timeout: 20_000 })
  await page.waitForTimeout(1500)
  await page.evaluate(() => scrollTo(0, 0))
  await page.screenshot({ path: shot, fullPage: true, type: 'jpeg', quality: 60 })
  await context.close()
  return { outcome, code, requests, sent, failed }
}
