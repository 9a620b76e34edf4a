import { type Digest, fromBase64, parseCertificate, parseCrl, revocationOf } from '@cinnabar/core'
import { BUREAU, COURT, type HttpGateway, startHttpGateway } from '../../test/http-gateway'
import type { IssuedCertificate } from '../authority/seal-authority'

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
