import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '@cinnabar/core'
import { systemClock } from './clock'
import { type Config, ConfigError, readConfig } from './config'
import { FOUND_HELP, foundRequest } from './found/arguments'
import { foundInstitution } from './found/found'
import { createLogger } from './log'
import { foundText, helpText, hintFor, startedText } from './main-text'
import { type Gateway, startGateway } from './start-gateway'

const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { readonly version: string }

/** sysexits.h: EX_USAGE, EX_CONFIG. */
const USAGE = 64
const MISCONFIGURED = 78

function configOrExit(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`cinnabar cannot start:\n${error.problems.map((one) => `  ${one}\n`).join('')}`)
    process.stderr.write('  hint: npm start -- --help lists all settings\n')
    process.exit(MISCONFIGURED)
  }
}

/** Stops once, whatever asks for it; a second request does not wait. */
function stopOn(gateway: Gateway): void {
  let stopping = false
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1)
    stopping = true
    process.stderr.write(`\n${signal}: stopping 正在停止 …\n`)
    await gateway.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
}

/** `found …`: an institution for a service that is no demonstration. */
async function found(args: readonly string[]): Promise<void> {
  process.umask(0o077)
  const request = foundRequest(args)
  const config = configOrExit()
  const log = createLogger(config.logLevel, systemClock, (line) => process.stderr.write(line))
  const publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`
  const done = await foundInstitution(config, { clock: systemClock, log, publicUrl }, request)
  process.stdout.write(foundText(request, done))
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === 'found' && args.includes('--help')) {
    process.stdout.write(FOUND_HELP)
    return
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText(version))
    return
  }
  if (args.includes('--version')) {
    process.stdout.write(`${version}\n`)
    return
  }
  if (args[0] === 'found') return found(args.slice(1))
  if (args.length > 0) {
    process.stderr.write(
      `cinnabar: unknown argument ${args[0]}\n  hint: settings are environment variables; see --help\n`,
    )
    process.exit(USAGE)
  }
  // Store, ledger and keys are the owner's alone, also in a folder that others can enter.
  process.umask(0o077)
  const config = configOrExit()
  const log = createLogger(config.logLevel, systemClock, (line) => process.stderr.write(line))
  const gateway = await startGateway(config, { clock: systemClock, log, version })
  stopOn(gateway)
  process.stdout.write(startedText(gateway, version))
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const text =
    error instanceof CodedError ? `${error.code}: ${error.message}` : error instanceof Error ? error.stack : error
  process.stderr.write(`cinnabar cannot start: ${text}\n`)
  const hint = error instanceof CodedError ? hintFor(error) : undefined
  if (hint !== undefined) process.stderr.write(`  hint: ${hint}\n`)
  process.exit(1)
})
