import { createPublicKey, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildCertificate, distinguishedName, ecdsaSignatureFromRaw, keyIdentifier, toBase64 } from '@cinnabar/core'
import { testKey } from '@cinnabar/fixtures'
import { type Listener, listenOn } from './listener'

const LOCAL = { host: '127.0.0.1', port: 0, tls: undefined, requestTimeoutMs: 5000 }
let listener: Listener | undefined
afterEach(async () => {
  await listener?.close(0)
  listener = undefined
})

describe('a port', () => {
  it('answers 503 until somebody takes the requests', async () => {
    listener = await listenOn(LOCAL)
    expect((await fetch(listener.url)).status).toBe(503)
    listener.attach((_, response) => response.end('here'))
    expect(await (await fetch(listener.url)).text()).toBe('here')
  })
  it('lets a request under way finish when it closes', async () => {
    listener = await listenOn(LOCAL)
    let closed: Promise<void> | undefined
    listener.attach((_, response) => {
      closed = listener?.close(5000)
      setTimeout(() => response.end('finished'), 50)
    })
    expect(await (await fetch(listener.url)).text()).toBe('finished')
    await closed
    await expect(fetch(listener.url)).rejects.toThrow()
  })
  it('cuts off a request that never finishes', async () => {
    listener = await listenOn(LOCAL)
    listener.attach(() => undefined)
    const answer = fetch(listener.url)
    const refused = expect(answer).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await listener.close(50)
    await refused
  })
  it('is refused when another program has it, or when it cannot be had', async () => {
    listener = await listenOn(LOCAL)
    const port = Number(new URL(listener.url).port)
    await expect(listenOn({ ...LOCAL, port })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    await expect(listenOn({ ...LOCAL, host: '192.0.2.1' })).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
  })
})

describe('a port with TLS', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cinnabar-tls-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is refused without usable files', async () => {
    const tls = { certificateFile: join(folder, 'cert'), keyFile: join(folder, 'key') }
    await expect(listenOn({ ...LOCAL, tls })).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
    await Promise.all([writeFile(tls.certificateFile, 'x'), writeFile(tls.keyFile, 'x')])
    await expect(listenOn({ ...LOCAL, tls })).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
  })

  it('speaks TLS with a key of its own, and is refused with one of fixtures/', async () => {
    const own = await tlsFiles(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
    listener = await listenOn({ ...LOCAL, tls: own })
    listener.attach((_, response) => response.end('here'))
    expect(listener.url).toMatch(/^https:/)
    const { url } = listener
    const status = await new Promise((resolve, reject) =>
      get(url, { rejectUnauthorized: false }, (response) => resolve(response.resume().statusCode)).on('error', reject),
    )
    expect(status).toBe(200)
    const published = await tlsFiles(testKey('JiangzhouBureau/tsa').privateKey)
    await expect(listenOn({ ...LOCAL, tls: published })).rejects.toMatchObject({ code: 'KEY_PUBLISHED' })
  })

  async function tlsFiles(key: KeyObject) {
    const spki = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }))
    const name = distinguishedName([{ type: 'CN', value: 'localhost' }])
    const sign = async (message: Uint8Array) =>
      ecdsaSignatureFromRaw(new Uint8Array(signBytes('sha256', message, { key, dsaEncoding: 'ieee-p1363' })))
    const certificate = await buildCertificate(
      {
        serial: Uint8Array.of(1),
        issuer: name,
        subject: name,
        spki,
        notBefore: new Date('2026-01-01T00:00:00Z'),
        notAfter: new Date('2046-01-01T00:00:00Z'),
        profile: 'seal',
        issuerKeyId: keyIdentifier(spki),
      },
      { algorithm: 'ecdsa-p256-sha256', spki, sign },
    )
    const tls = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
    const lines = toBase64(certificate).match(/.{1,64}/g) ?? []
    const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', '']
    await writeFile(tls.certificateFile, pem.join('\n'))
    await writeFile(tls.keyFile, key.export({ format: 'pem', type: 'pkcs8' }))
    return tls
  }
})
