import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_APPEND_BYTES, MAX_ENTRIES } from '@cinnabar/chaincode'
import type { InstitutionId, Ledger } from '@cinnabar/core'
import {
  type Cast,
  type Filled,
  fillAppend,
  foundCast,
  type HeldSeal,
  newKey,
  newPki,
  registerSeal,
  sealer,
} from '@cinnabar/core/testing'
import { systemClock } from '../clock'
import { openEmbeddedLedger } from './embedded'

describe('appends at the edge of the limits', () => {
  let folder: string
  let ledger: Ledger
  let cast: Cast
  let held: HeldSeal
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cinnabar-limits-'))
    const { signer } = await newKey()
    ledger = await openEmbeddedLedger({ folder, channel: 'test', signer, clock: systemClock })
    const ids = ['JiangzhouBureau', 'YuanhangTech', 'JiangzhouCourt'] as InstitutionId[]
    const [agency, enterprise, court] = await Promise.all(ids.map(newPki))
    cast = { agency, enterprise, court }
    await foundCast(ledger, cast)
    held = await registerSeal(ledger, agency)
  })
  afterAll(async () => {
    await ledger.close()
    rmSync(folder, { recursive: true })
  })

  async function filled(count: number, bytes: number): Promise<Filled> {
    const recorded = (await ledger.seal(held.pki.institution, held.seal.id))?.uses ?? Number.NaN
    return fillAppend({ held, stampedBy: cast.court, recorded, at: new Date(), count, bytes })
  }

  async function append({ entries, uses }: Filled) {
    const { institution } = held.pki
    const { size } = await ledger.head(institution)
    const head = await ledger.append(sealer(held.pki), institution, size, entries, uses)
    return head.size - size
  }

  it('takes as many entries as are allowed with as many bytes as are allowed', async () => {
    expect(await append(await filled(MAX_ENTRIES, MAX_APPEND_BYTES))).toBe(MAX_ENTRIES)
  }, 120_000)

  it('refuses one byte more', async () => {
    await expect(append(await filled(300, MAX_APPEND_BYTES + 1))).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      details: { bytes: MAX_APPEND_BYTES + 1, maxBytes: MAX_APPEND_BYTES },
    })
  }, 120_000)

  it('refuses one entry more', async () => {
    const attempt = append(await filled(MAX_ENTRIES + 1, 4 << 20))
    await expect(attempt).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  }, 120_000)
})
