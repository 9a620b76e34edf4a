import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstitutionId } from '@cinnabar/core'
import { settableClock } from '../../test/embedded-gateway'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { forgetKeys } from './forget-keys'
import { idForKey } from './idempotency'

const institution = 'JiangzhouBureau' as InstitutionId
const clock = settableClock('2026-11-22T03:04:05Z')

let folder: string
let store: Store
beforeEach(async () => {
  clock.set('2026-11-22T03:04:05Z')
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-keys-'))
  store = await openEmbeddedStore(folder)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

let drawn = 0
const randomBytes = (count: number) => new Uint8Array(count).fill(++drawn)
const idOf = (key: string, asked = 'a') =>
  idForKey({ store, clock, randomBytes }, { institution, user: 'lin', key, asked: [asked] })
const forgetBefore = (day: string) => forgetKeys(store, new Date(`${day}T12:00:00Z`))

describe('an Idempotency-Key', () => {
  it('names the same thing for as long as it is kept, and then another', async () => {
    const first = await idOf('k')
    expect(await forgetBefore('2026-11-22')).toBe(0)
    expect(await idOf('k')).toBe(first)
    await expect(idOf('k', 'b')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await forgetBefore('2026-11-23')).toBe(1)
    expect(await idOf('k', 'b')).not.toBe(first)
  })

  it('is forgotten by the day on which it came first, also when a thousand came that day', async () => {
    for (let i = 0; i < 1001; i++) await idOf(`${i}`)
    clock.set('2026-11-24T00:00:00Z')
    const later = await idOf('later')
    expect(await forgetBefore('2026-11-24')).toBe(1001)
    expect(await idOf('later')).toBe(later)
  })

  it('is forgotten though the clock was set back when it came', async () => {
    expect(await forgetBefore('2026-11-22')).toBe(0)
    clock.set('2026-11-02T00:00:00Z')
    await idOf('k')
    expect(await forgetBefore('2026-11-23')).toBe(1)
  })

  it('is forgotten after a crash in between, too', async () => {
    for (const key of ['a', 'b']) await idOf(key)
    clock.set('2026-11-23T00:00:00Z')
    await idOf('c')
    let removals = 0
    const dying: Store = {
      ...store,
      async remove(collection, ids) {
        if (++removals > 1) throw new Error('the process is gone')
        return store.remove(collection, ids)
      },
    }
    await expect(forgetKeys(dying, new Date('2026-11-24T00:00:00Z'))).rejects.toThrow('gone')
    await forgetKeys(store, new Date('2026-11-24T00:00:00Z'))
    for (const day of ['2026-11-22', '2026-11-23']) expect(await store.count('requestKeys', 'day', day)).toBe(0)
  })
})
