import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  acceptTrustList,
  digestOf,
  ecdsaSignatureToRaw,
  isTrustList,
  type ListExpectation,
  SignedTrustListFormat,
  TrustFormat,
  type TrustList,
  TrustListFormat,
  type TrustSource,
  time,
  toBase64,
  utf8,
  verifyAcross,
} from '../src/index'
import { newKey, type TestKey } from '../src/testing/keys'
import { sealCertificate } from '../src/testing/pki'
import { oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { newWorld, type World } from '../src/testing/sealed-world'

const POLICY = '2.16.344.8.2.2008.810.2.2012.1.0'
const at = new Date('2026-12-01T00:00:00Z')

let home: World
let abroad: World
let operator: TestKey
let sample: Sample
beforeAll(async () => {
  ;[home, abroad, operator] = await Promise.all([newWorld(), newWorld(), newKey()])
  const holder = await sealCertificate(abroad.company.pki, { policies: [POLICY] })
  sample = await oneSeal(abroad, { party: abroad.company, seal: { holder } })
})

function listOf(changes: Partial<TrustList> = {}): TrustList {
  return {
    expires: time('2027-05-22T00:00:00Z', ''),
    issued: time('2026-11-22T00:00:00Z', ''),
    name: { en: 'Hong Kong list', zh: '香港名单' },
    operator: { key: toBase64(operator.spki), name: { en: 'Operator', zh: '发布方' } },
    policies: [{ institution: abroad.company.id, oids: [POLICY] }],
    region: 'HK',
    sequence: 7,
    trust: abroad.trust,
    type: 'cinnabar.trustList.v1',
    ...changes,
  }
}

async function signed(list: TrustList, key = operator): Promise<Uint8Array> {
  const signature = ecdsaSignatureToRaw(await key.signer.sign(TrustListFormat.encode(list)), 'P-256')
  return SignedTrustListFormat.encode({ list, signature: toBase64(signature), type: 'cinnabar.signedTrustList.v1' })
}

const pinned = () => [digestOf(operator.spki)]
async function refusal(file: Uint8Array, expectation: Partial<ListExpectation> = {}): Promise<string> {
  try {
    await acceptTrustList(file, { keys: pinned(), at, ...expectation })
    return 'OK'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a published trust list', () => {
  it('is taken when its pinned operator signed it and it is in force, with one line feed or none', async () => {
    const file = await signed(listOf())
    expect(await acceptTrustList(file, { keys: pinned(), at })).toEqual(listOf())
    expect(await refusal(Uint8Array.of(...file, 10))).toBe('OK')
    expect([isTrustList(file), isTrustList(TrustFormat.encode(home.trust))]).toEqual([true, false])
  })

  it('is refused when nobody pinned its operator, even though it is well signed', async () => {
    expect(await refusal(await signed(listOf()), { keys: [] })).toBe('TRUST_LIST_SIGNER_UNKNOWN')
  })

  it('is refused when somebody else signed it, or anything in it was changed', async () => {
    expect(await refusal(await signed(listOf(), await newKey()))).toBe('TRUST_LIST_SIGNATURE_INVALID')
    const text = new TextDecoder().decode(await signed(listOf()))
    expect(await refusal(utf8(text.replace('"sequence":7', '"sequence":8')))).toBe('TRUST_LIST_SIGNATURE_INVALID')
  })

  it('is refused before it is issued and from its expiry on', async () => {
    const file = await signed(listOf())
    expect(await refusal(file, { at: new Date('2026-11-21T23:59:59Z') })).toBe('TRUST_LIST_IN_FUTURE')
    expect(await refusal(file, { at: new Date('2027-05-22T00:00:00Z') })).toBe('TRUST_LIST_EXPIRED')
  })

  it('is refused when a newer one was seen, or another one of the same number', async () => {
    const file = await signed(listOf())
    expect(await refusal(file, { seen: listOf({ sequence: 8 }) })).toBe('TRUST_LIST_ROLLED_BACK')
    expect(await refusal(file, { seen: listOf({ region: 'CN-GD' }) })).toBe('TRUST_LIST_FORKED')
    expect(await refusal(file, { seen: listOf() })).toBe('OK')
    expect(await refusal(await signed(listOf({ sequence: 8 })), { seen: listOf() })).toBe('OK')
  })

  it('is refused when it is no such record, or names an organisation twice', async () => {
    const [first] = abroad.trust.organisations
    const twice = { ...abroad.trust, organisations: [first, first] }
    expect(await refusal(utf8('{}'))).toBe('TRUST_LIST_INVALID')
    expect(await refusal(await signed(listOf({ trust: twice })))).toBe('TRUST_LIST_INVALID')
  })

  it('is read as FORMAT.md shows it', () => {
    const format = readFileSync(join(__dirname, '../FORMAT.md'), 'utf8')
    const line = format.split('\n').find((one) => one.endsWith('"type":"cinnabar.signedTrustList.v1"}'))
    expect(SignedTrustListFormat.parse(utf8(line ?? '')).list.region).toBe('HK')
  })
})

const judge = (...sources: readonly TrustSource[]) =>
  verifyAcross({ file: sample.pdf, evidence: sample.evidence, at, sources })

describe('several lists side by side', () => {
  it('recognise a seal from abroad, and the report names the list', async () => {
    const report = await judge({ trust: home.trust }, { trust: abroad.trust, list: listOf() })
    expect(report).toMatchObject({ outcome: 'passed', code: 'OK' })
    const [seal] = report.signatures
    expect(seal.recognisedBy).toMatchObject({ region: 'HK', sequence: 7, name: { en: 'Hong Kong list' } })
    expect(seal.judgements?.map(({ region, outcome }) => [region, outcome])).toEqual([
      [null, expect.not.stringMatching('passed')],
      ['HK', 'passed'],
    ])
    expect(report.trust.sources).toHaveLength(2)
  })

  it('do not recognise a certificate without the policy that the list demands', async () => {
    const list = listOf({ policies: [{ institution: abroad.company.id, oids: ['1.2.3'] }] })
    const report = await judge({ trust: abroad.trust, list })
    expect(report).toMatchObject({ outcome: 'indeterminate', code: 'POLICY_NOT_RECOGNISED' })
    expect(report.signatures[0].recognisedBy).toBeNull()
  })

  it('never make one passing verdict of two halves', async () => {
    const half = { ...abroad.trust, organisations: abroad.trust.organisations.slice(0, 2) }
    const others = { ...abroad.trust, organisations: abroad.trust.organisations.slice(2) }
    const report = await judge({ trust: half }, { trust: others })
    expect(report.outcome).not.toBe('passed')
  })

  it('say as one trust file does where there is only that, and need none to refuse', async () => {
    expect((await judge({ trust: abroad.trust })).signatures[0]).not.toHaveProperty('recognisedBy')
    expect(await judge()).toMatchObject({ outcome: 'indeterminate', code: 'TRUST_MISSING' })
  })

  it('fail a changed file by every list', async () => {
    const changed = sample.pdf.slice()
    changed[200] ^= 1
    const sources = [{ trust: home.trust }, { trust: abroad.trust, list: listOf() }]
    const report = await verifyAcross({ file: changed, evidence: sample.evidence, at, sources })
    expect(report.outcome).toBe('failed')
    expect(report.signatures.every(({ recognisedBy }) => recognisedBy === null)).toBe(true)
  })
})
