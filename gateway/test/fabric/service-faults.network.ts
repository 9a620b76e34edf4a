import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FaultsOutcome, runFaults } from '@cinnabar/bench/proof/faults/run'
import { networkFolder } from './real-network'

const ROOT = join(__dirname, '../../..')
const FAULTS = ['leader orderer killed', 'own chaincode server killed', 'gateway killed']

// `npm run prove -- 2` runs all faults, longer and at 50 documents a second.
describe('the service, while documents arrive', () => {
  let scratch: string
  let outcome: FaultsOutcome

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'cinnabar-faults-'))
    outcome = await runFaults({
      root: ROOT,
      scratch,
      connection: join(networkFolder, 'connection.json'),
      // The enterprise's log is read whole by the contract suite.
      users: ['bureau', 'court'],
      perSecond: 8,
      quietMs: 2_000,
      pace: { awayMs: 8_000, afterMs: 4_000 },
      choose: (name) => FAULTS.includes(name),
      sample: 10,
      seed: 1,
      say: () => undefined,
    })
  }, 300_000)

  afterAll(() => rm(scratch, { recursive: true, force: true }))

  it('loses nothing that it acknowledged, and records nothing twice', () => {
    const { reckoning, badEnds, refused, sent } = outcome
    expect(reckoning).toMatchObject({ lost: [], twice: [], unknown: [], misnumbered: [] })
    expect({ badEnds, refused }).toEqual({ badEnds: [], refused: [] })
    expect(reckoning.acknowledged).toBe(sent)
    expect(sent).toBeGreaterThan(100)
  })

  it('resumes by itself after each fault', () => {
    expect(outcome.drills.map(({ name }) => name)).toEqual(FAULTS)
    for (const { resumedMs } of outcome.drills) expect(resumedMs).toBeGreaterThan(0)
  })

  it('gives files and evidence that pass offline', () => {
    expect(outcome.unverified).toEqual([])
    expect(outcome.verified).toBe(10)
  })
})
