import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { npmCommand } from './paths.mjs'
import { runOpenly } from './run.mjs'

/**
 * Runs jest on this terminal.
 * @returns counts, and a name for each test (or file that could not run) that failed or was skipped.
 */
export async function jest(args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cinnabar-jest-'))
  const report = join(folder, 'report.json')
  const workers = args.includes('--runInBand') ? [] : [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`]
  const common = ['--ci', '--json', `--outputFile=${report}`, ...workers]
  try {
    const status = await runOpenly(process.execPath, [npmCommand.jest, ...common, ...args], {
      env: { ...process.env, ...env },
    })
    return counted(JSON.parse(readFileSync(report, 'utf8')), status)
  } catch (error) {
    return { passed: 0, failed: [`jest left no report: ${error.message}`], skipped: [] }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function counted(report, status) {
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const named = (...states) => all.filter((test) => states.includes(test.status)).map((test) => test.fullName)
  // A file that does not compile has no tests to count.
  const broken = report.testResults
    .filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed))
    .map(({ name }) => `${name} could not run`)
  const failed = [...named('failed'), ...broken]
  if (status !== 0 && failed.length === 0) failed.push(`jest ended with ${status}`)
  return { passed: named('passed').length, failed, skipped: named('pending', 'todo', 'skipped', 'disabled') }
}

const isFailed = (test) => test.status === 'failed'
