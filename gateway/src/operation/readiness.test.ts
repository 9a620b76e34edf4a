import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstitutionId } from '@cinnabar/core'
import { type EmbeddedGateway, openGateway, settableClock } from '../../test/embedded-gateway'
import { StoreError } from '../store/store'
import { TsaError } from '../tsa/authority'
import { type ReadinessParts, readinessOf } from './readiness'

let folder: string
let gateway: EmbeddedGateway
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-ready-'))
  gateway = await openGateway(folder, settableClock('2026-11-22T03:00:00Z'))
})
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

async function lookAt(change: Partial<ReadinessParts>, env: Partial<ReadinessParts['env']> = {}) {
  const told: (readonly [string, unknown])[] = []
  const readiness = await readinessOf({
    notarizer: { troubles: () => [] },
    disk: { folder, minFreeBytes: 1 },
    onFailure: (component, error) => told.push([component, error]),
    ...change,
    env: { ...gateway.env, ...env },
  })()
  return { readiness, told }
}

describe('readiness', () => {
  it('is given when store, ledger, timestamp authority and disk really work', async () => {
    const { readiness, told } = await lookAt({})
    expect(readiness).toMatchObject({
      status: 'ok',
      components: { store: { status: 'ok' }, ledger: { status: 'ok' }, tsa: { status: 'ok' }, disk: { status: 'ok' } },
    })
    expect(readiness.components.disk.freeBytes).toBeGreaterThan(1)
    expect(told).toEqual([])
  })

  it('names the store that cannot be written, and tells the log why', async () => {
    const { store } = gateway.env
    const full = { ...store, replace: () => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'no space left')) }
    await store.insert('settings', 'ready', {})
    const { readiness, told } = await lookAt({}, { store: full })
    expect(readiness.status).toBe('failed')
    expect(readiness.components.store).toEqual({ status: 'failed', code: 'STORE_UNAVAILABLE' })
    expect(readiness.components.ledger).toEqual({ status: 'ok' })
    expect(told).toMatchObject([['store', { message: 'no space left' }]])
  })

  it('names the ledger that does not answer', async () => {
    const { ledger } = gateway.env
    const { readiness } = await lookAt({}, { ledger: { ...ledger, institutions: () => new Promise(() => undefined) } })
    expect(readiness.components.ledger).toEqual({ status: 'failed', code: 'NO_ANSWER' })
  }, 10_000)

  it('names timestamp authorities that are missing, or of which none answers; one that answers is enough', async () => {
    const [good] = gateway.env.timestampAuthorities
    const down = {
      institution: 'JiangzhouBureau' as InstitutionId,
      token: () => Promise.reject(new TsaError('TSA_UNAVAILABLE', 'no answer')),
    }
    const tsaWith = async (timestampAuthorities: ReadinessParts['env']['timestampAuthorities']) =>
      (await lookAt({}, { timestampAuthorities })).readiness.components.tsa
    expect(await tsaWith([])).toEqual({ status: 'failed', code: 'TIMESTAMP_AUTHORITY_MISSING' })
    expect(await tsaWith([down, down])).toEqual({ status: 'failed', code: 'TSA_UNAVAILABLE' })
    expect(await tsaWith([down, good])).toEqual({ status: 'ok' })
  })

  it('names a disk that is nearly full, and one that is gone', async () => {
    const full = await lookAt({ disk: { folder, minFreeBytes: Number.MAX_SAFE_INTEGER } })
    expect(full.readiness).toMatchObject({ status: 'failed', components: { disk: { code: 'DISK_FULL' } } })
    const gone = await lookAt({ disk: { folder: join(folder, 'nowhere'), minFreeBytes: 1 } })
    expect(gone.readiness.components.disk).toEqual({ status: 'failed', code: 'ENOENT' })
  })

  it('is not given while uses wait for the ledger, or its chain is damaged; and names no institution', async () => {
    const troubles = () => [{ institution: 'JiangzhouBureau' as InstitutionId, code: 'LEDGER_UNAVAILABLE', waiting: 3 }]
    const waiting = await lookAt({ notarizer: { troubles } })
    expect(waiting.readiness).toMatchObject({ status: 'waiting', waiting: [{ code: 'LEDGER_UNAVAILABLE', uses: 3 }] })
    expect(JSON.stringify(waiting.readiness)).not.toContain('Jiangzhou')
    const damaged = await lookAt({ chainCheck: { state: 'damaged' } })
    expect(damaged.readiness).toMatchObject({ status: 'damaged', chain: 'damaged' })
  })

  it('looks once, however many ask at once', async () => {
    let looks = 0
    const institutions = async () => {
      looks++
      return []
    }
    const ready = readinessOf({
      env: { ...gateway.env, ledger: { ...gateway.env.ledger, institutions } },
      notarizer: { troubles: () => [] },
      onFailure: () => undefined,
    })
    await Promise.all(Array.from({ length: 50 }, ready))
    expect(looks).toBe(1)
  })
})
