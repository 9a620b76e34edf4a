import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { digestOf, filesBelow } from './digest.mjs'
import { inRoot, npmCommand, root } from './paths.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'

const MARK = inRoot('node_modules', '.cinnabar-build')
const BUNDLER = inRoot('web', 'build.mjs')
/** Workspaces whose other files (fonts, SQL, HTML) lie beside the compiled ones; web's bundler takes its own. */
const COPIED = ['core', 'chaincode', 'gateway', 'cli', 'fixtures', 'bench']
const workspaces = [...COPIED, 'client', 'web']

/**
 * Compiles every workspace and bundles the page, unless sources and outputs are as the last build left them.
 * @throws CommandFailed with the compiler's messages.
 */
export async function build() {
  const sources = digestOf(sourceFiles())
  const last = lastBuild()
  const whole = last.outputs.every((file) => existsSync(inRoot(file)))
  if (last.sources === sources && whole) return
  // tsc believes its own notes even after somebody removed what it wrote.
  const force = whole ? [] : ['--force']
  await step('compile', () => run(process.execPath, [npmCommand.tsc, '--build', ...force]))
  copyOthers()
  if (existsSync(BUNDLER)) await step('bundle the page', () => run(process.execPath, [BUNDLER]))
  writeFileSync(MARK, JSON.stringify({ sources, outputs: outputFiles() }))
}

function sourceFiles() {
  const perWorkspace = workspaces.flatMap((name) => [
    ...filesBelow(name === 'web' ? inRoot('web') : inRoot(name, 'src')),
    ...filesBelow(inRoot(name, 'package.json')),
    ...filesBelow(inRoot(name, 'tsconfig.json')),
  ])
  const shared = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'].map((name) => inRoot(name))
  return [...perWorkspace.filter((file) => !file.endsWith('.tsbuildinfo')), ...shared]
}

function lastBuild() {
  if (!existsSync(MARK)) return { sources: '', outputs: [] }
  return JSON.parse(readFileSync(MARK, 'utf8'))
}

const outputFiles = () =>
  workspaces.flatMap((name) => filesBelow(inRoot(name, 'dist'))).map((file) => relative(root, file))

function copyOthers() {
  for (const name of COPIED) {
    const from = inRoot(name, 'src')
    for (const file of filesBelow(from)) {
      if (extname(file) === '.ts') continue
      const to = join(inRoot(name, 'dist'), relative(from, file))
      mkdirSync(dirname(to), { recursive: true })
      copyFileSync(file, to)
    }
  }
}
