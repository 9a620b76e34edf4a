import { writeFileSync } from 'node:fs'
import {
  dateOf,
  digestOf,
  judgeBlock,
  type Ledger,
  type LogEntry,
  ledgerMembers,
  MAX_BLOCK_BYTES,
  type Receipt,
  readBlock,
  toBase64,
} from '@cinnabar/core'
import { type Cast, type HeldSeal, sealEntries, sealer, useOf } from '@cinnabar/core/testing'
import { realTrust, sealOnRealLedger } from './real-network'

describe('the block of an append on the real network', () => {
  let ledger: Ledger
  let cast: Cast
  let held: HeldSeal
  beforeAll(async () => {
    ;({ ledger, cast, held } = await sealOnRealLedger())
  }, 60_000)
  afterAll(() => ledger.close())

  /** One batch, and where its last entry went. */
  async function appended(count: number) {
    const { institution } = held.pki
    const uses = await Promise.all(Array.from({ length: count }, () => useOf(held, cast.court, new Date())))
    const { size } = await ledger.head(institution)
    const used = (await ledger.seal(institution, held.seal.id))?.uses ?? 0
    const entries = sealEntries(uses, held.seal, used)
    const head = await ledger.append(sealer(held.pki), institution, size, entries, uses)
    const index = head.size - 1
    const append = await ledger.appendOf(institution, index)
    const blocks = await ledger.blocksBehind(institution, index)
    if (append === undefined || blocks === undefined) throw new Error('the append is not there')
    return { entry: entries[count - 1], index, at: dateOf(append.recordedAt), blocks }
  }

  const at = (entry: LogEntry, index: number) => ({ entry, index }) as Receipt
  const judged = async (
    { entry, index, at: when, blocks }: Awaited<ReturnType<typeof appended>>,
    trust = realTrust(),
  ) => {
    const members = ledgerMembers(entry, blocks, { maxBlockBytes: MAX_BLOCK_BYTES })
    const found = await judgeBlock(at(entry, index), { trust, at: when, members })
    return found !== undefined && 'code' in found ? found.code : found
  }

  /** What `core/test/recorded-block.json` holds: made with CINNABAR_RECORD=core/test/recorded-block.json. */
  const recordOf = ({ blocks, ...rest }: Awaited<ReturnType<typeof appended>>) => ({
    ...rest,
    trust: realTrust(),
    number: blocks.number,
    transaction: blocks.transaction,
    block: toBase64(blocks.block),
    configurations: blocks.configurations.map(toBase64),
  })

  it('is signed by orderers and endorsed by organisations that follow from the pinned first block', async () => {
    const given = await appended(3)
    const found = await judged(given)
    const { number } = readBlock(given.blocks.block).header
    expect(found).toMatchObject({ carried: true, number, differs: [], endorsers: expect.any(Array) })
    if (found === undefined || typeof found === 'string') throw new Error('nothing was shown')
    expect(found.orderers).toHaveLength(1)
    expect(found.endorsers).toHaveLength(2)
    expect(found.configuration).not.toBeNull()
    const { CINNABAR_RECORD: record } = process.env
    if (record !== undefined) writeFileSync(record, `${JSON.stringify(recordOf(given), null, 1)}\n`)
  }, 30_000)

  it('of hundreds of entries is read, too', async () => {
    const given = await appended(900)
    expect(given.blocks.block.length).toBeGreaterThan(256 << 10)
    expect(await judged(given)).toMatchObject({ carried: true })
  }, 60_000)

  it('is refused with another entry, another first block, other orderers and a byte changed', async () => {
    const given = await appended(1)
    const trust = realTrust()
    expect(await judged({ ...given, index: given.index + 1 })).toBe('BLOCK_ENTRY_MISSING')
    const genesis = digestOf(given.blocks.block)
    expect(await judged(given, { ...trust, genesis })).toBe('CONFIGURATION_NOT_FOLLOWED')
    const [first, ...others] = trust.organisations
    const swapped = [first, ...others].map((one, i, all) => ({ ...one, ordererRoots: all[(i + 1) % 3].ordererRoots }))
    const unpinned = { ...trust, genesis: undefined, organisations: swapped }
    expect(await judged(given, unpinned)).toBe('BLOCK_SIGNER_NOT_TRUSTED')
    const block = new Uint8Array(given.blocks.block)
    block[block.length >> 1] ^= 1
    expect(await judged({ ...given, blocks: { ...given.blocks, block } })).toMatch(/^BLOCK_/)
  }, 30_000)
})
