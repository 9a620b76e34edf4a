import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, TrustFormat } from '@cinnabar/core'
import { type Drained, replaceSealCertificate } from './authority/seal-renewal'
import { keepUp, type Retention, type UpkeepParts } from './authority/upkeep'
import type { Clock } from './clock'
import type { Config } from './config'
import { type DemoLogin, establishLogins } from './demo/logins'
import { findSample, type Sample, sealSample } from './demo/sample'
import { createApp } from './http/app'
import type { CallerLimits } from './http/caller-limits'
import { type Listener, listenOn } from './listener'
import type { Logger } from './log'
import { type Node, openNode } from './node'
import { Notarizer } from './notarize/notarizer'
import { createMetrics } from './operation/metrics'
import { type Operation, operate } from './operation/operate'
import { retryStuck } from './operation/retry-stuck'
import { openPeople } from './people/people'
import { type PeopleEvent, type PeopleEvents, peopleEvents } from './people/people-events'
import { sessionSecret } from './people/sessions'
import { webhookTargets } from './webhooks/target'
import { openWebhooks, type Webhooks } from './webhooks/webhooks'

/** What the demonstration has to show. */
export interface Demo {
  readonly logins: readonly DemoLogin[]
  readonly loginsFile: string
  readonly sample: Sample
}

/** The gateway at work. */
export interface Gateway {
  /** Where it is reached from this machine, without a final slash. */
  readonly url: string
  /** Where QR codes and CRLs lead. */
  readonly publicUrl: string
  readonly node: Node
  readonly notarizer: Notarizer
  readonly trust:
    | { readonly file: string; readonly fingerprint: Digest; readonly differs: readonly string[] }
    | undefined
  readonly demo: Demo | undefined
  /** Takes no more requests, ends what is under way or leaves it to the next start, and closes everything. */
  close(): Promise<void>
}

/** What the gateway is started with beside its configuration. */
export interface StartOptions {
  readonly clock: Clock
  readonly log: Logger
  /** Of this program. */
  readonly version: string
}

const WEB_FOLDER = join(__dirname, '../../web/dist')

/**
 * Opens port, store, keys and ledger, resumes what a former run left, in the demonstration makes what is missing, and then
 * takes requests.
 * @throws {@link ListenError}, {@link TrustListError}, {@link KeyError}, {@link StoreError}, {@link LedgerError}, {@link DemoError}.
 */
export async function startGateway(config: Config, options: StartOptions): Promise<Gateway> {
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    return await start(config, options, { closing, close })
  } catch (cause) {
    await close()
    throw cause
  }
}

interface Closing {
  /** In the order of opening. */
  readonly closing: (() => Promise<void>)[]
  readonly close: () => Promise<void>
}

async function start(config: Config, options: StartOptions, { closing, close }: Closing): Promise<Gateway> {
  const listener = await listenOn(config)
  closing.push(() => listener.close(0))
  const publicUrl = config.publicUrl ?? listener.url
  const metrics = createMetrics()
  const opened = await openNode(config, { ...options, publicUrl, metrics })
  closing.push(() => opened.close())
  const events: PeopleEvents = peopleEvents(opened.env.store, options.clock, (event) => {
    tell(event, options.log)
    webhooks.peopleChanged(event.institution)
  })
  const webhooks: Webhooks = await webhooksOf(config, opened, { ...options, events })
  closing.push(() => webhooks.close())
  const node: Node = { ...opened, env: { ...opened.env, telling: webhooks.telling } }
  const notarizer = await Notarizer.start(node.env)
  closing.push(() => notarizer.close())
  await webhooks.begin()
  const demo = config.demo ? await makeDemo(config, node, notarizer) : undefined
  closing.push(keepUp(upkeepOf(node, notarizer, { ...options, retention: config })))
  const stuckMs = config.stuckMinutes * MINUTE_MS
  closing.push(retryStuck({ ...node.env, ...options, notarizer, stuckMs }))
  const operation = await operate(config, { node, notarizer, webhooks, metrics, ...options })
  closing.push(async () => operation.stop())
  await takeRequests(config, options, { listener, node, notarizer, publicUrl, operation, webhooks, events })
  // Last opened, first closed: requests end before what they need.
  closing.push(() => listener.close(config.stopGraceMs))
  const { trust: record, trustFile: file, trustDiffers: differs } = node
  const trust = record && { file, fingerprint: TrustFormat.digest(record), differs }
  for (const warning of warningsOf(config, publicUrl)) options.log.warn(warning)
  options.log.info('started', { url: listener.url, publicUrl, data: config.dataFolder })
  return { url: listener.url, publicUrl, node, notarizer, trust, demo, close }
}

const MINUTE_MS = 60_000
/** The flow has its steps to finish, and the ledger may be slow. */
const DRAIN_MS = 60_000

function drainedBy(notarizer: Notarizer): Drained {
  return (institution, seal, work) => notarizer.drained(institution, seal, work, DRAIN_MS)
}

type Upkept = Pick<StartOptions, 'log'> & { readonly retention: Retention }

function upkeepOf(node: Node, notarizer: Notarizer, { log, retention }: Upkept): UpkeepParts {
  const drained = drainedBy(notarizer)
  const forgetUnstarted = (before: Date) => notarizer.bulk.forgetUnstarted(before)
  return { ...node.env, keys: node.keys, authority: node.authority, log, drained, retention, forgetUnstarted }
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function warningsOf({ host, demo }: Config, publicUrl: string): readonly string[] {
  const { protocol, hostname } = new URL(publicUrl)
  const warnings: string[] = []
  if (!isLocal(host) && demo) warnings.push('the demonstration can be reached from other machines')
  if (!isLocal(host) && isLocal(hostname)) warnings.push('QR codes lead to this machine only: set CINNABAR_PUBLIC_URL')
  if (!isLocal(hostname) && protocol === 'http:') warnings.push('browsers verify off this machine only over https')
  return warnings
}

async function makeDemo(config: Config, node: Node, notarizer: Notarizer): Promise<Demo | undefined> {
  const { env, trust } = node
  if (trust === undefined) return undefined
  const loginsFile = join(config.dataFolder, 'demo.json')
  const logins = await establishLogins(loginsFile, env.store, env.clock)
  const folder = join(config.dataFolder, 'demo')
  const sample = (await findSample(folder)) ?? (await sealSample(folder, { ...env, notarizer, trust }))
  return { logins, loginsFile, sample }
}

type Open = Pick<Gateway, 'node' | 'notarizer' | 'publicUrl'> & {
  readonly listener: Listener
  readonly operation: Operation
  readonly webhooks: Webhooks
  readonly events: PeopleEvents
}

async function takeRequests(config: Config, { clock, log }: StartOptions, open: Open): Promise<void> {
  const { node, notarizer, listener, publicUrl, operation, webhooks, events } = open
  const { sessionMinutes, refreshDays } = config
  const secret = await sessionSecret(join(config.dataFolder, 'session-secret'))
  const app = createApp({
    env: node.env,
    notarizer,
    webhooks,
    people: openPeople({ store: node.env.store, clock, secret, events, sessionMinutes, refreshDays }),
    authority: node.authority,
    replaceSealCertificate: (replacement) =>
      replaceSealCertificate({ ...node.env, ...node, drained: drainedBy(notarizer) }, replacement),
    tsas: node.tsas,
    readiness: operation.readiness,
    watch: operation.watch,
    metrics: operation.metrics,
    trust: node.trust,
    lists: node.lists,
    webFolder: existsSync(join(WEB_FOLDER, 'index.html')) ? WEB_FOLDER : undefined,
    maxPdfBytes: config.maxPdfBytes,
    maxBulkDocuments: config.maxBulkDocuments,
    maxBulkBytes: config.maxBulkBytes,
    idleTimeoutMs: config.idleTimeoutMs,
    limits: limitsOf(config),
    https: publicUrl.startsWith('https:'),
    ...(config.trustProxy === undefined ? {} : { trustProxy: config.trustProxy }),
    onUnknownProxy: () =>
      log.warn('a proxy is in front that nobody named: log-ins are not limited by address; set CINNABAR_TRUST_PROXY'),
    onFault: (error, { id, method, route }) => {
      const shown = error instanceof Error ? error : new Error(String(error))
      log.error('a request failed by our fault', { request: id, method, route, error: shown })
    },
  })
  listener.attach(app)
}

function limitsOf({ userRequestsPerMinute, strangerRequestsPerMinute, requestsAtOnce: atOnce }: Config): CallerLimits {
  return {
    user: { perMinute: userRequestsPerMinute, atOnce },
    stranger: { perMinute: strangerRequestsPerMinute, atOnce },
  }
}

function webhooksOf(
  { webhookNetworks, webhookDays }: Config,
  { env, secrets }: Pick<Node, 'env' | 'secrets'>,
  { log, events }: StartOptions & Pick<Open, 'events'>,
): Promise<Webhooks> {
  const { store, clock, ledger } = env
  return openWebhooks({
    ...{ store, clock, ledger, secrets, events, keptDays: webhookDays },
    sending: { targets: webhookTargets(webhookNetworks) },
    onFailure: (error) =>
      log.error('webhooks: a step failed; it is tried again', {
        error: error instanceof Error ? error : new Error(String(error)),
      }),
  })
}

/** What happened to people goes into the log as well: a stolen token and guessed passwords as warnings. */
function tell({ kind, institution, subject, by, address }: PeopleEvent, log: Logger): void {
  const level = WARNED.includes(kind) ? 'warn' : 'info'
  log[level](TOLD[kind], { event: kind, institution, subject, by, address })
}

const WARNED: readonly PeopleEvent['kind'][] = ['tokenReused', 'loginLimited', 'webhookOff']

const TOLD: Readonly<Record<PeopleEvent['kind'], string>> = {
  userCreated: 'a user was added',
  rolesChanged: "a user's roles were changed",
  passwordReset: "a user's password was reset",
  passwordChanged: 'a user changed the password',
  userDisabled: 'a user was disabled',
  userEnabled: 'a user was enabled',
  apiKeyCreated: 'a key for a machine was made',
  apiKeyRevoked: 'a key of a machine was revoked',
  sealCertificateReplaced: 'a seal was given another certificate over a new key',
  webhookAdded: 'a webhook was added',
  webhookChanged: 'a webhook was changed',
  webhookSecretRotated: 'a webhook got a new secret',
  webhookRemoved: 'a webhook was removed',
  webhookOff: 'a webhook was switched off: nothing reaches it',
  tokenReused: 'a refresh token came a second time: somebody has a copy; the log-in was ended',
  loginLimited: 'too many log-ins failed for a user',
}
