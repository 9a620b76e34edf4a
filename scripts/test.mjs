import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { jest } from './lib/jest.mjs'
import { networkTests } from './lib/network-tests.mjs'
import { npmCommand } from './lib/paths.mjs'
import { showOutput } from './lib/run.mjs'
import { say } from './lib/say.mjs'
import { Tally } from './lib/tally.mjs'
import { readyTools } from './lib/tools.mjs'

const onCi = process.env.CI === 'true'
const tally = new Tally()
try {
  await install()
} catch (error) {
  showOutput(error)
  tally.failed.push('npm ci')
}
if (tally.failed.length === 0) await everything()
tally.close()

async function everything() {
  const { present, missing } = await readyTools({ system: onCi })
  await tally.command('lint', [npmCommand.biome, 'check', '--error-on-warnings', '.'])
  await tally.one('build', build)
  await tally.command('types of the tests', [npmCommand.tsc, '-p', 'tsconfig.test.json'])
  const env = { CINNABAR_TOOLS: present.join(',') }
  const tests = await jest([], env)
  tally.add({ ...tests, skipped: [] })
  const onNetwork = present.includes('fabric') ? await networkTests(env) : { passed: 0, failed: [], skipped: [] }
  tally.add({ ...onNetwork, skipped: [] })
  report(missing, [...tests.skipped, ...onNetwork.skipped])
}

/** Where nobody is there to install what is missing, a test that did not run is a test that failed. */
function report(missing, skipped) {
  const names = [...missing.map(({ name }) => `tests that need ${name}`), ...skipped]
  if (onCi) tally.failed.push(...names.map((name) => `${name} (skipped)`))
  else tally.skipped.push(...names)
  for (const { name, command } of missing) say(`SKIPPED: tests that need ${name}. To install it: ${command}`)
  for (const name of skipped) say(`SKIPPED: ${name}`)
}
