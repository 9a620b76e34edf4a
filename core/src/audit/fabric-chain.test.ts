import { concat, fromBase64, toBase64, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { FabricAttestation, Statement } from '../model/attestation'
import { digestOf } from '../model/digest'
import { time } from '../model/time'
import type { Trust } from '../model/trust'
import {
  bytes,
  type EndorsementChanges,
  endorsementOf,
  newPeerOrganisation,
  number,
  type PeerOrganisation,
  readSet,
} from '../testing/fabric-peers'
import { blockHash, readBlock } from '../verify/fabric-block'
import type { Difference } from './difference'
import { ChainFollower, changesIn } from './fabric-chain'

const T = time('2026-11-22T03:04:06Z', '')
const AT = new Date('2026-12-01T00:00:00Z')
const NONE = new Uint8Array(0)
let court: PeerOrganisation
let trust: Trust

beforeAll(async () => {
  court = await newPeerOrganisation('JiangzhouCourt')
  const roots = [toBase64(court.certificate)]
  trust = {
    chaincode: 'cinnabar',
    channel: 'cinnabar',
    demonstration: true,
    issued: T,
    name: { en: 'Test', zh: '测试' },
    organisations: [{ id: court.id, kind: 'court', names: { en: 'Court', zh: '法院' }, roots, sealCas: [], tsas: [] }],
    quorum: { independentKinds: ['agency', 'court'], organisations: 2 },
    type: 'cinnabar.trust.v1',
    version: 1,
  }
})

interface BlockParts {
  readonly number: number
  readonly previous?: Uint8Array
  readonly envelopes?: readonly Uint8Array[]
  readonly codes?: readonly number[]
  readonly dataHash?: Uint8Array
}

function block({ number: n, previous = NONE, envelopes = [], codes = envelopes.map(() => 0), dataHash }: BlockParts) {
  const header = concat(
    ...(n === 0 ? [] : [number(1, n)]),
    ...(previous.length === 0 ? [] : [bytes(2, previous)]),
    bytes(3, dataHash ?? sha256(concat(...envelopes))),
  )
  const data = concat(...envelopes.map((one) => bytes(1, one)))
  const metadata = concat(bytes(1, NONE), bytes(1, NONE), bytes(1, Uint8Array.from(codes)))
  return concat(bytes(1, header), bytes(2, data), bytes(3, metadata))
}

const nameOf = (made: Uint8Array) => blockHash(readBlock(made).header)

function followed(...blocks: readonly Uint8Array[]) {
  const differences: Difference[] = []
  const follower = new ChainFollower({ organisation: 'Court' }, (code, where) => differences.push({ code, where }))
  const taken = blocks.map((one) => follower.take(one))
  return { taken, differences }
}

describe('a chain of blocks', () => {
  const first = block({ number: 0 })
  const second = block({ number: 1, previous: nameOf(first) })

  it('is followed from its first block', () => {
    const { taken, differences } = followed(first, second, block({ number: 2, previous: nameOf(second) }))
    expect(differences).toEqual([])
    expect(taken.map((one) => one?.block.header.number)).toEqual([0, 1, 2])
  })

  it.each([
    ['that begins elsewhere', 'BLOCK_CHAIN_BROKEN', [block({ number: 0, previous: nameOf(first) })]],
    ['with a gap', 'BLOCK_CHAIN_BROKEN', [first, block({ number: 2, previous: nameOf(first) })]],
    ['with another block before', 'BLOCK_CHAIN_BROKEN', [first, block({ number: 1, previous: sha256(NONE) })]],
    ['of other transactions', 'BLOCK_CONTENT_CHANGED', [block({ number: 0, dataHash: sha256(utf8('x')) })]],
    ['of what is no block', 'BLOCK_UNREADABLE', [utf8('block')]],
    ['without validation codes', 'BLOCK_UNREADABLE', [block({ number: 0, envelopes: [NONE], codes: [] })]],
  ])('%s is found: %s', (_, code, blocks) => {
    const { differences } = followed(...blocks)
    expect(differences).toEqual([{ code, where: { organisation: 'Court', block: blocks.length - 1 } }])
  })
})

it('names a block by where its envelopes end, too', () => {
  const [one, two] = [utf8('one'), utf8('two')]
  const names = [
    [one, two],
    [utf8('onet'), utf8('wo')],
  ].map((envelopes) => {
    const { taken, differences } = followed(block({ number: 0, envelopes }))
    expect(differences).toEqual([])
    return taken[0]?.name.split('.')
  })
  expect(names[0]?.[0]).toBe(names[1]?.[0])
  expect(names[0]?.[1]).not.toBe(names[1]?.[1])
})

/** A transaction as blocks hold it, of what one peer endorsed. */
function envelopeOf(one: FabricAttestation): Uint8Array {
  const endorsement = bytes(2, concat(bytes(1, fromBase64(one.endorser)), bytes(2, fromBase64(one.signature))))
  const action = concat(bytes(1, fromBase64(one.payload)), endorsement)
  const payload = concat(bytes(1, fromBase64(one.proposalPayload)), bytes(2, action))
  const data = bytes(1, bytes(2, payload))
  return bytes(1, concat(bytes(1, fromBase64(one.proposalHeader)), bytes(2, data)))
}

const WRITES = readSet(bytes(3, concat(bytes(1, utf8('log/JiangzhouCourt')), bytes(3, utf8('x')))))

async function envelope(changes: EndorsementChanges = {}): Promise<Uint8Array> {
  const statement: Statement = {
    channel: 'cinnabar',
    from: 0,
    institution: court.id,
    recordedAt: T,
    registered: {
      id: court.id,
      kind: 'court',
      names: { en: 'Court', zh: '法院' },
      sealCas: [],
      type: 'cinnabar.institution.v1',
    },
    root: digestOf(NONE),
    size: 1,
    type: 'cinnabar.attest.v1',
  }
  return envelopeOf(await endorsementOf(court, statement, { readWriteSet: WRITES, at: AT, ...changes }))
}

async function changed(envelopes: readonly Uint8Array[], codes?: readonly number[]) {
  const differences: Difference[] = []
  const { taken } = followed(block({ number: 0, envelopes, codes }))
  const [checked] = taken
  if (checked === undefined) throw new TypeError('the block cannot be read')
  const changes = await changesIn(checked, trust, (code, where) => differences.push({ code, where }))
  return { ...changes, codes: differences.map(({ code }) => code), differences }
}

describe('the transactions of a block', () => {
  it('are those of the chaincode, with what they call and write', async () => {
    const { transactions } = await changed([await envelope()])
    expect(transactions).toMatchObject([
      { block: 0, function: 'attest', writes: [{ key: 'log/JiangzhouCourt', value: utf8('x') }] },
    ])
    expect(transactions[0].arguments).toHaveLength(5)
  })

  it('that a peer calls invalid changed nothing', async () => {
    expect(await changed([await envelope(), utf8('x')], [11, 255])).toMatchObject({ transactions: [], codes: [] })
  })

  it('are not believed on a validation code: one organisation’s endorsement is not enough', async () => {
    const { codes, differences } = await changed([await envelope()])
    expect(codes).toEqual(['ENDORSEMENT_INSUFFICIENT'])
    expect(differences[0].where.found).toBe('JiangzhouCourt')
  })

  it('are judged by certificates as of when they were made', async () => {
    const { differences } = await changed([await envelope({ at: new Date('2040-01-01T00:00:00Z') })])
    expect(differences[0].where.found).toBe('')
  })

  it('count no endorsement of another proposal', async () => {
    const [one, other] = [await envelope(), await envelope()]
    const cut = concat(one.subarray(0, 40), other.subarray(40))
    expect((await changed([cut])).codes).not.toEqual([])
  })

  it.each<[string, string, EndorsementChanges]>([
    ['of another channel', 'TRANSACTION_FOREIGN', { channel: 'other' }],
    ['of another chaincode that writes to ours', 'TRANSACTION_FOREIGN', { names: ['other', 'other', 'other'] }],
    ['with private data', 'TRANSACTION_UNREADABLE', { readWriteSet: readSet(NONE, bytes(3, utf8('x'))) }],
  ])('%s are found: %s', async (_, code, changes) => {
    expect((await changed([await envelope(changes)])).codes).toContain(code)
  })

  it('that cannot be read are found, and the others are taken', async () => {
    const { codes, transactions } = await changed([utf8('x'), await envelope()])
    expect(codes).toContain('TRANSACTION_UNREADABLE')
    expect(transactions).toHaveLength(1)
  })

  it('of other chaincodes that write nothing of ours are none of ours', async () => {
    const { codes, transactions } = await changed([
      await envelope({ names: ['other', 'other', 'other'], readWriteSet: readSet() }),
    ])
    expect([codes, transactions]).toEqual([[], []])
  })

  it('that change configuration or chaincode are told apart', async () => {
    const { governance } = await changed([
      await envelope({ type: 1 }),
      await envelope({ names: ['_lifecycle', 'x', 'x'] }),
    ])
    expect(governance).toHaveLength(2)
  })
})
