import { type Digest, fromBase64, parseCertificate, parseCrl, revocationOf, type SealId } from '@cinnabar/core'
import { CONTRACT } from '../../test/embedded-gateway'
import { BUREAU, COURT, type HttpGateway, startHttpGateway } from '../../test/http-gateway'
import type { IssuedCertificate } from '../authority/seal-authority'
import { type Drained, renewSeals } from '../authority/seal-renewal'

const REVOCATION = { reason: 'keyCompromise', invalidityDate: '2026-11-22T03:00:00Z' }

let http: HttpGateway
beforeEach(async () => {
  http = await startHttpGateway()
  await http.enter('registrar', BUREAU, ['registrar'])
  await http.enter('sealer', BUREAU, ['sealer'])
  await http.enter('other', COURT, ['registrar'])
})
afterEach(async () => {
  expect(http.breaches).toEqual([])
  await http.close()
})

const certificateOfSeal = async () => (await http.gateway.env.ledger.seals(BUREAU))[0].seal.certificate
const revoke = (certificate: string, as?: string, json: object = REVOCATION) =>
  http.call('POST', `/v1/seal-certificates/${certificate}/revocations`, { as, json })
async function codeOf(answer: Promise<Response>) {
  const response = await answer
  return [response.status, (await response.json()).code]
}

/** The certificate's entry on the CRL that is served, if any. */
async function onCrl(certificate: Digest) {
  const issued = await http.gateway.env.store.get<IssuedCertificate>('certificates', certificate)
  if (issued === undefined) throw new TypeError('not issued here')
  const crl = await http.call('GET', `/crl/${issued.value.authority}.crl`)
  const list = parseCrl(new Uint8Array(await crl.arrayBuffer()))
  return revocationOf(list, parseCertificate(fromBase64(issued.value.certificate)))
}

describe('the revocation of a seal certificate', () => {
  it('reaches the register and the CRL, and a repeat changes neither', async () => {
    const certificate = await certificateOfSeal()
    expect(await onCrl(certificate)).toBeUndefined()
    const answer = await revoke(certificate, 'registrar')
    expect(answer.status).toBe(200)
    const given = await answer.json()
    expect(given).toMatchObject({ certificate, revocation: REVOCATION })
    const { ledger } = http.gateway.env
    expect((await ledger.certificate(BUREAU, certificate))?.revocation).toEqual(given.revocation)
    expect(await onCrl(certificate)).toMatchObject({ reason: 'keyCompromise' })
    const { size } = await ledger.head(BUREAU)
    expect(await (await revoke(certificate, 'registrar')).json()).toEqual(given)
    expect((await ledger.head(BUREAU)).size).toBe(size)
  })

  it("is the registrars' of the institution alone", async () => {
    const certificate = await certificateOfSeal()
    expect(await codeOf(revoke(certificate))).toEqual([401, 'LOGIN_REQUIRED'])
    expect(await codeOf(revoke(certificate, 'sealer'))).toEqual([403, 'ROLE_REQUIRED'])
    expect(await codeOf(revoke(certificate, 'other'))).toEqual([404, 'CERTIFICATE_UNKNOWN'])
    expect((await http.gateway.env.ledger.certificate(BUREAU, certificate))?.revocation).toBeUndefined()
    expect(await onCrl(certificate)).toBeUndefined()
  })

  it.each([
    ['no reason', { invalidityDate: REVOCATION.invalidityDate }, 'REQUEST_INVALID'],
    ['a reason that is none', { ...REVOCATION, reason: 'bored' }, 'REQUEST_INVALID'],
    ['a date that does not exist', { ...REVOCATION, invalidityDate: '2026-13-01T00:00:00Z' }, 'REQUEST_INVALID'],
    ['a date to come', { ...REVOCATION, invalidityDate: '2036-11-22T03:00:00Z' }, 'INVALIDITY_DATE_INVALID'],
    ['a member too many', { ...REVOCATION, institution: COURT }, 'REQUEST_INVALID'],
  ])('is refused with %s', async (_, json, code) => {
    const certificate = await certificateOfSeal()
    expect((await codeOf(revoke(certificate, 'registrar', json)))[1]).toBe(code)
    expect((await http.gateway.env.ledger.certificate(BUREAU, certificate))?.revocation).toBeUndefined()
  })

  it('is refused for what is no certificate of the register', async () => {
    expect(await codeOf(revoke('none', 'registrar'))).toEqual([400, 'REQUEST_INVALID'])
    const unknown = `sha256:${'0'.repeat(64)}`
    expect(await codeOf(revoke(unknown, 'registrar'))).toEqual([404, 'CERTIFICATE_UNKNOWN'])
  })
})

const OFFICIAL = 'official' as SealId
const officialNow = async () => (await http.gateway.env.ledger.seal(BUREAU, OFFICIAL))?.seal.certificate ?? ''
const replace = (replaces: string, as?: string, seal = 'official') =>
  http.call('POST', `/v1/seals/${seal}/certificates`, { as, json: { replaces } })

async function seal(): Promise<{ readonly state?: string; readonly code?: string; readonly document: string }> {
  const upload = await http.call('POST', '/v1/documents', { as: 'sealer', bytes: CONTRACT })
  const { id: document } = await upload.json()
  const path = `/v1/documents/${document}/seal-signatures?wait=anchored`
  return { ...(await (await http.call('POST', path, { as: 'sealer', json: { seal: 'official' } })).json()), document }
}
async function verdictOn(document: string) {
  const file = await http.call('GET', `/v1/documents/${document}/file`, { as: 'sealer' })
  const bytes = new Uint8Array(await file.arrayBuffer())
  const report = await http.call('POST', '/v1/verifications', { bytes, type: 'application/octet-stream' })
  const { outcome, signatures } = await report.json()
  return { outcome, useNumber: signatures[0].recorded.useNumber, checks: signatures[0].checks }
}

describe('a seal whose key was lost', () => {
  it('goes on under a new key and certificate, with its count, and what it sealed before the loss stands', async () => {
    const before = await seal()
    http.clock.set('2026-11-22T04:00:00Z')
    await http.enter('registrar', BUREAU, ['registrar'])
    await http.enter('sealer', BUREAU, ['sealer'])
    const lost = await officialNow()
    await revoke(lost, 'registrar', { reason: 'keyCompromise', invalidityDate: '2026-11-22T03:30:00Z' })
    expect((await seal()).code).toBe('CERTIFICATE_REVOKED')
    const answer = await replace(lost, 'registrar')
    expect(answer.status).toBe(200)
    const { certificate, uses } = await answer.json()
    expect([certificate === lost, uses]).toEqual([false, 1])
    const { store, ledger } = http.gateway.env
    const [old, now] = await Promise.all(
      [lost, certificate].map((one) => store.get<IssuedCertificate>('certificates', one)),
    )
    expect(now?.value.keyId).toBeDefined()
    expect(now?.value.keyId).not.toBe(old?.value.keyId)
    const after = await seal()
    expect(after.state).toBe('anchored')
    expect(await verdictOn(after.document)).toMatchObject({ outcome: 'passed', useNumber: 2 })
    expect(await verdictOn(before.document)).toMatchObject({ outcome: 'passed', useNumber: 1 })
    const { size } = await ledger.head(BUREAU)
    const entries = await ledger.entries(BUREAU, 0, size)
    expect(entries).toContainEqual(expect.objectContaining({ change: 'sealRenewed', subject: 'official' }))
  })

  it('is given one new certificate however often that is asked, and by whom is on record', async () => {
    await http.enter('admin', BUREAU, ['admin'])
    const lost = await officialNow()
    const answers = await Promise.all([replace(lost, 'registrar'), replace(lost, 'registrar')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const now = await officialNow()
    expect((await (await replace(lost, 'registrar')).json()).certificate).toBe(now)
    const { events } = await (await http.call('GET', '/v1/people-events', { as: 'admin' })).json()
    const kind = 'sealCertificateReplaced'
    expect(events.filter((one: { kind: string }) => one.kind === kind)).toMatchObject([{ kind, by: 'registrar' }])
  })

  it('never gets back a certificate that it had before, though that was not revoked', async () => {
    const first = await officialNow()
    http.clock.set('2026-11-22T04:00:00Z')
    await http.enter('registrar', BUREAU, ['registrar'])
    await replace(first, 'registrar')
    const second = await officialNow()
    http.clock.set('2026-11-22T05:00:00Z')
    await http.enter('registrar', BUREAU, ['registrar'])
    await revoke(second, 'registrar', { reason: 'keyCompromise', invalidityDate: '2026-11-22T04:30:00Z' })
    await replace(second, 'registrar')
    expect([first, second]).not.toContain(await officialNow())
  })

  it('is not renewed by itself: whether it goes on is for the registrar to say', async () => {
    const { gateway, clock, deps } = http
    const lost = await officialNow()
    await revoke(lost, 'registrar')
    clock.set('2028-11-10T00:00:00Z')
    const drained: Drained = (_, __, work) => work()
    const renewed = await renewSeals({ ...deps.env, authority: gateway.authority, keys: gateway.keys, drained })
    expect(renewed.map(({ certificate }) => certificate)).not.toContain(lost)
    expect(renewed.length).toBeGreaterThan(0)
    expect(await officialNow()).toBe(lost)
  })

  it('is for its own registrars, and for certificates that it has', async () => {
    const lost = await officialNow()
    expect(await codeOf(replace(lost))).toEqual([401, 'LOGIN_REQUIRED'])
    expect(await codeOf(replace(lost, 'sealer'))).toEqual([403, 'ROLE_REQUIRED'])
    expect(await codeOf(replace(`sha256:${'0'.repeat(64)}`, 'registrar'))).toEqual([404, 'CERTIFICATE_UNKNOWN'])
    expect(await codeOf(replace(lost, 'registrar', 'none'))).toEqual([404, 'SEAL_UNKNOWN'])
    expect((await codeOf(replace(lost, 'other')))[0]).toBe(404)
    const { ledger } = http.gateway.env
    await ledger.change(
      { institution: BUREAU, role: 'registrar' },
      { change: 'retireSeal', institution: BUREAU, seal: OFFICIAL },
    )
    expect(await codeOf(replace(lost, 'registrar'))).toEqual([409, 'SEAL_STATUS_INVALID'])
    expect(await officialNow()).toBe(lost)
  })
})
