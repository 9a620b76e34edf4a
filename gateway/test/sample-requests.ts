import {
  ASIC_MIME_TYPE,
  buildTimestampRequest,
  digestOf,
  printedCodeOf,
  type SealId,
  type SealSignatureId,
} from '@cinnabar/core'
import { CONTRACT } from './embedded-gateway'
import { BUREAU, COURT, type Given, type HttpGateway, PASSWORD } from './http-gateway'

/** A request that succeeds when a user of the bureau with the right role makes it. */
export interface Sample {
  readonly method: string
  readonly path: string
  readonly given: Given
  /** What it must send instead where the same is good only once. */
  readonly fresh?: () => Promise<Given>
}

/**
 * One good request for each operation, about things of the bureau, which `sealer` made before; there must be a user `sealer`.
 * A new route needs its line here: tests that call every route ask for it.
 */
export async function sampleRequests(http: HttpGateway): Promise<ReadonlyMap<string, Sample>> {
  const upload: Sample = { method: 'POST', path: '/v1/documents', given: { bytes: CONTRACT } }
  const made = async () => (await (await http.call('POST', upload.path, { as: 'sealer', ...upload.given })).json()).id
  const sealing = (id: string) => `/v1/documents/${id}/seal-signatures?wait=anchored`
  const [sealed, unsealed] = [await made(), await made()]
  const json = { seal: 'official', reason: '合同盖章' }
  const job = await (await http.call('POST', sealing(sealed), { as: 'sealer', json })).json()
  const deposits = [{ digest: digestOf(CONTRACT), name: '合同.pdf' }]
  const depositing = post('/v1/deposits?wait=anchored', { json: { deposits } })
  const deposited = await (await http.call('POST', depositing.path, { as: 'sealer', ...depositing.given })).json()
  const file = await http.call('GET', `/v1/documents/${sealed}/file`, { as: 'sealer' })
  const pdf = new Uint8Array(await file.arrayBuffer())
  const held = await http.call('GET', `${job.evidence}?document=included`, {})
  const container = new Uint8Array(await held.arrayBuffer())
  const query = buildTimestampRequest({ imprint: new Uint8Array(32).fill(9), nonce: new Uint8Array(16).fill(5) })
  const timestamp = { bytes: query, type: 'application/timestamp-query' }
  return new Map<string, Sample>([
    ['logIn', post('/v1/sessions', { json: { user: 'sealer', password: PASSWORD } })],
    ['listSeals', get('/v1/seals')],
    ['getSealBook', get('/v1/seals/official/book')],
    ['getSealBookCsv', get('/v1/seals/official/book.csv')],
    ['getSealBookPdf', get('/v1/seals/official/book.pdf')],
    ['revokeSealCertificate', await revocation(http)],
    ['replaceSealCertificate', await replacement(http)],
    ['uploadDocument', upload],
    ['listDocuments', get('/v1/documents?limit=2')],
    ['getDocument', get(`/v1/documents/${sealed}`)],
    ['getDocumentFile', get(`/v1/documents/${sealed}/file`)],
    ['sealDocument', post(sealing(unsealed), { json })],
    ['listJobs', get('/v1/jobs?limit=2')],
    ['getJob', get(`/v1/jobs/${job.id}`)],
    ...(await bulkRequests(http)),
    ['depositFiles', depositing],
    ['findDeposits', get(`/v1/deposits?digest=${digestOf(CONTRACT)}`)],
    ['getDeposit', get(`/v1/deposits/${deposited.deposits[0].id}`)],
    ['listDepositJobs', get('/v1/deposit-jobs?limit=2')],
    ['getDepositJob', get(`/v1/deposit-jobs/${deposited.id}`)],
    ['listJobDeposits', get(`/v1/deposit-jobs/${deposited.id}/deposits?limit=2`)],
    ['getEvidence', get(job.evidence)],
    ['getPrintedCode', get(`/v1/printed-codes/${printedCodeOf(job.sealSignature as SealSignatureId)}`)],
    ['listLogHeads', get(`/v1/institutions/${BUREAU}/log/heads?limit=2`)],
    ['attestLogHead', get(`/v1/institutions/${BUREAU}/log/attested-head`)],
    ['listLog', get(`/v1/institutions/${BUREAU}/log`)],
    ['getTrust', get('/v1/trust')],
    ['verify', post('/v1/verifications', { bytes: pdf })],
    ['validate', post('/v1/validations', { json: { file: Buffer.from(pdf).toString('base64') } })],
    ['verifyEvidence', post('/v1/evidence-verifications', { bytes: container, type: ASIC_MIME_TYPE })],
    [
      'makeCourtReport',
      post('/v1/court-reports?seal=official&wait=anchored', { bytes: pdf, type: 'application/octet-stream' }),
    ],
    ['timestamp', post('/tsa', timestamp)],
    ['timestampBy', post(`/tsa/${COURT}`, timestamp)],
    ['getCrl', get(await crlPath(http))],
    ['health', get('/healthz')],
    ['readiness', get('/readyz')],
    ['getMetrics', get('/metrics')],
    ['getOpenApi', get('/openapi.json')],
    ...(await webhookRequests(http)),
    ...(await peopleRequests(http)),
  ])
}

const get = (path: string): Sample => ({ method: 'GET', path, given: {} })
const post = (path: string, given: Given): Sample => ({ method: 'POST', path, given })

/** Of the official seal; asked for again it changes nothing. */
async function replacement(http: HttpGateway): Promise<Sample> {
  const { certificate: replaces } = (await http.gateway.env.ledger.seal(BUREAU, 'official' as SealId))?.seal ?? {}
  return post('/v1/seals/official/certificates', { json: { replaces } })
}

/** One bulk job that takes documents, and one that has ended: what it is asked for again changes nothing. */
async function bulkRequests(http: HttpGateway): Promise<readonly (readonly [string, Sample])[]> {
  const create = post('/v1/bulk-jobs', { json: { seal: 'official', count: 1 } })
  const made = async () => {
    const job = await (await http.call('POST', create.path, { as: 'sealer', ...create.given })).json()
    await http.call('PUT', `/v1/bulk-jobs/${job.id}/documents/0`, { as: 'sealer', bytes: CONTRACT })
    return `/v1/bulk-jobs/${job.id}`
  }
  const [open, ended] = [await made(), await made()]
  await http.call('POST', `${ended}/start`, { as: 'sealer' })
  await (await http.call('GET', `${ended}/events`, { as: 'sealer' })).text()
  return [
    ['createBulkJob', create],
    ['listBulkJobs', get('/v1/bulk-jobs?limit=2')],
    ['getBulkJob', get(ended)],
    ['uploadBulkDocument', { method: 'PUT', path: `${open}/documents/0`, given: { bytes: CONTRACT } }],
    ['listBulkDocuments', get(`${open}/documents?limit=2`)],
    ['getBulkDocument', get(`${open}/documents/0`)],
    ['startBulkJob', post(`${ended}/start`, {})],
    ['cancelBulkJob', post(`${ended}/cancel`, {})],
    ['followBulkJob', get(`${ended}/events`)],
  ]
}

/** Of the seal that no other request uses. */
async function revocation({ gateway: { env } }: HttpGateway): Promise<Sample> {
  const found = await env.ledger.seal(BUREAU, 'contract' as SealId)
  const json = { reason: 'superseded', invalidityDate: '2026-11-22T03:00:00Z' }
  return post(`/v1/seal-certificates/${found?.seal.certificate}/revocations`, { json })
}

async function crlPath({ gateway: { env } }: HttpGateway): Promise<string> {
  const [{ seal }] = await env.ledger.seals(BUREAU)
  const issued = await env.store.get<{ authority: string }>('certificates', seal.certificate)
  return `/crl/${issued?.value.authority}.crl`
}

/** To an address where nobody listens. */
async function webhookRequests({ deps: { webhooks } }: HttpGateway): Promise<readonly (readonly [string, Sample])[]> {
  const admin = { user: 'setup', institution: BUREAU }
  const json = { url: 'http://127.0.0.1:9/hook', events: ['signIn.alarm'], description: '告警' } as const
  const { id } = await webhooks.add(admin, json)
  const delivery = await webhooks.test(admin, id)
  const at = `/v1/webhooks/${id}`
  let removed = id
  return [
    ['listWebhooks', get('/v1/webhooks')],
    ['createWebhook', post('/v1/webhooks', { json })],
    ['getWebhook', get(at)],
    ['setWebhook', { method: 'PUT', path: at, given: { json: { ...json, status: 'on' } } }],
    ['rotateWebhookSecret', post(`${at}/secret`, {})],
    ['testWebhook', post(`${at}/test`, {})],
    ['listWebhookDeliveries', get(`${at}/deliveries?limit=2`)],
    ['getWebhookDelivery', get(`${at}/deliveries/${delivery.id}`)],
    ['redeliverWebhook', post(`${at}/deliveries/${delivery.id}/redeliveries`, {})],
    [
      'removeWebhook',
      {
        method: 'DELETE',
        get path() {
          return `/v1/webhooks/${removed}`
        },
        given: {},
        fresh: async () => {
          const isGone = removed === id || webhooks.list(BUREAU).every((one) => one.id !== removed)
          if (isGone) removed = (await webhooks.add(admin, json)).id
          return {}
        },
      },
    ],
  ]
}

/** Own things last: whoever changes the password is logged out. */
async function peopleRequests(http: HttpGateway): Promise<readonly (readonly [string, Sample])[]> {
  const { store } = http.gateway.env
  const admin = { user: 'setup', institution: BUREAU, roles: ['admin'] } as const
  const wu = { user: 'wu', roles: ['sealer'], password: PASSWORD } as const
  if ((await store.get('users', wu.user)) === undefined) await http.deps.people.users.add(admin, wu)
  const { id } = await http.deps.people.keys.create(admin, { name: 'archive', roles: ['sealer'], days: 1 })
  const refreshToken = async () => (await http.deps.people.logIn({ ...wu, address: undefined })).refreshToken
  const refresh = { json: { refreshToken: 'used' } }
  const freshly = async () => ({ json: { refreshToken: await refreshToken() } })
  const put = (path: string, json: object): Sample => ({ method: 'PUT', path, given: { json } })
  const get = (path: string): Sample => ({ method: 'GET', path, given: {} })
  const post = (path: string, given: Given, fresh?: Sample['fresh']): Sample => ({
    ...{ method: 'POST', path, given },
    ...(fresh === undefined ? {} : { fresh }),
  })
  let users = 0
  const newUser = async () => ({ json: { ...wu, user: `new${users++}` } })
  return [
    ['refreshSession', post('/v1/sessions/refresh', refresh, freshly)],
    ['logOut', post('/v1/sessions/end', refresh)],
    ['listUsers', get('/v1/users')],
    ['addUser', post('/v1/users', { json: { ...wu, user: 'new' } }, newUser)],
    ['setUserRoles', put('/v1/users/wu/roles', { roles: ['sealer'] })],
    ['resetUserPassword', put('/v1/users/wu/password', { password: PASSWORD })],
    ['setUserStatus', put('/v1/users/wu/status', { status: 'active' })],
    ['listApiKeys', get('/v1/api-keys')],
    ['createApiKey', post('/v1/api-keys', { json: { name: 'archive', roles: ['sealer'] } })],
    ['revokeApiKey', { method: 'DELETE', path: `/v1/api-keys/${id}`, given: {} }],
    ['listPeopleEvents', get('/v1/people-events')],
    ['getMe', get('/v1/me')],
    ['changePassword', put('/v1/me/password', { password: PASSWORD, newPassword: PASSWORD })],
  ]
}
