import { existsSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { alone } from '../network/lib/lock.mjs'
import { showLogs } from '../network/lib/logs.mjs'
import { NetworkError } from '../network/lib/network-error.mjs'
import { planOf } from '../network/lib/plan.mjs'
import { stopAll } from '../network/lib/processes.mjs'
import { readSettings } from '../network/lib/settings.mjs'
import { statusOf, statusText } from '../network/lib/status.mjs'
import { up } from '../network/lib/up.mjs'
import { install } from './lib/install.mjs'
import { inRoot } from './lib/paths.mjs'
import { CommandFailed, run, showOutput } from './lib/run.mjs'
import { say, step } from './lib/say.mjs'

const usage = `npm run network -- up | status [--json] | logs [ORGANISATION or PROCESS] [--follow] | down [--purge]

A native three-organisation Hyperledger Fabric on this machine's loopback; network/README.md has its settings.`

const commands = {
  async up(settings) {
    const chaincodeFile = settings.givenChaincode ?? (await bundleChaincode())
    const plan = planOf({ ...settings, chaincodeFile })
    await alone(plan, () => up(plan))
  },
  async status(settings, _, { json }) {
    const status = await statusOf(planOf(settings), json ? () => undefined : say)
    say(json ? JSON.stringify(status, null, 2) : statusText(status))
    process.exitCode = status.up ? 0 : 1
  },
  async logs(settings, [who], { follow }) {
    showLogs(planOf(settings), who, { follow })
  },
  async down(settings, _, { purge }) {
    const plan = planOf(settings)
    if (!existsSync(plan.folder)) return say('There is no network')
    const ended = await alone(plan, () => step('stop', () => stopAll(plan)))
    if (purge) rmSync(plan.folder, { recursive: true })
    say(`${ended} processes ended${purge ? `, ${plan.folder} removed` : ''}`)
  },
}

/** From its sources, so that it is never an older one than the checkout's. */
async function bundleChaincode() {
  await install()
  const file = inRoot('chaincode', 'dist', 'chaincode.js')
  await step('bundle the chaincode', () => run(process.execPath, [inRoot('chaincode', 'build.mjs'), file]))
  return file
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    follow: { type: 'boolean' },
    purge: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
const [name, ...rest] = positionals
if (values.help || !Object.hasOwn(commands, name ?? '')) {
  say(usage)
  process.exit(values.help ? 0 : 64)
}
try {
  await commands[name](readSettings(process.env), rest, values)
} catch (error) {
  if (error instanceof NetworkError) say(error.message)
  else if (error instanceof CommandFailed) showOutput(error)
  else throw error
  process.exitCode = 1
}
