import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The processes of a running network, as `npm run network -- status` tells them. */
export interface NetworkNodes {
  /** Organisations in the order of the connection: the gateway's own is the first. */
  readonly organisations: readonly string[]
  /** Whose orderer leads; undefined during an election. */
  leader(): Promise<string | undefined>
  /** SIGKILL. @throws Error when one of them does not run. */
  kill(names: readonly string[]): Promise<void>
  /** `npm run network -- up`: starts what does not run, and waits until all of it is ready. */
  restore(): Promise<void>
}

interface Status {
  readonly organisations: readonly {
    readonly id: string
    readonly leads: boolean
    readonly processes: readonly { readonly name: string; readonly pid?: number }[]
  }[]
}

const run = promisify(execFile)
const TIMEOUT_MS = 120_000

/** @param root - the checkout; its network is the one that the environment names, as for the command. */
export async function networkNodes(root: string): Promise<NetworkNodes> {
  const { organisations } = await statusOf(root)
  return {
    organisations: organisations.map(({ id }) => id),
    async leader() {
      return (await statusOf(root)).organisations.find(({ leads }) => leads)?.id
    },
    async kill(names) {
      const running = (await statusOf(root)).organisations.flatMap(({ processes }) => processes)
      const pids = names.map((name) => running.find((one) => one.name === name)?.pid)
      for (const [i, pid] of pids.entries()) {
        if (pid === undefined) throw new Error(`${names[i]} does not run`)
        process.kill(pid, 'SIGKILL')
      }
    },
    async restore() {
      await command(root, ['up'])
    },
  }
}

async function statusOf(root: string): Promise<Status> {
  return JSON.parse(await command(root, ['status', '--json']))
}

async function command(root: string, args: readonly string[]): Promise<string> {
  const script = join(root, 'scripts/network.mjs')
  try {
    return (await run(process.execPath, [script, ...args], { cwd: root, timeout: TIMEOUT_MS })).stdout
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    // Its status is 1 when something does not run, which is what it is asked for.
    if (args[0] === 'status' && code === 1 && stdout !== '') return stdout
    throw new Error(`network ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`)
  }
}
