import { resolve } from 'node:path'
import { type ConfigError, readConfig } from './config'
import { SETTINGS_LIST } from './settings'

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      dataFolder: resolve('.data'),
      ledger: 'embedded',
      fabricConnection: resolve('.network/connection.json'),
      publicUrl: undefined,
      kekFile: undefined,
      tls: undefined,
      maxPdfBytes: 33554432,
      maxBulkDocuments: 1000,
      maxBulkBytes: 1073741824,
      sessionMinutes: 30,
      refreshDays: 7,
      trustProxy: undefined,
      webhookNetworks: [],
      webhookDays: 30,
      userRequestsPerMinute: 60_000,
      strangerRequestsPerMinute: 6_000,
      requestsAtOnce: 128,
      verifyTimeoutMs: 10_000,
      requestTimeoutMs: 120_000,
      idleTimeoutMs: 30_000,
      sessionsKeptDays: 90,
      peopleEventsKeptDays: 3650,
      requestKeysKeptDays: 90,
      unstartedBulkJobsKeptDays: 30,
      stopGraceMs: 10_000,
      logLevel: 'info',
      metricsTokenFile: undefined,
      minFreeBytes: 268435456,
      stuckMinutes: 10,
      sealPolicies: [],
      trustLists: [],
      trustListKeys: [],
      demo: true,
    })
  })
  it('takes lists with the keys of their publishers, and none without', () => {
    const key = `sha256:${'ab'.repeat(32)}`
    const lists = { CINNABAR_TRUST_LISTS: 'a.json, /etc/b.json' }
    const config = readConfig({ ...lists, CINNABAR_TRUST_LIST_KEYS: key })
    expect(config).toMatchObject({ trustLists: [resolve('a.json'), '/etc/b.json'], trustListKeys: [key] })
    for (const keys of ['', 'sha256:12', `${key},`]) {
      const env = { ...lists, CINNABAR_TRUST_LIST_KEYS: keys }
      expect(() => readConfig(env)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    }
  })
  it('takes every setting from the environment', () => {
    const config = readConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      CINNABAR_DATA: '/var/lib/cinnabar',
      CINNABAR_LEDGER: 'fabric',
      CINNABAR_FABRIC_CONNECTION: '/etc/cinnabar/connection.json',
      CINNABAR_PUBLIC_URL: 'https://seals.example/app/',
      CINNABAR_KEK_FILE: '/etc/cinnabar/kek',
      CINNABAR_TLS_CERT: '/etc/cinnabar/tls.pem',
      CINNABAR_TLS_KEY: '/etc/cinnabar/tls.key',
      CINNABAR_MAX_PDF_BYTES: '1048576',
      CINNABAR_MAX_BULK_DOCUMENTS: '20',
      CINNABAR_MAX_BULK_BYTES: '1000000',
      CINNABAR_SESSION_MINUTES: '20',
      CINNABAR_REFRESH_DAYS: '30',
      CINNABAR_LOG_LEVEL: 'debug',
      CINNABAR_METRICS_TOKEN_FILE: '/etc/cinnabar/metrics-token',
      CINNABAR_MIN_FREE_BYTES: '1000000000',
      CINNABAR_STUCK_MINUTES: '60',
      CINNABAR_TRUST_PROXY: '10.0.0.1, 192.168.0.0/16,::1',
      CINNABAR_USER_REQUESTS_PER_MINUTE: '600',
      CINNABAR_STRANGER_REQUESTS_PER_MINUTE: '60',
      CINNABAR_REQUESTS_AT_ONCE: '8',
      CINNABAR_IDLE_TIMEOUT_MS: '5000',
      CINNABAR_SESSIONS_KEPT_DAYS: '7',
      CINNABAR_PEOPLE_EVENTS_KEPT_DAYS: '365',
      CINNABAR_VERIFY_TIMEOUT_MS: '5000',
      CINNABAR_REQUEST_TIMEOUT_MS: '60000',
      CINNABAR_STOP_GRACE_MS: '0',
      CINNABAR_WEBHOOK_NETWORKS: '10.1.0.0/16, fd00::/8',
      CINNABAR_WEBHOOK_DAYS: '90',
      CINNABAR_SEAL_POLICIES: '2.16.344.8.2, 1.2.3',
      CINNABAR_TRUST_LISTS: '/etc/cinnabar/list.json',
      CINNABAR_TRUST_LIST_KEYS: `sha256:${'ab'.repeat(32)}`,
      CINNABAR_DEMO: 'off',
    })
    expect(config).toEqual({
      port: 0,
      host: '0.0.0.0',
      dataFolder: '/var/lib/cinnabar',
      ledger: 'fabric',
      fabricConnection: '/etc/cinnabar/connection.json',
      publicUrl: 'https://seals.example/app',
      kekFile: '/etc/cinnabar/kek',
      tls: { certificateFile: '/etc/cinnabar/tls.pem', keyFile: '/etc/cinnabar/tls.key' },
      maxPdfBytes: 1048576,
      maxBulkDocuments: 20,
      maxBulkBytes: 1000000,
      sessionMinutes: 20,
      refreshDays: 30,
      trustProxy: ['10.0.0.1', '192.168.0.0/16', '::1'],
      webhookNetworks: ['10.1.0.0/16', 'fd00::/8'],
      webhookDays: 90,
      userRequestsPerMinute: 600,
      strangerRequestsPerMinute: 60,
      requestsAtOnce: 8,
      idleTimeoutMs: 5000,
      sessionsKeptDays: 7,
      peopleEventsKeptDays: 365,
      requestKeysKeptDays: 90,
      unstartedBulkJobsKeptDays: 30,
      verifyTimeoutMs: 5000,
      requestTimeoutMs: 60_000,
      stopGraceMs: 0,
      logLevel: 'debug',
      metricsTokenFile: '/etc/cinnabar/metrics-token',
      minFreeBytes: 1000000000,
      stuckMinutes: 60,
      sealPolicies: ['2.16.344.8.2', '1.2.3'],
      trustLists: ['/etc/cinnabar/list.json'],
      trustListKeys: [`sha256:${'ab'.repeat(32)}`],
      demo: false,
    })
  })
  it('keeps what belongs to another ledger in another folder, unless told where', () => {
    expect(readConfig({ CINNABAR_LEDGER: 'fabric' }).dataFolder).toBe(resolve('.data/fabric'))
    expect(readConfig({ CINNABAR_LEDGER: 'fabric', CINNABAR_DATA: 'here' }).dataFolder).toBe(resolve('here'))
  })
  it('takes an empty variable for an absent one', () => {
    expect(readConfig(Object.fromEntries(SETTINGS_LIST.map(({ name }) => [name, ' '])))).toEqual(readConfig({}))
  })
  it('reports all problems at once', () => {
    const env = {
      PORT: 'http',
      CINNABAR_LEDGER: 'paper',
      CINNABAR_PUBLIC_URL: 'ftp://x',
      CINNABAR_TLS_KEY: 'k',
      CINNABAR_DEMO: 'off',
      CINNABAR_LOG_LEVEL: 'loud',
      CINNABAR_SESSION_MINUTES: '0',
    }
    expect(problemsOf(env)).toEqual([
      'PORT',
      'CINNABAR_LEDGER',
      'CINNABAR_PUBLIC_URL',
      'CINNABAR_SESSION_MINUTES',
      'CINNABAR_LOG_LEVEL',
      'CINNABAR_TLS_CERT',
      'CINNABAR_KEK_FILE',
    ])
  })
  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['CINNABAR_MAX_PDF_BYTES', '1'],
    ['CINNABAR_PUBLIC_URL', 'seals.example'],
    ['CINNABAR_PUBLIC_URL', 'https://seals.example/?a'],
    ['CINNABAR_PUBLIC_URL', 'https://me@seals.example'],
    ['CINNABAR_PUBLIC_URL', 'https://:secret@seals.example'],
    ['CINNABAR_PUBLIC_URL', `https://seals.example/${'a'.repeat(150)}`],
    ['CINNABAR_WEBHOOK_NETWORKS', 'intranet.example'],
    ['CINNABAR_WEBHOOK_NETWORKS', '0.0.0.0/0'],
    ['CINNABAR_WEBHOOK_DAYS', '1'],
    ['CINNABAR_DEMO', 'yes'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([name])
  })
})

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
    return (error as ConfigError).problems.map((one) => one.split(':')[0])
  }
}

describe('proxies in front', () => {
  it('are taken by number or by address, and nothing that means all the world', () => {
    expect(readConfig({ CINNABAR_TRUST_PROXY: '2' }).trustProxy).toBe(2)
    for (const wrong of ['true', '0', '10', '10.0.0.1/33', '0.0.0.0/0', 'proxy.example', '10.0.0.1,', '10.0.0.1/']) {
      expect(() => readConfig({ CINNABAR_TRUST_PROXY: wrong })).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      )
    }
  })
})
