import { readFile } from 'node:fs/promises'
import { type Report, readPdf, respondTo, signatureFields, TrustFormat } from '@cinnabar/core'
import { sealCertificate } from '../../../core/src/testing/pki'
import { crlOf, day } from '../../../core/src/testing/preserved'
import { contractPdf, sealPdf } from '../../../core/src/testing/sealed-sample'
import { newWorld, type World } from '../../../core/src/testing/sealed-world'
import { type GatewayDouble, gatewayDouble, type Reply, type Seen } from '../../test/gateway-double'
import { newPlace, type Place, runCli } from '../../test/run-cli'

let world: World
let place: Place
let double: GatewayDouble
beforeAll(async () => {
  world = await newWorld()
})
beforeEach(async () => {
  const crl = await crlOf(world.bureau.pki.sealCa, day('2026-11-23'))
  const holder = await sealCertificate(world.bureau.pki, { crlUrl: 'https://elsewhere.example/x/crl/Bureau-seal.crl' })
  place = await newPlace()
  await place.put('sealed.pdf', (await sealPdf(world, contractPdf(), world.bureau, { holder })).pdf)
  await place.put('trust.json', TrustFormat.encode(world.trust))
  double = await gatewayDouble({ 'POST /tsa': stamp, 'GET /crl/Bureau-seal.crl': { status: 200, body: crl } })
})
afterEach(async () => {
  await double.close()
  await place.remove()
})

async function stamp({ body }: Seen): Promise<Reply> {
  const { key, certificate } = world.court.pki.tsa
  const at = new Date('2026-11-24T00:00:00Z')
  const authority = { signer: key.signer, certificate, chain: [], policy: '2.25.1', at, serial: Uint8Array.of(7) }
  return { status: 200, type: 'application/timestamp-reply', body: await respondTo(new Uint8Array(body), authority) }
}

const preserve = (...more: readonly string[]) => {
  const files = ['sealed.pdf', '-o', 'lasting.pdf', '--trust', 'trust.json']
  return runCli(place, ['preserve', ...files, '--gateway', double.url, ...more])
}

describe('cinnabar preserve', () => {
  it('makes a file that is validated when its certificates are long expired', async () => {
    expect((await preserve()).exit).toBe(0)
    const verify = ['verify', 'lasting.pdf', '--trust', 'trust.json', '--at', '2039-06-01T00:00:00Z', '--json']
    const { signatures } = JSON.parse((await runCli(place, verify)).out) as Report
    expect(signatures).toMatchObject([{ level: 'B-LTA', ades: { indication: 'TOTAL-PASSED', process: 'long-term' } }])
  })

  it('leaves the sealed bytes as they are and asks nobody but the gateway', async () => {
    await preserve()
    const [before, after] = await Promise.all(['sealed.pdf', 'lasting.pdf'].map((name) => readFile(place.path(name))))
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    expect(signatureFields(readPdf(new Uint8Array(after)))).toHaveLength(2)
    expect(double.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /crl/Bureau-seal.crl',
      'POST /tsa',
    ])
  })

  it('asks where the certificates say only when it is told to', async () => {
    const crl = await crlOf(world.bureau.pki.sealCa, day('2026-11-23'))
    const elsewhere = await gatewayDouble({ 'GET /bureau.der': { status: 200, body: crl } })
    const holder = await sealCertificate(world.bureau.pki, { crlUrl: `${elsewhere.url}/bureau.der` })
    await place.put('sealed.pdf', (await sealPdf(world, contractPdf(), world.bureau, { holder })).pdf)
    const level = async () => {
      const verify = ['verify', 'lasting.pdf', '--trust', 'trust.json', '--json']
      return (JSON.parse((await runCli(place, verify)).out) as Report).signatures[0].level
    }
    await preserve()
    expect([elsewhere.seen.length, await level()]).toEqual([0, 'B-T'])
    const { exit } = await preserve('--force', '--fetch-revocation', '--allow-private-addresses')
    await elsewhere.close()
    expect([exit, elsewhere.seen.map(({ path }) => path), await level()]).toEqual([0, ['/bureau.der'], 'B-LTA'])
  })

  it('writes nothing without a seal, without the CRL, or over a file that is there', async () => {
    await place.put('plain.pdf', contractPdf())
    const plain = await runCli(place, ['preserve', 'plain.pdf', '-o', 'lasting.pdf', '--gateway', double.url])
    expect([plain.exit, plain.err]).toEqual([1, expect.stringContaining('[NO_SEAL]')])
    await double.close()
    double = await gatewayDouble({ 'POST /tsa': stamp })
    expect((await preserve()).err).toContain('[ROUTE_UNKNOWN]')
    await place.put('lasting.pdf', new Uint8Array(1))
    expect((await preserve()).err).toContain('[OUTPUT_EXISTS]')
  })
})
