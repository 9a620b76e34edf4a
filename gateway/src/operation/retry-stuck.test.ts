import type { InstitutionId, Time } from '@cinnabar/core'
import { gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import type { DepositPartRecord } from '../notarize/deposit-records'
import { Notarizer } from '../notarize/notarizer'
import type { JobRecord } from '../notarize/records'
import { retryStuck } from './retry-stuck'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const RECEIVED = '2026-11-22T03:00:00Z' as Time
const clock = settableClock(RECEIVED)
let folders: Awaited<ReturnType<typeof gatewayFolders>>
let gateway: Awaited<ReturnType<typeof openGateway>>
let notarizer: Notarizer
const warnings: unknown[] = []
const log = {
  error: fail,
  warn: (text: string, fields: unknown) => warnings.push([text, fields]),
  info: fail,
  debug: fail,
}

function fail(text: string): void {
  throw new RangeError(text)
}

beforeAll(async () => {
  folders = await gatewayFolders(settableClock(RECEIVED))
  gateway = await openGateway(await folders.fresh(), clock)
  notarizer = await Notarizer.start(gateway.env)
})
afterAll(async () => {
  await notarizer.close()
  await gateway.close()
  await folders.remove()
})

const parts = () => ({ ...gateway.env, log, notarizer, stuckMs: 600_000 })
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}
const job: JobRecord = {
  document: 'none',
  institution: BUREAU,
  seal: 'official' as JobRecord['seal'],
  page: 1,
  xMm: 1,
  yMm: 1,
  scale: 1,
  requestedBy: 'lin',
  sealSignature: '0'.repeat(32) as JobRecord['sealSignature'],
  state: 'sealed',
  times: { received: RECEIVED },
}
const part: DepositPartRecord = {
  institution: BUREAU,
  job: 'never acknowledged',
  state: 'received',
  deposits: [{ id: '1'.repeat(32), digest: `sha256:${'2'.repeat(64)}`, salt: '3'.repeat(64) }] as never,
  batches: [],
  times: { received: RECEIVED },
}

describe('jobs that nobody carries', () => {
  it('are left alone while they are young', async () => {
    await gateway.env.store.insert('jobs', 'stuck', job)
    await gateway.env.store.insert('depositParts', 'orphan', part)
    const stop = retryStuck(parts(), 5)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await stop()
    expect(warnings).toEqual([])
    expect((await gateway.env.store.get<JobRecord>('jobs', 'stuck'))?.value.state).toBe('sealed')
  })

  it('are told of when they are stuck, taken up, and end with a reason', async () => {
    clock.set('2026-11-22T03:11:00Z')
    const stop = retryStuck(parts(), 5)
    await until(async () => (await gateway.env.store.get<JobRecord>('jobs', 'stuck'))?.value.state !== 'sealed')
    await until(async () => (await gateway.env.store.count('depositParts', 'state', 'failed')) === 1)
    await stop()
    expect(warnings[0]).toEqual([expect.any(String), { jobs: 2, takenUp: 2, oldest: '2026-11-22T03:00:00.000Z' }])
    const ended = await gateway.env.store.get<JobRecord>('jobs', 'stuck')
    expect(ended?.value).toMatchObject({ state: 'refused', code: 'DOCUMENT_UNKNOWN' })
    expect(await notarizer.takeUp('jobs', 'stuck')).toBe(false)
    expect(await notarizer.takeUp('depositParts', 'orphan')).toBe(false)
    expect(await notarizer.takeUp('jobs', 'nothing')).toBe(false)
  })
})
