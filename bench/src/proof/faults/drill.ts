import { setTimeout as wait } from 'node:timers/promises'
import { type Service, startService } from '../service'
import { longestGap } from './gaps'
import type { Load, Sealing } from './load'
import type { NetworkNodes } from './network-nodes'

/** One fault: what is killed, and what starts it again. */
export interface Fault {
  readonly name: string
  /** Whether the service is to go on while it lasts. */
  readonly goesOn: boolean
  kill(): Promise<void>
  restore(): Promise<void>
}

/** What was seen of one fault, in ms. */
export interface Drill extends Pick<Fault, 'name' | 'goesOn'> {
  /** Longest stretch without a confirmation, from the fault to the end of what was watched. */
  readonly gapMs: number
  /** From the fault to the first confirmation of a document that arrived after it. */
  readonly resumedMs: number | undefined
  /** Whether that was before anything was started again. */
  readonly byItself: boolean
  /** How long what was killed was away, until all of it was ready again. */
  readonly awayMs: number
  /** Documents that arrived while it was watched. */
  readonly arrived: number
}

/** How long what the service can do without stays away at least, and how long is watched after it is back, ms. */
export interface Pace {
  readonly awayMs: number
  readonly afterMs: number
}

/** What nothing can go on without is started again at once, as a supervisor (systemd, say) does. */
const SUPERVISOR_MS = 1_000

/** Kills, waits, restores and watches, while documents go on arriving. */
export async function drill(load: Load, fault: Fault, pace: Pace): Promise<Drill> {
  await fault.kill()
  const killed = performance.now()
  await wait(fault.goesOn ? pace.awayMs : SUPERVISOR_MS)
  const restoring = performance.now()
  await fault.restore()
  const restored = performance.now()
  await wait(pace.afterMs)
  await settled(load, pace.afterMs * 4)
  const to = performance.now()
  const arrived = load.sealings.filter(({ sentAt }) => sentAt > killed && sentAt < to)
  const first = Math.min(...arrived.map(confirmedAt))
  return {
    name: fault.name,
    goesOn: fault.goesOn,
    gapMs: longestGap(load.sealings.map(confirmedAt), { from: killed, to }),
    resumedMs: Number.isFinite(first) ? first - killed : undefined,
    byItself: first < restoring,
    awayMs: restored - killed,
    arrived: arrived.length,
  }
}

/** Waits until what waits is no more than what is always under way; faults are not to be reckoned to each other. */
async function settled(load: Load, timeoutMs: number): Promise<void> {
  const until = performance.now() + timeoutMs
  while (oldestWaitingMs(load) > 3000 && performance.now() < until) await wait(100)
}

function oldestWaitingMs({ sealings }: Load): number {
  const oldest = sealings.find(({ endedAt, refused }) => endedAt === undefined && refused === undefined)
  return oldest === undefined ? 0 : performance.now() - oldest.sentAt
}

function confirmedAt({ state, endedAt }: Sealing): number {
  return state === 'anchored' ? (endedAt ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
}

/** The nodes' faults that the milestone names. */
export function nodeFaults(nodes: NetworkNodes): readonly Fault[] {
  const restore = () => nodes.restore()
  const [own] = nodes.organisations
  const all = nodes.organisations.flatMap((id) => [`orderer-${id}`, `peer-${id}`, `chaincode-${id}`])
  const one = (name: string, node: string): Fault => ({
    name,
    goesOn: true,
    kill: () => nodes.kill([node]),
    restore,
  })
  return [
    {
      name: 'leader orderer killed',
      goesOn: true,
      restore,
      async kill() {
        await nodes.kill([`orderer-${await nodes.leader()}`])
      },
    },
    ...nodes.organisations.map((id) => one(`peer of ${id} killed`, `peer-${id}`)),
    one('own chaincode server killed', `chaincode-${own}`),
    { name: 'all nodes killed', goesOn: false, kill: () => nodes.kill(all), restore },
  ]
}

/** The gateway, and the fault that kills it: who starts it again is the operator's supervisor, here this. */
export async function restartable(options: Parameters<typeof startService>[0] & { readonly port: number }) {
  let service: Service = await startService(options)
  const before: string[] = []
  const fault: Fault = {
    name: 'gateway killed',
    goesOn: false,
    async kill() {
      before.push(service.output())
      await service.kill()
    },
    async restore() {
      service = await startService(options)
    },
  }
  return {
    fault,
    url: service.url,
    output: () => [...before, service.output()].join('\n'),
    stop: () => service.stop(),
  }
}
