import { mkdir, readFile } from 'node:fs/promises'
import { Agent, request as ask, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createLogger, type Gateway, readConfig, startGateway, systemClock } from '@cinnabar/gateway'
import { type Operation, operationOf, type Request, requestFor, type Supplies } from './requests'
import { differencesOf, type State, stateOf } from './state'
import { renewRefresh, renewTokens, suppliesOf } from './supplies'

/** What is to be tried. */
export interface FuzzPlan {
  /** An empty folder. */
  readonly folder: string
  /** A PDF that can be sealed. */
  readonly pdf: Uint8Array
  readonly requests: number
  readonly seed: number
  readonly say?: (text: string) => void
}

/** What came of it. */
export interface FuzzOutcome {
  readonly requests: number
  readonly accepted: number
  readonly refused: number
  /** By status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Operations that were never accepted, by name. */
  readonly neverAccepted: readonly string[]
  /** How often the state was compared after refusals only. */
  readonly compared: number
  /** Answers of 500 and above, answers that are not in the document, changes by what was refused; the first 20. */
  readonly faults: readonly string[]
}

/** So many requests between two looks at the state. */
const CHUNK = 25
/** One chunk in so many is of good requests; the others are of spoilt ones. */
const GOOD_IN = 8

/** Strangers may guess as fast as they can, and whoever puts things right again is at another address than they. */
const SETTINGS = {
  CINNABAR_MAX_PDF_BYTES: '1048576',
  CINNABAR_STRANGER_REQUESTS_PER_MINUTE: '1000000',
  CINNABAR_TRUST_PROXY: '1',
}

/** Starts a service of its own, and sends it requests made from its document, good ones and spoilt ones. */
export async function fuzz(plan: FuzzPlan): Promise<FuzzOutcome> {
  await mkdir(plan.folder, { recursive: true })
  const log = createLogger('error', systemClock, (line) => plan.say?.(line.trim()))
  const config = readConfig({ PORT: '0', CINNABAR_DATA: plan.folder, ...SETTINGS })
  const gateway = await startGateway(config, { clock: systemClock, log, version: '0' })
  const agent = new Agent({ keepAlive: true })
  try {
    return await run(gateway, await suppliesOf(gateway, plan), { agent, plan })
  } finally {
    agent.destroy()
    await gateway.close()
  }
}

interface Means {
  readonly agent: Agent
  readonly plan: FuzzPlan
}

async function run(gateway: Gateway, supplies: Supplies, { agent, plan }: Means): Promise<FuzzOutcome> {
  const { document, chance } = supplies
  const tally: Tally = { statuses: {}, accepted: new Set(), good: 0, faults: [] }
  let compared = 0
  let before = await settled(gateway)
  for (let sent = 0; sent < plan.requests; sent += CHUNK) {
    const spoilt = !chance.oneIn(GOOD_IN)
    if (await renewTokens(gateway, supplies)) before = await settled(gateway)
    if (!spoilt) await renewRefresh(gateway, supplies)
    const { chunk, changes } = await sendChunk(gateway.url, supplies, { agent, spoilt, tally })
    const after = await settled(gateway)
    if (changes === 0) compared++
    const changed = changes === 0 ? differencesOf(before, after) : []
    if (changed.length > 0) tally.faults.push(`what was refused changed ${changed.join(', ')}: ${chunk.join('; ')}`)
    before = after
    if (sent % 1000 === 0) plan.say?.(`${sent + CHUNK} requests, ${tally.good} accepted, ${tally.faults.length} faults`)
  }
  const { good, accepted, statuses, faults } = tally
  const requests = Math.ceil(plan.requests / CHUNK) * CHUNK
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const neverAccepted = all.map(({ operationId }) => operationId).filter((one) => !accepted.has(one))
  const counts = { requests, accepted: good, refused: requests - good, compared }
  return { ...counts, statuses, neverAccepted, faults: faults.slice(0, 20) }
}

interface Tally {
  readonly statuses: Record<string, number>
  readonly accepted: Set<string>
  good: number
  readonly faults: string[]
}

interface Chunk {
  readonly agent: Agent
  readonly spoilt: boolean
  readonly tally: Tally
}

/** @returns what was sent, and how many of those requests may have changed something. */
async function sendChunk(url: string, supplies: Supplies, { agent, spoilt, tally }: Chunk) {
  const { document, chance } = supplies
  const places = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method })),
  )
  const chunk: string[] = []
  let changes = 0
  for (let i = 0; i < CHUNK; i++) {
    const request = requestFor(chance.of(places), supplies, spoilt)
    const answer = await send(url, request, agent)
    const operation = operationOf(document, request)
    tally.statuses[answer.status] = (tally.statuses[answer.status] ?? 0) + 1
    tally.faults.push(...faultsOf(request, answer, operation))
    chunk.push(`${request.method} ${request.path.slice(0, 100)} ${answer.status}`)
    if (answer.status >= 300) continue
    tally.good++
    if (operation === undefined) continue
    tally.accepted.add(operation.operationId)
    // What everybody may ask for changes nothing, whatever the method.
    if (request.method !== 'GET' && operation.security.length > 0) changes++
  }
  return { chunk, changes }
}

/** What is under way: collection, field and value. What has ended is told of, and marked so, a moment later. */
const OPEN = [
  ...['received', 'sealed', 'submitted'].map((state) => ['jobs', 'state', state] as const),
  ...['received', 'timestamped', 'submitted'].map((state) => ['depositParts', 'state', state] as const),
  ...['sealing', 'cancelling'].map((state) => ['bulkJobs', 'state', state] as const),
  ['jobs', 'untold', 'yes'],
  ['depositParts', 'untold', 'yes'],
] as const

/** The state once nothing is under way: what was accepted goes on by itself. */
async function settled({ node }: Gateway): Promise<State> {
  for (let last = await stateOf(node); ; ) {
    const { store } = node.env
    const open = await Promise.all(OPEN.map(([collection, field, value]) => store.count(collection, field, value)))
    const now = await stateOf(node)
    if (differencesOf(now, last).length === 0 && open.every((count) => count === 0)) return now
    last = now
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

function send(url: string, { method, path, headers, body }: Request, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) }
    const sent = ask(`${url}/`, { method, path, headers: { ...headers, ...length }, agent }, (answer) => {
      read(answer).then(resolve, reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

async function read(answer: IncomingMessage): Promise<Answer> {
  let text = ''
  for await (const chunk of answer.setEncoding('latin1')) text += chunk
  const type = (answer.headers['content-type'] ?? '').split(';')[0]
  return { status: answer.statusCode ?? 0, type, text }
}

function faultsOf(
  { method, path }: Request,
  { status, type, text }: Answer,
  at: Operation | undefined,
): readonly string[] {
  const what = `${method} ${path.slice(0, 200)}: ${status} ${text.slice(0, 300)}`
  const isBusy = status === 503 && text.includes('"TOO_BUSY"')
  if (status >= 500 && !isBusy) return [what]
  // Node's own answer to headers that are too long: no route hears of them.
  if (status === 431) return []
  if (status >= 400 && method !== 'HEAD' && type !== 'application/problem+json') return [`no problem: ${what}`]
  const isElsewhere =
    at === undefined && (status === 404 || status === 405 || method === 'HEAD' || method === 'OPTIONS')
  if (isBusy || isElsewhere || at?.responses[status]?.content[type] !== undefined) return []
  return [`not in the document: ${what}`]
}

/** The contract that is sealed in trials. */
export function trialPdf(root: string): Promise<Uint8Array> {
  return readFile(join(root, 'fixtures/contracts/en-service-agreement.pdf')).then((bytes) => new Uint8Array(bytes))
}
