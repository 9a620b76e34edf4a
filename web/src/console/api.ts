import type { Digest, LogEntry, Seal, Time } from '@cinnabar/core'
import { answerOf, jsonBody } from './http'
import type { LoggedIn, Role } from './session'

/** The states of a job, in the order of a good end; `refused` and `failed` are bad ends. */
export const STATES = ['received', 'sealed', 'submitted', 'anchored'] as const
export type JobState = (typeof STATES)[number] | 'refused' | 'failed'

/** A seal of one's own institution. */
export type OwnSeal = Pick<Seal, 'id' | 'displayName' | 'kind' | 'status' | 'widthUm' | 'heightUm'> & {
  readonly uses: number
}

/** A request to seal and how far it has come. */
export interface Job {
  readonly id: string
  readonly state: JobState
  readonly times: Readonly<Partial<Record<JobState, string>>>
  readonly sealSignature?: string
  readonly code?: string
  readonly detail?: string
  readonly advice?: string
}

/** What is asked of the service for one seal. */
export interface SealRequest {
  readonly seal: string
  readonly page: number
  readonly xMm: number
  readonly yMm: number
  readonly reason?: string
}

/** 用印台账, one page of it. */
export interface Book {
  readonly asOf: { readonly size: number; readonly root: Digest }
  readonly complete: boolean
  readonly lastNumber: number
  /** Of the uses asked for, on all pages. */
  readonly count: number
  readonly lines: readonly BookLine[]
  /** Of the whole book. */
  readonly gaps: readonly BookGap[]
  readonly next?: string
}
export interface BookLine {
  readonly number: number
  readonly index: number
  readonly time: Time
  readonly document?: { readonly name: string; readonly digest: Digest }
  readonly purpose?: string
  readonly operator?: string
}
export interface BookGap {
  readonly code: string
  readonly number: number
  readonly index?: number
}

export type DepositState = 'received' | 'timestamped' | 'submitted' | 'anchored' | 'refused' | 'failed'
export interface DepositJob {
  readonly id: string
  readonly requestedBy: string
  readonly receivedAt: Time
  readonly count: number
  readonly state: DepositState
  /** Of its first file. */
  readonly name?: string
  readonly code?: string
  readonly detail?: string
  readonly advice?: string
  readonly waitingFor?: string
}
export interface DepositLine {
  readonly id: string
  readonly digest: Digest
  readonly name?: string
  readonly state: DepositState
}
export interface Deposit extends DepositLine {
  readonly requestedBy: string
  readonly times: Readonly<Partial<Record<DepositState, Time>>>
  readonly index?: number
}

export interface LogPage {
  readonly size: number
  readonly root: Digest
  readonly entries: readonly LogEntry[]
  readonly indices: readonly number[]
  readonly next?: string
}
export interface LogHeadShown {
  readonly from: number
  readonly size: number
  readonly root: Digest
  readonly recordedAt: Time
  readonly transaction: string
}
export interface AttestedHead {
  readonly size: number
  readonly root: Digest
  readonly attestations: readonly { readonly kind: 'node' | 'fabric'; readonly by: string | null }[]
}

export interface User {
  readonly user: string
  readonly roles: readonly Role[]
  readonly status: 'active' | 'disabled'
  readonly createdAt: Time
}
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly createdBy: string
  readonly createdAt: Time
  readonly expiresAt: Time
  readonly revokedAt?: Time
}
export interface PeopleEvent {
  readonly id: string
  readonly kind: string
  readonly at: Time
  readonly subject: string
  readonly by?: string
  readonly address?: string
}

/** Many documents to be sealed with one seal. */
export interface BulkJob {
  readonly id: string
  readonly requestedBy: string
  readonly seal: string
  readonly reason?: string
  readonly count: number
  readonly state: 'open' | 'sealing' | 'cancelling' | 'ended' | 'cancelled'
  readonly counts: Readonly<Partial<Record<BulkLine['state'], number>>>
  readonly times: Readonly<Partial<Record<BulkJob['state'], Time>>>
  readonly waitingFor?: string
}
export interface BulkLine {
  readonly number: number
  readonly state: 'missing' | JobState | 'cancelled'
  readonly name?: string
  readonly document?: string
  readonly sealSignature?: string
  readonly code?: string
  readonly detail?: string
  readonly advice?: string
}

/** An address that is told of events. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly description?: string
  readonly status: 'on' | 'off'
  readonly offReason?: 'byAdmin' | 'failing' | 'gone'
  readonly failingSince?: Time
  readonly oldSecretUntil?: Time
  readonly createdBy: string
  readonly createdAt: Time
}
export interface Delivery {
  readonly id: string
  readonly type: string
  readonly at: Time
  readonly state: 'waiting' | 'delivered' | 'failed'
  readonly nextAt?: Time
  readonly attempts: readonly { readonly at: Time; readonly status?: number; readonly code?: string }[]
}

type Query = Readonly<Record<string, string | number | undefined>>
/** A list's page. */
type Page<Name extends string, T> = { readonly [K in Name]: readonly T[] } & { readonly next?: string }

type SecretWebhook = Webhook & { readonly secret: string }

/** The routes for users, by one log-in. Each throws {@link ApiError} with the service's code. */
export function consoleApi(loggedIn: LoggedIn) {
  const get = <T>(path: string, query: Query = {}) => answerOf<T>(loggedIn.ask(path + queryText(query)))
  const send = <T>(method: 'POST' | 'PUT', path: string, value: unknown, headers: Record<string, string> = {}) => {
    const init = jsonBody(method, value)
    return answerOf<T>(loggedIn.ask(path, { ...init, headers: { ...init.headers, ...headers } }))
  }
  const blob = async (path: string, query: Query = {}) => (await loggedIn.ask(path + queryText(query))).blob()
  const log = `/v1/institutions/${encodeURIComponent(loggedIn.person.institution)}/log`
  return {
    seals: async () => (await get<Page<'seals', OwnSeal>>('/v1/seals')).seals,
    upload: (name: string, pdf: Uint8Array) =>
      answerOf<{ readonly id: string }>(
        loggedIn.ask(`/v1/documents?name=${encodeURIComponent(name)}`, {
          method: 'POST',
          body: pdf as BodyInit,
          headers: { 'Content-Type': 'application/pdf' },
        }),
      ),
    seal: (document: string, request: SealRequest) =>
      send<Job>('POST', `/v1/documents/${document}/seal-signatures`, request),
    job: (id: string) => get<Job>(`/v1/jobs/${id}`),
    file: (document: string) => blob(`/v1/documents/${document}/file`),
    evidence: (id: string) => blob(`/v1/evidence/${id}`),

    book: (seal: string, query: Query) => get<Book>(`/v1/seals/${seal}/book`, query),
    bookFile: (seal: string, kind: 'csv' | 'pdf', query: Query) => blob(`/v1/seals/${seal}/book.${kind}`, query),

    bulkJobs: (query: Query) => get<Page<'bulkJobs', BulkJob>>('/v1/bulk-jobs', query),
    bulkJob: (id: string) => get<BulkJob>(`/v1/bulk-jobs/${id}`),
    makeBulkJob: (bulk: { readonly seal: string; readonly count: number; readonly reason?: string }) =>
      send<BulkJob>('POST', '/v1/bulk-jobs', bulk),
    uploadInto: (bulk: string, number: number, { name, bytes }: { name: string; bytes: Uint8Array }) =>
      answerOf<BulkLine>(
        loggedIn.ask(`/v1/bulk-jobs/${bulk}/documents/${number}${queryText({ name })}`, {
          method: 'PUT',
          body: bytes as BodyInit,
          headers: { 'Content-Type': 'application/pdf' },
        }),
      ),
    bulkStep: (bulk: string, step: 'start' | 'cancel') =>
      answerOf<BulkJob>(loggedIn.ask(`/v1/bulk-jobs/${bulk}/${step}`, { method: 'POST' })),
    bulkLines: (bulk: string, query: Query) =>
      get<{ readonly count: number; readonly documents: readonly BulkLine[]; readonly next?: number }>(
        `/v1/bulk-jobs/${bulk}/documents`,
        query,
      ),

    webhooks: async () => (await get<{ readonly webhooks: readonly Webhook[] }>('/v1/webhooks')).webhooks,
    addWebhook: (webhook: Pick<Webhook, 'url' | 'events' | 'description'>) =>
      send<SecretWebhook>('POST', '/v1/webhooks', webhook),
    setWebhook: (id: string, webhook: Pick<Webhook, 'url' | 'events' | 'description' | 'status'>) =>
      send<Webhook>('PUT', `/v1/webhooks/${id}`, webhook),
    rotateWebhook: (id: string) =>
      answerOf<SecretWebhook>(loggedIn.ask(`/v1/webhooks/${id}/secret`, { method: 'POST' })),
    removeWebhook: (id: string) => answerOf<Webhook>(loggedIn.ask(`/v1/webhooks/${id}`, { method: 'DELETE' })),
    testWebhook: (id: string) => answerOf<Delivery>(loggedIn.ask(`/v1/webhooks/${id}/test`, { method: 'POST' })),
    deliveries: (id: string, query: Query) => get<Page<'deliveries', Delivery>>(`/v1/webhooks/${id}/deliveries`, query),
    redeliver: (id: string, delivery: string) =>
      answerOf<Delivery>(
        loggedIn.ask(`/v1/webhooks/${id}/deliveries/${encodeURIComponent(delivery)}/redeliveries`, { method: 'POST' }),
      ),

    deposit: (deposits: readonly { readonly digest: Digest; readonly name?: string }[], key: string) =>
      send<DepositJob>('POST', '/v1/deposits', { deposits }, { 'Idempotency-Key': key }),
    depositJob: (id: string) => get<DepositJob>(`/v1/deposit-jobs/${id}`),
    depositJobs: (query: Query) => get<Page<'jobs', DepositJob>>('/v1/deposit-jobs', query),
    depositLines: (id: string, query: Query) =>
      get<{ readonly count: number; readonly deposits: readonly DepositLine[]; readonly next?: number }>(
        `/v1/deposit-jobs/${id}/deposits`,
        query,
      ),
    depositsOf: async (digest: Digest) =>
      (await get<{ readonly deposits: readonly Deposit[] }>('/v1/deposits', { digest })).deposits,

    log: (query: Query) => get<LogPage>(log, query),
    heads: (query: Query) => get<Page<'heads', LogHeadShown>>(`${log}/heads`, query),
    attestedHead: () => get<AttestedHead>(`${log}/attested-head`),

    users: async () => (await get<{ readonly users: readonly User[] }>('/v1/users')).users,
    addUser: (user: { readonly user: string; readonly roles: readonly Role[]; readonly password: string }) =>
      send<User>('POST', '/v1/users', user),
    setUser: (user: string, part: 'roles' | 'password' | 'status', value: object) =>
      send<User>('PUT', `/v1/users/${encodeURIComponent(user)}/${part}`, value),
    setOwnPassword: (password: string, newPassword: string) =>
      send('PUT', '/v1/me/password', { password, newPassword }),
    keys: async () => (await get<{ readonly keys: readonly ApiKey[] }>('/v1/api-keys')).keys,
    makeKey: (key: { readonly name: string; readonly roles: readonly Role[]; readonly days: number }) =>
      send<ApiKey & { readonly key: string }>('POST', '/v1/api-keys', key),
    revokeKey: (id: string) => answerOf<ApiKey>(loggedIn.ask(`/v1/api-keys/${id}`, { method: 'DELETE' })),
    events: (query: Query) => get<Page<'events', PeopleEvent>>('/v1/people-events', query),
  }
}
export type ConsoleApi = ReturnType<typeof consoleApi>

function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
