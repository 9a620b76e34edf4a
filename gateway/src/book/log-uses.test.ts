import type { InstitutionId, LogEntry, SealId } from '@cinnabar/core'
import { LogUses } from './log-uses'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const OFFICIAL = 'official' as SealId

/** A ledger of that many entries, every second a use of the seal, that notes what is read. */
function ledgerOf(asked: string[], fail: () => boolean = () => false) {
  return {
    async entries(_: InstitutionId, from: number, to: number): Promise<readonly LogEntry[]> {
      asked.push(`${from}-${to}`)
      if (fail()) throw new RangeError('unavailable')
      const made = Array.from({ length: to - from }, (_none, i) => ({
        ...{ kind: (from + i) % 2 === 0 ? 'sealSignature' : 'deposit', seal: OFFICIAL },
      }))
      return made as unknown as readonly LogEntry[]
    },
  }
}

const indices = async (uses: LogUses, size: number, seal = OFFICIAL) =>
  (await uses.of({ institution: BUREAU, size }, seal)).map(({ index }) => index)

describe('the uses of a log', () => {
  it('are read once, by pages, and only what is new after that', async () => {
    const asked: string[] = []
    const uses = new LogUses(ledgerOf(asked))
    expect(await indices(uses, 1002)).toHaveLength(501)
    expect(await indices(uses, 1002)).toHaveLength(501)
    expect(await indices(uses, 1005)).toHaveLength(503)
    expect(asked).toEqual(['0-1000', '1000-1002', '1002-1005'])
  })

  it('are those below the head asked for, also when more is known, and of no other seal', async () => {
    const uses = new LogUses(ledgerOf([]))
    expect(await indices(uses, 6)).toEqual([0, 2, 4])
    expect(await indices(uses, 3)).toEqual([0, 2])
    expect(await indices(uses, 6, 'contract' as SealId)).toEqual([])
  })

  it('are each there once for who asks at the same time', async () => {
    const asked: string[] = []
    const uses = new LogUses(ledgerOf(asked))
    const all = await Promise.all([indices(uses, 4), indices(uses, 6), indices(uses, 4)])
    expect(all).toEqual([
      [0, 2],
      [0, 2, 4],
      [0, 2],
    ])
    expect(asked).toEqual(['0-4', '4-6'])
  })

  it('are read again after the ledger could not be read', async () => {
    let down = true
    const uses = new LogUses(ledgerOf([], () => down))
    await expect(indices(uses, 4)).rejects.toThrow('unavailable')
    down = false
    expect(await indices(uses, 4)).toEqual([0, 2])
  })
})
