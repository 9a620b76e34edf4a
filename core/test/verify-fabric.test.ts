import { toBase64 } from '../src/encode/bytes'
import type { FabricAttestation, Statement } from '../src/model/attestation'
import { digestOf } from '../src/model/digest'
import type { Receipt } from '../src/model/receipt'
import type { Trust } from '../src/model/trust'
import { endorsementOf, newPeerOrganisation, type PeerOrganisation } from '../src/testing/fabric-peers'
import { attest, evidenceOf, oneSeal, type Sample } from '../src/testing/sealed-evidence'
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
