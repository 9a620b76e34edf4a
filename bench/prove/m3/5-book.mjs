import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { runCommand } from '../lib/run.mjs'
import { openBookOnScreen } from './book/screen.mjs'

export const line = 5
export const title =
  'The ledger book of a demo institution, as CSV and as pages looked at; one entry removed from the store: the gap is reported by the API, in CSV and PDF, and on screen'

/** More than one page on screen and on paper. */
const USES = 60
/** In the middle, so that it can be neither the first nor the last. */
const REMOVED = 17
const PURPOSES = ['年度服务采购', 'Lease of the east wing', '答复函', 'Minutes', undefined]

export async function run({ root, scratch, say }) {
  const { startService, demoLogins } = await compiled(root, 'bench/dist/proof/service.js')
  const data = join(scratch, 'data')
  const results = join(root, 'bench/results/m3')
  await mkdir(results, { recursive: true })
  const facts = {}
  let service = await startService({ root, data })
  const [login] = await demoLogins(data)
  const during = async (name) => {
    const at = { root, scratch, results, name, login, service }
    const book = await lookAtBook(at)
    return { ...book, screens: await openBookOnScreen(at) }
  }
  let whole
  let broken
  try {
    say(`${USES} uses of the official seal`)
    await sealMany({ root, url: service.url, login })
    say('the whole book')
    whole = await during('book')
  } finally {
    await service.stop()
  }
  facts.oneRecordRemoved = removeRecord({ root, data, institution: login.institution }) === 1
  service = await startService({ root, data })
  try {
    say(`the record of use ${REMOVED} is removed from the store`)
    broken = await during('book-gap')
  } finally {
    await service.stop()
  }
  const last = whole.json.lastNumber
  const numbers = Array.from({ length: last }, (_, i) => i + 1)
  facts.wholeIsComplete = whole.json.complete && whole.json.gaps.length === 0 && last === USES + 1
  facts.everyNumberOnceInCsv = same(whole.numbers, numbers)
  facts.csvSaysComplete = whole.csv.includes(`complete: numbers 1 to ${last} agree with the log`)
  facts.pdfHasEveryNumber = numbers.every((number) => whole.text.includes(`${number}`)) && whole.pages > 1
  facts.screensSayComplete = whole.screens.every(({ outcome, gapRows }) => outcome === 'passed' && gapRows.length === 0)
  const [gap, ...others] = broken.json.gaps
  facts.apiNamesTheGap =
    !broken.json.complete && others.length === 0 && gap?.code === 'RECORD_MISSING' && gap.number === REMOVED
  facts.everyNumberStillInCsv = same(broken.numbers, numbers)
  facts.csvNamesTheGap = broken.rows
    .filter((row) => row.includes('[RECORD_MISSING]'))
    .every((row) => row.startsWith(`${REMOVED},`))
  facts.pdfNamesTheGap = broken.text.includes('RECORD_MISSING') && broken.text.includes('1 gaps')
  facts.screensNameTheGap = broken.screens.every(
    ({ outcome, finding, gapRows }) =>
      outcome === 'failed' && finding.includes(`${REMOVED}`) && same(gapRows, [REMOVED]),
  )
  const images = [...whole.images, ...broken.images, ...[...whole.screens, ...broken.screens].map(({ image }) => image)]
  return {
    ok: Object.values(facts).every(Boolean),
    measured: `${last} uses: complete by API, CSV, PDF of ${whole.pages} pages and screen; record of no. ${REMOVED} removed: ${broken.json.gaps.length} gap, ${gap?.code} no. ${gap?.number}`,
    detail: [
      ...Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`),
      '',
      ...images.map((image) => `- [${image}](m3/${image})`),
    ].join('\n'),
  }
}

const same = (some, others) => some.length === others.length && some.every((one, i) => one === others[i])

async function asker(url, { user, password }) {
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ user, password })
  const { token } = await (await fetch(`${url}/v1/sessions`, { method: 'POST', headers: json, body })).json()
  return async (path, { type = 'application/json', ...init } = {}) => {
    const headers = { authorization: `Bearer ${token}`, ...(init.body && { 'content-type': type }) }
    const answer = await fetch(url + path, { ...init, headers })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
}

async function sealMany({ root, url, login }) {
  const ask = await asker(url, login)
  const names = ['江州市行政审批服务协议', 'lease', '会议纪要', 'reply']
  const pdf = await readFile(join(root, 'fixtures/contracts/zh-lease-3-pages.pdf'))
  for (let i = 0; i < USES; i++) {
    const name = encodeURIComponent(`${names[i % names.length]} 2026-${i + 1}.pdf`)
    const type = 'application/pdf'
    const document = await (await ask(`/v1/documents?name=${name}`, { method: 'POST', body: pdf, type })).json()
    const reason = PURPOSES[i % PURPOSES.length]
    const body = JSON.stringify({ seal: 'official', ...(reason && { reason }) })
    await ask(`/v1/documents/${document.id}/seal-signatures?wait=anchored`, { method: 'POST', body })
  }
}

/** The book in each form, kept under `name` where people can look at it. */
async function lookAtBook({ results, name, login, service }) {
  const ask = await asker(service.url, login)
  const json = await (await ask('/v1/seals/official/book')).json()
  const csv = await (await ask('/v1/seals/official/book.csv')).text()
  const pdf = new Uint8Array(await (await ask('/v1/seals/official/book.pdf')).arrayBuffer())
  const file = join(results, `${name}.pdf`)
  await writeFile(join(results, `${name}.csv`), csv)
  await writeFile(file, pdf)
  const rows = csv.trimEnd().split('\r\n').slice(4)
  await poppler('pdftoppm', ['-png', '-r', '64', file, join(results, name)])
  const { stdout: text } = await poppler('pdftotext', ['-layout', file, '-'])
  const pages = text.split('\f').length - 1
  const images = Array.from({ length: pages }, (_, i) => `${name}-${i + 1}.png`)
  return { json, csv, rows, numbers: rows.map((row) => Number(row.split(',')[0])), text, pages, images }
}

async function poppler(command, args) {
  const outcome = await runCommand(command, args)
  if (outcome.code !== 0) throw new Error(`${command}: ${outcome.stderr}`)
  return outcome
}

/** As a careless or dishonest administrator would, while the service is down. @returns how many were removed. */
function removeRecord({ root, data, institution }) {
  const Database = createRequire(join(root, 'gateway/package.json'))('libsql')
  const database = new Database(join(data, 'cinnabar.db'))
  const { changes } = database
    .prepare(
      `DELETE FROM sealSignatures WHERE json_extract(value, '$.institution') = ? AND json_extract(value, '$.seal') = 'official'
       AND json_extract(value, '$.receipts[0].entry.useNumber') = ?`,
    )
    .run(institution, REMOVED)
  database.close()
  return changes
}
