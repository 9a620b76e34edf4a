import { buildTimestampRequest, type InstitutionId } from '@cinnabar/core'
import type { Gateway } from '@cinnabar/gateway'
import { logIn } from '../client'
import type { FuzzPlan } from './fuzz'
import { chanceOf } from './random'
import type { Document, Supplies } from './requests'

/** The user whom requests about users are about: what they do to it harms nobody who asks. */
const TARGET = 'target'
const TARGETS_PASSWORD = 'correct horse battery'
/** Things that can be used up once. */
const SPARES = [1, 2, 3, 4, 5, 6]

/** Log-ins, and one of everything that an address can name. */
export async function suppliesOf(gateway: Gateway, { pdf, seed, folder }: FuzzPlan): Promise<Supplies> {
  const { url, node } = gateway
  const logins = gateway.demo?.logins ?? []
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document
  const tokens = await Promise.all(logins.map((login) => tokenOf(url, login)))
  const client = await logIn({ url, data: folder }, logins[0].user)
  const made = await Promise.all(
    ['contract.pdf', ...SPARES.map((i) => `spare ${i}.pdf`)].map((name) => client.upload(pdf, name)),
  )
  const job = (await client.seal(made[0], { seal: 'official' })) as { id: string; sealSignature?: string }
  const signature = job.sealSignature ?? ''
  const signed = await node.env.store.get<{ printedCode: string }>('sealSignatures', signature)
  const issued = await node.env.store.find<{ authority: string }>('certificates', {
    ...{ field: 'institution', equals: logins[0].institution, limit: 50 },
  })
  const [{ seal }] = await node.env.ledger.seals(logins[1].institution as InstitutionId)
  const authorities = issued.map(({ value }) => value.authority)
  const institutions = logins.map(({ institution }) => institution)
  const words = [
    ...[...made, job.id, signature, signed?.value.printedCode ?? '', ...authorities, ...institutions],
    ...['official', 'contract', 'finance', TARGET, 'contract.pdf', '合同.pdf', 'k-1', 'k-2', 'anchored'],
    ...['2026-11-22T03:00:00Z', `sha256:${'ab'.repeat(32)}`, 'ab'.repeat(32), '0'.repeat(32), '12', TARGETS_PASSWORD],
  ]
  const query = buildTimestampRequest({ imprint: new Uint8Array(32).fill(9), nonce: new Uint8Array(16).fill(5) })
  const people = await ofPeople(url, tokens[0])
  tokens.push(people.token)
  const right = {
    logIn: { bodies: logins.map(({ user, password }) => ({ user, password })) },
    sealDocument: { path: made, bodies: [{ seal: 'official' }, { seal: 'contract', page: 1 }] },
    revokeSealCertificate: {
      path: [seal.certificate],
      bodies: [{ reason: 'superseded', invalidityDate: seal.notBefore }],
    },
    replaceSealCertificate: { path: [seal.id], bodies: [{ replaces: seal.certificate }] },
    makeCourtReport: { query: { seal: 'official', name: 'contract.pdf' } },
    getDocument: { path: made },
    getDocumentFile: { path: made },
    getJob: { path: [job.id] },
    getEvidence: { path: [signature] },
    getPrintedCode: { path: [signed?.value.printedCode ?? ''] },
    getCrl: { path: authorities },
    listLog: { path: institutions },
    listLogHeads: { path: institutions },
    attestLogHead: { path: institutions },
    timestampBy: { path: institutions },
    ...(await ofDeposits(url, tokens[0])),
    ...(await ofBulkJobs(url, tokens[0], pdf)),
    ...(await ofWebhooks(url, tokens[0])),
    ...people.right,
  }
  const pdfs = [pdf, await client.file(made[0])]
  const files = {
    ...{ 'application/pdf': pdfs, 'application/octet-stream': pdfs },
    'application/timestamp-query': [query],
  }
  const named = document.components.schemas
  return { document, tokens, refreshes: people.refreshes, files, right, words, chance: chanceOf(seed), named }
}

/**
 * Puts new tokens where a session was ended. The users' passwords are as they were; the target is made what it was.
 * @returns whether that changed the target.
 */
export async function renewTokens({ url, demo }: Gateway, { tokens }: Pick<Supplies, 'tokens'>): Promise<boolean> {
  const logins = demo?.logins ?? []
  for (const [i, login] of logins.entries()) {
    if (!(await isGood(url, tokens[i]))) tokens[i] = await tokenOf(url, login)
  }
  if (await isGood(url, tokens[logins.length])) return false
  const login = { user: TARGET, password: TARGETS_PASSWORD }
  await send('PUT', `${url}/v1/users/${TARGET}/status`, { status: 'active' }, tokens[0])
  await send('PUT', `${url}/v1/users/${TARGET}/password`, { password: TARGETS_PASSWORD }, tokens[0])
  tokens[logins.length] = await tokenOf(url, login)
  return true
}

/** Puts a refresh token there that nobody has used. */
export async function renewRefresh({ url }: Gateway, { refreshes }: Pick<Supplies, 'refreshes'>): Promise<void> {
  const login = { user: TARGET, password: TARGETS_PASSWORD }
  const { refreshToken } = await send<{ refreshToken: string }>('POST', `${url}/v1/sessions`, login)
  refreshes.splice(0, refreshes.length, { refreshToken })
}

async function isGood(url: string, token: string): Promise<boolean> {
  const answer = await fetch(`${url}/v1/seals?limit=1`, { headers: { authorization: `Bearer ${token}` } })
  await answer.arrayBuffer()
  return answer.status !== 401
}

interface Deposited {
  readonly id: string
  readonly deposits: readonly { readonly id: string }[]
}

async function ofDeposits(url: string, token: string): Promise<Supplies['right']> {
  const body = { deposits: [{ digest: `sha256:${'cd'.repeat(32)}`, name: 'photo.jpg' }] }
  const made = await send<Deposited>('POST', `${url}/v1/deposits?wait=anchored`, body, token)
  const job = { path: [made.id] }
  const depositFiles = { bodies: [body] }
  return { depositFiles, getDeposit: { path: [made.deposits[0].id] }, getDepositJob: job, listJobDeposits: job }
}

/** Jobs that take documents, jobs that can be started, and one that is over: to follow one that is not takes as long as that. */
async function ofBulkJobs(url: string, token: string, pdf: Uint8Array): Promise<Supplies['right']> {
  const bodies = [{ seal: 'official', count: 1 }]
  const make = async () => (await send<{ id: string }>('POST', `${url}/v1/bulk-jobs`, bodies[0], token)).id
  const sendPdf = async (id: string) => {
    const headers = { 'content-type': 'application/pdf', authorization: `Bearer ${token}` }
    const body = new Uint8Array(pdf)
    const answer = await fetch(`${url}/v1/bulk-jobs/${id}/documents/0`, { method: 'PUT', headers, body })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    await answer.arrayBuffer()
  }
  const whole = await Promise.all(SPARES.map(make))
  await Promise.all(whole.map(sendPdf))
  const [over, ...others] = whole
  const [unwanted, ...wanted] = others
  await send('POST', `${url}/v1/bulk-jobs/${over}/cancel`, {}, token)
  return {
    createBulkJob: { bodies },
    uploadBulkDocument: { path: others, seconds: ['0'] },
    getBulkDocument: { path: whole, seconds: ['0'] },
    listBulkDocuments: { path: whole },
    getBulkJob: { path: whole },
    startBulkJob: { path: wanted },
    cancelBulkJob: { path: [unwanted] },
    followBulkJob: { path: [over] },
  }
}

/** To a name that there is not (RFC 6761): nothing goes out. */
async function ofWebhooks(url: string, token: string): Promise<Supplies['right']> {
  const body = { url: 'https://hooks.invalid/cinnabar', events: ['signIn.alarm'] }
  const make = async () => (await send<{ id: string }>('POST', `${url}/v1/webhooks`, body, token)).id
  // An institution has ten at most: some to ask about, some to remove, and room for new ones.
  const made = await Promise.all([...SPARES, ...SPARES].slice(0, 8).map(make))
  const path = made.slice(0, 5)
  const test = async () => (await send<{ id: string }>('POST', `${url}/v1/webhooks/${path[0]}/test`, {}, token)).id
  const delivery = { path: path.slice(0, 1), seconds: await Promise.all(SPARES.map(test)) }
  return {
    createWebhook: { bodies: [body] },
    getWebhookDelivery: delivery,
    redeliverWebhook: delivery,
    getWebhook: { path },
    setWebhook: { path, bodies: ['on', 'off'].map((status) => ({ ...body, status })) },
    rotateWebhookSecret: { path },
    testWebhook: { path },
    listWebhookDeliveries: { path },
    removeWebhook: { path: made.slice(5) },
  }
}

async function ofPeople(url: string, token: string) {
  const login = { user: TARGET, password: TARGETS_PASSWORD }
  await send('POST', `${url}/v1/users`, { ...login, roles: ['sealer'] }, token)
  const keyed = { name: 'archive', roles: ['sealer'] }
  const post = <T>(path: string, body: unknown) => send<T>('POST', url + path, body, token)
  const keys = await Promise.all(SPARES.map(() => post<{ id: string }>('/v1/api-keys', keyed)))
  const refreshes = await Promise.all(SPARES.map(() => post<{ refreshToken: string }>('/v1/sessions', login)))
  const right: Supplies['right'] = {
    refreshSession: { bodies: refreshes },
    logOut: { bodies: refreshes },
    changePassword: { bodies: [{ password: TARGETS_PASSWORD, newPassword: TARGETS_PASSWORD }] },
    setUserRoles: { path: [TARGET], bodies: [{ roles: ['sealer'] }] },
    resetUserPassword: { path: [TARGET], bodies: [{ password: TARGETS_PASSWORD }] },
    setUserStatus: { path: [TARGET], bodies: [{ status: 'active' }, { status: 'disabled' }] },
    createApiKey: { bodies: [keyed] },
    revokeApiKey: { path: keys.map(({ id }) => id) },
  }
  return { right, refreshes, token: await tokenOf(url, login) }
}

/** @throws Error with the answer when it is no good one. */
async function send<T>(method: string, url: string, body: unknown, token?: string): Promise<T> {
  const headers = {
    'content-type': 'application/json',
    'x-forwarded-for': '192.0.2.7',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`)
  return JSON.parse(text) as T
}

async function tokenOf(url: string, { user, password }: { readonly user: string; readonly password: string }) {
  return (await send<{ readonly token: string }>('POST', `${url}/v1/sessions`, { user, password })).token
}
