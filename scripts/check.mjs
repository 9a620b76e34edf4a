import { install } from './lib/install.mjs'
import { jest } from './lib/jest.mjs'
import { npmCommand } from './lib/paths.mjs'
import { Tally } from './lib/tally.mjs'

/** The fast part, for before every commit: no programs but Node's, no tests that take seconds. */
await install()
const tally = new Tally()
await tally.command('lint', [npmCommand.biome, 'check', '--error-on-warnings', '.'])
await tally.command('types', [npmCommand.tsc, '--build'], [npmCommand.tsc, '-p', 'tsconfig.test.json'])
tally.add(await jest(['--testPathIgnorePatterns', '/node_modules/', '\\.slow\\.test\\.ts$']))
tally.close()
