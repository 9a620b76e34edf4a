import { type Report, type Time, timeOf, toBase64, writeEvidence } from '@cinnabar/core'
import { newKey } from '../../../core/src/testing/keys'
import { sealCertificate } from '../../../core/src/testing/pki'
import { crlOf } from '../../../core/src/testing/preserved'
import { oneSeal, type Sample } from '../../../core/src/testing/sealed-evidence'
import { newWorld, type World } from '../../../core/src/testing/sealed-world'
import { listOf } from '../../../core/src/testing/trust-lists'
import { type HttpGateway, startHttpGateway } from '../../test/http-gateway'

const POLICY = '2.16.344.8.2.2008.810.2.2012.1.0'

let http: HttpGateway
let abroad: World
let sample: Sample
beforeAll(async () => {
  const [world, operator] = await Promise.all([newWorld(), newKey()])
  abroad = world
  const holder = await sealCertificate(abroad.company.pki, { policies: [POLICY] })
  sample = await oneSeal(abroad, { party: abroad.company, seal: { holder } })
  const policies = [{ institution: abroad.company.id, oids: [POLICY] }]
  const consortium = { policies, withdrawnAt: '2026-11-22T12:00:00Z' as Time }
  const list = listOf(operator, abroad, { consortium, expires: '2027-01-01T00:00:00Z' as Time })
  http = await startHttpGateway({ lists: [list], maxPdfBytes: 1 << 20 })
  http.clock.set('2026-12-01T00:00:00Z')
}, 60_000)
afterAll(() => http.close())
afterEach(() => {
  expect(http.breaches.splice(0)).toEqual([])
  expect(http.faults.splice(0)).toEqual([])
})

const validate = (members: object) => http.call('POST', '/v1/validations', { json: members })
const report = async (members: object): Promise<Report> => (await validate(members)).json()
const file = () => ({ file: toBase64(sample.pdf), evidence: sample.evidence.map(toBase64) })

describe('a seal of another consortium, through HTTP', () => {
  it('is recognised under a list that the operator configured, and the report says which, and judges it by the standard', async () => {
    const found = await report(file())
    expect(found).toMatchObject({ outcome: 'passed', code: 'OK' })
    expect(found.signatures[0]).toMatchObject({
      recognisedBy: { region: 'HK', policy: POLICY, list: { sequence: 1, name: { en: 'Hong Kong list' } } },
      ades: { indication: 'INDETERMINATE', subIndication: 'TRY_LATER' },
    })
    expect(found.trust.sources).toHaveLength(2)
  })

  it('is recognised in a container that holds its document', async () => {
    const { receipts, pdf } = sample
    const signatures = [{ id: receipts[0].opening.id, receipts, certificates: [], crls: [] }]
    const bytes = writeEvidence({ created: timeOf(sample.at), signatures, document: pdf })
    const ask = (path: string) => http.call('POST', path, { bytes, type: 'application/vnd.etsi.asic-e+zip' })
    expect(await (await ask('/v1/evidence-verifications')).json()).toMatchObject({ outcome: 'passed' })
    expect(await (await ask('/v1/verifications')).json()).toMatchObject({ outcome: 'passed' })
  })

  it('is judged as of the time that is asked for: by a list that has expired by then, it is not recognised', async () => {
    const late = await report({ ...file(), at: '2027-01-01T00:00:00Z' })
    expect(late.outcome).toBe('indeterminate')
    expect(late.signatures[0].judgements?.[1].code).toBe('TRUST_LIST_EXPIRED')
    const query = await http.call('POST', '/v1/verifications?at=2027-01-01T00:00:00Z', { bytes: sample.pdf })
    expect((await query.json()).outcome).toBe('indeterminate')
    const wrong = await http.call('POST', '/v1/verifications?at=yesterday', { bytes: sample.pdf })
    expect([wrong.status, (await wrong.json()).code]).toEqual([400, 'REQUEST_INVALID'])
  })
})

describe('validation files, through HTTP', () => {
  it('judge a signature of nobody that this gateway trusts by what who asks brings, and no fact by it', async () => {
    const { bureau } = await newWorld()
    const { pdf } = await oneSeal({ ...abroad, bureau })
    const word = async (members: object) => (await report({ file: toBase64(pdf), ...members })).signatures[0]
    const anchors = {
      signerAnchors: [toBase64(bureau.pki.sealCa.certificate)],
      timestampAnchors: [toBase64(abroad.court.pki.tsa.certificate)],
    }
    const crl = await crlOf(bureau.pki.sealCa, new Date('2026-11-30T00:00:00Z'))
    expect((await word({})).ades).toMatchObject({ subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' })
    expect((await word(anchors)).ades).toMatchObject({ subIndication: 'TRY_LATER' })
    const judged = await word({ ...anchors, material: ['AAAA', toBase64(crl)] })
    expect(judged).toMatchObject({ outcome: 'indeterminate', ades: { indication: 'TOTAL-PASSED' } })
  })

  it('are refused where an anchor is no certificate, and where they are not base64', async () => {
    const anchor = await validate({ ...file(), timestampAnchors: ['AAAA'] })
    expect([anchor.status, (await anchor.json()).code]).toEqual([400, 'REQUEST_INVALID'])
    const text = await validate({ file: 'not base64!' })
    expect([text.status, (await text.json()).code]).toEqual([400, 'REQUEST_INVALID'])
    const spelling = await validate({ file: 'AB==' })
    expect([spelling.status, (await spelling.json()).code]).toEqual([400, 'BASE64_INVALID'])
  })
})
