import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseTrust, verify } from '@cinnabar/core'
import { type Client, fetchEvidence, logIn } from '../client'
import { freePort, type Service } from '../service'
import { newCaller } from './caller'
import { type Drill, drill, nodeFaults, type Pace, restartable } from './drill'
import { longestGap, sampleOf } from './gaps'
import { type Load, type Sealing, startLoad } from './load'
import { networkNodes } from './network-nodes'
import { papers } from './papers'
import { type Reckoning, reckon } from './reckoning'
import { readRecords } from './records'

/** How hard and how long. */
export interface FaultsOptions {
  /** The checkout; its network runs. */
  readonly root: string
  /** An empty folder. */
  readonly scratch: string
  /** The network's connection file. */
  readonly connection: string
  /** Of the demonstration; documents go to them in turn. */
  readonly users: readonly string[]
  readonly perSecond: number
  /** Without any fault, first: what the gaps are to be compared with. */
  readonly quietMs: number
  readonly pace: Pace
  /** By name; all unless given. */
  readonly choose?: (name: string) => boolean
  /** How many sealed files are verified offline, and which. */
  readonly sample: number
  readonly seed: number
  readonly say: (text: string) => void
}

/** The service before anything was killed. */
export interface Quiet {
  readonly perSecond: number
  readonly gapMs: number
  /** From arrival to confirmation, sorted. */
  readonly latencyMs: readonly number[]
}

/** What came of it all. */
export interface FaultsOutcome {
  readonly quiet: Quiet
  readonly drills: readonly Drill[]
  readonly sent: number
  /** Answers other than a job. */
  readonly refused: readonly string[]
  /** How acknowledged jobs ended that are not anchored. */
  readonly badEnds: readonly string[]
  readonly reckoning: Reckoning
  readonly verified: number
  /** Sealed files of the sample that offline verification did not pass, and why. */
  readonly unverified: readonly string[]
}

const START_MS = 90_000
const WARM_MS = 3_000
const DRAIN_MS = 120_000

/** Keeps documents arriving at the real service on the real network while one thing after the other is killed. */
export async function runFaults(options: FaultsOptions): Promise<FaultsOutcome> {
  const { root, scratch, connection, users } = options
  const data = join(scratch, 'data')
  const env = {
    CINNABAR_LEDGER: 'fabric',
    CINNABAR_FABRIC_CONNECTION: connection,
    CINNABAR_SESSION_MINUTES: '60',
    CINNABAR_DATA: data,
  }
  const service = await restartable({ root, data, env, port: await freePort(), timeoutMs: START_MS })
  try {
    const at = { url: service.url, data }
    const clients = new Map<string, Client>()
    for (const user of users) clients.set(user, await logIn(at, user))
    const { load, ...seen } = await underLoad(clients, service, options)
    const checked = await verifySample(load.sealings, { ...options, at, clients })
    await service.stop()
    const { stored, logged } = await readRecords(env)
    const jobs = load.sealings.flatMap(({ job }) => job ?? [])
    return { ...seen, ...checked, reckoning: reckon(jobs, stored, logged) }
  } finally {
    await service.stop()
    await writeFile(join(scratch, 'service.log'), service.output())
  }
}

async function underLoad(
  clients: ReadonlyMap<string, Client>,
  service: Awaited<ReturnType<typeof restartable>>,
  { root, perSecond, quietMs, pace, choose, say }: FaultsOptions,
) {
  const nodes = await networkNodes(root)
  const callers = new Map([...clients].map(([user, { token }]) => [user, newCaller(service.url, token)]))
  const load = startLoad({ callers, perSecond, paper: papers(root) })
  let quiet: Quiet
  const drills: Drill[] = []
  try {
    await wait(WARM_MS)
    quiet = await quietTime(load, quietMs)
    say(`no fault: ${quiet.perSecond.toFixed(1)} a second, longest gap ${seconds(quiet.gapMs)}`)
    for (const fault of [...nodeFaults(nodes), service.fault]) {
      if (choose?.(fault.name) === false) continue
      const seen = await drill(load, fault, pace)
      say(`${seen.name}: gap ${seconds(seen.gapMs)}`)
      drills.push(seen)
    }
    await load.finish(DRAIN_MS)
  } finally {
    load.stop()
    for (const caller of callers.values()) caller.close()
  }
  const badEnds = load.sealings.filter(({ job, state }) => job !== undefined && state !== 'anchored')
  return {
    load,
    quiet,
    drills,
    sent: load.sealings.length,
    refused: load.sealings.flatMap(({ refused }) => refused ?? []),
    badEnds: badEnds.map(({ state }) => state ?? 'no end'),
  }
}

async function quietTime(load: Load, quietMs: number): Promise<Quiet> {
  const from = performance.now()
  await wait(quietMs)
  const to = performance.now()
  const confirmed = load.sealings.filter(({ endedAt }) => endedAt !== undefined && endedAt > from && endedAt < to)
  const times = confirmed.map(({ endedAt }) => endedAt ?? to)
  const latencyMs = confirmed.map(({ sentAt }, i) => times[i] - sentAt).sort((a, b) => a - b)
  return { perSecond: (confirmed.length / (to - from)) * 1000, gapMs: longestGap(times, { from, to }), latencyMs }
}

interface Sampling extends Pick<FaultsOptions, 'sample' | 'seed'> {
  readonly at: Pick<Service, 'url' | 'data'>
  readonly clients: ReadonlyMap<string, Client>
}

/** Fetches sealed files and their evidence as their users would, and verifies them offline. */
async function verifySample(sealings: readonly Sealing[], { at, clients, sample, seed }: Sampling) {
  const trust = parseTrust(new Uint8Array(await readFile(join(at.data, 'trust.json'))))
  const anchored = sealings.filter(({ state }) => state === 'anchored')
  const chosen = sampleOf(anchored, sample, seed)
  const unverified: string[] = []
  for (const { user, document = '' } of chosen) {
    const pdf = await clients.get(user)?.file(document)
    if (pdf === undefined) throw new Error(`nobody is logged in as ${user}`)
    const report = await verify({ pdf, evidence: [await fetchEvidence(at, pdf)], trust, at: new Date() })
    if (report.outcome !== 'passed') unverified.push(`${document}: ${report.outcome} ${report.code}`)
  }
  return { verified: chosen.length, unverified }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
