import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { cinnabar, runCommand } from '../lib/run.mjs'

export const line = 6
export const title = 'The court report of a passed, a failed and an indeterminate document, as pages looked at'

const TITLES = { passed: 'PASSED', failed: 'FAILED', indeterminate: 'NOT PROVEN' }

export async function run({ root, scratch, say }) {
  const { demoLogins, startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { url, data, stop } = await startService({ root, data: join(scratch, 'data') })
  const pages = join(root, 'bench/results/m4')
  await mkdir(pages, { recursive: true })
  for (const old of await readdir(pages)) if (old.startsWith('report-')) await rm(join(pages, old))
  try {
    const [{ user, password }] = await demoLogins(data)
    const session = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password }),
    })
    const env = { CINNABAR_URL: url, CINNABAR_TOKEN: (await session.json()).token }
    const files = await documents(root, scratch, data)
    const rows = []
    for (const [outcome, file] of Object.entries(files)) {
      say(outcome)
      rows.push(await reported({ root, scratch, data, env, pages, outcome, file }))
    }
    return {
      ok: rows.every(({ ok }) => ok),
      measured: rows.map(({ outcome, found, ok }) => `${outcome}: ${found} ${ok ? '✓' : '✗'}`).join('; '),
      detail: `Pages: \`bench/results/m4/report-OUTCOME-N.png\`\n\n${rows.map(({ outcome, text }) => `### ${outcome}\n\`\`\`\n${text}\n\`\`\``).join('\n')}`,
    }
  } finally {
    await stop()
  }
}

/** The demonstration's contract; the same with one byte changed; and one that another network's bureau of the same name sealed. */
async function documents(root, scratch, data) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const elsewhere = await startService({ root, data: join(scratch, 'elsewhere') })
  await elsewhere.stop()
  const passed = join(data, 'demo/contract-sealed.pdf')
  const failed = join(scratch, 'contract-changed.pdf')
  const bytes = await readFile(passed)
  bytes[bytes.indexOf('stream') + 40] ^= 1
  await writeFile(failed, bytes)
  return { passed, failed, indeterminate: join(elsewhere.data, 'demo/contract-sealed.pdf') }
}

async function reported({ root, scratch, data, env, pages, outcome, file }) {
  const output = join(scratch, `report-${outcome}.pdf`)
  const made = await cinnabar(root, ['report', file, '--seal', 'official', '-o', output], { home: scratch, env })
  if (made.code !== 0) throw new Error(made.stderr)
  // The report is a sealed document like any other: it is verified as one.
  const evidence = join(scratch, `report-${outcome}.asice`)
  await cinnabar(root, ['evidence', output, '-o', evidence], { home: scratch, env })
  const checked = await cinnabar(
    root,
    ['verify', output, '--trust', join(data, 'trust.json'), '--evidence', evidence, '--json'],
    { home: scratch },
  )
  const own = JSON.parse(checked.stdout)
  await runCommand('pdftoppm', ['-r', '70', '-png', output, join(pages, `report-${outcome}`)])
  const { stdout: text } = await runCommand('pdftotext', ['-layout', output, '-'])
  const count = (await readdir(pages)).filter((one) => one.startsWith(`report-${outcome}-`)).length
  const says = text.includes(TITLES[outcome])
  const articles = [
    '第十六条',
    '第十七条第（一）项',
    '第十七条第（二）项',
    '第十七条第（三）项',
    '第十七条第（四）项',
    '第十八条',
  ]
  const at = articles.map((one) => text.indexOf(one, text.indexOf('以下依') + 60))
  const inOrder = at.every((place, i) => place > (at[i - 1] ?? 0))
  return {
    outcome,
    ok: says && inOrder && own.outcome === 'passed',
    found: `${count} pages, says ${says ? TITLES[outcome] : 'otherwise'}, articles ${inOrder ? 'in order' : 'out of order'}, itself ${own.outcome} (use ${own.signatures[0]?.recorded?.useNumber})`,
    text: text
      .split('\n')
      .filter((one) => one.trim())
      .slice(0, 24)
      .join('\n'),
  }
}
