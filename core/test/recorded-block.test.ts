import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat, fromBase64 } from '../src/encode/bytes'
import { ledgerMembers } from '../src/evidence/ledger-members'
import { EntryFormat, type LogEntry } from '../src/model/entry'
import type { LedgerBlocks } from '../src/model/ledger'
import type { Receipt } from '../src/model/receipt'
import { type Trust, TrustFormat } from '../src/model/trust'
import { isFinding, judgeBlock } from '../src/verify/block-proof'

/** A block that a peer of Fabric 2.5.0 gave, and the channel's first: `gateway/test/fabric/blocks.network.ts` records them. */
const recorded = JSON.parse(readFileSync(join(__dirname, 'recorded-block.json'), 'utf8'))
const entry: LogEntry = EntryFormat.check(recorded.entry)
const trust = TrustFormat.check(recorded.trust)
const at = new Date(recorded.at)
const real: LedgerBlocks = {
  number: recorded.number,
  transaction: recorded.transaction,
  block: fromBase64(recorded.block),
  configurations: recorded.configurations.map(fromBase64),
}

async function judged(changes: Partial<LedgerBlocks> = {}, by: Trust = trust, when = at) {
  const members = ledgerMembers(entry, { ...real, ...changes }, { maxBlockBytes: 1 << 20 })
  const found = await judgeBlock({ entry, index: recorded.index } as Receipt, { trust: by, at: when, members })
  return isFinding(found) ? found.code : found
}

describe('a block of a real network', () => {
  it('shows who ordered and endorsed it, and the configuration in force, years later', async () => {
    const found = await judged()
    expect(found).toMatchObject({ carried: true, configuration: 0, differs: [], number: real.number })
    if (found === undefined || typeof found === 'string') throw new Error('nothing was shown')
    expect(found.orderers).toHaveLength(1)
    expect(found.endorsers).toHaveLength(2)
  })

  it('is refused with any byte of its transaction changed', async () => {
    for (let position = 60; position < real.block.length - 2_000; position += 499) {
      const block = concat(real.block)
      block[position] ^= 1
      expect([position, typeof (await judged({ block }))]).toEqual([position, 'string'])
    }
  })

  it('is refused when cut short', async () => {
    for (let end = 1; end < real.block.length; end += 997) {
      expect([end, typeof (await judged({ block: real.block.subarray(0, end) }))]).toEqual([end, 'string'])
    }
  })

  it('is refused under another first block, and where the certificates were not valid', async () => {
    const genesis = `sha256:${'0'.repeat(64)}` as Trust['genesis']
    expect(await judged({}, { ...trust, genesis })).toBe('CONFIGURATION_NOT_FOLLOWED')
    expect(await judged({}, trust, new Date('2020-01-01T00:00:00Z'))).toBe('BLOCK_QUORUM_NOT_MET')
  })

  it('is refused when its first block names other organisations, which then is another block', async () => {
    const [first] = real.configurations
    const place = Buffer.from(first).indexOf('JiangzhouCourt')
    const changed = concat(first)
    changed[place] ^= 1
    expect(place).toBeGreaterThan(0)
    expect(await judged({ configurations: [changed] })).toMatch(/^(CONFIGURATION_NOT_FOLLOWED|BLOCK_INVALID)$/)
  })
})
