import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'

export const line = 7
export const title =
  'Token theft replayed: refused and reported; passwords, keys and tokens appear in no log (searched after a busy run at level debug)'

/** Three failed log-ins each, and one address may fail 100 times in five minutes. */
const ROUNDS = 25

export async function run({ root, scratch, say }) {
  const { startService, demoLogins } = await compiled(root, 'bench/dist/proof/service.js')
  const search = await compiled(root, 'bench/dist/proof/secrets-search.js')
  const data = join(scratch, 'data')
  const service = await startService({ root, data, env: { CINNABAR_LOG_LEVEL: 'debug' } })
  const secrets = []
  const hide = (what, text) => {
    secrets.push({ what, text })
    return text
  }
  const logins = await demoLogins(data)
  for (const { user, password } of logins) hide(`password of ${user}`, password)
  const api = apiOf(service.url, hide)
  const pdf = new Uint8Array(await readFile(join(root, 'fixtures/contracts/en-service-agreement.pdf')))
  let facts
  try {
    say('a refresh token is stolen')
    facts = await theft(api, logins[0])
    say(`a busy run: ${ROUNDS} rounds`)
    for (let round = 0; round < ROUNDS; round++) await busy({ api, hide, login: logins[0], pdf, round })
  } finally {
    await service.stop()
  }
  say('search')
  const log = service.log()
  const lines = log.split('\n').flatMap(parsedLine)
  facts.reportedInLog = lines.filter((one) => one.level === 'warn' && one.event === 'tokenReused').length === 1
  await keptSecrets({ root, data, search, secrets })
  const found = search.foundIn(log, secrets)
  // The search must find what is there: a planted one, and what the log is meant to have.
  facts.searchFinds = search.foundIn(`${log} ${secrets[0].text}`, secrets).length === found.length + 1
  facts.logIsWhole = api.requestIds.every((id) => log.includes(id))
  facts.noSecretInLog = found.length === 0
  const kinds = new Set(secrets.map(({ what }) => what.replace(/ .*/s, '')))
  return {
    ok: Object.values(facts).every(Boolean),
    measured: `${lines.length} lines of log, ${api.requestIds.length} requests, ${secrets.length} secrets searched for, ${found.length} found`,
    detail: [
      ...Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`),
      `- kinds of secrets: ${[...kinds].sort().join(', ')}`,
      ...found.map((what) => `- in the log: ${what}`),
    ].join('\n'),
  }
}

/** The owner's token is used by a thief first, then by the owner. */
async function theft(api, { user, password }) {
  const owner = await api.logIn(user, password)
  const thief = await api.refresh(owner.refreshToken)
  const thiefWasIn = (await api.ask('GET', '/v1/me', { token: thief.token })).status === 200
  const replay = await api.ask('POST', '/v1/sessions/refresh', { json: { refreshToken: owner.refreshToken } })
  const out = await api.ask('GET', '/v1/me', { token: thief.token })
  const onward = await api.ask('POST', '/v1/sessions/refresh', { json: { refreshToken: thief.refreshToken } })
  const again = await api.logIn(user, password)
  const { events } = (await api.ask('GET', '/v1/people-events?limit=1000', { token: again.token })).body
  return {
    thiefWasIn,
    replayRefused: replay.status === 401 && replay.body.code === 'REFRESH_REUSED',
    thiefIsOut: out.status === 401 && out.body.code === 'SESSION_ENDED',
    thiefStaysOut: onward.status === 401 && onward.body.code === 'REFRESH_REUSED',
    institutionIsTold: events.filter(({ kind, subject }) => kind === 'tokenReused' && subject === user).length === 1,
  }
}

/** People, keys and seals in good order; and everything that somebody could put where it does not belong. */
async function busy({ api, hide, login, pdf, round }) {
  const { token, refreshToken } = await api.logIn(login.user, login.password)
  const next = await api.refresh(refreshToken)
  const password = hide('password of a new user', randomBytes(12).toString('base64url'))
  const wrong = hide('password that is wrong', randomBytes(12).toString('base64url'))
  const user = `user${round}`
  await api.ask('POST', '/v1/users', { token, json: { user, roles: ['sealer'], password } })
  await api.ask('POST', '/v1/sessions', { json: { user, password: wrong } })
  const { body: made } = await api.ask('POST', '/v1/api-keys', {
    token,
    json: { name: `m${round}`, roles: ['sealer'] },
  })
  hide('key of a machine', made.key)
  const { body: document } = await api.ask('POST', '/v1/documents', { token: made.key, bytes: pdf })
  const seal = `/v1/documents/${document.id}/seal-signatures?wait=anchored`
  const { body: job } = await api.ask('POST', seal, { token: made.key, json: { seal: 'contract' } })
  hide('id that opens evidence', job.sealSignature)
  await api.ask('GET', `/v1/evidence/${job.sealSignature}`)
  const askew = [
    ['GET', `/${token}`],
    ['GET', `/v1/me?token=${next.token}&password=${password}`],
    ['GET', `/v1/documents/${made.key}`, { token }],
    ['GET', '/v1/me', { token: `${token}x` }],
    ['GET', '/v1/me', { headers: { authorization: `Basic ${password}`, cookie: `session=${token}` } }],
    ['POST', '/v1/sessions', { json: { user: password, password: user } }],
    ['POST', '/v1/sessions', { json: { user, password, token } }],
    ['POST', '/v1/sessions/refresh', { json: { refreshToken: made.key } }],
    ['POST', '/v1/sessions/refresh', { bytes: new TextEncoder().encode(`{"refreshToken":"${next.refreshToken}`) }],
    ['PUT', '/v1/me/password', { token, json: { password: wrong, newPassword: password } }],
    ['DELETE', `/v1/api-keys/${made.id}`, { token }],
    ['GET', '/v1/me', { token: made.key }],
  ]
  for (const [method, path, sent] of askew) await api.ask(method, path, sent)
  await api.ask('POST', '/v1/sessions/end', { json: { refreshToken: next.refreshToken } })
}

function apiOf(url, hide) {
  const requestIds = []
  const ask = async (method, path, { token, json, bytes, headers } = {}) => {
    const type =
      json === undefined && method !== 'POST' ? {} : { 'content-type': json ? 'application/json' : typeOf(path) }
    const answer = await fetch(url + path, {
      method,
      headers: { ...type, ...(token && { authorization: `Bearer ${token}` }), ...headers },
      body: json === undefined ? bytes : JSON.stringify(json),
    })
    requestIds.push(answer.headers.get('x-request-id'))
    const isJson = answer.headers.get('content-type')?.includes('json')
    return { status: answer.status, body: isJson ? await answer.json() : await answer.arrayBuffer() }
  }
  const opened = ({ status, body }) => {
    if (status >= 300) throw new Error(`${status} ${body.code}`)
    hide('access token', body.token)
    hide('refresh token', body.refreshToken)
    return body
  }
  return {
    requestIds,
    ask,
    logIn: async (user, password) => opened(await ask('POST', '/v1/sessions', { json: { user, password } })),
    refresh: async (refreshToken) => opened(await ask('POST', '/v1/sessions/refresh', { json: { refreshToken } })),
  }
}

function typeOf(path) {
  return path.startsWith('/v1/documents') ? 'application/pdf' : 'application/json'
}

/** What lies in the data folder: the two secrets of its files and every private key that the store keeps. */
async function keptSecrets({ root, data, search, secrets }) {
  for (const file of ['kek', 'session-secret']) {
    const bytes = Buffer.from((await readFile(join(data, file), 'utf8')).trim(), 'hex')
    secrets.push(...search.spellings(`secret in ${file}`, bytes))
  }
  const { openEmbeddedStore } = await compiled(root, 'gateway/dist/store/embedded.js')
  const store = await openEmbeddedStore(data)
  try {
    for (const institution of ['node', 'JiangzhouBureau', 'YuanhangTech', 'JiangzhouCourt']) {
      const kept = await store.find('keys', { field: 'institution', equals: institution, limit: 1000 })
      const keys = kept.map(({ id, value }) => ({ id, ...value }))
      secrets.push(...(await search.privateKeys(data, keys)))
    }
  } finally {
    await store.close()
  }
}

function parsedLine(text) {
  try {
    return text.startsWith('{') ? [JSON.parse(text)] : []
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}
