import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fuzz, trialPdf } from './fuzz'

describe('every route, asked with 600 requests made from the document', () => {
  it('answers as the document says, never with a fault, and a refusal changes nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cinnabar-fuzz-'))
    const pdf = await trialPdf(join(__dirname, '../../../..'))
    const outcome = await fuzz({ folder: join(folder, 'data'), pdf, requests: 600, seed: 3 })
    await rm(folder, { recursive: true })
    expect(outcome.faults).toEqual([])
    expect(outcome.accepted).toBeGreaterThan(60)
    expect(outcome.refused).toBeGreaterThan(200)
    expect(outcome.compared).toBeGreaterThan(5)
  }, 300_000)
})
