import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_APPEND_BYTES, MAX_ENTRIES } from '@cinnabar/chaincode'
import type { InstitutionId, Ledger } from '@cinnabar/core'
import { type Filler, fillerOf, foundCast, newKey, newPki, registerSeal } from '@cinnabar/core/testing'
import { systemClock } from '../clock'
import { openEmbeddedLedger } from './embedded'

describe('appends at the edge of the limits', () => {
  let folder: string
  let ledger: Ledger
  let filler: Filler
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cinnabar-limits-'))
    const { signer } = await newKey()
    ledger = await openEmbeddedLedger({ folder, channel: 'test', signer, clock: systemClock })
    const ids = ['JiangzhouBureau', 'YuanhangTech', 'JiangzhouCourt'] as InstitutionId[]
    const [agency, enterprise, court] = await Promise.all(ids.map(newPki))
    await foundCast(ledger, { agency, enterprise, court })
    filler = fillerOf(ledger, await registerSeal(ledger, agency), court, () => new Date())
  })
  afterAll(async () => {
    await ledger.close()
    rmSync(folder, { recursive: true })
  })

  it('takes as many entries as are allowed with as many bytes as are allowed', async () => {
    expect(await filler.append(await filler.filled(MAX_ENTRIES, MAX_APPEND_BYTES))).toBe(MAX_ENTRIES)
  }, 120_000)

  it('refuses one byte more', async () => {
    await expect(filler.append(await filler.filled(300, MAX_APPEND_BYTES + 1))).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      details: { bytes: MAX_APPEND_BYTES + 1, maxBytes: MAX_APPEND_BYTES },
    })
  }, 120_000)

  it('refuses one entry more', async () => {
    const attempt = filler.append(await filler.filled(MAX_ENTRIES + 1, 4 << 20))
    await expect(attempt).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  }, 120_000)
})
