import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTlsFiles, type TlsFiles } from '../../test/tls-files'
import { type Receiver, startReceiver } from '../../test/webhooks-at-hand'
import type { Resolver } from './resolver'
import { type SendOptions, send } from './send'
import { webhookTargets } from './target'

const LOOPBACK: Resolver = async () => [{ address: '127.0.0.1', family: 4 }]
const options: SendOptions = {
  targets: webhookTargets(['127.0.0.1'], LOOPBACK),
  timeoutMs: 400,
  stop: new AbortController().signal,
}
const post = (url: string, other: Partial<SendOptions> = {}) =>
  send({ url, headers: { 'webhook-id': 'msg_1' }, body: '{"a":"印"}' }, { ...options, ...other })

let receiver: Receiver
let folder: string
let tls: TlsFiles
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-send-'))
  tls = await makeTlsFiles(folder)
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

describe('a message', () => {
  it('reaches a receiver as it is', async () => {
    const outcome = await post(receiver.url)
    expect([outcome.status, outcome.code]).toEqual([204, undefined])
    expect(receiver.got).toMatchObject([
      {
        body: '{"a":"印"}',
        headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1', connection: 'close' },
      },
    ])
  })

  it('goes to the address that was checked, whatever the name leads to by then', async () => {
    let asked = 0
    const changing: Resolver = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
    const targets = webhookTargets(['127.0.0.1'], changing)
    const url = receiver.url.replace('127.0.0.1', 'hooks.example.com')
    await expect(post(url, { targets })).resolves.toMatchObject({ status: 204 })
    expect(receiver.got[0].headers.host).toContain('hooks.example.com')
    await expect(post(url, { targets })).resolves.toMatchObject({ code: 'ADDRESS_REFUSED' })
    expect([asked, receiver.got.length]).toEqual([2, 1])
  })

  it.each([301, 302, 303, 307, 308])('does not follow a redirection by %d', async (status) => {
    const other = await startReceiver()
    receiver.answer = () => ({ status, headers: { Location: other.url } })
    await expect(post(receiver.url)).resolves.toMatchObject({ status, code: 'REDIRECTED' })
    expect(other.got).toEqual([])
    await other.close()
  })

  it.each([400, 404, 410, 500, 503])('is not taken where the answer is %d', async (status) => {
    receiver.answer = () => ({ status })
    await expect(post(receiver.url)).resolves.toMatchObject({ status, code: 'STATUS' })
  })

  it('is given up where no answer comes in time, and where no name is found in time', async () => {
    receiver.server.removeAllListeners('request')
    await expect(post(receiver.url)).resolves.toMatchObject({ code: 'TIMEOUT' })
    const targets = webhookTargets(['127.0.0.1'], () => new Promise(() => undefined))
    await expect(post('https://never.example/', { targets })).resolves.toMatchObject({ code: 'TIMEOUT' })
  })

  it('is not held by an answer without end', async () => {
    let written = 0
    receiver.server.removeAllListeners('request')
    receiver.server.on('request', (_, response) => {
      response.writeHead(200)
      const more = () => {
        while (response.write(Buffer.alloc(16384))) written += 16384
      }
      response.on('drain', more)
      more()
    })
    const outcome = await post(receiver.url)
    expect([outcome.status, outcome.code]).toEqual([200, undefined])
    expect(outcome.ms).toBeLessThan(400)
    expect(written).toBeLessThan(64 << 20)
  })

  it('ends where the receiver leaves HTTP, or leaves without a word', async () => {
    receiver.server.removeAllListeners('request')
    receiver.server.on('upgrade', (_, socket) => socket.end())
    receiver.server.on('request', ({ socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    })
    await expect(post(receiver.url)).resolves.toMatchObject({ status: 101, code: 'STATUS' })
    receiver.server.removeAllListeners('request')
    receiver.server.on('request', ({ socket }) => socket.end())
    await expect(post(receiver.url)).resolves.toMatchObject({ code: 'CONNECTION_FAILED' })
  })

  it('is refused where nobody listens, and where the name is none', async () => {
    const { url } = receiver
    await receiver.close()
    await expect(post(url)).resolves.toMatchObject({ code: 'CONNECTION_FAILED' })
    const targets = webhookTargets([], async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
    })
    await expect(post('https://none.example/', { targets })).resolves.toMatchObject({ code: 'NAME_UNKNOWN' })
    receiver = await startReceiver()
  })

  it('goes over TLS to who has the name, and to nobody else', async () => {
    const files = { key: await readFile(tls.keyFile), cert: await readFile(tls.certificateFile) }
    const secure = await startReceiver(createServer(files))
    const url = secure.url.replace('http:', 'https:').replace('127.0.0.1', 'localhost')
    await expect(post(url)).resolves.toMatchObject({ code: 'TLS_FAILED' })
    await expect(post(url, { ca: tls.ca })).resolves.toMatchObject({ status: 204 })
    const other = url.replace('localhost', 'hooks.example.com')
    await expect(post(other, { ca: tls.ca })).resolves.toMatchObject({ code: 'TLS_FAILED' })
    expect(secure.got).toHaveLength(1)
    await secure.close()
  })

  it('is stopped with the service, and then nothing is said of it', async () => {
    receiver.server.removeAllListeners('request')
    const stop = new AbortController()
    const sending = post(receiver.url, { stop: stop.signal })
    setTimeout(() => stop.abort(), 50)
    await expect(sending).rejects.toThrow()
  })
})
