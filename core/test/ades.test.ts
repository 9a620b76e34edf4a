import { toBase64 } from '../src/encode/bytes'
import type { Trust } from '../src/model/trust'
import { newRsaKey } from '../src/testing/keys'
import { type Holder, newHolder, sealCertificate } from '../src/testing/pki'
import { crlOf, day, entryOf, stamped, stored } from '../src/testing/preserved'
import { contractPdf, SEALED_AT, type SealChanges, sealPdf } from '../src/testing/sealed-sample'
import { newWorld, type World } from '../src/testing/sealed-world'
import { verify } from '../src/verify/verify'
import { adesOf, authority, word } from './long-term'
import { oldSignature } from './old-signature'
import { issue, UNTIL } from './pki'

let world: World
beforeAll(async () => {
  world = await newWorld()
})

const ca = (): Holder => world.bureau.pki.sealCa
const seal = async (changes: SealChanges = {}) => (await sealPdf(world, contractPdf(), world.bureau, changes)).pdf
const NO_TOKEN = { token: async () => undefined }
const SOON = day('2026-11-24')

/** The world's trust file with these authorities of the court besides. */
function trusting(...tsas: readonly Holder[]): Trust {
  const more = tsas.map(({ certificate }) => ({ certificate: toBase64(certificate) }))
  const organisations = world.trust.organisations.map((one) =>
    one.id === world.court.id ? { ...one, tsas: [...one.tsas, ...more] } : one,
  )
  return { ...world.trust, organisations }
}

describe('basic validation (EN 319 102-1 5.3)', () => {
  it('passes what is valid now by a current CRL, in the file or given', async () => {
    const pdf = await seal(NO_TOKEN)
    const crl = await crlOf(ca(), day('2026-11-23'))
    const { trust } = world
    expect(await word({ pdf: stored(pdf, { crls: [crl] }), trust, at: SOON })).toBe('basic TOTAL-PASSED')
    expect(await word({ pdf, trust, at: SOON, material: { crls: [crl] } })).toBe('basic TOTAL-PASSED')
  })

  it('leaves open what nobody says was not revoked', async () => {
    const pdf = await seal(NO_TOKEN)
    const { trust } = world
    const old = await crlOf(ca(), day('2026-10-01'))
    const strangers = await crlOf(world.company.pki.sealCa, day('2026-11-23'))
    expect(await word({ pdf, trust, at: SOON })).toBe('basic INDETERMINATE TRY_LATER')
    for (const crls of [[old], [strangers], [new Uint8Array(9)]]) {
      expect(await word({ pdf, trust, at: SOON, material: { crls } })).toBe('basic INDETERMINATE TRY_LATER')
    }
  })

  it('leaves open what is expired or revoked by now', async () => {
    const holder = await sealCertificate(world.bureau.pki, { notAfter: day('2027-01-01') })
    const pdf = await seal({ ...NO_TOKEN, holder })
    const { trust } = world
    const crl = await crlOf(ca(), day('2026-11-23'), [entryOf(holder, day('2026-11-23'))])
    expect(await word({ pdf, trust, at: day('2028-01-01') })).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NO_POE')
    expect(await word({ pdf, trust, at: SOON, material: { crls: [crl] } })).toBe('basic INDETERMINATE REVOKED_NO_POE')
  })

  it('fails what is broken and finds no chain without trust', async () => {
    const pdf = await seal()
    const broken = pdf.slice()
    broken[300] ^= 1
    expect(await word({ pdf: broken, trust: world.trust, at: SOON })).toMatch(/TOTAL-FAILED (HASH|FORMAT)_FAILURE/)
    expect(await word({ pdf, at: SOON })).toBe('basic INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND')
  })
})

describe('validation with time (5.5)', () => {
  it('lets a signature outlive its certificate where a CRL was made since', async () => {
    const holder = await sealCertificate(world.bureau.pki, { notAfter: day('2027-01-01') })
    const pdf = await seal({ holder })
    const at = day('2030-01-01')
    const { trust } = world
    const since = await crlOf(ca(), day('2026-12-01'))
    const before = await crlOf(ca(), day('2026-11-01'))
    const tooLate = await crlOf(ca(), day('2029-01-01'))
    const judged = async (crl: Uint8Array) => word({ pdf: stored(pdf, { crls: [crl] }), trust, at })
    expect(await judged(since)).toBe('time TOTAL-PASSED')
    expect(await judged(before)).toBe('time INDETERMINATE TRY_LATER')
    // Once it is expired a CA may take a certificate from its list.
    expect(await judged(tooLate)).toBe('time INDETERMINATE TRY_LATER')
    expect(await adesOf({ pdf: stored(pdf, { crls: [since] }), trust, at })).toMatchObject({
      bestSignatureTime: '2026-11-22T03:04:05Z',
      timestamps: [{ kind: 'signature', indication: 'TOTAL-PASSED', time: '2026-11-22T03:04:05Z' }],
    })
  })

  it('lets it outlive an orderly revocation, and a compromise only where the key was good before', async () => {
    const { holder } = world.bureau
    const pdf = await seal()
    const at = day('2027-01-01')
    const judged = async (reason: 'superseded' | 'keyCompromise', invalidityDate?: Date) => {
      const entry = entryOf(holder, day('2026-12-24'), { reason, invalidityDate })
      const crls = [await crlOf(ca(), day('2026-12-30'), [entry])]
      return word({ pdf, trust: world.trust, at, material: { crls } })
    }
    expect(await judged('superseded')).toBe('time TOTAL-PASSED')
    expect(await judged('superseded', day('2026-01-01'))).toBe('time INDETERMINATE REVOKED_NO_POE')
    expect(await judged('keyCompromise')).toBe('time TOTAL-PASSED')
    expect(await judged('keyCompromise', day('2026-11-22'))).toBe('time INDETERMINATE REVOKED_NO_POE')
  })

  it('takes no time from an authority that is not trusted, even where it is trusted to sign', async () => {
    const pdf = await seal({ tsa: await authority('tsa', '2020-01-01', '2040-01-01') })
    const crls = [await crlOf(ca(), day('2026-11-23'))]
    const [first] = (await adesOf({ pdf, trust: world.trust, at: SOON, material: { crls } })).timestamps
    expect(first).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' })
    const tsa = await authority('tsa', '2020-01-01', '2040-01-01')
    const request = { pdf: await seal({ tsa }), at: SOON, material: { crls }, trust: world.trust }
    const anchored = { ...request, anchors: { signers: [tsa.certificate] } }
    expect((await adesOf(anchored)).process).toBe('basic')
    expect((await adesOf({ ...request, anchors: { timestamps: [tsa.certificate] } })).process).toBe('time')
  })

  it('fails what was stamped before its certificate was made', async () => {
    const holder = await newHolder({
      profile: 'seal',
      commonName: 'Later',
      notBefore: day('2026-12-01'),
      notAfter: day('2030-01-01'),
      issuer: ca(),
    })
    const pdf = await seal({ holder })
    expect(await word({ pdf, trust: world.trust, at: day('2027-01-01') })).toBe('time TOTAL-FAILED NOT_YET_VALID')
  })
})

describe('validation with long-term data (5.6)', () => {
  it('lets a signature outlive its authority, its CA and its timestamps, one after the other', async () => {
    const shortTsa = await authority('tsa', '2020-01-01', '2027-01-01')
    const nextTsa = await authority('tsa', '2020-01-01', '2032-01-01')
    const lastTsa = await authority('tsa', '2030-01-01', '2045-01-01')
    const trust = trusting(shortTsa, nextTsa, lastTsa)
    const crl = await crlOf(ca(), day('2026-12-01'))
    const bt = await seal({ tsa: shortTsa })
    const lt = stored(bt, { crls: [crl] })
    const lta = await stamped(lt, nextTsa, day('2026-12-02'))
    const renewed = await stamped(lta, lastTsa, day('2031-06-01'))
    const at = day('2029-01-01')
    expect(await word({ pdf: lt, trust, at: day('2026-12-03') })).toBe('time TOTAL-PASSED')
    expect((await adesOf({ pdf: lt, trust, at })).timestamps).toMatchObject([
      { subIndication: 'OUT_OF_BOUNDS_NOT_REVOKED' },
    ])
    expect(await word({ pdf: lta, trust, at })).toBe('long-term TOTAL-PASSED')
    // The CA's own certificate ends in 2040, the second authority's in 2032.
    const late = day('2041-06-01')
    expect(await word({ pdf: lta, trust, at: late })).toMatch(/^basic INDETERMINATE/)
    expect(await word({ pdf: renewed, trust, at: late })).toBe('long-term TOTAL-PASSED')
    expect(await adesOf({ pdf: renewed, trust, at: late })).toMatchObject({
      bestSignatureTime: '2026-11-22T03:04:05Z',
      timestamps: [{ kind: 'signature' }, { field: 'Timestamp_2' }, { field: 'Timestamp' }],
    })
  })

  it('changes nothing that is sealed, and says the level', async () => {
    const { trust } = world
    const crls = [await crlOf(ca(), day('2026-12-01'))]
    const bt = await seal()
    const lt = stored(bt, { crls, certificates: [ca().certificate] })
    const lta = await stamped(lt, world.court.pki.tsa, day('2026-12-02'))
    for (const [pdf, level] of [
      [bt, 'B-T'],
      [lt, 'B-LT'],
      [lta, 'B-LTA'],
    ] as const) {
      const [signature] = (await verify({ pdf, trust, at: day('2027-01-01') })).signatures
      expect([signature.level, signature.checks[0].code]).toEqual([level, 'OK'])
    }
    expect(stored(lt, { crls, certificates: [ca().certificate] })).toBe(lt)
  })

  it('believes no document timestamp over other bytes', async () => {
    const { trust } = world
    const lta = await stamped(
      stored(await seal(), { crls: [await crlOf(ca(), day('2026-12-01'))] }),
      world.court.pki.tsa,
      SOON,
    )
    const text = Buffer.from(lta).toString('latin1')
    const at = text.lastIndexOf('/ID [')
    const changed = lta.slice()
    changed[at + 8] = changed[at + 8] === 0x61 ? 0x62 : 0x61
    const { timestamps, process } = await adesOf({ pdf: changed, trust, at: day('2027-01-01') })
    expect(process).toBe('time')
    expect(timestamps[1]).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' })
    const [{ checks }] = (await verify({ pdf: changed, trust, at: day('2027-01-01') })).signatures
    expect(checks[0]).toMatchObject({ outcome: 'failed', code: 'DOCUMENT_TIMESTAMP_BROKEN' })
  })

  it('leaves integrity open where a later document timestamp cannot be read, and not where none is trusted', async () => {
    const { trust } = world
    const lta = await stamped(await seal(), await authority('tsa', '2020-01-01', '2040-01-01'), SOON)
    const at = day('2027-01-01')
    const [stranger] = (await verify({ pdf: lta, trust, at })).signatures
    expect(stranger.checks[0].code).toBe('OK')
    const text = Buffer.from(lta).toString('latin1')
    const unreadable = lta.slice()
    unreadable[text.lastIndexOf('/Contents <') + 12] = 0x31
    const [{ checks }] = (await verify({ pdf: unreadable, trust, at })).signatures
    expect(checks[0]).toMatchObject({ outcome: 'indeterminate', code: 'DOCUMENT_TIMESTAMP_UNREADABLE' })
  })

  it('believes algorithms as long as they were good', async () => {
    const key = await newRsaKey('RSASSA-PKCS1-v1_5')
    const holder = await sealCertificate(world.bureau.pki, { key })
    const pdf = await seal({ ...NO_TOKEN, holder })
    const { trust } = world
    const late = { trust, at: day('2032-01-01'), material: { crls: [await crlOf(ca(), day('2031-12-30'))] } }
    expect(await word({ ...late, pdf })).toBe('basic INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
    const proven = await stamped(pdf, world.court.pki.tsa, day('2030-06-01'))
    expect(await word({ ...late, pdf: proven })).toBe('long-term TOTAL-PASSED')
  })
})

describe('a signature of the past', () => {
  const validity = { notBefore: day('2008-01-01'), notAfter: day('2016-01-01') }
  const old = async () => {
    const issuer = await issue('Old CA', 'ca', { notBefore: day('2005-01-01'), notAfter: UNTIL })
    const tsa = await authority('tsa', '2005-01-01', '2040-01-01')
    const holder = { key: { ...issuer.key, signer: issuer.key, pkcs8: issuer.der }, certificate: issuer.der }
    const crl = await crlOf(holder, day('2015-07-01'))
    const anchors = { signers: [issuer.der], timestamps: [tsa.certificate] }
    const request = { at: day('2026-11-24'), material: { crls: [crl] }, anchors }
    return { pdf: await oldSignature(contractPdf(), issuer, validity), tsa, request }
  }

  it('by algorithms too weak today holds where it is proven to be older', async () => {
    const { pdf, tsa, request } = await old()
    const proven = await stamped(pdf, tsa, day('2013-06-01'))
    expect(await word({ ...request, pdf: proven })).toBe('long-term TOTAL-PASSED')
    const late = await stamped(pdf, tsa, day('2015-06-01'))
    expect(await word({ ...request, pdf: late })).toBe('long-term INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
    expect(await word({ ...request, pdf, at: day('2015-07-02') })).toBe(
      'basic INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    )
    // Of what is expired as well, that comes first (5.2.6.4).
    expect(await word({ ...request, pdf })).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })

  it('is still not judged by the six facts, and not believed when it is broken', async () => {
    const { pdf, tsa, request } = await old()
    const proven = await stamped(pdf, tsa, day('2013-06-01'))
    const [{ checks, outcome }] = (await verify({ ...request, pdf: proven })).signatures
    expect(outcome).toBe('indeterminate')
    expect(checks.slice(0, 2).map(({ code }) => code)).toEqual(['ALGORITHM_WEAK', 'ALGORITHM_WEAK'])
    const broken = proven.slice()
    broken[broken.indexOf(0x28, 200) + 1] ^= 1
    expect(await word({ ...request, pdf: broken })).toBe('basic TOTAL-FAILED HASH_FAILURE')
  })
})

describe('a signature that is no seal of ours', () => {
  it('is judged by the anchors given, and by those alone', async () => {
    const pdf = await seal({ use: null })
    const material = { crls: [await crlOf(ca(), day('2026-11-23'))] }
    const request = { pdf, at: SOON, material, trust: world.trust }
    expect(await word(request)).toBe('time INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND')
    expect(await word({ ...request, anchors: { signers: [ca().certificate] } })).toBe('time TOTAL-PASSED')
    expect(await word({ ...request, anchors: { timestamps: [ca().certificate] } })).toMatch(
      /NO_CERTIFICATE_CHAIN_FOUND/,
    )
    await expect(verify({ ...request, anchors: { signers: [new Uint8Array(3)] } })).rejects.toMatchObject({
      code: 'CERTIFICATE_INVALID',
    })
  })
})

it('a time before the seal believes no later word', async () => {
  const pdf = stored(await seal(), { crls: [await crlOf(ca(), day('2026-12-01'))] })
  const at = new Date(SEALED_AT.getTime() - 1000)
  expect(await word({ pdf, trust: world.trust, at })).toBe('basic INDETERMINATE TRY_LATER')
})
