import { MAX_APPEND_BYTES } from '@cinnabar/chaincode'
import { encodeCanonical, type Json, type Ledger, type LogEntry, type SealUse } from '@cinnabar/core'
import { type Cast, foundCast, type HeldSeal, registerSeal, sealEntries, sealer, useOf } from '@cinnabar/core/testing'
import { openRealLedger, realCast } from './real-network'

describe('batches at the edge of the limits, on the real network', () => {
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

  async function usesOf(count: number): Promise<readonly SealUse[]> {
    const at = new Date()
    return Promise.all(Array.from({ length: count }, () => useOf(held, cast.court, at)))
  }

  async function append(uses: readonly SealUse[], entries: readonly LogEntry[]) {
    const { institution } = held.pki
    const { size } = await ledger.head(institution)
    const head = await ledger.append(sealer(held.pki), institution, size, entries, uses)
    return head.size - size
  }

  it('takes the largest that fits, and finds its entries in the block again', async () => {
    const made = await usesOf(1000)
    const all = sealEntries(made, held.seal, 0)
    const sizes = made.map((use, i) => bytesOf(all[i]) + bytesOf(use) + 2)
    const count = sizes.findIndex((_, i) => sum(sizes.slice(0, i + 1)) + 4 > MAX_APPEND_BYTES)
    const fits = count < 0 ? made.length : count
    expect(await append(made.slice(0, fits), all.slice(0, fits))).toBe(fits)
    const { institution } = held.pki
    const { size } = await ledger.head(institution)
    expect(await ledger.entries(institution, size - fits, size)).toEqual(all.slice(0, fits))
  }, 60_000)

  it('refuses one that is larger by its code, not by a limit of the transport', async () => {
    const made = await usesOf(1000)
    const entries = sealEntries(made, held.seal, 0)
    const twice = made.map((use) => ({ ...use, token: use.token + use.token }))
    await expect(append(twice, entries)).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      details: { maxBytes: MAX_APPEND_BYTES },
    })
  }, 60_000)
})

function bytesOf(value: LogEntry | SealUse): number {
  return encodeCanonical(value as unknown as Json).length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
