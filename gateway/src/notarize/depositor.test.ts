import {
  type Digest,
  digestOf,
  type InstitutionId,
  LedgerError,
  type LogEntry,
  readEvidence,
  utf8,
} from '@cinnabar/core'
import { CONTRACT, type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { TsaError } from '../tsa/authority'
import { depositsOfFile, findDeposit } from './deposit-evidence'
import type { DepositPartRecord } from './deposit-records'
import { Notarizer } from './notarizer'
import type { Surroundings } from './ports'

jest.setTimeout(90_000)

const BUREAU = 'JiangzhouBureau' as InstitutionId
const COURT = 'JiangzhouCourt' as InstitutionId
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

async function startWith(change: Partial<Surroundings>) {
  await notarizer.close()
  notarizer = await Notarizer.start({ ...gateway.env, ...change })
}

const digestsOf = (count: number, name = 'file') =>
  Array.from({ length: count }, (_, i): { digest: Digest } => ({ digest: digestOf(utf8(`${name} ${i}`)) }))
const requestOf = (files: readonly { digest: Digest; name?: string }[], institution = BUREAU) => ({
  institution,
  user: 'lin',
  files,
})

async function deposited(count: number, key?: string) {
  const job = await notarizer.deposits.request(requestOf(digestsOf(count)), key)
  await notarizer.deposits.settled(job.value, 60_000)
  return job
}

async function partsOf(parts: readonly string[]): Promise<readonly DepositPartRecord[]> {
  const found = await Promise.all(parts.map((id) => gateway.env.store.get<DepositPartRecord>('depositParts', id)))
  return found.flatMap((one) => (one === undefined ? [] : [one.value]))
}

async function entriesNow(): Promise<readonly LogEntry[]> {
  const { size } = await gateway.env.ledger.head(BUREAU)
  const pages = Array.from({ length: Math.ceil(size / 1000) }, (_, i) =>
    gateway.env.ledger.entries(BUREAU, i * 1000, Math.min(size, i * 1000 + 1000)),
  )
  return (await Promise.all(pages)).flat()
}
const depositsNow = async () => (await entriesNow()).filter(({ kind }) => kind === 'deposit')

describe('deposits', () => {
  it('are timestamped, recorded and proven, each with evidence of its own', async () => {
    const { value: job } = await deposited(3)
    const [part] = await partsOf(job.parts)
    expect(gateway.failures).toEqual([])
    expect(part?.state).toBe('anchored')
    expect(Object.keys(part?.times ?? {})).toEqual(['received', 'timestamped', 'submitted', 'anchored'])
    const ids = part?.deposits.map(({ id }) => id) ?? []
    for (const [i, id] of ids.entries()) {
      const { deposits, signatures } = readEvidence(await notarizer.evidence(id, { trust: gateway.trust }))
      expect([signatures.length, deposits.length]).toEqual([0, 1])
      const [receipt] = deposits[0]?.receipts ?? []
      expect(receipt?.opening).toMatchObject({ id, digest: digestsOf(3)[i]?.digest })
      expect(receipt?.preservation?.tokens).toHaveLength(1)
    }
  })

  it('go in parts of a request and in as few appends as may be, each once', async () => {
    const { value: job } = await deposited(520)
    expect((await partsOf(job.parts)).map(({ state, deposits }) => [state, deposits.length])).toEqual([
      ['anchored', 500],
      ['anchored', 20],
    ])
    const entries = await depositsNow()
    expect(entries).toHaveLength(520)
    expect(new Set(entries.map((entry) => 'commitment' in entry && entry.commitment)).size).toBe(520)
  })

  it('share the log with seals, whose numbers have no gap for that', async () => {
    const job = await notarizer.deposits.request(requestOf(digestsOf(60)))
    const upload = { institution: BUREAU, user: 'lin', name: 'c.pdf', bytes: CONTRACT }
    const document = await notarizer.receive(upload)
    const sealing = await notarizer.request({
      institution: BUREAU,
      user: 'lin',
      document: document.id,
      seal: 'official',
    })
    await Promise.all([notarizer.settled(sealing.id, 20_000), notarizer.deposits.settled(job.value, 60_000)])
    expect((await notarizer.job(BUREAU, sealing.id)).value.state).toBe('anchored')
    const uses = (await entriesNow()).flatMap((one) => (one.kind === 'sealSignature' ? [one.useNumber] : []))
    expect(uses).toEqual([1])
    expect(await depositsNow()).toHaveLength(60)
  })

  it('are found again by the file, by their own institution only', async () => {
    const files = [{ digest: digestOf(utf8('tender')), name: '标书.docx' }]
    const job = await notarizer.deposits.request(requestOf(files))
    await notarizer.deposits.settled(job.value, 10_000)
    const { store } = gateway.env
    const found = await depositsOfFile(store, BUREAU, digestOf(utf8('tender')))
    expect(found).toMatchObject([{ state: 'anchored', deposit: { name: '标书.docx' }, job: { requestedBy: 'lin' } }])
    expect(await depositsOfFile(store, COURT, digestOf(utf8('tender')))).toEqual([])
    expect(await depositsOfFile(store, BUREAU, digestOf(utf8('other')))).toEqual([])
    await expect(notarizer.deposits.job(COURT, job.id)).rejects.toThrow(withCode('JOB_UNKNOWN'))
  })

  it('are made once for one Idempotency-Key, however often and together it comes', async () => {
    const jobs = await Promise.all(Array.from({ length: 4 }, () => deposited(2, 'key')))
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1)
    expect((await deposited(2, 'key')).id).toBe(jobs[0]?.id)
    expect(await depositsNow()).toHaveLength(2)
    await expect(deposited(3, 'key')).rejects.toThrow(withCode('IDEMPOTENCY_KEY_REUSED'))
    expect(await depositsNow()).toHaveLength(2)
  })

  it('of a request that was never acknowledged are found by nobody, and carried by nobody', async () => {
    const { store } = gateway.env
    const insert: typeof store.insert = (collection, ...rest) =>
      collection === 'depositJobs' ? Promise.reject(new RangeError('gone')) : store.insert(collection, ...rest)
    await startWith({ store: { ...store, insert } })
    await expect(notarizer.deposits.request(requestOf(digestsOf(1)))).rejects.toThrow(RangeError)
    await startWith({})
    expect(notarizer.deposits.underWay()).toEqual([])
    expect(await depositsOfFile(store, BUREAU, digestsOf(1)[0]?.digest as Digest)).toEqual([])
    expect(await depositsNow()).toEqual([])
  })

  it('wait for an authority that does not answer, and say so', async () => {
    const { timestampAuthorities } = gateway.env
    let down = true
    const flaky = timestampAuthorities.map((one) => ({
      ...one,
      token: (imprint: Uint8Array) =>
        down ? Promise.reject(new TsaError('TSA_UNAVAILABLE', 'down')) : one.token(imprint),
    }))
    await startWith({ timestampAuthorities: flaky })
    const job = await notarizer.deposits.request(requestOf(digestsOf(2)))
    await notarizer.deposits.settled(job.value, 250)
    expect(notarizer.deposits.troubleOf(BUREAU)).toBe('TSA_UNAVAILABLE')
    expect((await partsOf(job.value.parts))[0]?.state).toBe('received')
    await expect(notarizer.evidence((await partsOf(job.value.parts))[0]?.deposits[0]?.id as never)).rejects.toThrow(
      withCode('EVIDENCE_NOT_READY'),
    )
    down = false
    await notarizer.deposits.settled(job.value, 10_000)
    expect((await partsOf(job.value.parts))[0]?.state).toBe('anchored')
    expect(notarizer.deposits.troubleOf(BUREAU)).toBeUndefined()
  })

  it('end as failed, with the reason, when no authority of another institution is configured', async () => {
    await startWith({ timestampAuthorities: [] })
    const { value: job } = await deposited(2)
    const [part] = await partsOf(job.parts)
    expect(part).toMatchObject({ state: 'failed', outcomes: [{ code: 'TIMESTAMP_AUTHORITY_MISSING' }, {}] })
    expect(await depositsNow()).toEqual([])
  })

  it('are refused one by one: what the rules refuse takes no other with it', async () => {
    const { ledger } = gateway.env
    const third = digestsOf(3)[2]?.digest
    const append: typeof ledger.append = (...args) => {
      const index = args[4].findIndex(({ opening }) => 'digest' in opening && opening.digest === third)
      if (index < 0) return ledger.append(...args)
      return Promise.reject(new LedgerError('TSA_WITHDRAWN', 'as the test wants it', { index }))
    }
    await startWith({ ledger: { ...ledger, append } })
    const { value: job } = await deposited(3)
    const [part] = await partsOf(job.parts)
    expect(part?.state).toBe('refused')
    expect(part?.outcomes?.map((one) => ('index' in one ? 'anchored' : one.code))).toEqual([
      'anchored',
      'anchored',
      'TSA_WITHDRAWN',
    ])
    const refused = await findDeposit(gateway.env.store, part?.deposits[2]?.id as never)
    expect(refused?.state).toBe('refused')
    expect(await depositsNow()).toHaveLength(2)
  })

  it('are known to be in the log when the answer was lost', async () => {
    const { ledger } = gateway.env
    let calls = 0
    const append: typeof ledger.append = async (...args) => {
      const head = await ledger.append(...args)
      if (++calls === 1) throw new LedgerError('LEDGER_UNKNOWN_OUTCOME', 'no answer')
      return head
    }
    await startWith({ ledger: { ...ledger, append } })
    const { value: job } = await deposited(2)
    expect((await partsOf(job.parts))[0]?.state).toBe('anchored')
    expect(await depositsNow()).toHaveLength(2)
  })
})
