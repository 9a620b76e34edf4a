import type { Ledger } from '@cinnabar/core'
import { type Cast, foundCast, type HeldSeal, registerSeal, sealEntries, sealer, useOf } from '@cinnabar/core/testing'
import { openRealLedger, realCast } from './real-network'

describe('batches on the real network', () => {
  let ledger: Ledger
  let cast: Cast
  let held: HeldSeal
  beforeAll(async () => {
    ledger = openRealLedger()
    cast = await realCast()
    await foundCast(ledger, cast)
    held = await registerSeal(ledger, cast.agency)
  }, 60_000)
  afterAll(() => ledger.close())

  /** Appends `count` real uses. @returns how long the append took, ms. */
  async function timeOf(count: number): Promise<number> {
    const { institution } = held.pki
    const at = new Date()
    const uses = await Promise.all(Array.from({ length: count }, () => useOf(held, cast.court, at)))
    const before = (await ledger.seal(institution, held.seal.id))?.uses ?? 0
    const { size } = await ledger.head(institution)
    const entries = sealEntries(uses, held.seal, before)
    const started = performance.now()
    const head = await ledger.append(sealer(held.pki), institution, size, entries, uses)
    const took = performance.now() - started
    expect(head.size).toBe(size + count)
    return took
  }

  it.each([1, 100, 500, 950])(
    'are final soon: %d entries',
    async (count) => {
      const times = []
      for (let i = 0; i < 5; i++) times.push(Math.round(await timeOf(count)))
      console.log(`${count}: ${times.join(' ')} ms`)
    },
    120_000,
  )
})
