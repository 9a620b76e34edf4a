import { utf8 } from '../encode/bytes'
import type { Statement } from '../model/attestation'
import { type Digest, digestOf } from '../model/digest'
import type { InstitutionId, SealId } from '../model/identifiers'
import type { InstitutionKind } from '../model/institution'
import { time } from '../model/time'
import type { Trust } from '../model/trust'
import type { PeerWord } from './fabric-attestation'
import { agreedBy } from './fabric-quorum'

const T = time('2026-11-22T03:04:06Z', '')
const owner = 'Bureau' as InstitutionId
const KINDS: Readonly<Record<string, InstitutionKind>> = {
  Bureau: 'agency',
  Company: 'enterprise',
  Trader: 'enterprise',
  Court: 'court',
}
const seal = { id: 'official' } as Statement['seal']
const certificate = { digest: digestOf(utf8('certificate')) } as Statement['certificate']
const question = { institution: owner, size: 9, seal: 'official' as SealId, certificate: certificate?.digest }

function trustOf(organisations: number, independentKinds: Trust['quorum']['independentKinds'] = ['agency', 'court']) {
  return {
    channel: 'cinnabar',
    organisations: Object.entries(KINDS).map(([id, kind]) => ({ id, kind })),
    quorum: { independentKinds, organisations },
  } as unknown as Trust
}

function says(
  organisation: string,
  changes: Partial<Statement> = {},
  key: Digest = digestOf(utf8(organisation)),
): PeerWord {
  const statement = {
    channel: 'cinnabar',
    from: 5,
    institution: owner,
    recordedAt: T,
    registered: { id: owner },
    root: digestOf(utf8('root')),
    size: 9,
    type: 'cinnabar.attest.v1',
    seal,
    certificate,
    ...changes,
  } as Statement
  return { statement, organisation: organisation as InstitutionId, key }
}

const agreed = (words: readonly PeerWord[], trust = trustOf(2)) => agreedBy(words, question, trust)

describe('the quorum', () => {
  it('is two organisations, one of them independent of the owner', () => {
    expect(agreed([says('Bureau'), says('Court')])).toMatchObject({ by: ['Bureau', 'Court'], statement: { seal } })
    expect(agreed([says('Company'), says('Court')])).toMatchObject({ by: ['Company', 'Court'] })
  })

  it.each([
    ['nobody', []],
    ['the owner alone', [says('Bureau')]],
    ['the court alone', [says('Court')]],
    ['the owner and an enterprise', [says('Bureau'), says('Company')]],
    ['two enterprises', [says('Company'), says('Trader')]],
    ['one organisation with two peers', [says('Court'), says('Court', {}, digestOf(utf8('peer1')))]],
    ['two organisations with one key', [says('Court'), says('Bureau', {}, digestOf(utf8('Court')))]],
    ['two that say different roots', [says('Bureau'), says('Court', { root: digestOf(utf8('fork')) })]],
    ['two that say different times', [says('Bureau'), says('Court', { recordedAt: time('2026-11-22T03:04:07Z', '') })]],
    ['two that say different firsts', [says('Bureau'), says('Court', { from: 6 })]],
    [
      'two of whom one speaks of another log',
      [says('Bureau'), says('Court', { institution: 'Court' as InstitutionId })],
    ],
    ['two of whom one speaks of another size', [says('Bureau'), says('Court', { size: 10 })]],
    ['two of whom one speaks of another channel', [says('Bureau'), says('Court', { channel: 'other' })]],
  ])('is not %s', (_, words) => {
    expect(agreed(words)).toBeUndefined()
  })

  it('is as large and as independent as the trust file says', () => {
    const three = [says('Bureau'), says('Company'), says('Court')]
    expect(agreed(three, trustOf(3))).toMatchObject({ by: ['Bureau', 'Company', 'Court'] })
    expect(agreed(three.slice(1), trustOf(3))).toBeUndefined()
    expect(agreed(three, trustOf(2, ['agency']))).toBeUndefined()
  })

  it('stands behind a seal and a certificate by itself, or does not name them', () => {
    const { seal: _, ...silent } = says('Court').statement
    const [one] = [agreed([says('Bureau'), { ...says('Court'), statement: silent as Statement }])]
    expect(one?.statement).toMatchObject({ certificate })
    expect(one?.statement).not.toHaveProperty('seal')
    const other = says('Court', { certificate: { digest: digestOf(utf8('x')) } as Statement['certificate'] })
    expect(agreed([says('Bureau'), other])?.statement).not.toHaveProperty('certificate')
  })

  it('is not disturbed by those who dissent', () => {
    const words = [says('Company', { root: digestOf(utf8('lie')) }), says('Bureau'), says('Court')]
    expect(agreed(words)).toMatchObject({ by: ['Bureau', 'Court'], statement: { root: digestOf(utf8('root')) } })
  })

  it('hides what was asked for an online check only', () => {
    const words = ['Bureau', 'Court'].map((id) => says(id, { challenge: 'ab'.repeat(16), latest: 9 }))
    expect(agreed(words)?.statement).not.toHaveProperty('challenge')
  })
})
