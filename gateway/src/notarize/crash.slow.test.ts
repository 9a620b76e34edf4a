import { type InstitutionId, type LogEntry, OpeningFormat, verify } from '@cinnabar/core'
import { Crash, dyingAt, type Moment } from '../../test/dying'
import { CONTRACT, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { Notarizer } from './notarizer'
import type { Surroundings } from './ports'
import type { DocumentRecord, JobRecord, SealSignatureRecord } from './records'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const clock = settableClock('2026-11-22T03:04:05Z')

let folders: Awaited<ReturnType<typeof gatewayFolders>>
beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())

/** Runs two requests in a process that dies at the step, starts again, and says what became of them. */
async function livesThrough(step: number, moment: Moment) {
  const gateway = await openGateway(await folders.fresh(), clock)
  const { env } = gateway
  const setup = await Notarizer.start(env)
  const upload = () => setup.receive({ institution: BUREAU, user: 'lin', name: 'c.pdf', bytes: CONTRACT })
  const documents = [await upload(), await upload()]
  await setup.close()

  const { dying, process } = dyingAt(env, step, moment)
  const first = await Notarizer.start(dying)
  const acknowledged: string[] = []
  await Promise.all(
    documents.map(async ({ id: document }) => {
      try {
        const job = await first.request({ institution: BUREAU, user: 'lin', document, seal: 'official' })
        acknowledged.push(job.id)
      } catch (error) {
        if (!(error instanceof Crash)) throw error
      }
    }),
  )
  await Promise.race([process.died, Promise.all(acknowledged.map((id) => first.settled(id, 5000)))])
  process.dead = true
  await first.close()

  const second = await Notarizer.start(env)
  const jobs = await env.store.find<JobRecord>('jobs', { field: 'institution', equals: BUREAU, limit: 10 })
  await Promise.all(jobs.map(({ id }) => second.settled(id, 5000)))
  const ended = await env.store.find<JobRecord>('jobs', { field: 'institution', equals: BUREAU, limit: 10 })
  await second.close()
  return { gateway, documents, acknowledged, ended, steps: process.steps }
}

async function requireWhole({ gateway, documents, acknowledged, ended }: Awaited<ReturnType<typeof livesThrough>>) {
  const { env, trust } = gateway
  const { size } = await env.ledger.head(BUREAU)
  const entries = await env.ledger.entries(BUREAU, 0, size)
  const uses = entries.filter((entry) => entry.kind === 'sealSignature')
  const anchored = ended.filter(({ value }) => value.state === 'anchored')
  // What was acknowledged is anchored; what was not is anchored or says that nothing was sealed.
  expect(anchored.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged))
  expect(ended.filter(({ value }) => !['anchored', 'failed'].includes(value.state))).toEqual([])
  expect(uses).toHaveLength(anchored.length)
  for (const { value: job } of anchored) {
    const signed = await env.store.get<SealSignatureRecord>('sealSignatures', job.sealSignature)
    const commitment = signed && OpeningFormat.digest(signed.value.use.opening)
    expect(uses.filter((entry: LogEntry) => 'commitment' in entry && entry.commitment === commitment)).toHaveLength(1)
    expect(signed?.value.receipts).toHaveLength(1)
  }
  for (const { id } of documents) await requireFreeAndProven(env, id, trust)
}

async function requireFreeAndProven(env: Surroundings, id: string, trust: Parameters<typeof verify>[0]['trust']) {
  const document = await env.store.get<DocumentRecord>('documents', id)
  expect(document?.value.busyWith).toBeUndefined()
  const revisions = document?.value.revisions ?? []
  expect(revisions.length).toBeLessThanOrEqual(2)
  const [, sealed] = revisions
  if (sealed?.sealSignature === undefined) return
  const pdf = (await env.files.get(sealed.sha256)) ?? new Uint8Array(0)
  const notarizer = await Notarizer.start(env)
  const evidence = [await notarizer.evidence(sealed.sealSignature)]
  await notarizer.close()
  expect(await verify({ pdf, evidence, at: clock.now(), ...(trust && { trust }) })).toMatchObject({ outcome: 'passed' })
}

describe('a process that dies', () => {
  for (const moment of ['before', 'after'] as const) {
    it(`${moment} any durable step loses nothing acknowledged and records nothing twice`, async () => {
      let crashes = 0
      for (let step = 1; ; step++) {
        const outcome = await livesThrough(step, moment)
        await requireWhole(outcome)
        await outcome.gateway.close()
        if (outcome.steps < step) break
        crashes++
      }
      // Two requests: jobs, claims, files, uses, states, batches, the append, nodes, receipts, revisions, ends.
      expect(crashes).toBeGreaterThan(20)
    }, 60_000)
  }
})
