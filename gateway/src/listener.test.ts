import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Listener, listenOn } from './listener'

const LOCAL = { host: '127.0.0.1', port: 0, tls: undefined }
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
})
