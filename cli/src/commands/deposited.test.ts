import { digestOf, TrustFormat, timeOf, utf8, writeEvidence } from '@cinnabar/core'
import { depositOf } from '../../../core/src/testing/deposited-evidence'
import { SEALED_AT } from '../../../core/src/testing/sealed-sample'
import { newWorld, type World } from '../../../core/src/testing/sealed-world'
import { type GatewayDouble, gatewayDouble, json } from '../../test/gateway-double'
import { newPlace, type Place, runCli } from '../../test/run-cli'

const FILE = utf8('a tender, as it was handed in')
const TRUST = ['--trust', 'trust.json']
let world: World
let place: Place
let gateway: GatewayDouble
let evidence: Uint8Array
let id: string

beforeAll(async () => {
  world = await newWorld()
  const deposit = await depositOf(world, FILE)
  id = deposit.id
  evidence = writeEvidence({ created: timeOf(SEALED_AT), signatures: [], deposits: [deposit] })
  gateway = await gatewayDouble({
    'GET /v1/deposits': (seen) => {
      const mine = seen.path.endsWith(encodeURIComponent(digestOf(FILE)))
      return json(200, { deposits: mine ? [{ id, state: 'anchored' }] : [] })
    },
    [`GET /v1/evidence/${id}`]: { status: 200, type: 'application/zip', body: evidence },
  })
})
afterAll(() => gateway.close())
beforeEach(async () => {
  place = await newPlace()
  await place.put('tender.docx', FILE)
  await place.put('evidence.zip', evidence)
  await place.put('trust.json', TrustFormat.encode(world.trust))
})
afterEach(() => place.remove())

const loggedIn = () => ({ env: { CINNABAR_URL: gateway.url, CINNABAR_TOKEN: 'token-of-the-test' } })

describe('a deposited file', () => {
  it('is judged by its three facts, offline, in both languages', async () => {
    const args = ['verify', 'tender.docx', ...TRUST, '--evidence', 'evidence.zip']
    const { exit, out } = await runCli(place, args)
    expect(exit).toBe(0)
    expect(out).toMatch(/^✓ tender\.docx: DEPOSITED/)
    expect(out.match(/^ {2}✓ /gm)).toHaveLength(3)
    expect(out).toContain('Jiangzhou Bureau (JiangzhouBureau)')
    expect((await runCli(place, ['--lang', 'zh', ...args])).out).toMatch(/^✓ tender\.docx：存证属实/)
  })

  it('fails when it was changed, and tells why', async () => {
    await place.put('tender.docx', utf8('another tender'))
    const { exit, out } = await runCli(place, ['verify', 'tender.docx', ...TRUST, '--evidence', 'evidence.zip'])
    expect([exit, out.includes('[DEPOSIT_MISMATCH]')]).toEqual([1, true])
  })

  it('is found again by its digest, by who is logged in', async () => {
    const saved = await runCli(place, ['evidence', 'tender.docx', '-o', 'e.zip'], loggedIn())
    expect(saved.exit).toBe(0)
    expect((await runCli(place, ['verify', 'tender.docx', ...TRUST, '--evidence', 'e.zip'])).exit).toBe(0)
    expect((await runCli(place, ['verify', 'tender.docx', ...TRUST], loggedIn())).exit).toBe(0)
  })

  it('goes into its own container where asked, which is verified alone', async () => {
    const args = ['evidence', 'tender.docx', '--with-document', '-o', 'whole.asice']
    expect((await runCli(place, args, loggedIn())).exit).toBe(0)
    const { exit, out } = await runCli(place, ['verify', 'whole.asice', ...TRUST, '--json'])
    expect([exit, JSON.parse(out).file.sha256]).toEqual([0, digestOf(FILE)])
  })

  it('tells a gateway nothing of its digest without a log-in', async () => {
    const before = gateway.seen.length
    const { exit } = await runCli(place, ['verify', 'tender.docx', ...TRUST, '--gateway', gateway.url])
    expect([exit, gateway.seen.length]).toEqual([2, before])
    const env = { env: { CINNABAR_URL: gateway.url } }
    const evidenceOf = await runCli(place, ['evidence', 'tender.docx', '-o', 'e.zip'], env)
    expect([evidenceOf.exit, evidenceOf.err.includes('[NO_SEAL]')]).toEqual([1, true])
  })

  it('that was never deposited has no evidence', async () => {
    await place.put('other.txt', 'other')
    const { exit, err } = await runCli(place, ['evidence', 'other.txt', '-o', 'e.zip'], loggedIn())
    expect([exit, err.includes('[NO_SEAL]')]).toEqual([1, true])
  })
})
