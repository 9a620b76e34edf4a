import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { RULE_CODES } from '@cinnabar/chaincode'
import {
  buildTimestampRequest,
  parseCrl,
  parseToken,
  parseTrust,
  printedCodeOf,
  type Report,
  readEvidence,
  readTimestampResponse,
  verify,
} from '@cinnabar/core'
import { CONTRACT, type EmbeddedGateway } from '../../test/embedded-gateway'
import { BUREAU, COURT, type Given, type HttpGateway, PASSWORD, startHttpGateway } from '../../test/http-gateway'
import { Notarizer } from '../notarize/notarizer'
import { createApp, routesOf } from './app'
import type { AppDeps } from './deps'
import { kindOf, problemOf } from './problem'
import { isOpen } from './route'

let http: HttpGateway
let gateway: EmbeddedGateway
let deps: AppDeps
let server: Server
let call: HttpGateway['call']
let tokens: Map<string, string>
let faults: unknown[]
let clock: HttpGateway['clock']

beforeAll(async () => {
  http = await startHttpGateway()
  ;({ gateway, deps, server, call, tokens, faults, clock } = http)
  await http.enter('sealer', BUREAU, ['sealer'])
  await http.enter('auditor', BUREAU, ['auditor'])
  await http.enter('court', COURT, ['registrar', 'sealer'])
}, 120_000)
afterAll(() => http.close())
beforeEach(() => {
  faults.length = 0
})
afterEach(() => {
  expect(http.breaches.splice(0)).toEqual([])
})

async function codeOf(answer: Promise<Response>): Promise<readonly [number, string]> {
  const response = await answer
  expect(response.headers.get('Content-Type')).toMatch(/^application\/problem\+json/)
  const problem = await response.json()
  expect(problem.advice).toMatch(/\.$/)
  expect(JSON.stringify(problem)).not.toMatch(/\bat [^ ]+ \(|node_modules|\.ts\b/)
  return [response.status, problem.code]
}

async function uploaded(as = 'sealer', bytes: Uint8Array = CONTRACT): Promise<string> {
  const answer = await call('POST', '/v1/documents?name=%E5%90%88%E5%90%8C.pdf', { as, bytes })
  expect(answer.status).toBe(201)
  return (await answer.json()).id
}

const sealAs = (as: string, document: string, json: object, given: Given = {}) =>
  call('POST', `/v1/documents/${document}/seal-signatures?wait=anchored`, { as, json, ...given })

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('the whole path through HTTP', () => {
  it('uploads, seals, waits, downloads, and a stranger verifies with what is public', async () => {
    const document = await uploaded()
    const sealed = await sealAs('sealer', document, { seal: 'official', reason: '合同盖章' })
    const job = await sealed.json()
    expect([sealed.status, job.state]).toEqual([200, 'anchored'])
    expect(sealed.headers.get('Location')).toBe(`/v1/jobs/${job.id}`)
    const file = await call('GET', `/v1/documents/${document}/file`, { as: 'sealer' })
    expect(file.headers.get('Content-Disposition')).toContain('%E5%90%88%E5%90%8C.pdf')
    const pdf = new Uint8Array(await file.arrayBuffer())
    const evidence = new Uint8Array(await (await call('GET', job.evidence)).arrayBuffer())
    expect(readEvidence(evidence).signatures[0].id).toBe(job.sealSignature)
    const trust = parseTrust(new Uint8Array(await (await call('GET', '/v1/trust')).arrayBuffer()))
    expect(await verify({ pdf, evidence: [evidence], trust, at: clock.now() })).toMatchObject({ outcome: 'passed' })
    const report: Report = await (await call('POST', '/v1/verifications', { bytes: pdf })).json()
    expect([report.outcome, report.trust.singleOperator]).toEqual(['passed', true])
    const asOf = (at: string) => call('POST', `/v1/verifications?at=${at}`, { bytes: pdf })
    const early: Report = await (await asOf('2020-01-01T00:00:00Z')).json()
    expect(early.signatures[0].checks.find(({ check }) => check === 'timestamp')?.code).toBe('TIMESTAMP_IN_FUTURE')
    expect((await (await asOf('2099-01-01T00:00:00Z')).json()).outcome).toBe('passed')
    for (const wrong of ['2026-02-30T00:00:00Z', 'yesterday']) expect((await asOf(wrong)).status).toBe(400)
    expect(faults).toEqual([])
  })

  it('answers 202 with the job at once, and the job tells its states', async () => {
    const document = await uploaded()
    const path = `/v1/documents/${document}/seal-signatures`
    const answer = await call('POST', path, { as: 'sealer', json: { seal: 'contract', page: 1, xMm: 20, yMm: 30 } })
    const job = await answer.json()
    expect([answer.status, job.state]).toEqual([202, 'received'])
    await deps.notarizer.settled(job.id, 10_000)
    const later = await (await call('GET', `/v1/jobs/${job.id}`, { as: 'auditor' })).json()
    expect(later).toMatchObject({ state: 'anchored', xMm: 20, yMm: 30, requestedBy: 'sealer' })
    expect(await (await call('GET', `/v1/documents/${document}`, { as: 'auditor' })).json()).toMatchObject({
      name: '合同.pdf',
      revisions: [{}, { sealSignature: job.sealSignature }],
    })
  })

  it('says which methods an address takes', async () => {
    const refused = await call('GET', '/v1/verifications')
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await refused.json()).code).toBe('METHOD_UNKNOWN')
    expect((await call('DELETE', '/v1/seals')).headers.get('allow')).toBe('GET, HEAD')
    expect((await call('HEAD', '/healthz')).status).toBe(200)
  })

  it('shows strangers the seal of a QR code, and nothing of the document', async () => {
    const document = await uploaded()
    const job = await (await sealAs('sealer', document, { seal: 'official' })).json()
    const facts = await (await call('GET', `/v1/printed-codes/${printedCodeOf(job.sealSignature)}`)).json()
    expect(facts).toEqual({
      code: printedCodeOf(job.sealSignature),
      institution: { id: BUREAU, kind: 'agency', names: expect.objectContaining({ zh: '江州市行政审批局' }) },
      seal: { displayName: '江州市行政审批局公章', kind: 'official' },
      recordedAt: '2026-11-22T03:00:00Z',
      status: 'active',
      useNumber: 2,
      provenTime: expect.stringMatching(/^2026-11-22T03:/),
    })
    // Who sees the paper only cannot come to the evidence.
    const evidence = call('GET', `/v1/evidence/${printedCodeOf(job.sealSignature)}`)
    expect(await codeOf(evidence)).toEqual([404, 'SEAL_SIGNATURE_UNKNOWN'])
  })

  it('lists own seals and pages through the own log', async () => {
    const { seals } = await (await call('GET', '/v1/seals', { as: 'auditor' })).json()
    expect(seals.map(({ id }: { id: string }) => id).sort()).toEqual(['contract', 'official'])
    const page = await (await call('GET', `/v1/institutions/${BUREAU}/log?limit=2`, { as: 'auditor' })).json()
    expect(page).toMatchObject({ from: 0, next: '2', entries: [{ change: 'founded' }, { change: 'sealCaRegistered' }] })
  })

  it('answers a repeated Idempotency-Key with the same job', async () => {
    const document = await uploaded()
    const given = { headers: { 'Idempotency-Key': 'a1' } }
    const first = await (await sealAs('sealer', document, { seal: 'official' }, given)).json()
    const again = await (await sealAs('sealer', document, { seal: 'official' }, given)).json()
    expect(again.id).toBe(first.id)
    expect(await codeOf(sealAs('sealer', document, { seal: 'contract' }, given))).toEqual([
      409,
      'IDEMPOTENCY_KEY_REUSED',
    ])
  })

  it('serves the timestamp authorities and the CRLs of its CAs', async () => {
    const request = buildTimestampRequest({ imprint: new Uint8Array(32).fill(9), nonce: new Uint8Array(16).fill(5) })
    for (const path of ['/tsa', `/tsa/${COURT}`]) {
      const answer = await call('POST', path, { bytes: request, type: 'application/timestamp-query' })
      expect(answer.headers.get('Content-Type')).toBe('application/timestamp-reply')
      const token = readTimestampResponse(new Uint8Array(await answer.arrayBuffer()), request)
      expect(parseToken(token).genTime.getUTCFullYear()).toBe(2026)
    }
    const seal = (await gateway.env.ledger.seals(BUREAU))[0].seal
    const issued = await gateway.env.store.get<{ authority: string }>('certificates', seal.certificate)
    const crl = await call('GET', `/crl/${issued?.value.authority}.crl`)
    expect(crl.headers.get('Content-Type')).toBe('application/pkix-crl')
    expect(parseCrl(new Uint8Array(await crl.arrayBuffer())).revoked).toBeDefined()
  })

  it('serves the page, also where QR codes lead, with a policy that lets nothing else in', async () => {
    for (const path of ['/', '/s/0123456789abcdef0123456789abcdef']) {
      const page = await call('GET', path)
      expect(await page.text()).toContain('<title>Cinnabar')
      const policy = page.headers.get('Content-Security-Policy') ?? ''
      expect(policy).toMatch(/default-src 'none';script-src 'self'/)
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|upgrade-insecure/)
      expect(page.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('is healthy and ready', async () => {
    expect(await (await call('GET', '/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await call('GET', '/readyz')).json()).toMatchObject({ status: 'ok', chain: 'ok', waiting: [] })
  })
})

describe('bad input', () => {
  it('refuses files that cannot be sealed', async () => {
    const refused = async (bytes: Uint8Array) => codeOf(call('POST', '/v1/documents', { as: 'sealer', bytes }))
    const truncated = CONTRACT.subarray(0, CONTRACT.length - 200)
    const encrypted = Buffer.from(CONTRACT)
      .toString('latin1')
      .replace(/\/Root/g, '/Encrypt 1 0 R /Root')
    expect(await refused(new TextEncoder().encode('hello'))).toEqual([422, 'PDF_NOT_PDF'])
    expect(await refused(new Uint8Array(0))).toEqual([422, 'PDF_EMPTY'])
    expect(await refused(truncated)).toEqual([422, 'PDF_DAMAGED'])
    expect(await refused(Buffer.from(encrypted, 'latin1'))).toEqual([422, 'PDF_ENCRYPTED'])
    expect(await refused(new Uint8Array((1 << 20) + 1))).toEqual([413, 'BODY_TOO_LARGE'])
    expect(await codeOf(call('POST', '/v1/documents', { as: 'sealer', json: {} }))).toEqual([
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ])
    expect(await codeOf(call('POST', '/v1/documents?name=..%2Fx', { as: 'sealer', bytes: CONTRACT }))).toEqual([
      400,
      'REQUEST_INVALID',
    ])
  })

  it('refuses wrong places and seals, and the document stays as it was', async () => {
    const document = await uploaded()
    const refused = (json: object) => codeOf(sealAs('sealer', document, json))
    expect(await refused({ seal: 'official', page: 99 })).toEqual([422, 'PAGE_NOT_FOUND'])
    expect(await refused({ seal: 'official', xMm: 500, yMm: 10 })).toEqual([422, 'SEAL_OFF_PAGE'])
    expect(await refused({ seal: 'unknown' })).toEqual([404, 'SEAL_UNKNOWN'])
    expect(await refused({ seal: `${COURT}/official` })).toEqual([403, 'SEAL_NOT_YOURS'])
    expect(await refused({ seal: 'official', colour: 'blue' })).toEqual([400, 'REQUEST_INVALID'])
    expect(await refused({})).toEqual([400, 'REQUEST_INVALID'])
    const after = await (await call('GET', `/v1/documents/${document}`, { as: 'sealer' })).json()
    expect([after.revisions.length, after.job]).toEqual([1, undefined])
  })

  it('refuses a suspended seal, an expired certificate and a second request at once', async () => {
    const document = await uploaded('court')
    const outcomes = await Promise.all([1, 2].map(() => sealAs('court', document, { seal: 'official' })))
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 409])
    const registrar = { institution: COURT, role: 'registrar' } as const
    const seal = { institution: COURT, seal: 'contract' as never }
    await gateway.env.ledger.change(registrar, { change: 'suspendSeal', ...seal })
    expect(await codeOf(sealAs('court', document, { seal: 'contract' }))).toEqual([409, 'SEAL_SUSPENDED'])
    clock.set('2029-11-22T03:00:00Z')
    const again = await call('POST', '/v1/sessions', { json: { user: 'court', password: PASSWORD } })
    tokens.set('late', (await again.json()).token)
    const late = await codeOf(sealAs('late', document, { seal: 'official' }))
    clock.set('2026-11-22T03:00:00Z')
    expect(late).toEqual([409, 'CERTIFICATE_EXPIRED'])
  })

  it("shows a job's reason, but not the text of a fault of ours", async () => {
    const place = { page: 1, xMm: 1, yMm: 1, scale: 1 }
    const asked = { institution: BUREAU, document: 'd', seal: 'official', requestedBy: 'sealer', ...place }
    const job = { ...asked, sealSignature: '0'.repeat(32), state: 'failed', times: {} }
    const { store } = gateway.env
    await store.insert('jobs', 'ours', { ...job, code: 'STORE_UNAVAILABLE', detail: '/srv/data/ab: no space left' })
    await store.insert('jobs', 'unknown', { ...job, code: 'LEDGER_DAMAGED', detail: '/srv/ledger.db' })
    await store.insert('jobs', 'theirs', { ...job, state: 'refused', code: 'SEAL_RETIRED', detail: 'it is retired' })
    const [ours, unknown, theirs] = await Promise.all(
      ['ours', 'unknown', 'theirs'].map(async (id) => (await call('GET', `/v1/jobs/${id}`, { as: 'sealer' })).json()),
    )
    expect([ours.code, ours.advice, ours.detail]).toEqual(['STORE_UNAVAILABLE', expect.any(String), undefined])
    expect([unknown.code, unknown.detail]).toEqual(['LEDGER_DAMAGED', undefined])
    expect(theirs.detail).toBe('it is retired')
  })

  it('bounds what strangers can make it hold on its disk, and takes files of users all the while', async () => {
    const { port } = server.address() as AddressInfo
    const head = `POST /v1/verifications HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\nContent-Length: ${1 << 20}\r\n\r\n`
    const answers: Promise<string>[] = []
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connect(port, '127.0.0.1').setEncoding('latin1')
      answers.push(new Promise((resolve) => socket.once('data', resolve).once('close', () => resolve('held'))))
      socket.on('error', () => socket.destroy())
      socket.write(head)
      socket.write(Buffer.alloc((1 << 20) - 1))
      return socket
    })
    expect(await Promise.race(answers)).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 5/)
    await uploaded()
    for (const socket of sockets) socket.destroy()
    const ended = await Promise.all(answers)
    expect(ended).toContain('held')
    await until(async () => (await call('POST', '/v1/verifications', { bytes: CONTRACT })).status === 200)
  })

  it('says that no token is to be had, and seals nothing', async () => {
    const own = gateway.env.timestampAuthorities.filter(({ institution }) => institution === BUREAU)
    const notarizer = await Notarizer.start({ ...gateway.env, timestampAuthorities: own })
    const other = createApp({ ...deps, notarizer }).listen(0)
    const document = await uploaded()
    const path = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1/documents/${document}`
    const answer = fetch(`${path}/seal-signatures?wait=anchored`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokens.get('sealer')}` },
      body: '{"seal":"official"}',
    })
    expect(await codeOf(answer)).toEqual([503, 'TIMESTAMP_AUTHORITY_MISSING'])
    other.closeAllConnections()
    await new Promise((resolve) => other.close(resolve))
    await notarizer.close()
  })

  it('refuses what is not JSON, is no id, or is nowhere', async () => {
    expect(await codeOf(call('POST', '/v1/sessions', { bytes: Buffer.from('{'), type: 'application/json' }))).toEqual([
      400,
      'REQUEST_INVALID',
    ])
    expect(await codeOf(call('GET', '/v1/evidence/xyz'))).toEqual([400, 'REQUEST_INVALID'])
    expect(await codeOf(call('GET', `/v1/evidence/${'0'.repeat(32)}`))).toEqual([404, 'SEAL_SIGNATURE_UNKNOWN'])
    expect(await codeOf(call('GET', '/v1/nothing'))).toEqual([404, 'ROUTE_UNKNOWN'])
    expect(await codeOf(call('GET', '/crl/none.crl'))).toEqual([404, 'AUTHORITY_UNKNOWN'])
    expect(await codeOf(call('GET', '/..%2f..%2fetc/passwd'))).toEqual([404, 'ROUTE_UNKNOWN'])
    expect(
      await codeOf(call('POST', '/tsa/Nobody', { bytes: new Uint8Array(1), type: 'application/timestamp-query' })),
    ).toEqual([404, 'AUTHORITY_UNKNOWN'])
  })

  it('reports on a file of any type, and proves nothing of one that is no PDF and has no deposit', async () => {
    for (const type of ['application/pdf', 'text/plain', 'application/json']) {
      const answer = await call('POST', '/v1/verifications', { bytes: new TextEncoder().encode('hello'), type })
      expect(await answer.json()).toMatchObject({ outcome: 'indeterminate', code: 'DEPOSIT_EVIDENCE_MISSING' })
    }
  })
})

describe('who may call', () => {
  it('lets nobody past a guarded route without log-in, and tells how to log in', async () => {
    for (const { method, path } of routesOf(deps).filter((route) => !isOpen(route))) {
      for (const as of [undefined, 'not.a.token']) {
        const answer = call(method.toUpperCase(), path, as === undefined ? {} : { as })
        expect([path, await codeOf(answer)]).toEqual([
          path,
          [401, as === undefined ? 'LOGIN_REQUIRED' : 'SESSION_INVALID'],
        ])
      }
    }
  })

  it('lets only sealers upload and seal', async () => {
    const document = await uploaded()
    expect(await codeOf(call('POST', '/v1/documents', { as: 'auditor', bytes: CONTRACT }))).toEqual([
      403,
      'ROLE_REQUIRED',
    ])
    expect(await codeOf(sealAs('auditor', document, { seal: 'official' }))).toEqual([403, 'ROLE_REQUIRED'])
  })

  it("hides an institution's documents, jobs and log from others", async () => {
    const document = await uploaded()
    const job = await (await sealAs('sealer', document, { seal: 'official' })).json()
    const paths = [`/v1/documents/${document}`, `/v1/documents/${document}/file`, `/v1/jobs/${job.id}`]
    for (const path of paths) expect((await codeOf(call('GET', path, { as: 'court' })))[0]).toBe(404)
    expect(await codeOf(sealAs('court', document, { seal: 'official' }))).toEqual([404, 'DOCUMENT_UNKNOWN'])
    expect(await codeOf(call('GET', `/v1/institutions/${BUREAU}/log`, { as: 'court' }))).toEqual([
      403,
      'INSTITUTION_NOT_YOURS',
    ])
  })

  it('ends a session, and stops guessing', async () => {
    const wrong = () => call('POST', '/v1/sessions', { json: { user: 'guessed', password: 'wrong' } })
    for (let i = 0; i < 10; i++) expect(await codeOf(wrong())).toEqual([401, 'LOGIN_FAILED'])
    expect(await codeOf(wrong())).toEqual([429, 'LOGIN_LIMITED'])
    clock.set('2026-11-22T04:00:00Z')
    const expired = await codeOf(call('GET', '/v1/seals', { as: 'sealer' }))
    clock.set('2026-11-22T03:00:00Z')
    expect(expired).toEqual([401, 'SESSION_EXPIRED'])
  })
})

describe('problems', () => {
  it('know every code of the rules', () => {
    for (const code of RULE_CODES) expect([code, kindOf(code)?.status]).toEqual([code, expect.any(Number)])
  })

  it('keep the text of faults in the house', () => {
    const problem = problemOf(new Error('/var/lib/cinnabar/kek cannot be read'), 'id')
    expect([problem.status, problem.code]).toEqual([500, 'INTERNAL'])
    expect(JSON.stringify(problem)).not.toContain('/var/lib')
    expect(kindOf('toString')).toBeUndefined()
  })
})
