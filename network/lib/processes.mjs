import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { run } from '../../scripts/lib/run.mjs'
import { readJson, writeJson } from './files.mjs'
import { NetworkError } from './network-error.mjs'

/** Every process of a network carries its folder here, so that `down` finds even one whose record is lost. */
const MARK = 'CINNABAR_NETWORK_FOLDER'
const onLinux = existsSync('/proc/self/stat')
const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 15_000

export const logOf = (plan, name) => plan.at('logs', `${name}.log`)
const recordOf = (plan, name) => plan.at('processes', `${name}.json`)

/** The recorded process if it still runs. A number that another process has since been given does not count. */
export async function runningAs(plan, name) {
  const record = readJson(recordOf(plan, name))
  if (record === undefined) return undefined
  return (await startOf(record.pid)) === record.began ? record : undefined
}

/**
 * Starts a node, unless the very same runs already; one whose command, settings or files have changed is stopped first.
 * @param node - name, command, args, env, port to listen on, and files whose content counts as a setting.
 */
export async function start(plan, node) {
  const digest = digestOf(node)
  const running = await runningAs(plan, node.name)
  if (running?.digest === digest) return
  if (running !== undefined) await stop(plan, [node.name])
  if (!(await becomesFree(node.port, running === undefined ? 0 : STOP_WITHIN_MS))) {
    throw new NetworkError(
      `port ${node.port} for ${node.name} is taken; set CINNABAR_NETWORK_PORT, or stop what holds it`,
    )
  }
  mkdirSync(plan.at('logs'), { recursive: true, mode: 0o700 })
  const log = openSync(logOf(plan, node.name), 'a', 0o600)
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...node.env, [MARK]: plan.folder }
  const child = spawn(node.command, node.args, { cwd: plan.folder, env, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  if (child.pid === undefined) {
    await new Promise((_, reject) => child.once('error', reject))
  }
  writeJson(recordOf(plan, node.name), { pid: child.pid, began: await startOf(child.pid), digest })
  child.unref()
}

/** Waits until a started node listens. @throws NetworkError with its last words when it has ended. */
export async function ready(plan, { name, port }) {
  const until = performance.now() + READY_WITHIN_MS
  while (!(await listens(port))) {
    const ended = (await runningAs(plan, name)) === undefined
    if (ended || performance.now() > until) {
      const what = ended ? 'has ended' : `does not listen on port ${port} after ${READY_WITHIN_MS / 1000} s`
      throw new NetworkError(`${name} ${what}; its log ends:\n${lastLines(logOf(plan, name), 12)}`)
    }
    await wait(50)
  }
}

/** Ends processes, all at once: by request, and by force when that takes too long. */
export async function stop(plan, names) {
  const records = await Promise.all(names.map((name) => runningAs(plan, name)))
  await end(records.filter((record) => record !== undefined).map(({ pid }) => pid))
  for (const name of names) rmSync(recordOf(plan, name), { force: true })
}

/** Ends every process of the network, recorded or not. @returns how many there were. */
export async function stopAll(plan) {
  const recorded = await Promise.all(recordedNames(plan).map((name) => runningAs(plan, name)))
  const pids = new Set([...recorded.flatMap((record) => record?.pid ?? []), ...marked(plan.folder)])
  await end([...pids])
  rmSync(plan.at('processes'), { recursive: true, force: true })
  return pids.size
}

/** Names of the processes that were started and not stopped. */
export function recordedNames(plan) {
  if (!existsSync(plan.at('processes'))) return []
  return readdirSync(plan.at('processes'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
}

/** The last lines of a log; empty when there is none. */
export function lastLines(file, count) {
  if (!existsSync(file)) return ''
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
}

/** Resident memory of a process in bytes; 0 when it is gone. */
export async function memoryOf(pid) {
  const kib = await run('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => '0')
  return Number(kib.trim()) * 1024
}

async function end(pids) {
  for (const pid of pids) signal(pid, 'SIGTERM')
  const until = performance.now() + STOP_WITHIN_MS
  for (const pid of pids) {
    while (signal(pid, 0) && performance.now() < until) await wait(30)
    signal(pid, 'SIGKILL')
  }
  while (pids.some((pid) => signal(pid, 0))) await wait(30)
}

/** @returns whether there was such a process. */
function signal(pid, name) {
  try {
    process.kill(pid, name)
    return !isZombie(pid)
  } catch (error) {
    if (error.code === 'ESRCH') return false
    throw error
  }
}

/**
 * One that ended and whose parent (a container's first process, say) never asks for its status. While threads of it are
 * still ending, its ports are still taken.
 */
function isZombie(pid) {
  if (!onLinux) return false
  const stat = statOf(pid)
  return stat === undefined || (stat[0] === 'Z' && Number(stat[17]) <= 1)
}

/** When a process began, as the system tells it; undefined when it is gone. */
async function startOf(pid) {
  if (onLinux) return isZombie(pid) ? undefined : statOf(pid)?.[19]
  const text = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => '')
  return text.trim() || undefined
}

/** Fields of proc(5) stat from the third, the state, on. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Linux: processes whose environment names the folder. */
function marked(folder) {
  if (!onLinux) return []
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return pids.filter((pid) => environmentOf(pid).includes(`${MARK}=${folder}`)).map(Number)
}

function environmentOf(pid) {
  try {
    return readFileSync(join('/proc', pid, 'environ'), 'utf8').split('\0')
  } catch {
    return []
  }
}

/** A process whose first thread has ended may hold its port for a moment more. */
async function becomesFree(port, withinMs) {
  const until = performance.now() + withinMs
  while (await listens(port)) {
    if (performance.now() >= until) return false
    await wait(30)
  }
  return true
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const close = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => close(true))
    socket.once('error', () => close(false))
  })
}

function digestOf({ command, args, env, files }) {
  const hash = createHash('sha256').update(JSON.stringify([command, args, env]))
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}
