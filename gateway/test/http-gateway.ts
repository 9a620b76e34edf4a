import { mkdir, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { InstitutionId, Time } from '@cinnabar/core'
import { type Drained, replaceSealCertificate } from '../src/authority/seal-renewal'
import { createApp, routesOf } from '../src/http/app'
import type { AppDeps } from '../src/http/deps'
import { type OpenApi, openApiOf } from '../src/http/openapi'
import { Notarizer } from '../src/notarize/notarizer'
import { readinessOf } from '../src/operation/readiness'
import { openPeople } from '../src/people/people'
import { peopleEvents } from '../src/people/people-events'
import { createUser, type Role } from '../src/people/users'
import { contractOf } from './contract'
import { type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from './embedded-gateway'
import { openTestWebhooks } from './webhooks-at-hand'

export const BUREAU = 'JiangzhouBureau' as InstitutionId
export const COURT = 'JiangzhouCourt' as InstitutionId
export const PASSWORD = 'correct horse battery'
const STARTED = '2026-11-22T03:00:00Z' as Time

/** What one request sends. */
export interface Given {
  /** A user's name, or a token. */
  readonly as?: string
  readonly json?: unknown
  readonly bytes?: Uint8Array
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The embedded gateway behind HTTP, as `main` serves it. */
export interface HttpGateway {
  readonly gateway: EmbeddedGateway
  readonly deps: AppDeps
  readonly server: Server
  readonly document: OpenApi
  readonly clock: ReturnType<typeof settableClock>
  /** By user name. */
  readonly tokens: Map<string, string>
  /** Faults of ours that were reported. */
  readonly faults: unknown[]
  /** What of the answers so far was not as the document says. */
  readonly breaches: string[]
  /** Operations and statuses answered so far. */
  readonly answered: Set<string>
  /** Asks, and holds the answer against the document. */
  call(method: string, path: string, given?: Given): Promise<Response>
  /** Makes a user, unless there is one, and logs in. */
  enter(user: string, institution: InstitutionId, roles: readonly Role[]): Promise<void>
  close(): Promise<void>
}

/** Starts it in a folder of its own, on a free port. */
export async function startHttpGateway(settings: Partial<AppDeps> = {}): Promise<HttpGateway> {
  const clock = settableClock(STARTED)
  const folders = await gatewayFolders(clock)
  const folder = await folders.fresh()
  const gateway = await openGateway(folder, clock)
  const faults: unknown[] = []
  const { authority, tsas, trust } = gateway
  const events = peopleEvents(gateway.env.store, clock, ({ institution }) => webhooks.peopleChanged(institution))
  const webhooks = await openTestWebhooks(gateway.env, (error) => faults.push(error), { events })
  const env = { ...gateway.env, telling: webhooks.telling }
  const notarizer = await Notarizer.start(env)
  await webhooks.begin()
  const deps: AppDeps = {
    env,
    authority,
    replaceSealCertificate: (replacement) =>
      replaceSealCertificate({ ...env, authority, keys: gateway.keys, drained: drainedBy(notarizer) }, replacement),
    tsas,
    trust,
    webFolder: await pageIn(folder),
    notarizer,
    readiness: readinessOf({ env, notarizer, onFailure: (_, error) => faults.push(error) }),
    metrics: { text: async () => 'up 1\n', token: undefined },
    webhooks,
    people: openPeople({ ...PEOPLE, store: env.store, clock, events }),
    maxPdfBytes: 1 << 20,
    maxBulkDocuments: 1000,
    maxBulkBytes: 8 << 20,
    https: false,
    onFault: (error) => faults.push(error),
    ...settings,
  }
  const server = createApp(deps).listen(0)
  // A busy machine may let a kept connection wait longer than the 5 s after which it would be closed under a request.
  server.keepAliveTimeout = 60_000
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const tokens = new Map<string, string>()
  const document: OpenApi = JSON.parse(JSON.stringify(openApiOf(routesOf(deps))))
  const contract = contractOf(document)
  const breaches: string[] = []
  const answered = new Set<string>()
  const call = async (method: string, path: string, given: Given = {}) => {
    const response = await fetch(base + path, requestOf(method, given, tokens))
    const operation = contract.operationAt(method, path)
    if (operation === undefined) return response
    answered.add(`${operation.operationId} ${response.status}`)
    const type = response.headers.get('Content-Type') ?? ''
    const text = type.includes('json') ? await response.clone().text() : ''
    breaches.push(...contract.faults({ method, path, status: response.status, type, text }))
    return response
  }
  return {
    ...{ gateway, deps, server, document, clock, tokens, faults, breaches, answered, call },
    async enter(user, institution, roles) {
      const known = await env.store.get('users', user)
      const password = PASSWORD
      if (known === undefined) await createUser(env.store, { user, institution, roles, password, createdAt: STARTED })
      const answer = await call('POST', '/v1/sessions', { json: { user, password: PASSWORD } })
      tokens.set(user, (await answer.json()).token)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await deps.notarizer.close()
      await deps.webhooks.close()
      await gateway.close()
      await folders.remove()
    },
  }
}

/** Work between two uses of a seal. */
function drainedBy(notarizer: Notarizer): Drained {
  return (institution, seal, work) => notarizer.drained(institution, seal, work, 10_000)
}

/** The token of the one user of this institution who has these roles, made and logged in where that is missing. */
export async function tokenFor(
  http: HttpGateway,
  { institution, roles }: { readonly institution: InstitutionId; readonly roles: readonly Role[] },
): Promise<string> {
  const user = [institution, ...roles].join('.').toLowerCase()
  if (!http.tokens.has(user)) await http.enter(user, institution, roles)
  return http.tokens.get(user) ?? ''
}

const PEOPLE = {
  secret: new Uint8Array(32).fill(1),
  sessionMinutes: 30,
  refreshDays: 7,
}

async function pageIn(folder: string): Promise<string> {
  const webFolder = join(folder, 'web')
  await mkdir(webFolder)
  await writeFile(join(webFolder, 'index.html'), '<!doctype html><title>Cinnabar</title>')
  return webFolder
}

function requestOf(method: string, given: Given, tokens: ReadonlyMap<string, string>): RequestInit {
  const { as, json, bytes, type, headers } = given
  const sent = json === undefined ? bytes : new TextEncoder().encode(JSON.stringify(json))
  const contentType = type ?? (json === undefined ? 'application/pdf' : 'application/json')
  return {
    method,
    headers: {
      ...(sent === undefined ? {} : { 'Content-Type': contentType }),
      ...(as === undefined ? {} : { Authorization: `Bearer ${tokens.get(as) ?? as}` }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent as Uint8Array<ArrayBuffer> }),
  }
}
