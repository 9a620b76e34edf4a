import { readFile } from 'node:fs/promises'
import { mergeEvidence, type Report, readEvidence, respondTo, TrustFormat, utf8, writeEvidence } from '@cinnabar/core'
import { oneSeal, type Sample, twoSeals } from '../../core/src/testing/sealed-evidence'
import { newWorld, type World } from '../../core/src/testing/sealed-world'
import { type GatewayDouble, gatewayDouble, problem, type Reply, type Script, type Seen } from '../test/gateway-double'
import { newPlace, type Place, runCli } from '../test/run-cli'

/** Of a role that this version does not know. */
const UNKNOWN = { path: 'future/part.bin', role: 'ofTomorrow' as never, bytes: utf8('kept') }

let world: World
let one: Sample
let two: Sample
let place: Place
let gateway: GatewayDouble | undefined

beforeAll(async () => {
  world = await newWorld()
  one = await oneSeal(world)
  two = await twoSeals(world)
})
beforeEach(async () => {
  place = await newPlace()
  await place.put('trust.json', TrustFormat.encode(world.trust))
})
afterEach(async () => {
  await gateway?.close()
  gateway = undefined
  await place.remove()
})

async function stamped(request: Uint8Array): Promise<Reply> {
  const { key, certificate } = world.court.pki.tsa
  const at = new Date('2026-11-22T03:10:00Z')
  const authority = { signer: key.signer, certificate, chain: [], policy: '2.25.1', at, serial: Uint8Array.of(7) }
  return { status: 200, type: 'application/timestamp-reply', body: await respondTo(request, authority) }
}

/** The evidence as a gateway gives it, with a part that is newer than this version. */
function withUnknown(zip: Uint8Array): Uint8Array {
  const { claims: _, assertion: __, ...contents } = readEvidence(zip)
  return writeEvidence({ ...contents, others: [...contents.others, UNKNOWN] })
}

/** Runs `cinnabar evidence` on a sample against a gateway that has its evidence. */
async function fetched({ pdf, sealed, evidence }: Sample, changes: Script = {}, more: readonly string[] = []) {
  const zips = sealed.map(({ opening }, i): readonly [string, Reply] => {
    const body = withUnknown(evidence[Math.min(i, evidence.length - 1)])
    return [`GET /v1/evidence/${opening.id}`, { status: 200, type: 'application/zip', body }]
  })
  const tsa = ({ body }: Seen) => stamped(new Uint8Array(body))
  gateway = await gatewayDouble({ ...Object.fromEntries(zips), 'POST /tsa': tsa, ...changes })
  await place.put('sealed.pdf', pdf)
  return runCli(place, ['evidence', 'sealed.pdf', '-o', 'out.asice', '--gateway', gateway.url, ...more])
}

const written = async () => new Uint8Array(await readFile(place.path('out.asice')))
const verified = async (...args: readonly string[]) =>
  JSON.parse((await runCli(place, ['verify', ...args, '--trust', 'trust.json', '--json'])).out) as Report

describe('a container closed by the command line', () => {
  it('holds the evidence of every seal and the file, and a time assertion for which only a digest was sent', async () => {
    expect((await fetched(two, {}, ['--with-document'])).exit).toBe(0)
    const { outcome, evidence = [] } = await verified('out.asice')
    expect([outcome, evidence[0].assertion?.outcome, evidence[0].document]).toEqual(['passed', 'passed', 'this'])
    const asked = gateway?.seen.find(({ path }) => path === '/tsa')
    expect(asked?.body.length).toBeLessThan(120)
    expect(asked?.headers.authorization).toBeUndefined()
  })

  it('keeps parts that this version does not know, reports them, and relies on none', async () => {
    await fetched(two, {}, ['--with-document'])
    expect(readEvidence(await written()).others).toContainEqual(UNKNOWN)
    const { evidence = [] } = await verified('out.asice')
    expect(evidence[0].unknown).toEqual([{ path: UNKNOWN.path, role: UNKNOWN.role }])
    expect(evidence[0].claims.flatMap(({ proof }) => proof)).not.toContain(UNKNOWN.path)
  })

  it.each([
    ['does not answer', problem(503, 'TSA_UNAVAILABLE', 'not now'), 'TSA_UNAVAILABLE'],
    [
      'answers what is no token',
      { status: 200, type: 'application/timestamp-reply', body: 'x' },
      'GATEWAY_ANSWER_INVALID',
    ],
  ] as const)('is written without the assertion when the authority %s, and says so', async (_, reply, code) => {
    const { exit, err } = await fetched(two, { 'POST /tsa': reply }, ['--with-document'])
    expect([exit, err]).toEqual([0, expect.stringContaining(`[${code}]`)])
    expect(readEvidence(await written()).assertion).toBeUndefined()
    expect((await verified('out.asice')).outcome).toBe('passed')
  })

  it('takes no token over something else', async () => {
    const other = async ({ body }: Seen) => {
      const request = Buffer.from(body)
      // RFC 3161 2.4.1: the imprint's 32 bytes stand before the nonce; one bit of it.
      const at = request.indexOf(Buffer.from([0x04, 0x20])) + 2
      request[at] ^= 1
      return stamped(new Uint8Array(request))
    }
    const { err } = await fetched(two, { 'POST /tsa': other }, ['--with-document'])
    expect(err).toContain('[GATEWAY_ANSWER_INVALID]')
    expect(readEvidence(await written()).assertion).toBeUndefined()
  })

  it('is not made of evidence that cannot be read or is of another seal: nothing is written', async () => {
    const path = `GET /v1/evidence/${one.sealed[0].opening.id}`
    const another = mergeEvidence(two.evidence.map((zip) => readEvidence(zip)))
    for (const body of ['PK', writeEvidence({ ...another, signatures: [] })]) {
      const { exit, err } = await fetched(one, { [path]: { status: 200, type: 'application/zip', body } })
      expect([exit === 0, err]).toEqual([false, expect.stringContaining('[GATEWAY_ANSWER_INVALID]')])
      await expect(written()).rejects.toThrow()
      await gateway?.close()
    }
  })

  it('is not written over a file that is there', async () => {
    await place.put('out.asice', 'mine')
    expect((await fetched(one)).err).toContain('[OUTPUT_EXISTS]')
    expect(gateway?.seen).toEqual([])
  })
})
