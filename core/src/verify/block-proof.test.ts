import { concat, toBase64, utf8 } from '../encode/bytes'
import type { OtherMember } from '../evidence/evidence'
import { ledgerMembers } from '../evidence/ledger-members'
import { LEDGER_ROLE } from '../model/block-proof'
import { digestFromBytes, digestOf } from '../model/digest'
import type { LogEntry } from '../model/entry'
import type { InstitutionId } from '../model/identifiers'
import type { LedgerBlocks } from '../model/ledger'
import type { Receipt } from '../model/receipt'
import type { RecordedBlock } from '../model/report'
import { time } from '../model/time'
import type { Trust } from '../model/trust'
import {
  appendEnvelope,
  type BlockChanges,
  blockOf,
  configurationEnvelope,
  signedEnvelope,
  type TestConfiguration,
} from '../testing/fabric-blocks'
import {
  bytes,
  type EndorsementChanges,
  newIdentity,
  newPeerOrganisation,
  type PeerOrganisation,
  TRANSACTION,
} from '../testing/fabric-peers'
import { isFinding, judgeBlock } from './block-proof'
import { blockHash, readBlock } from './fabric-block'

const AT = new Date('2026-12-01T00:00:00Z')
const MAX = { maxBlockBytes: 4 << 20 }
let agency: PeerOrganisation
let company: PeerOrganisation
let court: PeerOrganisation

beforeAll(async () => {
  agency = await newPeerOrganisation('JiangzhouBureau')
  company = await newPeerOrganisation('HengyuanTrade')
  court = await newPeerOrganisation('JiangzhouCourt')
})

const entryOf = (useNumber: number): LogEntry => ({
  certificate: digestOf(utf8('certificate')),
  commitment: digestOf(utf8('commitment')),
  institution: 'HengyuanTrade' as InstitutionId,
  kind: 'sealSignature',
  seal: 'official' as never,
  sealRecord: digestOf(utf8('seal')),
  tokenTime: time('2026-11-22T03:04:05Z', ''),
  type: 'cinnabar.entry.v1',
  useNumber,
})
const ENTRIES = [entryOf(1), entryOf(2), entryOf(3)]
/** The third of an append to a log of five. */
const PLACE = { entry: ENTRIES[2], index: 7 } as Receipt

function trust(changes: Partial<Trust> = {}): Trust {
  const organisations = [agency, company, court].map(({ id, certificate }) => ({
    id,
    kind: id === company.id ? ('enterprise' as const) : id === court.id ? ('court' as const) : ('agency' as const),
    names: { en: id, zh: '某' },
    ordererRoots: [toBase64(certificate)],
    roots: [toBase64(certificate)],
    sealCas: [],
    tsas: [],
  }))
  return {
    chaincode: 'cinnabar',
    channel: 'cinnabar',
    demonstration: true,
    issued: time('2026-11-22T03:04:06Z', ''),
    name: { en: 'Test', zh: '测试' },
    organisations,
    quorum: { independentKinds: ['agency', 'court'], organisations: 2 },
    type: 'cinnabar.trust.v1',
    version: 1,
    ...changes,
  }
}

/** Without orderers' roots: only a followed configuration says who may order. */
function trustFrom(genesis: Uint8Array, changes: Partial<Trust> = {}): Trust {
  const organisations = trust().organisations.map(({ ordererRoots: _, ...one }) => one)
  return trust({ organisations, genesis: digestFromBytes(blockHash(readBlock(genesis).header)), ...changes })
}

interface Changes {
  readonly endorsers?: readonly PeerOrganisation[]
  readonly append?: EndorsementChanges
  readonly expectedSize?: number
  readonly entries?: readonly LogEntry[]
  readonly block?: BlockChanges
  readonly orderedBy?: PeerOrganisation
}

async function blocks(changes: Changes = {}): Promise<LedgerBlocks> {
  const { endorsers = [company, court], expectedSize = 5, entries = ENTRIES, orderedBy = agency } = changes
  const envelope = await appendEnvelope(endorsers, { expectedSize, entries }, changes.append)
  const other = signedEnvelope(concat(bytes(1, bytes(1, bytes(4, utf8('cinnabar')))), bytes(2, utf8('another'))))
  const block = await blockOf(orderedBy, [other, envelope], changes.block)
  return { number: readBlock(block).header.number, transaction: TRANSACTION, block, configurations: [] }
}

/** The code of what is wrong, or what the block shows. */
async function judged(given: LedgerBlocks | readonly OtherMember[], by: Trust = trust(), at = AT) {
  const members = 'block' in given ? ledgerMembers(PLACE.entry, given, MAX) : given
  const found = await judgeBlock(PLACE, { trust: by, at, members })
  return isFinding(found) ? `${found.outcome} ${found.code}` : found
}

const withChanges = async (changes: Changes) => judged(await blocks(changes))

describe('the block of an entry', () => {
  it('shows its number, who ordered it and who endorsed the append', async () => {
    const shown: RecordedBlock = {
      carried: true,
      number: 7,
      orderers: [agency.id],
      endorsers: [company.id, court.id],
      configuration: null,
      differs: [],
    }
    expect(await judged(await blocks())).toEqual(shown)
  })

  it('is not missed where the evidence says nothing of it, or something of another entry', async () => {
    expect(await judged([])).toBeUndefined()
    expect(await judged(ledgerMembers(ENTRIES[0], await blocks(), MAX))).toBeUndefined()
    expect(await judged([{ path: 'ledger/later.json', role: LEDGER_ROLE, bytes: utf8('{"type":"later"}') }])).toBe(
      undefined,
    )
  })

  it('is named only when it is too large to carry', async () => {
    const members = ledgerMembers(PLACE.entry, await blocks(), { maxBlockBytes: 100 })
    expect(members).toHaveLength(1)
    expect(await judged(members)).toMatchObject({ carried: false, number: 7, orderers: [], endorsers: [] })
  })

  it('is judged by endorsements alone when the trust file says nothing of orderers', async () => {
    const organisations = trust().organisations.map(({ ordererRoots: _, ...one }) => one)
    expect(await judged(await blocks(), trust({ organisations }))).toMatchObject({ orderers: [], carried: true })
  })

  it("may be endorsed by the log's owner and an agency, as the channel's policy has it", async () => {
    expect(await withChanges({ endorsers: [agency, company] })).toMatchObject({ endorsers: [company.id, agency.id] })
  })
})

const INVALID = 'failed BLOCK_INVALID'
const NO_DATA = 'failed BLOCK_DATA_MISMATCH'
const NO_ENTRY = 'failed BLOCK_ENTRY_MISSING'
const NO_QUORUM = 'failed BLOCK_QUORUM_NOT_MET'
const STRANGER = 'failed BLOCK_SIGNER_NOT_TRUSTED'

const WRONG: readonly (readonly [string, string, () => Promise<Changes>])[] = [
  ['whose append holds another entry there', NO_ENTRY, async () => ({ entries: [...ENTRIES].reverse() })],
  ['whose append is elsewhere in the log', NO_ENTRY, async () => ({ expectedSize: 6 })],
  ['whose append ends before', NO_ENTRY, async () => ({ entries: ENTRIES.slice(0, 2) })],
  ['whose append was refused', NO_ENTRY, async () => ({ append: { status: 500 } })],
  ['whose append is on another channel', NO_ENTRY, async () => ({ append: { channel: 'other' } })],
  [
    'whose append is by another chaincode',
    NO_ENTRY,
    async () => ({ append: { names: ['cinnabar', 'cinnabar', 'other'] } }),
  ],
  [
    'whose peer took the append as invalid',
    'failed BLOCK_TRANSACTION_INVALID',
    async () => ({ block: { flags: Uint8Array.of(0, 11) } }),
  ],
  ['endorsed by one organisation', NO_QUORUM, async () => ({ endorsers: [court] })],
  ['endorsed by one organisation twice', NO_QUORUM, async () => ({ endorsers: [court, court] })],
  ['endorsed by nobody', NO_QUORUM, async () => ({ endorsers: [] })],
  [
    'endorsed by peers in text only',
    NO_QUORUM,
    async () => ({ append: { identity: await newIdentity(court, { units: ['client'], commonName: 'x,OU=peer' }) } }),
  ],
  [
    'endorsed by strangers of the same names',
    NO_QUORUM,
    async () => ({ endorsers: [await newPeerOrganisation(company.id), await newPeerOrganisation(court.id)] }),
  ],
  ['signed by a stranger', STRANGER, async () => ({ orderedBy: await newPeerOrganisation('Stranger') })],
  [
    "signed by a stranger in an orderer's name",
    STRANGER,
    async () => ({ orderedBy: await newPeerOrganisation('Stranger'), block: { mspId: agency.id } }),
  ],
  ['signed by a peer', STRANGER, async () => ({ block: { orderer: agency.peer } })],
  [
    'signed by an orderer in text only',
    STRANGER,
    async () => ({ block: { orderer: await newIdentity(agency, { units: ['peer'], commonName: 'OU=orderer' }) } }),
  ],
  [
    'signed by an orderer whose certificate had expired',
    STRANGER,
    async () => ({
      block: { orderer: await newIdentity(agency, { units: ['orderer'], notAfter: new Date('2026-11-01T00:00:00Z') }) },
    }),
  ],
]

describe('a block is a fault of the evidence', () => {
  it.each(WRONG)('%s: %s', async (_, code, changes) => {
    expect(await withChanges(await changes())).toBe(code)
  })

  it('when its header commits to other transactions', async () => {
    const [one, two] = [await blocks(), await blocks()]
    const read = readBlock(two.block)
    const block = await blockOf(agency, readBlock(one.block).envelopes, { recut: read.envelopes })
    expect(await judged({ ...one, block })).toBe(NO_DATA)
  })

  it('when an append that was never ordered is cut out of one that was', async () => {
    const hidden = await appendEnvelope([company, court], { expectedSize: 5, entries: ENTRIES })
    const [before, after] = [utf8('before'), utf8('after')]
    const whole = signedEnvelope(
      concat(bytes(1, bytes(1, bytes(4, utf8('cinnabar')))), bytes(2, concat(before, hidden, after))),
    )
    const at = whole.length - concat(hidden, after, bytes(2, utf8('signature'))).length
    const recut = [whole.subarray(0, at), whole.subarray(at, at + hidden.length), whole.subarray(at + hidden.length)]
    expect(digestOf(recut[1])).toBe(digestOf(hidden))
    const block = await blockOf(agency, [whole], { recut, flags: new Uint8Array(3) })
    expect(await judged({ number: 7, transaction: TRANSACTION, block, configurations: [] })).toBe(NO_DATA)
  })

  it('when the transaction is there twice, or another is named', async () => {
    const envelope = await appendEnvelope([company, court], { expectedSize: 5, entries: ENTRIES })
    const twice = await blockOf(agency, [envelope, envelope])
    expect(await judged({ ...(await blocks()), block: twice })).toBe(NO_ENTRY)
    expect(await judged({ ...(await blocks()), transaction: 'cd'.repeat(32) })).toBe(NO_ENTRY)
  })

  it('when it is cut short, anywhere', async () => {
    const { block, ...rest } = await blocks()
    for (let end = 1; end < block.length; end += 97) {
      const code = await judged({ ...rest, block: block.subarray(0, end) })
      expect([end, typeof code === 'string' ? code.slice(0, 6) : code]).toEqual([end, 'failed'])
    }
  })

  it('when any byte of header, transactions or signatures is another', async () => {
    const { block, ...rest } = await blocks()
    const length = block.length - 4
    for (let at = 0; at < length; at += 61) {
      const changed = concat(block)
      changed[at] ^= 1 << (at % 8)
      const code = await judged({ ...rest, block: changed })
      expect([at, typeof code === 'string' ? code.slice(0, 6) : code]).toEqual([at, 'failed'])
    }
  })

  it('when the record names a block that is not carried, or another one', async () => {
    const [record, block] = ledgerMembers(PLACE.entry, await blocks(), MAX)
    expect(await judged([record])).toBe(INVALID)
    expect(await judged([record, { ...block, bytes: concat(block.bytes, bytes(9, utf8('x'))) }])).toBe(INVALID)
    expect(await judged({ ...(await blocks()), number: 8 })).toBe(NO_DATA)
  })

  it('even beside another that is right', async () => {
    const good = ledgerMembers(PLACE.entry, await blocks(), MAX)
    const bad = ledgerMembers(PLACE.entry, await blocks({ endorsers: [court] }), MAX)
    expect(await judged([...good, ...bad])).toBe(NO_QUORUM)
  })
})

describe('the configuration', () => {
  const genesisOf = (orderers: readonly PeerOrganisation[]) =>
    blockOf(agency, [configurationEnvelope({ sequence: 0, orderers, members: [agency, company, court] })], {
      number: 0,
    })
  const changeOf = (signedBy: PeerOrganisation, configuration: Partial<TestConfiguration>, number = 3) =>
    blockOf(
      signedBy,
      [configurationEnvelope({ sequence: 1, orderers: [court], members: [agency, company, court], ...configuration })],
      { number, lastConfiguration: number },
    )

  it('is followed from the pinned first block through changes of who orders', async () => {
    const genesis = await genesisOf([agency])
    const first = { ...(await blocks()), configurations: [genesis] }
    expect(await judged(first, trustFrom(genesis))).toMatchObject({ configuration: 0, orderers: [agency.id] })
    const configurations = [genesis, await changeOf(agency, {})]
    const later = { ...(await blocks({ orderedBy: court, block: { lastConfiguration: 3 } })), configurations }
    expect(await judged(later, trustFrom(genesis))).toMatchObject({ configuration: 3, orderers: [court.id] })
  })

  it('takes the place of the orderers that the trust file pins', async () => {
    const genesis = await genesisOf([court])
    const configurations = [genesis]
    const { organisations } = trust()
    expect(await judged({ ...(await blocks()), configurations }, trustFrom(genesis, { organisations }))).toBe(STRANGER)
  })

  it('tells of organisations with other roots than the trust file has', async () => {
    const twin = await newPeerOrganisation(company.id)
    const envelope = configurationEnvelope({ sequence: 0, orderers: [agency], members: [twin, court] })
    const genesis = await blockOf(agency, [envelope], { number: 0 })
    const found = await judged({ ...(await blocks()), configurations: [genesis] }, trustFrom(genesis))
    expect(found).toMatchObject({ differs: [agency.id, company.id] })
  })

  it.each([
    ['by an orderer that only the change itself names', async () => changeOf(court, {})],
    ['by nobody who orders', async () => changeOf(await newPeerOrganisation('Stranger'), {})],
    ['with a number left out', async () => changeOf(agency, { sequence: 2 })],
    ['on another channel', async () => changeOf(agency, { channel: 'other' })],
  ])('is not followed through a change %s', async (_, change) => {
    const genesis = await genesisOf([agency])
    const configurations = [genesis, await change()]
    const given = { ...(await blocks({ orderedBy: court, block: { lastConfiguration: 3 } })), configurations }
    expect(await judged(given, trustFrom(genesis))).toBe('failed CONFIGURATION_NOT_FOLLOWED')
  })

  it('is not followed when the last change is kept back, or the first block is another', async () => {
    const genesis = await genesisOf([agency])
    const behind = { ...(await blocks({ block: { lastConfiguration: 3 } })), configurations: [genesis] }
    expect(await judged(behind, trustFrom(genesis))).toBe('failed CONFIGURATION_NOT_FOLLOWED')
    const another = await genesisOf([agency, court])
    const given = { ...(await blocks()), configurations: [another] }
    expect(await judged(given, trustFrom(genesis))).toBe('failed CONFIGURATION_NOT_FOLLOWED')
    const none = await blockOf(agency, [signedEnvelope(utf8('no payload'))], { number: 0 })
    expect(await judged({ ...(await blocks()), configurations: [none] }, trustFrom(none))).toBe(INVALID)
  })

  it('is not looked for when the trust file pins no first block', async () => {
    const given = { ...(await blocks()), configurations: [await genesisOf([court])] }
    expect(await judged(given)).toMatchObject({ configuration: null, orderers: [agency.id] })
  })
})
