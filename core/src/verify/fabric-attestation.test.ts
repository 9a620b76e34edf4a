import { concat, fromBase64, toBase64, toHex, utf8 } from '../encode/bytes'
import { integer, sequence } from '../encode/der-write'
import type { FabricAttestation, Statement } from '../model/attestation'
import { digestOf } from '../model/digest'
import type { InstitutionId, SealId } from '../model/identifiers'
import { time } from '../model/time'
import type { Trust } from '../model/trust'
import {
  argsOf,
  bytes,
  endorsementOf,
  type IdentityChanges,
  newIdentity,
  newPeerOrganisation,
  number,
  type PeerOrganisation,
  readSet,
} from '../testing/fabric-peers'
import { newKey } from '../testing/keys'
import { ecdsaSignatureToRaw } from '../x509/ecdsa'
import { type PeerWord, peerWordOf } from './fabric-attestation'

const AT = new Date('2026-12-01T00:00:00Z')
const digest = digestOf(utf8('anything'))
const T = time('2026-11-22T03:04:06Z', '')
const other = 'cinnabar-two'
let court: PeerOrganisation
let company: PeerOrganisation
let trust: Trust

beforeAll(async () => {
  court = await newPeerOrganisation('JiangzhouCourt')
  company = await newPeerOrganisation('HengyuanTrade')
  trust = {
    chaincode: 'cinnabar',
    channel: 'cinnabar',
    demonstration: true,
    issued: T,
    name: { en: 'Test', zh: '测试' },
    organisations: [court, company].map(({ id, certificate }) => ({
      id,
      kind: id === court.id ? 'court' : 'enterprise',
      names: { en: id, zh: '某' },
      roots: [toBase64(certificate)],
      sealCas: [],
      tsas: [],
    })),
    quorum: { independentKinds: ['agency', 'court'], organisations: 2 },
    type: 'cinnabar.trust.v1',
    version: 1,
  }
})

const certificate = {
  digest,
  institution: 'HengyuanTrade' as InstitutionId,
  notAfter: time('2039-01-01T00:00:00Z', ''),
  notBefore: time('2021-01-01T00:00:00Z', ''),
  type: 'cinnabar.certificate.v1',
} as const
const seal = {
  appearance: digest,
  certificate: digest,
  displayName: '公章',
  heightUm: 42_000,
  id: 'official' as SealId,
  institution: 'HengyuanTrade' as InstitutionId,
  kind: 'official',
  notAfter: time('2039-01-01T00:00:00Z', ''),
  notBefore: time('2021-01-01T00:00:00Z', ''),
  status: 'active',
  suspensions: [],
  type: 'cinnabar.seal.v1',
  widthUm: 42_000,
} as const

function statement(changes: Partial<Statement> = {}): Statement {
  return {
    certificate,
    channel: 'cinnabar',
    from: 5,
    institution: 'HengyuanTrade' as InstitutionId,
    recordedAt: T,
    registered: {
      id: 'HengyuanTrade' as InstitutionId,
      kind: 'enterprise',
      names: { en: 'Hengyuan', zh: '恒远' },
      sealCas: [],
      type: 'cinnabar.institution.v1',
    },
    root: digest,
    seal,
    size: 9,
    type: 'cinnabar.attest.v1',
    ...changes,
  }
}

function wordOf(attestation: FabricAttestation): Promise<PeerWord | undefined> {
  return peerWordOf(attestation, trust, AT)
}

describe("a peer's endorsement of an unsubmitted call of attest", () => {
  it('is the word of its organisation', async () => {
    const given = statement()
    const word = await wordOf(await endorsementOf(court, given))
    expect(word).toEqual({ statement: given, organisation: court.id, key: digestOf(court.peer.key.spki) })
  })

  it('may be of the log alone, of another certificate than the seal has, and with a challenge', async () => {
    const { seal: _, certificate: __, ...plain } = statement()
    expect(await wordOf(await endorsementOf(court, plain))).toMatchObject({ organisation: court.id })
    const another = { ...certificate, digest: digestOf(utf8('another')) }
    const asked = statement({ certificate: another, challenge: 'ab'.repeat(16), latest: 12 })
    const args = [...argsOf(asked).slice(0, 4), another.digest, 'ab'.repeat(16)]
    expect(await wordOf(await endorsementOf(court, asked, { args }))).toMatchObject({ statement: asked })
  })

  it('counts in whatever affiliation its CA put the peer', async () => {
    const identity = await newIdentity(court, { units: ['department1', 'peer', 'Clients'] })
    expect(await wordOf(await endorsementOf(court, statement(), { identity }))).toBeDefined()
  })
})

const ENDORSEMENTS: readonly (readonly [string, () => Promise<FabricAttestation>])[] = [
  ['of a configuration update', () => endorsementOf(court, statement(), { type: 1 })],
  ['on another channel', () => endorsementOf(court, statement(), { channel: other })],
  ['whose statement names another channel', () => endorsementOf(court, statement({ channel: other }))],
  [
    'with another chaincode in the header',
    () => endorsementOf(court, statement(), { names: [other, 'cinnabar', 'cinnabar'] }),
  ],
  [
    'with another chaincode in the call',
    () => endorsementOf(court, statement(), { names: ['cinnabar', other, 'cinnabar'] }),
  ],
  [
    'with another chaincode in the answer',
    () => endorsementOf(court, statement(), { names: ['cinnabar', 'cinnabar', other] }),
  ],
  [
    'of another function',
    () => endorsementOf(court, statement(), { args: ['append', ...argsOf(statement()).slice(1)] }),
  ],
  ['of more arguments', () => endorsementOf(court, statement(), { args: [...argsOf(statement()), ''] })],
  ['of fewer arguments', () => endorsementOf(court, statement(), { args: argsOf(statement()).slice(0, 5) })],
  [
    'asked about another institution',
    () => endorsementOf(court, statement(), { args: argsOf(statement({ institution: court.id })) }),
  ],
  ['asked about another size', () => endorsementOf(court, statement(), { args: argsOf(statement({ size: 8 })) })],
  ['asked about no seal', () => endorsementOf(court, statement(), { args: argsOf(statement({ seal: undefined })) })],
  [
    'asked about another certificate',
    () => endorsementOf(court, statement(), { args: [...argsOf(statement()).slice(0, 4), digestOf(utf8('x')), ''] }),
  ],
  [
    "with a certificate that is not the seal's",
    () => endorsementOf(court, statement({ certificate: { ...certificate, digest: digestOf(utf8('x')) } })),
  ],
  [
    'asked with another challenge',
    () =>
      endorsementOf(court, statement({ challenge: 'ab'.repeat(16), latest: 9 }), {
        args: argsOf(statement({ challenge: 'cd'.repeat(16) })),
      }),
  ],
  ['of an initialisation', () => endorsementOf(court, statement(), { input: number(3, 1) })],
  ['with decorations', () => endorsementOf(court, statement(), { input: bytes(2, bytes(1, utf8('role'))) })],
  ['with a transient map', () => endorsementOf(court, statement(), { proposal: bytes(2, bytes(1, utf8('uses'))) })],
  ['that was refused', () => endorsementOf(court, statement(), { status: 500 })],
  ['that says nothing of its status', () => endorsementOf(court, statement(), { status: 0 })],
  ['of a write', () => endorsementOf(court, statement(), { readWriteSet: readSet(bytes(3, bytes(1, utf8('log')))) })],
  [
    "of a change of a key's policy",
    () => endorsementOf(court, statement(), { readWriteSet: readSet(bytes(4, bytes(1, utf8('log')))) }),
  ],
  [
    'of private data',
    () => endorsementOf(court, statement(), { readWriteSet: readSet(undefined, bytes(3, bytes(1, utf8('secret')))) }),
  ],
  [
    'of a write in another form',
    () => endorsementOf(court, statement(), { readWriteSet: readSet(bytes(5, utf8('new'))) }),
  ],
  ['with an event', () => endorsementOf(court, statement(), { event: utf8('append') })],
  ['with a field twice', () => endorsementOf(court, statement(), { answer: bytes(1, new Uint8Array(32)) })],
  ['with a field that nobody knows', () => endorsementOf(court, statement(), { proposal: bytes(9, utf8('x')) })],
  ['of a result that is no statement', () => endorsementOf(court, statement(), { result: utf8('{}') })],
  [
    'of a statement in another spelling',
    () => endorsementOf(court, statement(), { result: utf8(JSON.stringify(statement(), null, 1)) }),
  ],
  ["in another organisation's name", () => endorsementOf(court, statement(), { mspId: company.id })],
  [
    'in the name of an organisation that the trust file does not name',
    () => endorsementOf(court, statement(), { mspId: 'SomebodyElse' }),
  ],
  ['by an identity that is no certificate', () => endorsementOf(court, statement(), { pem: 'x' })],
]

const IDENTITIES: readonly (readonly [string, IdentityChanges])[] = [
  ['a client', { units: ['client'] }],
  ['an administrator', { units: ['admin'] }],
  ['a peer and client at once', { units: ['peer', 'client'] }],
  ['a peer twice over', { units: ['peer', 'peer'] }],
  ['nobody in particular', { units: [] }],
  ['a unit that reads much the same', { units: ['Peer'] }],
  ['one whose common name reads OU=peer', { units: [], commonName: 'x,OU=peer' }],
  ['a client whose common name reads OU=peer', { units: ['client'], commonName: 'OU=peer' }],
  ['a CA', { profile: 'ca' }],
  ['a peer whose certificate has expired', { notAfter: new Date('2026-11-30T00:00:00Z') }],
]

describe('an endorsement is not the word of anybody', () => {
  it.each(ENDORSEMENTS)('%s', async (_, make) => {
    expect(await wordOf(await make())).toBeUndefined()
  })

  it.each(IDENTITIES)('by %s', async (_, changes) => {
    const identity = await newIdentity(court, changes)
    expect(await wordOf(await endorsementOf(court, statement(), { identity }))).toBeUndefined()
  })

  it("by a peer of another CA, were it of the organisation's name", async () => {
    const twin = await newPeerOrganisation(court.id)
    expect(await wordOf(await endorsementOf(twin, statement()))).toBeUndefined()
  })

  it('by the key of another', async () => {
    const identity = { key: await newKey(), certificate: court.peer.certificate }
    expect(await wordOf(await endorsementOf(court, statement(), { identity }))).toBeUndefined()
  })

  it('with the parts of another endorsement', async () => {
    const [one, two] = [await endorsementOf(court, statement()), await endorsementOf(court, statement({ size: 10 }))]
    for (const member of ['payload', 'proposalHeader', 'proposalPayload', 'signature'] as const) {
      expect([member, await wordOf({ ...one, [member]: two[member] })]).toEqual([member, undefined])
    }
  })

  it('with the other of the two signatures that its own gives', async () => {
    const given = await endorsementOf(court, statement())
    const raw = ecdsaSignatureToRaw(fromBase64(given.signature), 'P-256')
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const [r, s] = [raw.subarray(0, 32), raw.subarray(32)].map((half) => BigInt(`0x${toHex(half)}`))
    const high = toBase64(sequence(integer(r), integer(n - s)))
    expect(await wordOf({ ...given, signature: high })).toBeUndefined()
  })

  it('with any byte changed', async () => {
    const given = await endorsementOf(court, statement())
    for (const member of ['endorser', 'payload', 'proposalHeader', 'proposalPayload', 'signature'] as const) {
      const original = fromBase64(given[member])
      for (let at = 0; at < original.length; at += 7) {
        const changed = concat(original)
        changed[at] ^= 1 << (at % 8)
        expect([member, at, await wordOf({ ...given, [member]: toBase64(changed) })]).toEqual([member, at, undefined])
      }
    }
  })

  it('when cut short', async () => {
    const given = await endorsementOf(court, statement())
    for (const member of ['endorser', 'payload', 'proposalHeader', 'proposalPayload', 'signature'] as const) {
      const original = fromBase64(given[member])
      for (let end = 0; end < original.length; end += 13) {
        const cut = toBase64(original.subarray(0, end))
        expect([member, end, await wordOf({ ...given, [member]: cut })]).toEqual([member, end, undefined])
      }
    }
  })
})
