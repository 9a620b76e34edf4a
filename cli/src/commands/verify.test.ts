import { readdir, readFile } from 'node:fs/promises'
import {
  addSecurityStore,
  buildCrl,
  keyIdentifier,
  parseCertificate,
  type Report,
  readPdf,
  TrustFormat,
} from '@cinnabar/core'
import { newHolder } from '../../../core/src/testing/pki'
import { oneSeal, type Sample, twoSeals } from '../../../core/src/testing/sealed-evidence'
import { contractPdf, sealPdf } from '../../../core/src/testing/sealed-sample'
import { newWorld, type World } from '../../../core/src/testing/sealed-world'
import { type GatewayDouble, gatewayDouble, json, type Reply } from '../../test/gateway-double'
import { newPlace, type Place, runCli } from '../../test/run-cli'

let world: World
let sample: Sample
let id: string
let place: Place
const doubles: GatewayDouble[] = []

beforeAll(async () => {
  world = await newWorld()
  sample = await oneSeal(world)
  id = sample.sealed[0].opening.id
})
beforeEach(async () => {
  place = await newPlace()
  await place.put('sealed.pdf', sample.pdf)
  await place.put('evidence.zip', sample.evidence[0])
  await place.put('trust.json', TrustFormat.encode(world.trust))
})
afterEach(async () => {
  await place.remove()
  for (const double of doubles.splice(0)) await double.close()
})

async function gatewayWith(script: Parameters<typeof gatewayDouble>[0]): Promise<GatewayDouble> {
  const double = await gatewayDouble(script)
  doubles.push(double)
  return double
}

/** A root in PEM, and a file signed and stamped right below it, with the CRLs of both in it. */
async function foreign(): Promise<readonly [Uint8Array, Uint8Array]> {
  const day = (text: string) => new Date(`${text}T00:00:00Z`)
  const validity = { notBefore: day('2020-01-01'), notAfter: day('2040-01-01') }
  const root = await newHolder({ profile: 'ca', commonName: 'Another root', ...validity })
  const holder = await newHolder({ profile: 'seal', commonName: 'Another', issuer: root, ...validity })
  const tsa = await newHolder({ profile: 'tsa', commonName: 'Another TSA', issuer: root, ...validity })
  const { pdf } = await sealPdf(world, contractPdf(), world.bureau, { use: null, holder, tsa })
  const issuerKeyId = keyIdentifier(root.key.spki)
  const dates = { thisUpdate: day('2026-11-23'), nextUpdate: day('2030-01-01') }
  const { subject } = parseCertificate(root.certificate)
  const crl = await buildCrl({ issuer: subject, ...dates, number: 1, revoked: [], issuerKeyId }, root.key.signer)
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(root.certificate).toString('base64')}\n-----END CERTIFICATE-----\n`
  return [new Uint8Array(Buffer.from(pem)), addSecurityStore(readPdf(pdf), { certificates: [], crls: [crl] })]
}

const zip = (bytes: Uint8Array): Reply => ({ status: 200, type: 'application/zip', body: bytes })
const TRUST = ['--trust', 'trust.json']
const EVIDENCE = ['--evidence', 'evidence.zip']

describe('cinnabar verify', () => {
  it('passes a sealed file, and says single operator and demonstration beside the verdict', async () => {
    const { exit, out, err } = await runCli(place, ['verify', 'sealed.pdf', ...TRUST, ...EVIDENCE])
    expect(exit).toBe(0)
    expect(out).toMatch(/^✓ sealed\.pdf: PASSED/)
    expect(out.match(/^ {2}✓ /gm)).toHaveLength(6)
    expect(out).toContain('Single operator: one party alone (Test node)')
    expect(out).toContain('Demonstration: ')
    expect(out).toContain('2026-11-22 03:04:05 UTC (2026-11-22 11:04:05 local, UTC+08:00)')
    expect(err).toContain(`(--trust), fingerprint ${TrustFormat.digest(world.trust)}`)
  })

  it('prints exactly the report as JSON, and nothing else on standard output', async () => {
    const { exit, out } = await runCli(place, ['verify', 'sealed.pdf', ...TRUST, ...EVIDENCE, '--json'])
    const report = JSON.parse(out) as Report
    expect(exit).toBe(0)
    expect(report.signatures[0].checks.map(({ outcome }) => outcome)).toEqual(Array(6).fill('passed'))
    expect(report.trust).toMatchObject({ singleOperator: true, demonstration: true, ledger: 'embedded' })
  })

  it('speaks Chinese by --lang and by LANG', async () => {
    const byOption = await runCli(place, ['verify', 'sealed.pdf', '--lang', 'zh', ...TRUST, ...EVIDENCE])
    const env = { LANG: 'zh_CN.UTF-8' }
    const byLocale = await runCli(place, ['verify', 'sealed.pdf', ...TRUST, ...EVIDENCE], { env })
    expect(byOption.out).toContain('核验通过')
    expect(byLocale.out).toBe(byOption.out)
  })

  it('tells a signature of others, by a root that it was given, from a seal', async () => {
    const [root, pdf] = await foreign()
    await place.put('root.pem', root)
    await place.put('foreign.pdf', pdf)
    const anchors = ['--signer-anchor', 'root.pem', '--tsa-anchor', 'root.pem']
    const { exit, out } = await runCli(place, ['verify', 'foreign.pdf', ...anchors])
    expect(exit).toBe(2)
    expect(out).toMatch(/^\? foreign\.pdf: NO SEAL; its signatures hold by the certificates that you trust/)
    expect(out).toContain('under a certificate that you trust')
    expect(out).toContain('policy 2.25.1')
    expect(out).not.toContain('issued to this institution')
    const unknown = await runCli(place, ['verify', 'foreign.pdf', '--at', '2026-11-24T00:00:00Z'])
    expect([unknown.exit, unknown.out.includes('NOT PROVEN')]).toEqual([2, true])
  })

  it('fails a file with one byte changed', async () => {
    const changed = sample.pdf.slice()
    changed[200] ^= 1
    await place.put('changed.pdf', changed)
    const { exit, out } = await runCli(place, ['verify', 'changed.pdf', ...TRUST, ...EVIDENCE])
    expect(exit).toBe(1)
    expect(out).toMatch(/^✗ changed\.pdf: FAILED/)
  })

  it('judges two seals by one evidence option each', async () => {
    const two = await twoSeals(world)
    const [first, second] = two.receipts.map(({ opening }) => opening.id)
    const gateway = await gatewayWith({
      [`GET /v1/evidence/${first}`]: zip(two.evidence[0]),
      [`GET /v1/evidence/${second}`]: zip(two.evidence[0]),
    })
    await place.put('two.pdf', two.pdf)
    await place.put('two.zip', two.evidence[0])
    const repeated = ['--evidence', 'evidence.zip', '--evidence', 'two.zip']
    expect((await runCli(place, ['verify', 'two.pdf', ...TRUST, ...repeated])).exit).toBe(0)
    expect((await runCli(place, ['verify', 'two.pdf', ...TRUST, '--gateway', gateway.url])).exit).toBe(0)
  })

  it('calls a PDF without seals not proven', async () => {
    await place.put('plain.pdf', contractPdf())
    const { exit, out } = await runCli(place, ['verify', 'plain.pdf', ...TRUST])
    expect(exit).toBe(2)
    expect(out).toContain('NO SEAL')
  })

  it('never passes without a trust file, and says so', async () => {
    const { exit, out, err } = await runCli(place, ['verify', 'sealed.pdf', ...EVIDENCE])
    expect(exit).toBe(2)
    expect(err).toContain('trust: none, so nothing can pass')
    expect(out).toContain('[TRUST_MISSING]')
  })

  it('never passes with another consortium’s trust file', async () => {
    const other = await newWorld()
    await place.put('other.json', TrustFormat.encode(other.trust))
    expect((await runCli(place, ['verify', 'sealed.pdf', '--trust', 'other.json', ...EVIDENCE])).exit).toBe(2)
  })

  it('does not pass when the register is older than --min-head demands', async () => {
    const args = ['verify', 'sealed.pdf', ...TRUST, ...EVIDENCE, '--json', '--min-head']
    expect((await runCli(place, [...args, '9'])).exit).toBe(0)
    const { exit, out } = await runCli(place, [...args, '10'])
    expect(exit).toBe(2)
    expect((JSON.parse(out) as Report).code).toBe('HEAD_TOO_OLD')
  })

  it('says of evidence that is none that it is none', async () => {
    await place.put('broken.zip', 'PK')
    const { exit, out } = await runCli(place, ['verify', 'sealed.pdf', ...TRUST, '--evidence', 'broken.zip'])
    expect(exit).toBe(2)
    expect(out).toContain('[EVIDENCE_INVALID]')
  })
})

describe('evidence from a gateway', () => {
  it('asks for the ids in the file and sends nothing else', async () => {
    const gateway = await gatewayWith({ [`GET /v1/evidence/${id}`]: zip(sample.evidence[0]) })
    const env = { CINNABAR_URL: gateway.url, CINNABAR_TOKEN: 'token-that-must-stay-here' }
    const { exit, err } = await runCli(place, ['verify', 'sealed.pdf', ...TRUST], { env })
    expect(exit).toBe(0)
    expect(gateway.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /v1/evidence/${id}`])
    expect(gateway.seen[0].headers.authorization).toBeUndefined()
    expect(err).toContain('the ids inside the file are sent, nothing else')
  })

  it('asks nobody when evidence is given', async () => {
    const gateway = await gatewayWith({})
    const args = ['verify', 'sealed.pdf', ...TRUST, ...EVIDENCE, '--gateway', gateway.url]
    expect((await runCli(place, args, { env: { CINNABAR_URL: gateway.url } })).exit).toBe(0)
    expect(gateway.seen).toEqual([])
  })

  it('takes a 404 for no evidence', async () => {
    const gateway = await gatewayWith({})
    const { exit, out } = await runCli(place, ['verify', 'sealed.pdf', ...TRUST, '--gateway', gateway.url])
    expect(exit).toBe(2)
    expect(out).toContain('[EVIDENCE_MISSING]')
  })

  it('goes on without evidence when the gateway does not answer, and says so', async () => {
    const gateway = await gatewayWith({})
    await gateway.close()
    const { exit, out, err } = await runCli(place, ['verify', 'sealed.pdf', ...TRUST, '--gateway', gateway.url])
    expect(exit).toBe(2)
    expect(out).toContain('[EVIDENCE_MISSING]')
    expect(err).toContain('[GATEWAY_UNREACHABLE]')
  })

  it('follows no redirect', async () => {
    const elsewhere = await gatewayWith({ [`GET /v1/evidence/${id}`]: zip(sample.evidence[0]) })
    const location = `${elsewhere.url}/v1/evidence/${id}`
    const gateway = await gatewayWith({ [`GET /v1/evidence/${id}`]: { status: 302, headers: { location } } })
    expect((await runCli(place, ['verify', 'sealed.pdf', ...TRUST, '--gateway', gateway.url])).exit).toBe(2)
    expect(elsewhere.seen).toEqual([])
  })

  it('cannot be talked into judging by the trust that a gateway serves', async () => {
    const served: Reply = json(200, world.trust)
    const gateway = await gatewayWith({ [`GET /v1/evidence/${id}`]: zip(sample.evidence[0]), 'GET /v1/trust': served })
    expect((await runCli(place, ['verify', 'sealed.pdf', '--gateway', gateway.url])).exit).toBe(2)
    expect(gateway.seen).toHaveLength(1)
  })
})

describe('the trust file', () => {
  const verified = (env: Readonly<Record<string, string>> = {}, ...more: readonly string[]) =>
    runCli(place, ['verify', 'sealed.pdf', ...EVIDENCE, ...more], { env })

  it('is CINNABAR_TRUST’s when none is named', async () => {
    const { exit, err } = await verified({ CINNABAR_TRUST: 'trust.json' })
    expect(exit).toBe(0)
    expect(err).toContain('(CINNABAR_TRUST)')
  })

  it('is the data folder’s, named or ./.data', async () => {
    await place.put('.data/trust.json', TrustFormat.encode(world.trust))
    expect((await verified()).exit).toBe(0)
    await place.put('elsewhere/trust.json', TrustFormat.encode({ ...world.trust, demonstration: false }))
    expect((await verified({ CINNABAR_DATA: 'elsewhere' })).exit).toBe(0)
  })

  it('is not taken from ./.data unless a demonstration’s: the folder may have come with the document', async () => {
    await place.put('.data/trust.json', TrustFormat.encode({ ...world.trust, demonstration: false }))
    const { exit, err } = await verified()
    expect(exit).toBe(2)
    expect(err).toContain('is passed over')
  })

  it('is the pinned one after those, under XDG_CONFIG_HOME if that is set', async () => {
    const config = await place.put('config/cinnabar/trust.json', TrustFormat.encode(world.trust))
    const { exit, err } = await verified({ XDG_CONFIG_HOME: place.path('config') })
    expect(exit).toBe(0)
    expect(err).toContain(`${config} (pinned)`)
  })

  it('warns when the data folder’s is another than the pinned one', async () => {
    await place.put('.data/trust.json', TrustFormat.encode(world.trust))
    await place.put('config/cinnabar/trust.json', TrustFormat.encode({ ...world.trust, version: 2 }))
    expect((await verified({ XDG_CONFIG_HOME: place.path('config') })).err).toContain('warning: ')
  })

  it('is refused when it is named and not there, or none', async () => {
    await place.put('none.json', '{}')
    const [absent, none] = [await verified({}, '--trust', 'absent.json'), await verified({}, '--trust', 'none.json')]
    expect([absent.exit, none.exit]).toEqual([66, 66])
    expect(absent.err).toContain('[FILE_NOT_FOUND]')
    expect(none.err).toContain('[TRUST_INVALID]')
  })

  it('is refused when a certificate in it is none', async () => {
    const organisations = world.trust.organisations.map((one) => ({ ...one, sealCas: ['AAAA'] }))
    await place.put('bad.json', TrustFormat.encode({ ...world.trust, organisations }))
    const { exit, err } = await verified({}, '--trust', 'bad.json')
    expect(exit).toBe(66)
    expect(err).toContain('[TRUST_INVALID]')
  })
})

describe('files that cannot be read', () => {
  it.each([
    ['absent.pdf', 'FILE_NOT_FOUND'],
    ['.', 'FILE_IS_FOLDER'],
  ])('refuses %s with %s', async (path, code) => {
    const { exit, out, err } = await runCli(place, ['verify', path, ...TRUST, ...EVIDENCE])
    expect(exit).toBe(66)
    expect(out).toBe('')
    expect(err).toContain(`[${code}]`)
  })

  it('refuses evidence that is not there', async () => {
    expect((await runCli(place, ['verify', 'sealed.pdf', ...TRUST, '--evidence', 'absent.zip'])).exit).toBe(66)
  })
})

describe('cinnabar evidence', () => {
  it('writes what then passes without a network', async () => {
    const gateway = await gatewayWith({ [`GET /v1/evidence/${id}`]: zip(sample.evidence[0]) })
    const env = { CINNABAR_URL: gateway.url }
    expect((await runCli(place, ['evidence', 'sealed.pdf', '-o', 'E.zip'], { env })).exit).toBe(0)
    expect((await runCli(place, ['verify', 'sealed.pdf', ...TRUST, '--evidence', 'E.zip'])).exit).toBe(0)
  })

  it('merges the evidence of several seals, and says of which there is none', async () => {
    const two = await twoSeals(world)
    const [first, second] = two.receipts.map(({ opening }) => opening.id)
    await place.put('two.pdf', two.pdf)
    const one = await gatewayWith({ [`GET /v1/evidence/${first}`]: zip(two.evidence[0]) })
    const { exit, err } = await runCli(place, ['evidence', 'two.pdf', '-o', 'E.zip', '--gateway', one.url])
    expect(exit).toBe(2)
    expect(err).toContain(second)
    expect(await readdir(place.folder)).toContain('E.zip')
  })

  it('writes nothing when there is no seal, no evidence, or no proper answer', async () => {
    await place.put('plain.pdf', contractPdf())
    const route = `GET /v1/evidence/${id}`
    const gateway = await gatewayWith({ [route]: [json(404, {}), zip(Buffer.from('PK')), { status: 500 }] })
    const fetched = (file: string) => runCli(place, ['evidence', file, '-o', 'E.zip', '--gateway', gateway.url])
    const all = [
      await fetched('plain.pdf'),
      await fetched('sealed.pdf'),
      await fetched('sealed.pdf'),
      await fetched('sealed.pdf'),
    ]
    expect(all.map(({ exit }) => exit)).toEqual([1, 1, 76, 69])
    const codes = ['NO_SEAL', 'EVIDENCE_NOT_FOUND', 'GATEWAY_ANSWER_INVALID', 'HTTP_500']
    expect(all.map(({ err }) => /\[([A-Z_0-9]+)\]/.exec(err)?.[1])).toEqual(codes)
    expect(await readdir(place.folder)).not.toContain('E.zip')
  })

  it('does not write over a file, and says before asking anybody', async () => {
    const gateway = await gatewayWith({ [`GET /v1/evidence/${id}`]: zip(sample.evidence[0]) })
    const args = ['evidence', 'sealed.pdf', '-o', 'trust.json', '--gateway', gateway.url]
    expect((await runCli(place, args)).exit).toBe(73)
    expect(gateway.seen).toEqual([])
    expect((await runCli(place, [...args, '--force'])).exit).toBe(0)
    expect((await readFile(place.path('trust.json'))).subarray(0, 2).toString()).toBe('PK')
  })
})
