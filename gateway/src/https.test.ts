import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTlsFiles, type TlsFiles } from '../test/tls-files'
import { systemClock } from './clock'
import { readConfig } from './config'
import { createLogger } from './log'
import { type Gateway, startGateway } from './start-gateway'

let folder: string
let tls: TlsFiles
let gateway: Gateway
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-https-'))
  tls = await makeTlsFiles(folder)
  const config = readConfig({
    PORT: '0',
    CINNABAR_DATA: join(folder, 'data'),
    CINNABAR_TLS_CERT: tls.certificateFile,
    CINNABAR_TLS_KEY: tls.keyFile,
  })
  const log = createLogger('error', systemClock, () => undefined)
  gateway = await startGateway(config, { clock: systemClock, log, version: '0' })
})
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

interface Got {
  readonly status: number | undefined
  readonly protocol: string | null
  readonly hsts: string | undefined
}

/** All checks of the certificate as they are for everybody. */
function get(url: string, options: { readonly ca?: string; readonly maxVersion?: 'TLSv1.1' }): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, agent: false }, (answer) => {
      const { getProtocol } = answer.socket as unknown as { getProtocol(): string | null }
      resolve({
        status: answer.resume().statusCode,
        protocol: getProtocol.call(answer.socket),
        hsts: answer.headers['strict-transport-security'],
      })
    })
    sent.on('error', reject).end()
  })
}

describe('the service over HTTPS', () => {
  it('is reached by name and by address by whoever trusts the CA of its certificate', async () => {
    expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:/)
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = `${gateway.url.replace('127.0.0.1', host)}/readyz`
      expect(await get(url, { ca: tls.ca })).toMatchObject({ status: 200, protocol: 'TLSv1.3' })
    }
  })
  it('tells browsers to insist on it', async () => {
    expect((await get(`${gateway.url}/healthz`, { ca: tls.ca })).hsts).toMatch(/^max-age=\d{7,}/)
  })
  it('is not taken for genuine by whoever does not trust the CA, and speaks no old TLS', async () => {
    await expect(get(`${gateway.url}/healthz`, {})).rejects.toMatchObject({ code: 'SELF_SIGNED_CERT_IN_CHAIN' })
    await expect(get(`${gateway.url}/healthz`, { ca: tls.ca, maxVersion: 'TLSv1.1' })).rejects.toThrow()
  })
  it('answers nothing without TLS', async () => {
    await expect(fetch(`${gateway.url.replace('https', 'http')}/healthz`)).rejects.toThrow()
  })
})
