import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { derWrite, keyIdentifier, type Report } from '@cinnabar/core'
import { digestOf } from '../../core/src/model/digest'
import { ocspAnswer } from '../../core/src/testing/ocsp'
import { type Holder, newHolder } from '../../core/src/testing/pki'
import { contractPdf, sealPdf } from '../../core/src/testing/sealed-sample'
import { newWorld, type World } from '../../core/src/testing/sealed-world'
import { extension } from '../../core/src/x509/build'
import { buildCrl } from '../../core/src/x509/build-crl'
import { certificateWith, pem, type TestCertificate } from '../../core/test/pki'
import { newPlace, type Place, runCli } from '../test/run-cli'

const { boolean, context, ia5String, namedBits, oid, retag, sequence } = derWrite
const HOUR = 3_600_000
/** The responders' clock is the machine's. */
const now = () => new Date(Math.floor(Date.now() / 1000) * 1000)
const from = new Date(now().getTime() - 1000 * HOUR)
const until = new Date(now().getTime() + 10_000 * HOUR)

let world: World
let place: Place
const servers: Server[] = []
const children: ChildProcess[] = []
beforeAll(async () => {
  world = await newWorld()
})
beforeEach(async () => {
  place = await newPlace()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  await place.remove()
})

async function serves(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const uri = (url: string) => retag(0x86, ia5String(url))
const aia = (url: string) =>
  extension('1.3.6.1.5.5.7.1.1', 'non-critical', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri(url))))
const crlPoint = (url: string) =>
  extension('2.5.29.31', 'non-critical', sequence(sequence(context(0, context(0, uri(url))))))
const usage = (...bits: readonly number[]) => extension('2.5.29.15', 'critical', namedBits(bits))

function asHolder({ key, der }: TestCertificate): Holder {
  const pkcs8 = new Uint8Array(key.privateKey.export({ type: 'pkcs8', format: 'der' }))
  return { key: { signer: key, spki: key.spki, pkcs8 }, certificate: der, digest: digestOf(der) }
}

interface Signed {
  readonly root: TestCertificate
  readonly signer: TestCertificate
}

/** A file that a stranger signed, whose certificate names these addresses, and the root above it. */
async function signed(places: readonly Uint8Array[], name = 'foreign.pdf'): Promise<Signed> {
  const dates = { notBefore: from, notAfter: until }
  const ca = [extension('2.5.29.19', 'critical', sequence(boolean(true))), usage(5, 6)]
  const root = await certificateWith('Fetch root', ca, dates)
  const signer = await certificateWith('Fetch signer', [usage(0, 1), ...places], { issuer: root, ...dates })
  const tsa = await newHolder({ profile: 'tsa', commonName: 'TSA', ...dates })
  const at = new Date(now().getTime() - HOUR)
  const changes = { use: null, holder: asHolder(signer), tsa, at }
  await place.put(name, (await sealPdf(world, contractPdf(), world.bureau, changes)).pdf)
  await place.put('root.pem', pem('CERTIFICATE', root.der))
  await place.put('tsa.pem', pem('CERTIFICATE', tsa.certificate))
  return { root, signer }
}

const ANCHORS = ['--signer-anchor', 'root.pem', '--tsa-anchor', 'tsa.pem']
const FETCH = ['--fetch-revocation', '--allow-private-addresses']

async function verified(...more: readonly string[]) {
  const args = ['verify', 'foreign.pdf', ...ANCHORS, ...more, '--json']
  const { out, err, exit } = await runCli(place, args, { at: now().toISOString() })
  const report = JSON.parse(out) as Report
  const certificate = report.signatures[0].checks.find(({ check }) => check === 'certificate')
  return { said: `${certificate?.outcome} ${certificate?.code}`, ades: report.signatures[0].ades, err, exit }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

/** `openssl ocsp` as the responder of a CA: its index, what it signs with, on a port of its own. */
async function openssl({ root, signer }: Signed, port: number, revoked?: 'revoked'): Promise<void> {
  const utc = (at: Date) => `${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`
  const status = revoked
    ? ['R', utc(until), `${utc(new Date(now().getTime() - 2 * HOUR))},keyCompromise`]
    : ['V', utc(until), '']
  await place.put(
    'index.txt',
    `${[...status, hex(signer.certificate.serial), 'unknown', '/CN=Fetch signer'].join('\t')}\n`,
  )
  await place.put('ca.pem', pem('CERTIFICATE', root.der))
  await place.put('ca.key', root.key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const files = ['-index', 'index.txt', '-CA', 'ca.pem', '-rsigner', 'ca.pem', '-rkey', 'ca.key']
  const args = ['ocsp', ...files, '-port', String(port), '-ndays', '1']
  const child = spawn('openssl', args, { cwd: place.folder, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  // Who only tried the port would be waited for by openssl, which serves one after another.
  await new Promise<void>((ready) => {
    const look = (said: Buffer) => said.includes('waiting for OCSP') && ready()
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
  })
}

async function freePort(): Promise<number> {
  const url = await serves(() => undefined)
  const server = servers.pop()
  await new Promise((done) => server?.close(done))
  return Number(new URL(url).port)
}

const crl = ({ root }: Signed, revoked: readonly Uint8Array[] = [], by = root) =>
  buildCrl(
    {
      issuer: root.certificate.subject,
      thisUpdate: new Date(now().getTime() - HOUR),
      nextUpdate: new Date(now().getTime() + HOUR),
      number: 1,
      revoked: revoked.map((serial) => ({ serial, at: new Date(now().getTime() - 2 * HOUR) })),
      issuerKeyId: keyIdentifier(by.key.spki),
    },
    by.key,
  )

it('has openssl to be tested against', () => {
  expect(spawnSync('openssl', ['version']).status).toBe(0)
})

describe('cinnabar verify --fetch-revocation, of openssl ocsp', () => {
  const against = async (revoked?: 'revoked') => {
    const port = await freePort()
    await openssl(await signed([aia(`http://127.0.0.1:${port}/`)]), port, revoked)
  }

  it('asks nobody unless it is told to', async () => {
    await against()
    const { said, err } = await verified()
    expect(said).toBe('indeterminate REVOCATION_UNKNOWN')
    expect(err).not.toContain('asking http')
  })

  it('passes the certificate that is good, and keeps the answer for doing it again offline', async () => {
    await against()
    const { said, ades, err, exit } = await verified(...FETCH, '--keep', 'kept')
    expect(err).toMatch(/asking http:\/\/127\.0\.0\.1:\d+\//)
    expect([said, ades.indication, exit]).toEqual(['passed OK', 'TOTAL-PASSED', 2])
    expect((await readdir(place.path('kept'))).map((name) => name.replace(/^[0-9a-f]{64}/, ''))).toEqual(['.ocsp'])
    for (const child of children.splice(0)) child.kill()
    expect((await verified('--material', 'kept')).said).toBe('passed OK')
  })

  it('does not pass the one that was revoked', async () => {
    await against('revoked')
    const { said, ades } = await verified(...FETCH)
    expect([said, ades.subIndication]).toEqual(['indeterminate REVOKED', 'REVOKED_NO_POE'])
  })

  it('does not ask within its own network without being told so', async () => {
    await against()
    const { said, err } = await verified('--fetch-revocation')
    expect(said).toBe('indeterminate REVOCATION_UNKNOWN')
    expect(err).toContain('[ADDRESS_REFUSED]')
  })
})

describe('cinnabar verify --fetch-revocation, of other servers', () => {
  const give =
    (body: () => Promise<Uint8Array> | Uint8Array): RequestListener =>
    async (_, response) => {
      response.end(Buffer.from(await body()))
    }
  let given: () => Promise<Uint8Array> | Uint8Array
  const served = () => serves((request, response) => give(() => given())(request, response))

  it('takes a CRL where there is no OCSP', async () => {
    const scene = await signed([crlPoint(`${await served()}/ca.crl`)])
    given = () => crl(scene)
    expect((await verified(...FETCH)).said).toBe('passed OK')
    given = () => crl(scene, [scene.signer.certificate.serial])
    expect((await verified(...FETCH)).said).toBe('indeterminate REVOKED')
  })

  it('takes a CRL where OCSP gives no word', async () => {
    const refusing = await serves((_, response) => response.writeHead(500).end())
    const scene = await signed([aia(refusing), crlPoint(`${await served()}/ca.crl`)])
    given = () => crl(scene)
    const { said, err } = await verified(...FETCH)
    expect(said).toBe('passed OK')
    expect(err).toContain('[STATUS]')
  })

  it('believes no CRL of another key, and none that is none', async () => {
    const scene = await signed([crlPoint(`${await served()}/ca.crl`)])
    const other = await certificateWith('Fetch root', [
      extension('2.5.29.19', 'critical', sequence(boolean(true))),
      usage(5, 6),
    ])
    given = () => crl(scene, [], other)
    expect((await verified(...FETCH)).said).toBe('indeterminate REVOCATION_UNKNOWN')
    given = () => new Uint8Array(Buffer.from('<html>'))
    const { said, err } = await verified(...FETCH)
    expect(said).toBe('indeterminate REVOCATION_UNKNOWN')
    expect(err).toContain('[UNREADABLE]')
  })

  it('believes no answer that is expired, by a stranger, or for another question', async () => {
    const scene = await signed([aia(await served())])
    const responder = { certificate: scene.root.certificate, signer: scene.root.key }
    const about = { certificate: scene.signer.certificate, issuer: scene.root.certificate }
    const at = (hours: number) => new Date(now().getTime() + hours * HOUR)
    given = () => ocspAnswer({ ...about, responder, producedAt: at(-48), nextUpdate: at(-24) })
    expect((await verified(...FETCH)).said).toBe('indeterminate REVOCATION_UNKNOWN')
    const stranger = await certificateWith('Fetch root', [usage(0)])
    const theirs = { certificate: stranger.certificate, signer: stranger.key }
    given = () => ocspAnswer({ ...about, responder: theirs, producedAt: at(0), nextUpdate: at(1) })
    expect((await verified(...FETCH)).said).toBe('indeterminate REVOCATION_UNKNOWN')
    given = () => ocspAnswer({ ...about, responder, producedAt: at(0), nextUpdate: at(1), nonce: new Uint8Array(32) })
    const { said, err } = await verified(...FETCH)
    expect(said).toBe('indeterminate REVOCATION_UNKNOWN')
    expect(err).toContain('[NONCE_DIFFERS]')
    given = () => ocspAnswer({ ...about, responder, producedAt: at(0), nextUpdate: at(1) })
    expect((await verified(...FETCH)).said).toBe('passed OK')
  })

  it('leaves an answer that is too large', async () => {
    await signed([aia(await served())])
    given = () => new Uint8Array(65_537)
    const { said, err } = await verified(...FETCH)
    expect(said).toBe('indeterminate REVOCATION_UNKNOWN')
    expect(err).toContain('[TOO_LARGE]')
  })

  it('goes nowhere for a certificate that leads to nothing trusted', async () => {
    const scene = await signed([crlPoint(`${await served()}/ca.crl`)])
    given = () => crl(scene)
    const stranger = await newHolder({ profile: 'ca', commonName: 'Other', notBefore: from, notAfter: until })
    await place.put('root.pem', pem('CERTIFICATE', stranger.certificate))
    const { said, err } = await verified(...FETCH)
    expect(said).toBe('indeterminate PATH_NOT_FOUND')
    expect(err).not.toContain('asking http')
  })

  it('keeps byte for byte what it was given', async () => {
    const scene = await signed([crlPoint(`${await served()}/ca.crl`)])
    const bytes = await crl(scene)
    given = () => bytes
    await verified(...FETCH, '--keep', 'kept')
    const [name] = await readdir(place.path('kept'))
    expect(new Uint8Array(await readFile(place.path(`kept/${name}`)))).toEqual(bytes)
  })
})
