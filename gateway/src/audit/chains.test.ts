import { type Difference, RebuiltLedger, sha256, type Trust } from '@cinnabar/core'
import { bytes, number } from '../../../core/src/testing/fabric-peers'
import { type AuditedPeer, PeerSilence } from './audited-peer'
import { Chains } from './chains'
import { Findings } from './findings'

const trust = { channel: 'cinnabar', chaincode: 'cinnabar', organisations: [] } as unknown as Trust
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const NONE = new Uint8Array(0)

/** Blocks without transactions; `mark` makes a chain that differs from there on, in its links and not in its form. */
function chainOf(count: number, from = count, mark = 0): readonly Uint8Array[] {
  let previous: Uint8Array = NONE
  return Array.from({ length: count }, (_, n) => {
    const envelopes = n >= from ? [Uint8Array.of(mark)] : []
    const content = sha256(join(...envelopes))
    const header = join(...(n === 0 ? [] : [number(1, n), bytes(2, previous)]), bytes(3, content))
    previous = sha256(Buffer.concat([derOf(n, previous, content)]))
    const filter = envelopes.map(() => 255)
    const metadata = join(bytes(1, NONE), bytes(1, NONE), bytes(1, Uint8Array.from(filter)))
    return join(bytes(1, header), bytes(2, join(...envelopes.map((one) => bytes(1, one)))), bytes(3, metadata))
  })
}

function derOf(n: number, previous: Uint8Array, content: Uint8Array): Uint8Array {
  const body = join(Uint8Array.of(2, 1, n, 4, previous.length), previous, Uint8Array.of(4, content.length), content)
  return join(Uint8Array.of(0x30, body.length), body)
}

function peerWith(organisation: string, blocks: readonly Uint8Array[], failAt = blocks.length): AuditedPeer {
  return {
    organisation: organisation as AuditedPeer['organisation'],
    address: `${organisation}:1`,
    height: async () => blocks.length,
    blocks: (from) => {
      let next = from
      return {
        next: async () => {
          if (next >= failAt) throw new PeerSilence('gone')
          return blocks[next++]
        },
        close: () => undefined,
      }
    },
    attest: async () => Promise.reject(new PeerSilence('not asked')),
    query: async () => Promise.reject(new PeerSilence('not asked')),
  }
}

async function read(...peers: readonly AuditedPeer[]) {
  const findings = new Findings()
  const ledger = new RebuiltLedger(findings.note)
  const told: number[] = []
  const chains = new Chains(peers, { trust, ledger, findings, progress: (done) => told.push(done) })
  await chains.advance()
  return { chains, findings, told, codes: findings.differences.map(({ code }: Difference) => code) }
}

describe('chains of several organisations', () => {
  it('are read side by side to their end, with progress', async () => {
    const { chains, findings, told } = await read(peerWith('A', chainOf(5)), peerWith('B', chainOf(5)))
    expect([chains.blocks, findings.count, findings.gaps]).toEqual([5, 0, []])
    expect(chains.peers.map(({ blocks }) => blocks)).toEqual([5, 5])
    expect(told).toEqual([1, 2, 3, 4, 5])
  })

  it('that part ways are found, from the block on where they do', async () => {
    const forked = peerWith('C', chainOf(5, 3, 7))
    const { findings } = await read(peerWith('A', chainOf(5)), forked, peerWith('B', chainOf(5)))
    expect(findings.differences.map(({ code, where }) => [code, where.block])).toEqual([
      ['BLOCKS_DIFFER', 3],
      ['BLOCKS_DIFFER', 4],
    ])
    expect(findings.differences[0].where.found).toMatch(/^A\+B: .*; C: /)
  })

  it('with other validation codes are found', async () => {
    const blocks = chainOf(3, 2, 7)
    const last = blocks[2].slice()
    last[last.length - 1] = 11
    const { codes } = await read(peerWith('A', blocks), peerWith('B', [...blocks.slice(0, 2), last]))
    expect(codes).toEqual(['VALIDATION_DIFFERS'])
  })

  it('are read without a peer that falls silent, and that is said', async () => {
    const { chains, findings, codes } = await read(peerWith('A', chainOf(5)), peerWith('B', chainOf(5), 2))
    expect([chains.blocks, codes]).toEqual([5, []])
    expect(findings.gaps).toEqual([{ code: 'PEER_SILENT', where: { organisation: 'B', address: 'B:1' } }])
    expect(chains.peers[1]).toMatchObject({ silent: true, blocks: 2 })
  })
})

describe('findings', () => {
  it('are counted all, and kept in a number that a liar cannot raise', () => {
    const findings = new Findings()
    for (let i = 0; i < 1500; i++) findings.note('RECORD_DIFFERS', { i })
    expect([findings.count, findings.differences.length]).toEqual([1500, 1000])
  })
})
