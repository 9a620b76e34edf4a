import { Readable } from 'node:stream'
import { type InstitutionId, utf8, verify } from '@cinnabar/core'
import { dyingAt } from '../../test/dying'
import { CONTRACT, type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { BULK_ENDED, type BulkJobRecord } from './bulk-records'
import { bulkCounts, bulkLines } from './bulk-summary'
import { Notarizer } from './notarizer'
import type { Surroundings } from './ports'
import type { DocumentRecord, JobRecord } from './records'

jest.setTimeout(60_000)

const BUREAU = 'JiangzhouBureau' as InstitutionId
const COURT = 'JiangzhouCourt' as InstitutionId
const LIN = { institution: BUREAU, user: 'lin' }
const GU = { institution: COURT, user: 'gu' }
const ROOM = 8 << 20
const clock = settableClock('2026-11-22T03:04:05Z')
const withCode = (code: string) => expect.objectContaining({ code })

let folders: Awaited<ReturnType<typeof gatewayFolders>>
let gateway: EmbeddedGateway
let notarizer: Notarizer

beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())
beforeEach(async () => {
  gateway = await openGateway(await folders.fresh(), clock)
  notarizer = await Notarizer.start(gateway.env)
})
afterEach(async () => {
  await notarizer.close()
  await gateway.close()
})

async function startWith(change: Partial<Surroundings> = {}) {
  await notarizer.close()
  notarizer = await Notarizer.start({ ...gateway.env, ...change })
}

const ask = (count: number, more = {}) => ({ institution: BUREAU, user: 'lin', seal: 'official', count, ...more })
/** As many different contracts as one likes: what follows a PDF's end is a comment. */
const contract = (i: number) => new Uint8Array([...CONTRACT, ...utf8(`%${i}\n`)])

async function send(bulk: string, number: number, bytes: Uint8Array = contract(number), maxBulkBytes = ROOM) {
  const name = `contract ${number}.pdf`
  const file = await incoming(bytes)
  return notarizer.bulk.receive({ institution: BUREAU, user: 'lin', bulk, number, name, file, maxBulkBytes })
}

function incoming(bytes: Uint8Array) {
  return gateway.env.files.receive(Readable.from([bytes]))
}

async function filled(count: number, more = {}) {
  const { id } = await notarizer.bulk.create(ask(count, more))
  for (let i = 0; i < count; i++) await send(id, i)
  return id
}

async function ended(id: string): Promise<BulkJobRecord> {
  for (;;) {
    const { value } = await notarizer.bulk.job(BUREAU, id)
    if (BULK_ENDED.includes(value.state)) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function linesOf(id: string) {
  const job = await notarizer.bulk.job(BUREAU, id)
  return (await bulkLines(gateway.env, job, { from: 0, limit: 1000 })).lines
}
const statesOf = async (id: string) => (await linesOf(id)).map(({ state }) => state)

async function usesNow(): Promise<readonly number[]> {
  const { size } = await gateway.env.ledger.head(BUREAU)
  const entries = await gateway.env.ledger.entries(BUREAU, 0, size)
  return entries.flatMap((one) => (one.kind === 'sealSignature' ? [one.useNumber] : []))
}

describe('a bulk job that nobody starts', () => {
  const old = () => new Date(clock.now().getTime() + 1000)
  const left = async (id: string) => [
    (await gateway.env.store.get('bulkJobs', id)) !== undefined,
    await gateway.env.store.count('bulkDocuments', 'bulk', id),
  ]

  it('is forgotten, and its documents stay as uploads', async () => {
    const id = await filled(2)
    expect(await notarizer.bulk.forgetUnstarted(clock.now())).toBe(0)
    expect(await left(id)).toEqual([true, 2])
    expect(await notarizer.bulk.forgetUnstarted(old())).toBe(1)
    expect(await left(id)).toEqual([false, 0])
    expect(await gateway.env.store.count('documents', 'institution', BUREAU)).toBe(2)
    await expect(notarizer.bulk.start(LIN, id)).rejects.toEqual(withCode('BULK_JOB_UNKNOWN'))
    await expect(send(id, 0)).rejects.toEqual(withCode('BULK_JOB_UNKNOWN'))
  })

  it('stays when it was started, also when it is over', async () => {
    const id = await filled(1)
    await notarizer.bulk.start(LIN, id)
    expect(await notarizer.bulk.forgetUnstarted(old())).toBe(0)
    await ended(id)
    expect(await notarizer.bulk.forgetUnstarted(old())).toBe(0)
    expect(await left(id)).toEqual([true, 1])
  })

  it.each([1, 2, 3, 4])('is forgotten whatever a crash at step %d leaves', async (step) => {
    const id = await filled(2)
    for (const moment of ['before', 'after'] as const) {
      const { dying, process } = dyingAt(gateway.env, step, moment)
      await startWith(dying)
      const forgetting = notarizer.bulk.forgetUnstarted(old()).catch(() => 0)
      await Promise.race([forgetting, process.died])
      process.dead = true
    }
    await startWith()
    await notarizer.bulk.forgetUnstarted(old())
    expect(await left(id)).toEqual([false, 0])
  })
})

describe('who started a bulk job', () => {
  it('is who its seals were asked for by, whoever made it', async () => {
    const id = await filled(1)
    await notarizer.bulk.start({ institution: BUREAU, user: 'wu' }, id)
    await notarizer.bulk.start(LIN, id)
    const { requestedBy, startedBy, counts } = await ended(id)
    expect([requestedBy, startedBy, counts]).toEqual(['lin', 'wu', { anchored: 1 }])
    const jobs = await gateway.env.store.find<JobRecord>('jobs', { field: 'institution', equals: BUREAU, limit: 9 })
    expect(jobs.map(({ value }) => value.requestedBy)).toEqual(['wu'])
  })
})

describe('a bulk job', () => {
  it('seals every document once, and each verifies', async () => {
    const id = await filled(5, { reason: '批量盖章' })
    await notarizer.bulk.start(LIN, id)
    const job = await ended(id)
    expect([job.state, Object.keys(job.times), job.events]).toEqual(['ended', ['open', 'sealing', 'ended'], 5])
    expect(await usesNow()).toEqual([1, 2, 3, 4, 5])
    for (const { state, record, sealSignature } of await linesOf(id)) {
      expect(state).toBe('anchored')
      const document = await gateway.env.store.get<DocumentRecord>('documents', record?.document ?? '')
      const pdf = await gateway.env.files.get(document?.value.revisions[1]?.sha256 ?? '')
      if (pdf === undefined || sealSignature === undefined) throw new Error('no sealed file')
      const evidence = [await notarizer.evidence(sealSignature, { trust: gateway.trust })]
      const report = await verify({ pdf, evidence, trust: gateway.trust, at: clock.now() })
      expect(report.outcome).toBe('passed')
    }
    expect(gateway.failures).toEqual([])
  })

  it('numbers the ends of its documents without a gap', async () => {
    const id = await filled(6)
    await notarizer.bulk.start(LIN, id)
    await ended(id)
    const events = (await linesOf(id)).map(({ record }) => record?.end?.event ?? 0)
    expect(events.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('goes on with the others when one cannot be sealed, and says why', async () => {
    const { id } = await notarizer.bulk.create(ask(3, { page: 1 }))
    const suspended = await notarizer.bulk.create(ask(1, { page: 99 }))
    for (const i of [0, 1, 2]) await send(id, i)
    await send(suspended.id, 0)
    await notarizer.bulk.start(LIN, suspended.id)
    await notarizer.bulk.start(LIN, id)
    await Promise.all([ended(id), ended(suspended.id)])
    expect(await statesOf(id)).toEqual(['anchored', 'anchored', 'anchored'])
    const [line] = await linesOf(suspended.id)
    expect([line?.state, line?.record?.end]).toEqual(['refused', expect.objectContaining({ code: 'PAGE_NOT_FOUND' })])
  })

  it('refuses a document that somebody else is sealing, alone', async () => {
    const id = await filled(2)
    const [{ record }] = await linesOf(id)
    const document = record?.document ?? ''
    const single = await notarizer.request({ institution: BUREAU, user: 'wang', seal: 'contract', document })
    await notarizer.bulk.start(LIN, id)
    await ended(id)
    await notarizer.settled(single.id, 20_000)
    const states = await statesOf(id)
    expect(states[1]).toBe('anchored')
    // The other seal was either under way, or done already.
    expect(['refused', 'anchored']).toContain(states[0])
    expect(await usesNow()).toHaveLength(states[0] === 'refused' ? 2 : 3)
  })

  it('seals once when it is started twice, at once and afterwards', async () => {
    const id = await filled(3)
    await Promise.all([notarizer.bulk.start(LIN, id), notarizer.bulk.start(LIN, id)])
    await ended(id)
    expect((await notarizer.bulk.start(LIN, id)).value.state).toBe('ended')
    expect(await usesNow()).toEqual([1, 2, 3])
  })

  it('is not started before all its documents are here, and says how many are missing', async () => {
    const { id } = await notarizer.bulk.create(ask(3))
    await send(id, 1)
    const refused = notarizer.bulk.start(LIN, id)
    await expect(refused).rejects.toMatchObject({ code: 'BULK_JOB_INCOMPLETE', details: { missing: 2 } })
    expect(await statesOf(id)).toEqual(['missing', 'received', 'missing'])
    expect(await bulkCounts(gateway.env, await notarizer.bulk.job(BUREAU, id))).toEqual({ missing: 2, received: 1 })
  })

  it('leaves out what is missing where that is asked for, and seals what came until then', async () => {
    const { id } = await notarizer.bulk.create(ask(4))
    await send(id, 1)
    const late = send(id, 3)
    await notarizer.bulk.start(LIN, id, 'leave')
    const wasTaken = await late.then(
      () => true,
      (error) => error.code !== 'BULK_JOB_CLOSED',
    )
    expect((await ended(id)).state).toBe('ended')
    expect(await statesOf(id)).toEqual(['missing', 'anchored', 'missing', wasTaken ? 'anchored' : 'missing'])
    await expect(send(id, 0)).rejects.toEqual(withCode('BULK_JOB_CLOSED'))
  })

  it('is the same one for the same Idempotency-Key, and refused for another request', async () => {
    const first = await notarizer.bulk.create(ask(3), 'k')
    expect((await notarizer.bulk.create(ask(3), 'k')).id).toBe(first.id)
    await expect(notarizer.bulk.create(ask(4), 'k')).rejects.toEqual(withCode('IDEMPOTENCY_KEY_REUSED'))
  })

  it.each([
    ['SEAL_UNKNOWN', { seal: 'nothing' }],
    ['SEAL_NOT_YOURS', { seal: `${COURT}/official` }],
  ])('is refused with %s before anything is uploaded', async (code, more) => {
    await expect(notarizer.bulk.create(ask(1, more))).rejects.toEqual(withCode(code))
  })

  it('is nobody else’s', async () => {
    const { id } = await notarizer.bulk.create(ask(1))
    const theirs = {
      institution: COURT,
      user: 'zhao',
      bulk: id,
      number: 0,
      name: 'c.pdf',
      file: await incoming(CONTRACT),
    }
    for (const asked of [
      notarizer.bulk.job(COURT, id),
      notarizer.bulk.start(GU, id),
      notarizer.bulk.cancel(COURT, id),
      notarizer.bulk.document(COURT, id, 0),
      notarizer.bulk.receive({ ...theirs, maxBulkBytes: ROOM }),
    ]) {
      await expect(asked).rejects.toEqual(withCode('BULK_JOB_UNKNOWN'))
    }
  })
})

describe('a document of a bulk job', () => {
  it('may be sent again, and is there once', async () => {
    const { id } = await notarizer.bulk.create(ask(2))
    const sent = await Promise.all([send(id, 0), send(id, 0), send(id, 0)])
    expect(new Set(sent.map(({ value }) => value.document)).size).toBe(1)
    expect(sent.filter(({ isNew }) => isNew)).toHaveLength(1)
    const { value } = await notarizer.bulk.job(BUREAU, id)
    expect(value.bytes).toBe(contract(0).length)
    expect(await gateway.env.store.count('documents', 'institution', BUREAU)).toBe(1)
  })

  it('is refused under the number of another one, which stays', async () => {
    const { id } = await notarizer.bulk.create(ask(2))
    const { value } = await send(id, 0)
    await expect(send(id, 0, contract(7))).rejects.toEqual(withCode('BULK_DOCUMENT_DIFFERS'))
    expect((await notarizer.bulk.document(BUREAU, id, 0)).value).toEqual(value)
  })

  it.each([
    ['BULK_DOCUMENT_UNKNOWN', 2, contract(0), ROOM] as const,
    ['PDF_NOT_PDF', 0, utf8('no PDF'), ROOM] as const,
    ['BULK_JOB_TOO_LARGE', 0, contract(0), 1000] as const,
  ])('is refused with %s, and nothing is kept of it', async (code, number, bytes, room) => {
    const { id, value } = await notarizer.bulk.create(ask(2))
    await expect(send(id, number, bytes, room)).rejects.toEqual(withCode(code))
    expect((await notarizer.bulk.job(BUREAU, id)).value).toEqual(value)
    expect(await gateway.env.store.count('documents', 'institution', BUREAU)).toBe(0)
  })

  it('that comes at the same time as another does not pass the limit together with it', async () => {
    const { id } = await notarizer.bulk.create(ask(4))
    const room = contract(0).length + 100
    const sent = await Promise.allSettled([0, 1, 2, 3].map((i) => send(id, i, contract(i), room)))
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is refused once the bulk job is at work or over, unless it was here', async () => {
    const id = await filled(1)
    const other = await notarizer.bulk.create(ask(2))
    await notarizer.bulk.cancel(BUREAU, other.id)
    await notarizer.bulk.start(LIN, id)
    expect((await send(id, 0)).isNew).toBe(false)
    await expect(send(other.id, 0)).rejects.toEqual(withCode('BULK_JOB_CLOSED'))
    await expect(notarizer.bulk.start(LIN, other.id)).rejects.toEqual(withCode('BULK_JOB_CLOSED'))
  })
})

describe('a bulk job that is cancelled', () => {
  it('seals nothing while it was open', async () => {
    const id = await filled(2)
    expect((await notarizer.bulk.cancel(BUREAU, id)).value.state).toBe('cancelled')
    expect(await statesOf(id)).toEqual(['cancelled', 'cancelled'])
    expect(await usesNow()).toEqual([])
  })

  it('lets what is under way come to its end, and begins nothing else', async () => {
    const id = await filled(100)
    await notarizer.bulk.start(LIN, id)
    await notarizer.bulk.cancel(BUREAU, id)
    expect((await ended(id)).state).toBe('cancelled')
    const states = await statesOf(id)
    const anchored = states.filter((state) => state === 'anchored').length
    expect(states.filter((state) => state === 'cancelled').length).toBe(100 - anchored)
    expect(anchored).toBeLessThan(100)
    expect(await usesNow()).toHaveLength(anchored)
  })
})

describe('a service that stops', () => {
  it('goes on with the rest when it starts again, and nothing is sealed twice', async () => {
    const id = await filled(80)
    await notarizer.bulk.start(LIN, id)
    while ((await usesNow()).length < 5) await new Promise((resolve) => setTimeout(resolve, 10))
    await startWith()
    expect((await ended(id)).state).toBe('ended')
    expect(await usesNow()).toEqual(Array.from({ length: 80 }, (_, i) => i + 1))
    expect(new Set(await statesOf(id))).toEqual(new Set(['anchored']))
  })

  it('no longer counts what a crash counted of a document that never came', async () => {
    const { id } = await notarizer.bulk.create(ask(2))
    await send(id, 0)
    const stored = await gateway.env.store.get<BulkJobRecord>('bulkJobs', id)
    if (stored === undefined) throw new Error('no bulk job')
    await gateway.env.store.replace('bulkJobs', id, stored.version, { ...stored.value, bytes: 999_999 })
    await startWith()
    expect((await notarizer.bulk.job(BUREAU, id)).value.bytes).toBe(contract(0).length)
  })

  it('asks anew for a document whose job it had not acknowledged', async () => {
    const id = await filled(1)
    const [{ record }] = await linesOf(id)
    const job = {
      institution: BUREAU,
      document: record?.document,
      state: 'failed',
      code: 'REQUEST_INTERRUPTED',
      times: {},
    }
    await gateway.env.store.insert('jobs', record?.job ?? '', job)
    await notarizer.bulk.start(LIN, id)
    await ended(id)
    const [line] = await linesOf(id)
    expect([line?.state, line?.record?.job === record?.job]).toEqual(['anchored', false])
    expect(await usesNow()).toEqual([1])
  })
})
