import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiled } from './dist.mjs'
import { runCommand } from './run.mjs'

/**
 * Signed files that nobody has published, made now in `folder` by fixtures/unpublished/make.py, which also writes down what each must be
 * found to be. @returns `{ path, file, expected, how }` of each.
 */
export async function unpublished(root, folder) {
  const { cacheFolder } = await compiled(root, 'bench/dist/checkers/tools.js')
  const python = join(cacheFolder(), 'pyhanko/bin/python')
  const args = [join(root, 'fixtures/unpublished/make.py'), folder, join(root, 'fixtures/contracts')]
  const { code, stderr } = await runCommand(python, args, { timeoutMs: 300_000 })
  if (code !== 0) throw new Error(`fixtures/unpublished/make.py: ${stderr.slice(-2000)}`)
  return rowsOf(join(folder, 'expected.tsv')).map(([file, expected, how]) => ({
    ...{ path: join(folder, file), file, expected, how },
  }))
}

/** The rows of a table, tab-separated, without its head. */
export function rowsOf(path) {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t'))
}

/** Whether what was found is what was expected: a word, and perhaps the report's code; or anything but `sound`. */
export function isExpected(expected, { view, code, outcome }) {
  if (outcome === 'passed') return false
  if (expected === 'not sound') return view !== 'sound'
  const [word, wanted] = expected.split(':')
  return view === word && (wanted === undefined || code === wanted)
}
