import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { say } from '../../scripts/lib/say.mjs'
import { NetworkError } from './network-error.mjs'
import { lastLines, logOf } from './processes.mjs'

const LINES = 40

/** Shows how the logs of an organisation, of one process or of all end. @param who - part of the processes' names. */
export function showLogs(plan, who = '', { follow = false } = {}) {
  const names = logNames(plan).filter((name) => name.toLowerCase().includes(who.toLowerCase()))
  if (names.length === 0) throw new NetworkError(`no log of ${who || 'anything'} in ${plan.at('logs')}`)
  if (follow) {
    spawn('tail', ['-n', String(LINES), '-F', ...names.map((name) => logOf(plan, name))], { stdio: 'inherit' })
    return
  }
  for (const name of names) say(`${logOf(plan, name)}\n${lastLines(logOf(plan, name), LINES)}\n`)
}

function logNames(plan) {
  if (!existsSync(plan.at('logs'))) return []
  return readdirSync(plan.at('logs'))
    .filter((file) => file.endsWith('.log'))
    .map((file) => file.slice(0, -'.log'.length))
}
