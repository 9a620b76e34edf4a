import { digestOf, type InstitutionId, OpeningFormat, readEvidence, utf8 } from '@cinnabar/core'
import { Crash, dyingAt, type Moment } from '../../test/dying'
import { gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { depositsOfFile } from './deposit-evidence'
import { Notarizer } from './notarizer'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const clock = settableClock('2026-11-22T03:04:05Z')
const REQUESTS = [['a', 'b'], ['c']].map((names) => names.map((name) => ({ digest: digestOf(utf8(name)) })))

let folders: Awaited<ReturnType<typeof gatewayFolders>>
beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())

/** Sends two requests to a process that dies at the step, starts again, and sends what was not acknowledged again. */
async function livesThrough(step: number, moment: Moment) {
  const gateway = await openGateway(await folders.fresh(), clock)
  const { dying, process } = dyingAt(gateway.env, step, moment)
  const first = await Notarizer.start(dying)
  const ask = (notarizer: Notarizer, n: number) =>
    notarizer.deposits.request({ institution: BUREAU, user: 'lin', files: REQUESTS[n] ?? [] }, `key ${n}`)
  const acknowledged = new Set<number>()
  const asking = REQUESTS.map(async (_, n) => {
    try {
      const job = await ask(first, n)
      acknowledged.add(n)
      await first.deposits.settled(job.value, 5000)
    } catch (error) {
      if (!(error instanceof Crash)) throw error
    }
  })
  await Promise.race([process.died, Promise.all(asking)])
  process.dead = true
  await first.close()

  const second = await Notarizer.start(gateway.env)
  await Promise.all(second.deposits.underWay())
  const before = await statesOf(gateway, [...acknowledged])
  for (const [n] of REQUESTS.entries()) await second.deposits.settled((await ask(second, n)).value, 5000)
  return { gateway, second, before, steps: process.steps }
}

type Gateway = Awaited<ReturnType<typeof openGateway>>

async function statesOf({ env }: Gateway, requests: readonly number[]): Promise<readonly string[]> {
  const files = requests.flatMap((n) => REQUESTS[n] ?? [])
  const found = await Promise.all(files.map(({ digest }) => depositsOfFile(env.store, BUREAU, digest)))
  return found.map((all) => all.map(({ state }) => state).join())
}

async function requireWhole({ gateway, second, before }: Awaited<ReturnType<typeof livesThrough>>) {
  expect(before.filter((states) => states !== 'anchored')).toEqual([])
  expect(await statesOf(gateway, [0, 1])).toEqual(['anchored', 'anchored', 'anchored'])
  const { store, ledger } = gateway.env
  const { size } = await ledger.head(BUREAU)
  const entries = (await ledger.entries(BUREAU, 0, size)).filter((entry) => entry.kind === 'deposit')
  expect(entries).toHaveLength(3)
  const commitments: string[] = []
  for (const { digest } of REQUESTS.flat()) {
    const [{ id } = { id: undefined }] = await depositsOfFile(store, BUREAU, digest)
    if (id === undefined) throw new RangeError('a deposit is lost')
    const [deposit] = readEvidence(await second.evidence(id)).deposits
    if (deposit?.receipts[0] !== undefined) commitments.push(OpeningFormat.digest(deposit.receipts[0].opening))
  }
  expect(commitments.sort()).toEqual(entries.map((entry) => 'commitment' in entry && entry.commitment).sort())
}

describe('a process that dies over deposits', () => {
  for (const moment of ['before', 'after'] as const) {
    it(`${moment} any durable step loses nothing acknowledged and records nothing twice`, async () => {
      let crashes = 0
      for (let step = 1; ; step++) {
        const outcome = await livesThrough(step, moment)
        await requireWhole(outcome)
        await outcome.second.close()
        await outcome.gateway.close()
        if (outcome.steps < step) break
        crashes++
      }
      // Keys, deposits, parts, jobs, tokens, states, the batch, the append, nodes, the head, ends.
      expect(crashes).toBeGreaterThan(15)
    }, 60_000)
  }
})
