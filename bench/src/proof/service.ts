import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** The real service in its own process, as `npm start` runs it. */
export interface Service {
  readonly url: string
  readonly pid: number
  readonly data: string
  /** Milliseconds from the start of the process to a ready answer. */
  readonly readyMs: number
  /** All that it printed so far. */
  output(): string
  /** The part of it that is the log: what it wrote to standard error. */
  log(): string
  /** Asks it to stop and waits for its end. @returns the exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
}

export interface ServiceOptions {
  /** The checkout. */
  readonly root: string
  readonly data: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** `start` installs and builds first; `gateway` runs what is built. */
  readonly by?: 'start' | 'gateway'
  readonly timeoutMs?: number
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** Starts the service and kills it after so long, ready or not. */
export async function killedAfter(options: ServiceOptions, ms: number): Promise<void> {
  const child = spawnService(options, await freePort())
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => setTimeout(resolve, ms))
  child.kill('SIGKILL')
  await ended
}

function spawnService({ root, data, by = 'gateway', env }: ServiceOptions, port: number) {
  const program = by === 'start' ? join(root, 'scripts/start.mjs') : join(root, 'gateway/dist/main.js')
  return spawn(process.execPath, [program], {
    cwd: root,
    env: { ...process.env, PORT: String(port), CINNABAR_DATA: data, CI: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts the service and waits until `/readyz` answers 200. @throws Error with its output when it ends or is late. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { data, timeoutMs = 60_000 } = options
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child = spawnService(options, port)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  let log = ''
  child.stderr.on('data', (text) => (log += String(text)))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  await ready(url, { child, timeoutMs, output: () => output })
  const readyMs = performance.now() - began
  const stop = async () => {
    child.kill('SIGTERM')
    return ended
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return { url, pid: child.pid ?? 0, data, readyMs, output: () => output, log: () => log, stop, kill }
}

async function ready(
  url: string,
  { child, timeoutMs, output }: { child: ChildProcess; timeoutMs: number; output: () => string },
): Promise<void> {
  const until = performance.now() + timeoutMs
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}:\n${output()}`)
    if (performance.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`the service was not ready after ${timeoutMs} ms:\n${output()}`)
    }
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The demonstration's log-ins, as the service wrote them into its data folder. */
export async function demoLogins(
  data: string,
): Promise<readonly { user: string; password: string; institution: string }[]> {
  const file = JSON.parse(await readFile(join(data, 'demo.json'), 'utf8'))
  return Array.isArray(file) ? file : file.logins
}
