import { toBase64, utf8 } from '../src/encode/bytes'
import { sha256 } from '../src/encode/sha256'
import { ledgerMembers } from '../src/evidence/ledger-members'
import { readEvidence } from '../src/evidence/read-evidence'
import { writeEvidence } from '../src/evidence/write-evidence'
import type { FabricAttestation, Statement } from '../src/model/attestation'
import { digestOf } from '../src/model/digest'
import { preservationRecord, type Receipt } from '../src/model/receipt'
import type { Trust } from '../src/model/trust'
import { appendEnvelope, blockOf } from '../src/testing/fabric-blocks'
import {
  endorsementOf,
  newIdentity,
  newPeerOrganisation,
  type PeerOrganisation,
  TRANSACTION,
} from '../src/testing/fabric-peers'
import { type Holder, tokenOf } from '../src/testing/pki'
import { attest, evidenceOf, oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { SEALED_AT } from '../src/testing/sealed-sample'
import { newWorld, type World } from '../src/testing/sealed-world'
import { verify } from '../src/verify/verify'

let world: World
let sample: Sample
let bureau: PeerOrganisation
let company: PeerOrganisation
let court: PeerOrganisation

beforeAll(async () => {
  world = await newWorld()
  sample = await oneSeal(world)
  bureau = await newPeerOrganisation(world.bureau.id)
  company = await newPeerOrganisation(world.company.id)
  court = await newPeerOrganisation(world.court.id)
})

/** A trust file that pins three organisations' peers, and no operator. */
function trust(): Trust {
  const { singleOperator: _, ...rest } = world.trust
  const roots = new Map([bureau, company, court].map(({ id, certificate }) => [id, toBase64(certificate)]))
  const organisations = rest.organisations.map((one) => ({ ...one, roots: [roots.get(one.id) ?? ''] }))
  return { ...rest, organisations }
}

function nodeStatement(): Statement {
  const [attestation] = sample.receipts[0].attestations
  if (attestation.kind !== 'node') throw new Error('the sample has another attestation')
  return attestation.statement
}

/** What the anchor check says of the sample with these attestations. */
async function anchored(attestations: Receipt['attestations'], given: Trust = trust()) {
  const evidence = [evidenceOf([{ ...sample.receipts[0], attestations }])]
  const { outcome, signatures, trust: facts } = await verify({ ...sample, evidence, trust: given })
  const anchor = signatures[0].checks.find(({ check }) => check === 'anchor')
  return { outcome, anchor: `${anchor?.outcome} ${anchor?.code}`, by: signatures[0].recorded?.attestedBy, facts }
}

function by(...peers: readonly PeerOrganisation[]): Promise<FabricAttestation[]> {
  return Promise.all(peers.map((peer) => endorsementOf(peer, nodeStatement())))
}

describe('a seal recorded on Fabric', () => {
  it('passes by the word of two organisations, one of them independent, offline', async () => {
    const found = await anchored(await by(bureau, court))
    expect(found).toMatchObject({ outcome: 'passed', anchor: 'passed OK', by: [bureau.id, court.id] })
    expect(found.facts).toMatchObject({ ledger: 'fabric', singleOperator: false })
  })

  it('does not pass by the word of one organisation, or of the owner and an enterprise', async () => {
    const expected = { outcome: 'indeterminate', anchor: 'indeterminate QUORUM_NOT_MET' }
    expect(await anchored(await by(court))).toMatchObject(expected)
    expect(await anchored(await by(bureau, company))).toMatchObject(expected)
  })

  it('does not pass by the word of peers that the trust file does not know', async () => {
    const strangers = await Promise.all([bureau, court].map(({ id }) => newPeerOrganisation(id)))
    expect(await anchored(await by(...strangers))).toMatchObject({ anchor: 'indeterminate ATTESTER_NOT_TRUSTED' })
  })

  it('fails when one organisation says otherwise: that is a fork, whatever the quorum', async () => {
    const lie = await endorsementOf(company, { ...nodeStatement(), root: digestOf(Uint8Array.of(1)) })
    expect(await anchored([...(await by(bureau, court)), lie])).toMatchObject({ anchor: 'failed LEDGER_FORK' })
  })

  it('is not disturbed by a forged word of another root', async () => {
    const stranger = await newPeerOrganisation(company.id)
    const lie = await endorsementOf(stranger, { ...nodeStatement(), root: digestOf(Uint8Array.of(1)) })
    expect(await anchored([...(await by(bureau, court)), lie])).toMatchObject({ anchor: 'passed OK' })
  })

  it('does not pass by true words about another log', async () => {
    const about = { ...nodeStatement(), institution: company.id, registered: world.company.institution }
    const { seal: _, certificate: __, ...statement } = about
    const words = await Promise.all([bureau, court].map((one) => endorsementOf(one, statement as Statement)))
    expect(await anchored(words)).toMatchObject({ anchor: 'failed ATTESTATION_MISMATCH' })
  })

  it('does not pass by the node of an embedded ledger that the trust file does not pin', async () => {
    const word = await attest(world.node, nodeStatement())
    expect(await anchored([word])).toMatchObject({ anchor: 'indeterminate ATTESTER_NOT_TRUSTED' })
  })
})

describe('attestations under a preservation token', () => {
  const MINUTES = 60_000
  const after = (minutes: number) => new Date(SEALED_AT.getTime() + minutes * MINUTES)

  /** Words of peers whose certificates ran out a day after sealing, long before the file is verified. */
  async function words() {
    const expiring = { notAfter: after(24 * 60) }
    return Promise.all(
      [bureau, court].map(async (one) =>
        endorsementOf(one, nodeStatement(), { identity: await newIdentity(one, expiring) }),
      ),
    )
  }

  async function judged(tokens: (record: (before: readonly string[]) => Uint8Array) => Promise<readonly Uint8Array[]>) {
    const attestations = await words()
    const receipt: Receipt = { ...sample.receipts[0], attestations }
    const made = await tokens((before) => sha256(preservationRecord(receipt, [], before)))
    const preservation = { crls: [], tokens: made.map(toBase64) }
    const evidence = [evidenceOf([{ ...receipt, ...(made.length > 0 && { preservation }) }])]
    const report = await verify({ ...sample, evidence, trust: trust() })
    const anchor = report.signatures[0].checks.find(({ check }) => check === 'anchor')
    return `${anchor?.outcome} ${anchor?.code}`
  }
  const by = (tsa: () => Holder, at: Date) => judged(async (record) => [await tokenOf(tsa(), record([]), at)])

  it('are judged at its time: they outlive the certificates of those who made them', async () => {
    expect(await by(() => world.court.pki.tsa, after(5))).toBe('passed OK')
  })

  it('are judged at the first of several', async () => {
    const { tsa } = world.court.pki
    const renewed = judged(async (record) => {
      const first = await tokenOf(tsa, record([]), after(5))
      return [first, await tokenOf(tsa, record([toBase64(first)]), after(7 * 24 * 60))]
    })
    expect(await renewed).toBe('passed OK')
  })

  const TOO_LATE = 'indeterminate ATTESTER_NOT_TRUSTED'

  it('are nobody’s word once those certificates ran out, without a token or with a later one', async () => {
    expect(await judged(async () => [])).toBe(TOO_LATE)
    expect(await by(() => world.court.pki.tsa, after(2 * 24 * 60))).toBe(TOO_LATE)
  })

  it('are not judged at the time of a token by the owner of the log, by a stranger, or from the future', async () => {
    expect(await by(() => world.bureau.pki.tsa, after(5))).toBe(TOO_LATE)
    const stranger = await newWorld()
    expect(await by(() => stranger.court.pki.tsa, after(5))).toBe(TOO_LATE)
    const { tsa } = world.court.pki
    const early = judged(async (record) => {
      const first = await tokenOf(tsa, record([]), after(5))
      return [first, await tokenOf(tsa, record([toBase64(first)]), after(4))]
    })
    expect(await early).toBe(TOO_LATE)
  })

  it('fail under a token that is over other words', async () => {
    const other = judged(async () => [await tokenOf(world.court.pki.tsa, sha256(utf8('other')), after(5))])
    expect(await other).toBe('failed PRESERVATION_MISMATCH')
  })
})

describe('the block in evidence', () => {
  async function withBlock(endorsers: readonly PeerOrganisation[], words: Receipt['attestations']) {
    const [receipt] = sample.receipts
    const { entry, index } = receipt
    const block = await blockOf(court, [await appendEnvelope(endorsers, { expectedSize: index, entries: [entry] })])
    const blocks = { number: 7, transaction: TRANSACTION, block, configurations: [] }
    const others = ledgerMembers(entry, blocks, { maxBlockBytes: 1 << 20 })
    const read = readEvidence(evidenceOf([{ ...receipt, attestations: words }]))
    const report = await verify({ ...sample, evidence: [writeEvidence({ ...read, others })], trust: trust() })
    const anchor = report.signatures[0].checks.find(({ check }) => check === 'anchor')
    return { anchor: `${anchor?.outcome} ${anchor?.code}`, block: report.signatures[0].recorded?.block }
  }

  it('is told beside the attestations', async () => {
    const found = await withBlock([bureau, court], await by(bureau, court))
    expect(found).toMatchObject({ anchor: 'passed OK', block: { number: 7, endorsers: [bureau.id, court.id] } })
  })

  it('spoils the anchor when it is wrong', async () => {
    const found = await withBlock([bureau], await by(bureau, court))
    expect(found).toEqual({ anchor: 'failed BLOCK_QUORUM_NOT_MET', block: undefined })
  })

  it('does not make up for attestations', async () => {
    const found = await withBlock([bureau, court], await by(court))
    expect(found).toMatchObject({ anchor: 'indeterminate QUORUM_NOT_MET' })
  })
})
