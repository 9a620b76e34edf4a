import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { digestOf, utf8 } from '@cinnabar/core'
import { type GatewayDouble, gatewayDouble, json, problem, type Reply, type Seen } from '../../test/gateway-double'
import { newPlace, type Place, type RunOptions, runCli } from '../../test/run-cli'

let place: Place
let gateway: GatewayDouble
/** Deposits by Idempotency-Key, as a gateway keeps them. */
let taken: Map<string, { digest: string; name: string }[]>

const idOf = (n: number) => String(n).padStart(32, '0')

function take({ headers, body }: Seen, state = 'received'): Reply {
  const key = String(headers['idempotency-key'])
  const { deposits } = JSON.parse(body.toString('utf8'))
  if (!taken.has(key)) taken.set(key, deposits)
  return json(202, { id: 'j', state, deposits: deposits.map((_: unknown, i: number) => ({ id: idOf(i), state })) })
}

async function serve(script: Parameters<typeof gatewayDouble>[0]) {
  gateway = await gatewayDouble({ 'POST /v1/deposits': (seen) => take(seen), ...script })
}
beforeEach(async () => {
  place = await newPlace()
  taken = new Map()
})
afterEach(async () => {
  await gateway.close()
  await place.remove()
})

const env = () => ({ CINNABAR_URL: gateway.url, CINNABAR_TOKEN: 'token-of-the-test' })
const deposit = (args: readonly string[], options: RunOptions = {}) =>
  runCli(place, ['deposit', ...args], { env: env(), ...options })
const sent = () => [...taken.values()].flat()

describe('cinnabar deposit', () => {
  it('sends digests and names, never the files, and prints the ids', async () => {
    await serve({})
    await place.put('a.txt', 'first')
    await place.put('sub/b.bin', 'second')
    const { exit, out } = await deposit(['a.txt', 'sub/b.bin'])
    expect([exit, out]).toEqual([0, `a.txt: deposit ${idOf(0)}, received\nsub/b.bin: deposit ${idOf(1)}, received\n`])
    expect(sent()).toEqual([
      { digest: digestOf(utf8('first')), name: 'a.txt' },
      { digest: digestOf(utf8('second')), name: 'b.bin' },
    ])
    expect(gateway.seen.some(({ body }) => body.includes('first'))).toBe(false)
  })

  it('waits until they are recorded, and prints JSON', async () => {
    const states = ['submitted', 'anchored'].map((state) => json(200, { id: 'j', state }))
    await serve({ 'GET /v1/deposit-jobs/j': states })
    await place.put('a.txt', 'first')
    const { exit, out } = await deposit(['a.txt', '--wait', 'anchored', '--json'])
    expect(exit).toBe(0)
    const digest = digestOf(utf8('first'))
    expect(JSON.parse(out)).toEqual({
      deposits: [{ file: 'a.txt', digest, id: idOf(0), job: 'j', state: 'anchored' }],
    })
  })

  it('fails with the reason when a deposit is refused', async () => {
    await serve({ 'GET /v1/deposit-jobs/j': json(200, { id: 'j', state: 'refused', code: 'TSA_WITHDRAWN' }) })
    await place.put('a.txt', 'first')
    const { exit, err } = await deposit(['a.txt', '--wait', 'anchored'])
    expect([exit, err.includes('[TSA_WITHDRAWN]')]).toEqual([1, true])
  })

  it('makes no second deposit when an answer is lost', async () => {
    let calls = 0
    await serve({
      'POST /v1/deposits': (seen) => {
        const reply = take(seen)
        return ++calls === 1 ? { status: 0, hangUp: true } : reply
      },
    })
    await place.put('a.txt', 'first')
    expect((await deposit(['a.txt'])).exit).toBe(0)
    expect([calls, sent().length]).toEqual([2, 1])
  })

  it('deposits nothing when one file cannot be read, none is named, or nobody is logged in', async () => {
    await serve({})
    await place.put('a.txt', 'first')
    expect((await deposit(['a.txt', 'none.txt'])).exit).toBe(66)
    expect((await deposit(['.'])).exit).toBe(66)
    expect((await deposit([])).exit).toBe(64)
    expect((await deposit(['a.txt', '--watch', '.'])).exit).toBe(64)
    expect((await deposit(['--watch', 'a.txt'])).exit).toBe(66)
    expect((await deposit(['a.txt'], { env: { CINNABAR_URL: gateway.url } })).exit).toBe(77)
    expect(gateway.seen).toEqual([])
  })
})

describe('cinnabar deposit --watch', () => {
  /** Watches until `done`, then stops; @returns what it printed. */
  async function watchUntil(done: () => boolean) {
    const stopping = new AbortController()
    const watching = deposit(['--watch', 'in'], { stop: stopping.signal })
    for (let waited = 0; !done() && waited < 15_000; waited += 50) await sleep(50)
    stopping.abort()
    return watching
  }
  const names = () => sent().map(({ name }) => name)

  async function listFile(): Promise<string> {
    const folder = join(place.home, '.config/cinnabar')
    const [name] = (await readdir(folder)).filter((one) => one.startsWith('deposits-'))
    return join(folder, name ?? '')
  }

  it('deposits what is there and what comes and changes, each once, also after a restart', async () => {
    await serve({})
    await place.put('in/a.txt', 'first')
    await place.put('in/deep/b.txt', 'second')
    await place.put('in/.hidden', 'no')
    const { exit } = await watchUntil(() => names().length >= 2)
    expect([exit, names().sort()]).toEqual([0, ['a.txt', 'b.txt']])
    await place.put('in/c.txt', 'third')
    await writeFile(place.path('in/a.txt'), 'first, changed')
    await watchUntil(() => names().length >= 4)
    expect(sent().map(({ digest }) => digest)).toEqual(
      expect.arrayContaining([digestOf(utf8('third')), digestOf(utf8('first, changed'))]),
    )
    expect(names()).toHaveLength(4)
  }, 60_000)

  it('sends again as it was what it did not hear the end of: the gateway knows it by its key', async () => {
    let answers = false
    await serve({
      'POST /v1/deposits': (seen) => {
        const reply = take(seen)
        return answers ? reply : problem(503, 'LEDGER_UNAVAILABLE', 'not now')
      },
    })
    await place.put('in/a.txt', 'first')
    await watchUntil(() => taken.size > 0)
    answers = true
    await appendFile(await listFile(), '\n{"sends":"cut o')
    const before = gateway.seen.length
    await watchUntil(() => gateway.seen.length > before)
    expect([taken.size, names()]).toEqual([1, ['a.txt']])
    expect(await readFile(await listFile(), 'utf8')).toContain('"done"')
  }, 60_000)

  it('refuses a list that is damaged, rather than deposit everything again', async () => {
    await serve({})
    await place.put('in/a.txt', 'first')
    await watchUntil(() => taken.size > 0)
    const path = await listFile()
    await writeFile(path, `garbage\n${await readFile(path, 'utf8')}`)
    const { exit, err } = await watchUntil(() => true)
    expect([exit, err.includes('[WATCH_LIST_INVALID]')]).toEqual([66, true])
    await rm(path)
  }, 60_000)
})
