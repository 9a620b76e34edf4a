import { resolve } from 'node:path'
import { CodedError, type Digest } from '@cinnabar/core'
import type { LogLevel } from './log'
import type { Setting } from './setting'
import { SETTINGS_LIST, type Settings } from './settings'

/** Everything that the person who runs the gateway decides. */
export interface Config {
  /** 0 takes a free one. */
  readonly port: number
  readonly host: string
  /** Absolute path. */
  readonly dataFolder: string
  readonly ledger: 'embedded' | 'fabric'
  /** Absolute path of the connection file (network/README.md); read on the Fabric ledger alone. */
  readonly fabricConnection: string
  /** Without a final slash; undefined: the address that the gateway listens on. */
  readonly publicUrl: string | undefined
  /** Undefined: `kek` in the data folder, made on the demonstration's first run. */
  readonly kekFile: string | undefined
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined
  /** Proxies in front: how many, or their addresses and networks; undefined: none. */
  readonly trustProxy: number | readonly string[] | undefined
  readonly maxPdfBytes: number
  readonly maxBulkDocuments: number
  readonly maxBulkBytes: number
  readonly userRequestsPerMinute: number
  readonly strangerRequestsPerMinute: number
  readonly requestsAtOnce: number
  readonly verifyTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly stopGraceMs: number
  readonly sessionMinutes: number
  readonly refreshDays: number
  readonly sessionsKeptDays: number
  readonly peopleEventsKeptDays: number
  readonly requestKeysKeptDays: number
  readonly unstartedBulkJobsKeptDays: number
  readonly logLevel: LogLevel
  /** Undefined: `/metrics` answers this machine alone. */
  readonly metricsTokenFile: string | undefined
  readonly minFreeBytes: number
  readonly stuckMinutes: number
  readonly webhookNetworks: readonly string[]
  readonly webhookDays: number
  /** Object identifiers that seal certificates of this gateway's own CAs assert. */
  readonly sealPolicies: readonly string[]
  /** Absolute paths of published trust lists. */
  readonly trustLists: readonly string[]
  /** Of those who publish them. */
  readonly trustListKeys: readonly Digest[]
  readonly demo: boolean
}

/** What cannot be started with, all of it at once. */
export class ConfigError extends CodedError<'CONFIG_INVALID'> {
  /** One sentence each, beginning with the setting's name. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('CONFIG_INVALID', problems.join('; '), { problems: problems.length })
    this.problems = problems
  }
}

type Env = Readonly<Record<string, string | undefined>>

/** A data folder belongs to one ledger for good. */
const FABRIC_DATA = '.data/fabric'

/**
 * Reads the settings.
 * @param env - environment variables; an empty one counts as absent.
 * @throws {@link ConfigError} that names every setting in the way.
 */
export function readConfig(env: Env): Config {
  const { settings, problems } = readSettings(env)
  const tls = tlsOf(settings.CINNABAR_TLS_CERT, settings.CINNABAR_TLS_KEY, problems)
  const demo = settings.CINNABAR_DEMO !== 'off'
  if (!demo && settings.CINNABAR_KEK_FILE === undefined) {
    problems.push('CINNABAR_KEK_FILE: required with CINNABAR_DEMO=off')
  }
  if (settings.CINNABAR_TRUST_LISTS?.length > 0 && settings.CINNABAR_TRUST_LIST_KEYS?.length === 0) {
    problems.push('CINNABAR_TRUST_LIST_KEYS: required with CINNABAR_TRUST_LISTS')
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const onFabric = settings.CINNABAR_LEDGER === 'fabric' && !env.CINNABAR_DATA?.trim()
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataFolder: onFabric ? resolve(FABRIC_DATA) : settings.CINNABAR_DATA,
    ledger: settings.CINNABAR_LEDGER,
    fabricConnection: settings.CINNABAR_FABRIC_CONNECTION,
    publicUrl: settings.CINNABAR_PUBLIC_URL,
    kekFile: settings.CINNABAR_KEK_FILE,
    tls,
    trustProxy: settings.CINNABAR_TRUST_PROXY,
    maxPdfBytes: settings.CINNABAR_MAX_PDF_BYTES,
    maxBulkDocuments: settings.CINNABAR_MAX_BULK_DOCUMENTS,
    maxBulkBytes: settings.CINNABAR_MAX_BULK_BYTES,
    userRequestsPerMinute: settings.CINNABAR_USER_REQUESTS_PER_MINUTE,
    strangerRequestsPerMinute: settings.CINNABAR_STRANGER_REQUESTS_PER_MINUTE,
    requestsAtOnce: settings.CINNABAR_REQUESTS_AT_ONCE,
    verifyTimeoutMs: settings.CINNABAR_VERIFY_TIMEOUT_MS,
    requestTimeoutMs: settings.CINNABAR_REQUEST_TIMEOUT_MS,
    idleTimeoutMs: settings.CINNABAR_IDLE_TIMEOUT_MS,
    stopGraceMs: settings.CINNABAR_STOP_GRACE_MS,
    sessionMinutes: settings.CINNABAR_SESSION_MINUTES,
    refreshDays: settings.CINNABAR_REFRESH_DAYS,
    sessionsKeptDays: settings.CINNABAR_SESSIONS_KEPT_DAYS,
    peopleEventsKeptDays: settings.CINNABAR_PEOPLE_EVENTS_KEPT_DAYS,
    requestKeysKeptDays: settings.CINNABAR_REQUEST_KEYS_KEPT_DAYS,
    unstartedBulkJobsKeptDays: settings.CINNABAR_UNSTARTED_BULK_JOBS_KEPT_DAYS,
    logLevel: settings.CINNABAR_LOG_LEVEL,
    metricsTokenFile: settings.CINNABAR_METRICS_TOKEN_FILE,
    minFreeBytes: settings.CINNABAR_MIN_FREE_BYTES,
    stuckMinutes: settings.CINNABAR_STUCK_MINUTES,
    webhookNetworks: settings.CINNABAR_WEBHOOK_NETWORKS,
    webhookDays: settings.CINNABAR_WEBHOOK_DAYS,
    sealPolicies: settings.CINNABAR_SEAL_POLICIES,
    trustLists: settings.CINNABAR_TRUST_LISTS,
    trustListKeys: settings.CINNABAR_TRUST_LIST_KEYS,
    demo,
  }
}

/** Every setting, and what stands in the way of those that cannot be read. */
function readSettings(env: Env): { readonly settings: Settings; readonly problems: string[] } {
  const problems: string[] = []
  const read = ({ name, fallback, read }: (typeof SETTINGS_LIST)[number]) => {
    const text = env[name]?.trim() || fallback
    const reading = (read as Setting['read'])(text)
    if ('value' in reading) return [name, reading.value]
    problems.push(`${name}: expected ${reading.wanted}, got ${JSON.stringify(text)}`)
    return [name, undefined]
  }
  // Unread ones are never used: their problems are thrown.
  return { settings: Object.fromEntries(SETTINGS_LIST.map(read)) as Settings, problems }
}

function tlsOf(certificateFile: string | undefined, keyFile: string | undefined, problems: string[]): Config['tls'] {
  if (certificateFile !== undefined && keyFile !== undefined) return { certificateFile, keyFile }
  if (certificateFile !== undefined) problems.push('CINNABAR_TLS_KEY: required with CINNABAR_TLS_CERT')
  if (keyFile !== undefined) problems.push('CINNABAR_TLS_CERT: required with CINNABAR_TLS_KEY')
  return undefined
}
