import { Readable } from 'node:stream'
import { type InstitutionId, OpeningFormat, utf8 } from '@cinnabar/core'
import { Crash, dyingAt, type Moment } from '../../test/dying'
import { CONTRACT, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import type { FileStore } from '../store/store'
import { BULK_ENDED, documentsOfBulk } from './bulk-records'
import { Notarizer } from './notarizer'
import type { JobRecord, SealSignatureRecord } from './records'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const COUNT = 3
const clock = settableClock('2026-11-22T03:04:05Z')

let folders: Awaited<ReturnType<typeof gatewayFolders>>
beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())

/** What a client does, from wherever the bulk job stands: it makes it, uploads all, starts it and waits for its end. */
async function seal({ bulk }: Notarizer, files: FileStore): Promise<string> {
  const wish = { institution: BUREAU, user: 'lin', seal: 'official', count: COUNT }
  const { id } = await bulk.create(wish, 'the client’s key')
  for (let number = 0; number < COUNT; number++) {
    const bytes = new Uint8Array([...CONTRACT, ...utf8(`%${number}\n`)])
    const file = await files.receive(Readable.from([bytes]))
    const upload = { institution: BUREAU, user: 'lin', bulk: id, number, name: 'c.pdf', file, maxBulkBytes: 1 << 20 }
    await bulk.receive(upload)
  }
  await bulk.start({ institution: BUREAU, user: 'lin' }, id)
  while (!BULK_ENDED.includes((await bulk.job(BUREAU, id)).value.state)) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return id
}

/** A client seals in a process that dies at the step; the service starts again, and the client does. */
async function livesThrough(step: number, moment: Moment) {
  const gateway = await openGateway(await folders.fresh(), clock)
  const { env } = gateway
  const { dying, process } = dyingAt(env, step, moment)
  const first = await Notarizer.start(dying)
  const client = seal(first, dying.files).catch((error: unknown) => {
    if (!(error instanceof Crash) && !process.dead) throw error
  })
  await Promise.race([process.died, client])
  const { steps } = process
  process.dead = true
  await first.close()
  const second = await Notarizer.start(env)
  const id = await seal(second, env.files)
  await second.close()
  return { gateway, id, steps }
}

async function requireWhole({ gateway, id }: Awaited<ReturnType<typeof livesThrough>>) {
  const { store, ledger } = gateway.env
  const { size } = await ledger.head(BUREAU)
  const entries = await ledger.entries(BUREAU, 0, size)
  const uses = entries.flatMap((one) => (one.kind === 'sealSignature' ? [one] : []))
  expect(uses.map(({ useNumber }) => useNumber)).toEqual([1, 2, 3])
  const documents = await documentsOfBulk(store, id)
  expect(documents.map(({ value }) => value.end?.state)).toEqual(['anchored', 'anchored', 'anchored'])
  expect(await store.count('documents', 'institution', BUREAU)).toBe(COUNT)
  for (const { value } of documents) {
    const job = await store.get<JobRecord>('jobs', value.job)
    const signed = await store.get<SealSignatureRecord>('sealSignatures', job?.value.sealSignature ?? '')
    const commitment = signed && OpeningFormat.digest(signed.value.use.opening)
    expect(uses.filter((entry) => entry.commitment === commitment)).toHaveLength(1)
  }
}

/** Every step would take minutes: a bulk job's own steps are few among those of its documents. */
const STRIDE = 4

describe('a process that dies', () => {
  for (const [moment, from] of [
    ['before', 1],
    ['after', 3],
  ] as const) {
    it(`${moment} a durable step of a bulk job seals every document once, whatever the client saw`, async () => {
      let crashes = 0
      for (let step = from; ; step += STRIDE) {
        const outcome = await livesThrough(step, moment)
        await requireWhole(outcome)
        await outcome.gateway.close()
        if (outcome.steps < step) break
        crashes++
      }
      expect(crashes).toBeGreaterThan(8)
    }, 120_000)
  }
})
