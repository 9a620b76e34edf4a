import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { inRoot, root } from './lib/paths.mjs'
import { prepare } from './lib/prepare.mjs'
import { describeMachine, proofTable } from './lib/proof-table.mjs'
import { duration, say } from './lib/say.mjs'
import { readyTools } from './lib/tools.mjs'

const usage = `npm run prove -- N [--only 3,5]

Runs every line of milestone N's "Must show" list and writes the table to bench/results/mN.md.
With --only, runs those lines and prints what would be below the table. Ends with 1 when a line fails.

Each file of bench/prove/mN is one line and exports
  line    its number in the list
  title   what must show
  run(context) → { ok, measured, detail? }: a verdict, the figures, and Markdown for below the table
and is given { root, corpus, scratch (an empty folder), tools (names of those present), say(text) }.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, help: { type: 'boolean' } },
})
const milestone = positionals[0]
const folder = inRoot('bench', 'prove', `m${milestone}`)
if (values.help || !/^\d+$/.test(milestone ?? '') || !existsSync(folder)) {
  say(values.help ? usage : `${usage}\n\nThere is no ${folder}`)
  process.exit(values.help ? 0 : 64)
}
const only = values.only?.split(',').map(Number)

const commit = commitOf()
await prepare()
const { present, missing } = await readyTools({ system: process.env.CI === 'true' })
for (const { name, command } of missing) say(`${name} is missing. To install it: ${command}`)
process.env.CINNABAR_TOOLS = present.join(',')

const lines = await linesOf(folder)
const outcomes = []
for (const line of lines) outcomes.push(await outcomeOf(line))
finish()

async function linesOf(from) {
  const files = readdirSync(from).filter((name) => name.endsWith('.mjs'))
  const all = await Promise.all(files.map((name) => import(pathToFileURL(join(from, name)).href)))
  const wanted = all.filter(({ line }) => line !== undefined && (only === undefined || only.includes(line)))
  return wanted.sort((a, b) => a.line - b.line)
}

async function outcomeOf({ line, title, run }) {
  say(`\n── ${line}. ${title}`)
  const scratch = mkdtempSync(join(tmpdir(), `cinnabar-m${milestone}-${line}-`))
  const began = performance.now()
  const context = {
    root,
    corpus: inRoot('..', 'shared', 'corpus'),
    scratch,
    tools: new Set(present),
    say: (text) => say(`   ${text}`),
  }
  const result = await Promise.resolve(context).then(run).catch(broken)
  const seconds = (performance.now() - began) / 1000
  say(`${result.ok ? '✓' : '✗'} ${line}. ${result.measured} (${duration(seconds * 1000)})`)
  if (result.ok) rmSync(scratch, { recursive: true, force: true })
  else say(`   what it left is in ${scratch}`)
  return { line, title, seconds, ...result }
}

function broken(error) {
  return { ok: false, measured: String(error.message), detail: `\`\`\`\n${error.stack}\n\`\`\`` }
}

function finish() {
  const failed = outcomes.filter(({ ok }) => !ok)
  if (only === undefined) {
    mkdirSync(inRoot('bench', 'results'), { recursive: true })
    const file = inRoot('bench', 'results', `m${milestone}.md`)
    writeFileSync(file, proofTable(milestone, outcomes, { ...describeMachine(), commit }))
    say(`\nThe table is in ${file}`)
  } else for (const { detail } of outcomes) if (detail !== undefined) say(`\n${detail}`)
  say(`${outcomes.length - failed.length} passed, ${failed.length} failed`)
  // A line that left something open must not keep the run from ending.
  process.exit(failed.length > 0 || outcomes.length === 0 ? 1 : 0)
}

function commitOf() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ', with uncommitted changes'}`
  } catch {
    return 'not in a git checkout'
  }
}
