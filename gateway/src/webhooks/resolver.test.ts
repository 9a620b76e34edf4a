import { createSocket, type Socket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { systemResolver } from './resolver'

/** A server of DNS that knows one name, denies another, and of all others says nothing. */
let server: Socket
let resolve: ReturnType<typeof systemResolver>
let asked = 0
beforeAll(async () => {
  server = createSocket('udp4', (question, from) => {
    asked++
    const answer = answerTo(question)
    if (answer !== undefined) server.send(answer, from.port, from.address)
  })
  await new Promise<void>((done) => server.bind(0, '127.0.0.1', done))
  const servers = [`127.0.0.1:${(server.address() as AddressInfo).port}`]
  resolve = systemResolver({ hasIntranet: false, servers })
})
afterAll(() => new Promise<void>((done) => server.close(() => done())))

/** RFC 1035 4.1: a header of 12 bytes, then the question with the name as labels. */
function answerTo(question: Buffer): Buffer | undefined {
  const name = question.subarray(12, question.indexOf(0, 12)).toString('latin1')
  const type = question.readUInt16BE(12 + name.length + 1)
  if (!/good|none|localhost/.test(name)) return undefined
  const answer = Buffer.from(question.subarray(0, 12 + name.length + 5))
  const hasAddress = name.includes('good') && type === 1
  answer.writeUInt16BE(name.includes('good') ? 0x8180 : 0x8183, 2)
  answer.writeUInt16BE(hasAddress ? 1 : 0, 6)
  answer.writeUInt32BE(0, 8)
  const record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 93, 184, 216, 34]
  return hasAddress ? Buffer.concat([answer, Buffer.from(record)]) : answer
}

describe('names', () => {
  it('lead to their addresses while a hundred others of somebody else are never answered', async () => {
    const silent = Array.from({ length: 100 }, (_, i) => resolve(`silent${i}.example`).catch((error) => error))
    while (asked < 100) await new Promise((done) => setTimeout(done, 5))
    const began = performance.now()
    await expect(resolve('good.example')).resolves.toEqual([{ address: '93.184.216.34', family: 4 }])
    expect(performance.now() - began).toBeLessThan(1000)
    for (const error of await Promise.all(silent)) expect(error).toMatchObject({ code: 'ETIMEOUT' })
  }, 30_000)

  it('that are none are refused, and asked of the operating system only where an intranet was named', async () => {
    await expect(resolve('none.example')).rejects.toMatchObject({ code: 'ENOTFOUND', syscall: 'queryA' })
    const servers = [`127.0.0.1:${(server.address() as AddressInfo).port}`]
    const inside = systemResolver({ hasIntranet: true, servers })
    const found = await inside('localhost')
    expect(found.map(({ address }) => address)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]),
    )
  })
})
