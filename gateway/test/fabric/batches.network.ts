import { MAX_APPEND_BYTES, MAX_ENTRIES } from '@cinnabar/chaincode'
import type { Ledger } from '@cinnabar/core'
import { type Filler, fillerOf, type HeldSeal } from '@cinnabar/core/testing'
import { sealOnRealLedger } from './real-network'

describe('batches at the edge of the limits, on the real network', () => {
  let ledger: Ledger
  let held: HeldSeal
  let filler: Filler
  beforeAll(async () => {
    const scene = await sealOnRealLedger()
    ledger = scene.ledger
    held = scene.held
    filler = fillerOf(ledger, held, scene.cast.court, () => new Date())
  }, 120_000)
  afterAll(() => ledger.close())

  it('takes the most entries with the most bytes, twice what gRPC lets in by itself, and finds them in the block', async () => {
    const largest = await filler.filled(MAX_ENTRIES, MAX_APPEND_BYTES)
    expect(await filler.append(largest)).toBe(MAX_ENTRIES)
    const { institution } = held.pki
    const { size } = await ledger.head(institution)
    expect(await ledger.entries(institution, size - MAX_ENTRIES, size)).toEqual(largest.entries)
  }, 120_000)

  it('refuses one byte more, and one entry more, by the code of the rules and not by a limit of the transport', async () => {
    const { institution } = held.pki
    const before = await ledger.head(institution)
    await expect(filler.append(await filler.filled(300, MAX_APPEND_BYTES + 1))).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      details: { bytes: MAX_APPEND_BYTES + 1, maxBytes: MAX_APPEND_BYTES },
    })
    await expect(filler.append(await filler.filled(MAX_ENTRIES + 1, 4 << 20))).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
    })
    expect(await ledger.head(institution)).toEqual(before)
  }, 120_000)

  it('refuses the most entries for one forged among them, and names its place', async () => {
    const { institution } = held.pki
    const before = await ledger.head(institution)
    const { entries, uses } = await filler.filled(MAX_ENTRIES, 4 << 20)
    const { signature, opening } = uses[0]
    const forged = uses.map((use, index) =>
      index < MAX_ENTRIES - 1 ? use : { ...use, opening: { ...use.opening, signature: opening.signature }, signature },
    )
    await expect(filler.append({ entries, uses: forged })).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
      details: { index: MAX_ENTRIES - 1 },
    })
    expect(await ledger.head(institution)).toEqual(before)
  }, 120_000)
})
