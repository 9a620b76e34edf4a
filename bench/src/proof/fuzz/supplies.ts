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
  const right = {
    logIn: { bodies: logins.map(({ user, password }) => ({ user, password })) },
    changePassword: { bodies: logins.map(({ password }) => ({ password, newPassword: password })) },
    sealDocument: { path: made, bodies: [{ seal: 'official' }, { seal: 'contract', page: 1 }] },
    revokeSealCertificate: {
      path: [seal.certificate],
      bodies: [{ reason: 'superseded', invalidityDate: '2026-11-22T03:00:00Z' }],
    },
    getDocument: { path: made },
    getDocumentFile: { path: made },
    getJob: { path: [job.id] },
    getEvidence: { path: [signature] },
    getPrintedCode: { path: [signed?.value.printedCode ?? ''] },
    getCrl: { path: authorities },
    listLog: { path: institutions },
    timestampBy: { path: institutions },
    ...(await ofDeposits(url, tokens[0])),
    ...(await ofBulkJobs(url, tokens[0], pdf)),
    ...(await ofPeople(url, tokens[0])),
  }
  const files = { 'application/pdf': [pdf, await client.file(made[0])], 'application/timestamp-query': [query] }
  return { document, tokens, files, right, words, chance: chanceOf(seed), named: document.components.schemas }
}

/** Puts new tokens where a session was ended: the users' passwords are as they were. */
export async function renewTokens({ url, demo }: Gateway, { tokens }: Supplies): Promise<void> {
  for (const [i, login] of (demo?.logins ?? []).entries()) {
    const answer = await fetch(`${url}/v1/seals?limit=1`, { headers: { authorization: `Bearer ${tokens[i]}` } })
    await answer.arrayBuffer()
    if (answer.status === 401) tokens[i] = await tokenOf(url, login)
  }
}

async function ofDeposits(url: string, token: string): Promise<Supplies['right']> {
  const body = { deposits: [{ digest: `sha256:${'cd'.repeat(32)}`, name: 'photo.jpg' }] }
  const made = await post<{ id: string; deposits: { id: string }[] }>(`${url}/v1/deposits?wait=anchored`, body, token)
  const job = { path: [made.id] }
  const depositFiles = { bodies: [body] }
  return { depositFiles, getDeposit: { path: [made.deposits[0].id] }, getDepositJob: job, listJobDeposits: job }
}

/** Jobs that take documents, jobs that can be started, and one that is over: to follow one that is not takes as long as that. */
async function ofBulkJobs(url: string, token: string, pdf: Uint8Array): Promise<Supplies['right']> {
  const bodies = [{ seal: 'official', count: 1 }]
  const make = async () => (await post<{ id: string }>(`${url}/v1/bulk-jobs`, bodies[0], token)).id
  const send = async (id: string) => {
    const headers = { 'content-type': 'application/pdf', authorization: `Bearer ${token}` }
    const body = new Uint8Array(pdf)
    const answer = await fetch(`${url}/v1/bulk-jobs/${id}/documents/0`, { method: 'PUT', headers, body })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    await answer.arrayBuffer()
  }
  const whole = await Promise.all(SPARES.map(make))
  await Promise.all(whole.map(send))
  const [over, ...others] = whole
  await post(`${url}/v1/bulk-jobs/${over}/cancel`, {}, token)
  return {
    createBulkJob: { bodies },
    uploadBulkDocument: { path: others, numbers: ['0'] },
    getBulkDocument: { path: whole, numbers: ['0'] },
    listBulkDocuments: { path: whole },
    getBulkJob: { path: whole },
    startBulkJob: { path: others },
    cancelBulkJob: { path: whole },
    followBulkJob: { path: [over] },
  }
}

async function ofPeople(url: string, token: string): Promise<Supplies['right']> {
  const login = { user: TARGET, password: TARGETS_PASSWORD }
  await post(`${url}/v1/users`, { ...login, roles: ['sealer'] }, token)
  const keyed = { name: 'archive', roles: ['sealer'] }
  const keys = await Promise.all(SPARES.map(() => post<{ id: string }>(`${url}/v1/api-keys`, keyed, token)))
  const sessions = await Promise.all(SPARES.map(() => post<{ refreshToken: string }>(`${url}/v1/sessions`, login)))
  const refresh = { bodies: sessions.map(({ refreshToken }) => ({ refreshToken })) }
  return {
    refreshSession: refresh,
    logOut: refresh,
    setUserRoles: { path: [TARGET], bodies: [{ roles: ['sealer'] }] },
    resetUserPassword: { path: [TARGET], bodies: [{ password: TARGETS_PASSWORD }] },
    setUserStatus: { path: [TARGET], bodies: [{ status: 'active' }, { status: 'disabled' }] },
    createApiKey: { bodies: [keyed] },
    revokeApiKey: { path: keys.map(({ id }) => id) },
  }
}

/** @throws Error with the answer when it is no good one. */
async function post<T>(url: string, body: unknown, token?: string): Promise<T> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`)
  return JSON.parse(text) as T
}

async function tokenOf(url: string, { user, password }: { readonly user: string; readonly password: string }) {
  return (await post<{ readonly token: string }>(`${url}/v1/sessions`, { user, password })).token
}
