import { readdir } from 'node:fs/promises'
import { request as open } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { dirname } from 'node:path'
import { CONTRACT } from '../../test/embedded-gateway'
import { BUREAU, COURT, type HttpGateway, startHttpGateway } from '../../test/http-gateway'

const MAX = 1 << 20
let http: HttpGateway

beforeAll(async () => {
  http = await startHttpGateway({
    idleTimeoutMs: 300,
    limits: { user: { perMinute: 600, atOnce: 4 }, stranger: { perMinute: 120, atOnce: 4 } },
  })
  await http.enter('sealer', BUREAU, ['sealer'])
  await http.enter('court', COURT, ['sealer'])
}, 120_000)
afterAll(() => http.close())
afterEach(() => {
  expect(http.breaches.splice(0)).toEqual([])
  expect(http.faults).toEqual([])
})

const port = () => (http.server.address() as AddressInfo).port
/** Sends the head of an upload and some of its body. @returns all that comes back until the connection ends. */
function sendPart(head: readonly string[], body: Uint8Array = new Uint8Array(0)): Promise<string> {
  const socket = connect(port(), '127.0.0.1').setEncoding('latin1')
  const lines = ['POST /v1/documents HTTP/1.1', 'Host: x', 'Content-Type: application/pdf', ...head]
  socket.write(`${lines.join('\r\n')}\r\nAuthorization: Bearer ${http.tokens.get('sealer')}\r\n\r\n`)
  socket.write(body)
  let answer = ''
  socket.on('data', (text) => {
    answer += text
  })
  return new Promise((resolve, reject) => socket.once('close', () => resolve(answer)).once('error', reject))
}
const unfinished = () => readdir(`${dirname(dirname(http.gateway.env.files.pathOf('0'.repeat(64))))}/unfinished`)
const upload = (bytes: Uint8Array = CONTRACT) => http.call('POST', '/v1/documents', { as: 'sealer', bytes })

describe('a file that is sent', () => {
  it('goes to the disk, and nothing is left of one that is refused', async () => {
    expect((await upload()).status).toBe(201)
    expect((await upload(new Uint8Array(2000))).status).toBe(422)
    expect(await unfinished()).toEqual([])
  })

  it('is refused before it is read when its length is too large, and cut off if it comes all the same', async () => {
    const answer = await sendPart([`Content-Length: ${MAX + 1}`])
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"BODY_TOO_LARGE"/)
    expect(await unfinished()).toEqual([])
  })

  it('is refused at the limit when it does not say how long it is', async () => {
    const chunk = Buffer.concat([Buffer.from('110000\r\n'), Buffer.alloc(0x110000), Buffer.from('\r\n')])
    expect(await sendPart(['Transfer-Encoding: chunked'], chunk)).toMatch(/^HTTP\/1\.1 413 [\s\S]*"BODY_TOO_LARGE"/)
    expect(await unfinished()).toEqual([])
  })

  it('is given up when nothing more comes of it', async () => {
    const answer = await sendPart([`Content-Length: ${MAX}`], Buffer.from('%PDF-1.7'))
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"BODY_TOO_SLOW"/)
    expect(await unfinished()).toEqual([])
  })

  it('is forgotten when the sender goes away', async () => {
    const sent = open({ port: port(), method: 'POST', path: '/v1/documents', headers: headersOf('sealer') })
    sent.on('error', () => undefined)
    sent.write('%PDF-1.7')
    await new Promise((resolve) => setTimeout(resolve, 50))
    sent.destroy()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await unfinished()).toEqual([])
  })

  it('is not taken in any encoding', async () => {
    const given = { as: 'sealer', bytes: CONTRACT, headers: { 'Content-Encoding': 'gzip' } }
    expect((await http.call('POST', '/v1/documents', given)).status).toBe(415)
  })

  it('comes back piece by piece, as a PDF to be saved', async () => {
    const { id } = await (await upload()).json()
    const answer = await http.call('GET', `/v1/documents/${id}/file`, { as: 'sealer' })
    expect(answer.headers.get('Content-Length')).toBe(String(CONTRACT.length))
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment;/)
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(CONTRACT)
  })
})

describe('callers', () => {
  it('who have too much under way are told to wait, and others are not kept', async () => {
    const waiting = Array.from({ length: 4 }, () => sendPart([`Content-Length: ${MAX}`], Buffer.from('%PDF-1.7')))
    await new Promise((resolve) => setTimeout(resolve, 100))
    const refused = await http.call('GET', '/v1/me', { as: 'sealer' })
    expect([refused.status, (await refused.json()).code]).toEqual([429, 'TOO_MANY_AT_ONCE'])
    expect(refused.headers.get('Retry-After')).toBe('1')
    expect((await http.call('GET', '/v1/me', { as: 'court' })).status).toBe(200)
    await Promise.all(waiting)
    expect((await http.call('GET', '/v1/me', { as: 'sealer' })).status).toBe(200)
  })

  it('who ask too often are told how long to wait, guessers of tokens among strangers', async () => {
    const answers: Response[] = []
    for (let i = 0; i < 40; i++) answers.push(await http.call('GET', '/v1/me', { as: 'not.a.token' }))
    expect(answers.at(0)?.status).toBe(401)
    expect(answers.at(-1)?.status).toBe(429)
    expect(answers.at(-1)?.headers.get('Retry-After')).toBe('1')
    expect(await answers.at(-1)?.json()).toMatchObject({ code: 'RATE_LIMITED' })
    expect((await http.call('GET', '/v1/trust')).status).toBe(429)
    expect((await http.call('GET', '/v1/me', { as: 'court' })).status).toBe(200)
  })
})

function headersOf(user: string) {
  return { 'Content-Type': 'application/pdf', Authorization: `Bearer ${http.tokens.get(user)}` }
}
