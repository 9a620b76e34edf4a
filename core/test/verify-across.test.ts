import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  acceptTrustList,
  dateOf,
  digestOf,
  ecdsaSignatureToRaw,
  type InstitutionId,
  isTrustList,
  type ListExpectation,
  type RecognisedConsortium,
  SignedTrustListFormat,
  signTrustList,
  sourcesOf,
  type Time,
  TrustFormat,
  type TrustList,
  TrustListFormat,
  type TrustSource,
  time,
  timeOf,
  toBase64,
  utf8,
  verifyAcross,
} from '../src/index'
import { newKey, type TestKey } from '../src/testing/keys'
import { newHolder, sealCertificate } from '../src/testing/pki'
import { day } from '../src/testing/preserved'
import { oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { sealPdf } from '../src/testing/sealed-sample'
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
    consortia: [consortium()],
    sequence: 7,
    type: 'cinnabar.trustList.v1',
    ...changes,
  }
}

function consortium(changes: Partial<RecognisedConsortium> = {}): RecognisedConsortium {
  const policies = [{ institution: abroad.company.id, oids: [POLICY] }]
  return { policies, region: 'HK', trust: abroad.trust, ...changes }
}

/** A list of this one consortium, as a source. */
const listed = (changes: Partial<RecognisedConsortium> = {}, of: Partial<TrustList> = {}) =>
  sourcesOf(listOf({ consortia: [consortium(changes)], ...of }))

/** The list, signed by `key` whatever key it names. */
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
    expect(await refusal(file, { seen: listOf({ consortia: [consortium({ region: 'CN-GD' })] }) })).toBe(
      'TRUST_LIST_FORKED',
    )
    expect(await refusal(file, { seen: listOf() })).toBe('OK')
    expect(await refusal(await signed(listOf({ sequence: 8 })), { seen: listOf() })).toBe('OK')
  })

  it('is refused when it is no such record, or one of its certificates is none', async () => {
    const [first, ...others] = abroad.trust.organisations
    const broken = {
      ...abroad.trust,
      organisations: [{ ...first, sealCas: [toBase64(utf8('no certificate'))] }, ...others],
    }
    expect(await refusal(utf8('{}'))).toBe('TRUST_LIST_INVALID')
    expect(await refusal(await signed(listOf({ consortia: [consortium({ trust: broken })] })))).toBe(
      'TRUST_LIST_INVALID',
    )
  })

  it('is not written unless a verifier would take it', async () => {
    const [first] = abroad.trust.organisations
    const twice = { ...abroad.trust, organisations: [first, first] }
    const foreign = { institution: 'NobodyMSP' as InstitutionId, oids: [POLICY] }
    const own = consortium().policies
    const wrong: readonly Partial<TrustList>[] = [
      { consortia: [consortium({ trust: twice })] },
      { consortia: [consortium(), consortium({ region: 'CN-GD' })] },
      { consortia: [consortium({ policies: [foreign] })] },
      { consortia: [consortium({ policies: [...own, ...own] })] },
      { expires: listOf().issued },
    ]
    for (const changes of wrong) {
      await expect(signTrustList(listOf(changes), operator.signer)).rejects.toMatchObject({ code: 'FORMAT_INVALID' })
    }
    const other = signTrustList(listOf(), (await newKey()).signer)
    await expect(other).rejects.toMatchObject({ code: 'FORMAT_INVALID' })
    expect(await refusal(await signTrustList(listOf(), operator.signer))).toBe('OK')
  })

  it('is read as FORMAT.md shows it', () => {
    const format = readFileSync(join(__dirname, '../FORMAT.md'), 'utf8')
    const line = format.split('\n').find((one) => one.endsWith('"type":"cinnabar.signedTrustList.v1"}'))
    expect(SignedTrustListFormat.parse(utf8(line ?? '')).list.consortia[0].region).toBe('HK')
  })
})

const judge = (...sources: readonly TrustSource[]) =>
  verifyAcross({ file: sample.pdf, evidence: sample.evidence, at, sources })

describe('several lists side by side', () => {
  it('recognise a seal from abroad, and the report names consortium, list and policy', async () => {
    const report = await judge({ trust: home.trust }, ...listed())
    expect(report).toMatchObject({ outcome: 'passed', code: 'OK' })
    const [seal] = report.signatures
    expect(seal.recognisedBy).toMatchObject({
      name: abroad.trust.name,
      region: 'HK',
      policy: POLICY,
      withdrawnAt: null,
      list: {
        name: { en: 'Hong Kong list' },
        sequence: 7,
        expires: '2027-05-22T00:00:00Z',
        key: digestOf(operator.spki),
      },
    })
    expect(seal.judgements?.map(({ region, outcome }) => [region, outcome])).toEqual([
      [null, expect.not.stringMatching('passed')],
      ['HK', 'passed'],
    ])
    expect(report.trust.sources).toHaveLength(2)
  })

  it('recognise each consortium of a list by itself', async () => {
    const list = listOf({ consortia: [consortium({ trust: home.trust, policies: [], region: 'CN-GD' }), consortium()] })
    const report = await judge(...sourcesOf(list))
    expect(report.signatures[0].recognisedBy).toMatchObject({ region: 'HK', list: { sequence: 7 } })
    expect(report.signatures[0].judgements).toHaveLength(2)
  })

  it('do not recognise a certificate without the policy that the list demands', async () => {
    const policies = [{ institution: abroad.company.id, oids: ['1.2.3'] }]
    const report = await judge(...listed({ policies }))
    expect(report).toMatchObject({ outcome: 'indeterminate', code: 'POLICY_NOT_RECOGNISED' })
    expect(report.signatures[0].recognisedBy).toBeNull()
  })

  it('take no policy from the certificate of another signature whose field bears the same name', async () => {
    const holder = await sealCertificate(abroad.company.pki)
    const sealed = await oneSeal(abroad, { party: abroad.company, seal: { holder } })
    const stranger = await newHolder({
      ...{ profile: 'seal', commonName: 'Stranger', notBefore: day('2020-01-01'), notAfter: day('2040-01-01') },
      policies: [POLICY],
    })
    const renamed = (pdf: Uint8Array) =>
      new Uint8Array(Buffer.from(Buffer.from(pdf).toString('latin1').replace('(Seal_2)', '(Seal)  '), 'latin1'))
    const second = { use: null, holder: stranger, place: { xMm: 120 }, beforeSigning: renamed } as const
    const { pdf } = await sealPdf(abroad, sealed.pdf, abroad.company, second)
    const { signatures } = await verifyAcross({ file: pdf, evidence: sealed.evidence, sources: listed(), at })
    expect(signatures.map(({ field }) => field)).toEqual(['Seal', 'Seal'])
    expect(signatures[0].checks.find(({ check }) => check === 'certificate')?.code).toBe('POLICY_NOT_RECOGNISED')
  })

  it('recognise of a withdrawn consortium what was sealed and recorded before, and nothing since', async () => {
    const provenTime = (await judge(...listed())).signatures[0].provenTime as Time
    const before = timeOf(new Date(dateOf(provenTime).getTime() - 1000))
    const after = await judge(...listed({ withdrawnAt: time('2026-12-01T00:00:00Z', '') }))
    expect(after.signatures[0].recognisedBy).toMatchObject({ withdrawnAt: '2026-12-01T00:00:00Z' })
    for (const withdrawnAt of [provenTime, before]) {
      const report = await judge({ trust: home.trust }, ...listed({ withdrawnAt }))
      expect(report).toMatchObject({ outcome: 'indeterminate', code: 'RECOGNITION_WITHDRAWN' })
      expect(report.signatures[0].recognisedBy).toBeNull()
    }
  })

  it('are not judged by where a list is not in force', async () => {
    const expired = listed({}, { expires: time('2026-11-30T00:00:00Z', '') })
    const report = await judge({ trust: home.trust }, ...expired)
    expect(report).toMatchObject({ outcome: 'indeterminate' })
    expect(report.signatures[0].judgements?.[1].code).toBe('TRUST_LIST_EXPIRED')
    const alone = await judge(...listed({}, { issued: time('2027-01-01T00:00:00Z', '') }))
    expect(alone).toMatchObject({ outcome: 'indeterminate', code: 'TRUST_MISSING' })
    expect(alone.signatures[0].judgements?.[0].code).toBe('TRUST_LIST_IN_FUTURE')
  })

  it('say nothing of institutions that a consortium does not have', async () => {
    const [, ...others] = abroad.trust.organisations.filter(({ id }) => id !== abroad.company.id)
    const report = await judge(
      { trust: abroad.trust },
      ...listed({ policies: [], trust: { ...home.trust, organisations: others } }),
    )
    expect(report.outcome).toBe('passed')
    expect(report.signatures[0].judgements?.[1]).toMatchObject({ outcome: 'indeterminate', code: 'SIGNER_UNKNOWN' })
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
    const sources = [{ trust: home.trust }, ...listed()]
    const report = await verifyAcross({ file: changed, evidence: sample.evidence, at, sources })
    expect(report.outcome).toBe('failed')
    expect(report.signatures.every(({ recognisedBy }) => recognisedBy === null)).toBe(true)
  })
})
