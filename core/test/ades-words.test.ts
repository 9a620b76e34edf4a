import { CMS_OID } from '../src/cms/cms-oids'
import { signingCertificateV2 } from '../src/cms/ess'
import { toBase64 } from '../src/encode/bytes'
import { sequence } from '../src/encode/der-write'
import { timeOf } from '../src/model/time'
import type { Trust } from '../src/model/trust'
import type { Holder } from '../src/testing/pki'
import { day, stamped, stored } from '../src/testing/preserved'
import type { SealChanges } from '../src/testing/sealed-sample'
import { newWorld, type World } from '../src/testing/sealed-world'
import { type VerifyRequest, verify } from '../src/verify/verify'
import { extension } from '../src/x509/build'
import { holderOf, listOf, newCa, newSigner, newTsa } from './authorities'
import { adesOf, authority, SIGNED_AT, signedBy, word } from './long-term'
import { rsaKey, type TestCertificate } from './pki'
import { resigned } from './resigned'

let world: World
let tsa: Holder
let root: TestCertificate
beforeAll(async () => {
  world = await newWorld()
  tsa = await authority('tsa', '2005-01-01', '2060-01-01')
  root = await newCa('Root')
})

const TIME = SIGNED_AT
const NO_TOKEN = { token: async () => undefined }

const sign = (signer: TestCertificate, changes: SealChanges = {}) => signedBy(signer, { world, tsa }, changes)

const requestOf = (pdf: Uint8Array, more: Partial<VerifyRequest> = {}): VerifyRequest => ({
  ...{ pdf, at: day('2028-01-01') },
  ...more,
  anchors: { signers: [root.der], timestamps: [tsa.certificate], ...more.anchors },
})
const judged = (pdf: Uint8Array, more: Partial<VerifyRequest> = {}) => word(requestOf(pdf, more))

/** All that the world's root says was not revoked by 2026-12. */
const good = async () => ({ crls: [await listOf(root, day('2026-12-01'))] })

describe('TOTAL-FAILED is said for the reasons of table 5 alone', () => {
  it('and not for a certificate that is not fit, or a signature that names another', async () => {
    const encipher = await newCa('CA as signer', { issuer: root })
    expect(await judged(await sign(encipher), { material: await good() })).toBe(
      'time INDETERMINATE CHAIN_CONSTRAINTS_FAILURE',
    )
    const signer = await newSigner('Signer', root)
    const ofAnother = signingCertificateV2((await newSigner('Another', root)).certificate)
    const odd = await sign(signer, { draft: resigned({ [CMS_OID.signingCertificateV2]: ofAnother }) })
    expect(await judged(odd, { material: await good() })).toMatch(/^time INDETERMINATE SIG_CONSTRAINTS_FAILURE$/)
  })

  it('but for a signature that cannot be read', async () => {
    const signer = await newSigner('Signer', root)
    expect(await judged(await sign(signer, { cms: () => Uint8Array.of(0x30, 3, 2, 1, 1) }))).toBe(
      'basic TOTAL-FAILED FORMAT_FAILURE',
    )
  })
})

describe('a certificate that is not yet valid', () => {
  it('fails a signature proven to be older than it, and leaves others open', async () => {
    const later = await newSigner('Later', root, { notBefore: day('2027-01-01') })
    expect(await judged(await sign(later))).toBe('time TOTAL-FAILED NOT_YET_VALID')
    const at = day('2026-12-01')
    expect(await judged(await sign(later, NO_TOKEN), { at })).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })

  it('fails nothing as a CA: one of the same name and key may be missing, and anybody can put in another', async () => {
    const sub = await newCa('Sub', { issuer: root })
    const renewed = await newCa('Sub', { issuer: root, key: sub.key, notBefore: day('2027-06-01') })
    const pdf = await sign(await newSigner('Signer', sub))
    const crls = [await listOf(root, day('2026-12-01')), await listOf(sub, day('2026-12-01'))]
    const without = { material: { crls, certificates: [renewed.der] } }
    expect(await judged(pdf, without)).toBe('time INDETERMINATE OUT_OF_BOUNDS_NO_POE')
    expect(await judged(pdf, { material: { crls, certificates: [renewed.der, sub.der] } })).toBe('time TOTAL-PASSED')
  })

  it('of an authority makes its timestamp prove nothing', async () => {
    const early = await newTsa('TSA', root, { notBefore: day('2027-01-01') })
    const pdf = await sign(await newSigner('Signer', root), { tsa: holderOf(early) })
    const [stamp] = (await adesOf(requestOf(pdf, { anchors: { timestamps: [root.der] } }))).timestamps
    expect(stamp).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE' })
  })
})

describe('an expired certificate', () => {
  it('is known not to have been revoked, or is not', async () => {
    const signer = await newSigner('Signer', root, { notAfter: day('2027-01-01') })
    const pdf = await sign(signer, NO_TOKEN)
    const atEnd = await listOf(root, day('2026-12-31'))
    expect(await judged(pdf, { material: { crls: [atEnd] } })).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NOT_REVOKED')
    expect(await judged(pdf, { material: await good() })).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NO_POE')
    expect(await judged(pdf)).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })

  it('holds to the end of its last second and from the beginning of its first', async () => {
    const limits = { notBefore: TIME, notAfter: TIME }
    const signer = await newSigner('Signer', root, limits)
    const at = (offset: number) => ({ at: new Date(TIME.getTime() + offset) })
    const material = { crls: [await listOf(root, TIME)] }
    const outcome = async (offset: number) => judged(await sign(signer, NO_TOKEN), { ...at(offset), material })
    expect(await outcome(0)).toBe('basic TOTAL-PASSED')
    expect(await outcome(999)).toBe('basic TOTAL-PASSED')
    expect(await outcome(1000)).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NOT_REVOKED')
    expect(await outcome(-1)).toBe('basic INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })
})

describe('timestamps in the wrong order', () => {
  it('leave a signature open, whether one covers it or another', async () => {
    const pdf = stored(await sign(await newSigner('Signer', root)), await good())
    expect(await judged(await stamped(pdf, tsa, day('2026-12-02')))).toBe('long-term TOTAL-PASSED')
    const before = await stamped(pdf, tsa, day('2026-11-21'))
    expect(await judged(before)).toBe('long-term INDETERMINATE TIMESTAMP_ORDER_FAILURE')
    const twice = await stamped(await stamped(pdf, tsa, day('2026-12-03')), tsa, day('2026-12-02'))
    expect(await judged(twice)).toBe('long-term INDETERMINATE TIMESTAMP_ORDER_FAILURE')
  })
})

describe('several paths', () => {
  it('are tried until one stands: a cross-certificate that was revoked, or of which nothing is known, spoils nothing', async () => {
    const sub = await newCa('Sub', { issuer: root })
    const cross = await newCa('Cross', { issuer: root })
    const crossed = await newCa('Sub', { issuer: cross, key: sub.key })
    const pdf = await sign(await newSigner('Signer', sub))
    const crls = [
      await listOf(root, day('2026-12-01'), [{ of: cross, at: day('2026-01-01'), reason: 'cACompromise' }]),
      await listOf(sub, day('2026-12-01')),
    ]
    const paths = [crossed.der, cross.der, sub.der]
    expect(await judged(pdf, { material: { crls, certificates: paths } })).toBe('time TOTAL-PASSED')
    expect(await judged(pdf, { material: { crls, certificates: paths.slice(0, 2) } })).toBe(
      'time INDETERMINATE REVOKED_CA_NO_POE',
    )
  })

  it('end in loops without end', async () => {
    const [one, two] = [await newCa('One'), await newCa('Two')]
    const loop = [
      await newCa('One', { issuer: two, key: one.key }),
      await newCa('Two', { issuer: one, key: two.key }),
      await newCa('One', { issuer: one, key: one.key }),
    ]
    const pdf = await sign(await newSigner('Signer', one))
    const material = { certificates: loop.map(({ der }) => der) }
    expect(await judged(pdf, { material })).toBe('time INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND')
  })

  it('are none through an intermediate of the right name with another key, or one that constraints forbid', async () => {
    const sub = await newCa('Sub', { issuer: root })
    const substitute = await newCa('Sub', { issuer: root })
    const pdf = await sign(await newSigner('Signer', sub))
    expect(await judged(pdf, { material: { certificates: [substitute.der] } })).toBe(
      'time INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND',
    )
    const policy = extension('2.5.29.36', 'critical', sequence(Uint8Array.of(0x80, 1, 0)))
    const strict = await newCa('Strict', { issuer: root, extensions: [policy] })
    const bound = await sign(await newSigner('Signer', strict))
    expect(await judged(bound, { material: { certificates: [strict.der] } })).toBe(
      'time INDETERMINATE CHAIN_CONSTRAINTS_FAILURE',
    )
  })
})

describe('an authority that the trust file withdrew', () => {
  const withdrawn = (one: Holder): Trust => {
    const more = { certificate: toBase64(one.certificate), withdrawnAt: timeOf(day('2027-06-01')) }
    const organisations = world.trust.organisations.map((other) =>
      other.id === world.court.id ? { ...other, tsas: [...other.tsas, more] } : other,
    )
    return { ...world.trust, organisations }
  }

  it('still proves what another shows to be older than that', async () => {
    const gone = await authority('tsa', '2005-01-01', '2060-01-01')
    const pdf = stored(await sign(await newSigner('Signer', root), { tsa: gone }), await good())
    const request = { trust: withdrawn(gone) }
    const [alone] = (await adesOf(requestOf(pdf, request))).timestamps
    expect(alone).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND_NO_POE' })
    const [late] = (await adesOf(requestOf(await stamped(pdf, tsa, day('2027-06-02')), request))).timestamps
    expect(late.subIndication).toBe('NO_CERTIFICATE_CHAIN_FOUND_NO_POE')
    const { timestamps, bestSignatureTime } = await adesOf(
      requestOf(await stamped(pdf, tsa, day('2027-05-31')), request),
    )
    expect(timestamps[0].indication).toBe('TOTAL-PASSED')
    expect(bestSignatureTime).toBe(timeOf(TIME))
  })
})

it('an authority that was revoked proves only what another shows to be older', async () => {
  const below = await newTsa('TSA', root)
  const theft = { of: below, at: day('2027-06-01'), reason: 'keyCompromise' } as const
  const crls = [await listOf(root, day('2027-12-30'), [theft])]
  const pdf = await sign(await newSigner('Signer', root), { tsa: holderOf(below) })
  const more = { material: { crls }, anchors: { timestamps: [root.der, tsa.certificate] } }
  const [alone] = (await adesOf(requestOf(pdf, more))).timestamps
  expect(alone).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' })
  const [covered] = (await adesOf(requestOf(await stamped(pdf, tsa, day('2027-05-31')), more))).timestamps
  expect(covered.indication).toBe('TOTAL-PASSED')
  const [late] = (await adesOf(requestOf(await stamped(pdf, tsa, day('2027-06-01')), more))).timestamps
  expect(late.subIndication).toBe('REVOKED_NO_POE')
})

it('the same CRL in two places counts from where it is proven to be oldest', async () => {
  const small = await newCa('Small', { issuer: root, key: rsaKey(1024) })
  const signed = await sign(await newSigner('Signer', small), { at: day('2012-06-01') })
  const crl = await listOf(small, day('2012-06-02'))
  const lta = await stamped(stored(signed, { crls: [crl], certificates: [small.der] }), tsa, day('2013-06-01'))
  const [first] = (await verify(requestOf(lta))).signatures
  const material = { crls: [await listOf(root, day('2012-06-02')), crl], certificates: [small.der] }
  expect(first.level).toBe('B-LTA')
  expect(await judged(lta, { material })).toBe('long-term TOTAL-PASSED')
})
