import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jest } from './jest.mjs'
import { inRoot } from './paths.mjs'
import { run, showOutput } from './run.mjs'
import { say, step } from './say.mjs'

/**
 * Runs every suite that needs the real network (`*.network.ts`), one after another on one network, which is brought up for
 * them, in a folder of its own, and taken down after them.
 * @returns as {@link jest} does.
 */
export async function networkTests(env) {
  const folder = mkdtempSync(join(tmpdir(), 'cinnabar-test-network-'))
  const settings = { ...env, CINNABAR_NETWORK: join(folder, 'network'), CINNABAR_NETWORK_PORT: String(freePort()) }
  const network = (...args) =>
    run(process.execPath, [inRoot('scripts', 'network.mjs'), ...args], { env: { ...process.env, ...settings } })
  let outcome
  try {
    await step('the real network', () => network('up'))
    outcome = await jest(['--runInBand', '--testMatch', '<rootDir>/*/test/**/*.network.ts'], settings)
  } catch (error) {
    showOutput(error)
    outcome = { passed: 0, failed: ['the real network'], skipped: [] }
  }
  if (outcome.failed.length > 0) {
    await network('down')
    say(`what the network left is in ${folder}`)
  } else {
    await network('down', '--purge')
    rmSync(folder, { recursive: true })
  }
  return outcome
}

/** Different for runs at the same time; `up` names what is taken. */
const freePort = () => 20_000 + 310 * (process.pid % 35)
