import type { Holder } from '../src/testing/pki'
import { day, stamped, stored } from '../src/testing/preserved'
import type { SealChanges } from '../src/testing/sealed-sample'
import { newWorld, type World } from '../src/testing/sealed-world'
import type { VerifyRequest } from '../src/verify/verify'
import { answerOf, crlPoint, listOf, NO_CHECK, newCa, newResponder, newSigner } from './authorities'
import { authority, signedBy, word } from './long-term'
import { rsaKey, type TestCertificate } from './pki'

let world: World
let tsa: Holder
let root: TestCertificate
beforeAll(async () => {
  world = await newWorld()
  tsa = await authority('tsa', '2005-01-01', '2060-01-01')
  root = await newCa('Root')
})

const LATE = day('2028-01-01')
const CRL_POINT = crlPoint('http://ca.example/root.crl')

const sign = (signer: TestCertificate, changes: SealChanges = {}) => signedBy(signer, { world, tsa }, changes)

const judged = (pdf: Uint8Array, more: Partial<VerifyRequest> = {}) =>
  word({ pdf, at: LATE, ...more, anchors: { signers: [root.der], timestamps: [tsa.certificate], ...more.anchors } })

describe('what a CA signed after its key was stolen', () => {
  const setting = async () => {
    const sub = await newCa('Sub', { issuer: root })
    const signer = await newSigner('Signer', sub)
    const theft = { of: sub, at: day('2027-06-01'), reason: 'keyCompromise' } as const
    const pdf = stored(await sign(signer), {
      certificates: [sub.der],
      crls: [await listOf(root, day('2027-07-01'), [theft])],
    })
    return { sub, signer, pdf, crl: await listOf(sub, day('2026-12-01')) }
  }

  it('tells nothing of those below it: any date can be put into it', async () => {
    const { pdf, crl, sub, signer } = await setting()
    const answer = await answerOf(signer, sub, sub, { producedAt: day('2026-12-01') })
    expect(await judged(stored(pdf, { crls: [crl] }))).toBe('time INDETERMINATE TRY_LATER')
    expect(await judged(stored(pdf, { answers: [answer] }))).toBe('time INDETERMINATE TRY_LATER')
  })

  it('counts where it is proven to be older than the theft', async () => {
    const { pdf, crl, sub } = await setting()
    const early = await stamped(stored(pdf, { crls: [crl], certificates: [sub.der] }), tsa, day('2027-05-31'))
    const late = await stamped(stored(pdf, { crls: [crl], certificates: [sub.der] }), tsa, day('2027-06-02'))
    expect(await judged(early)).toBe('long-term TOTAL-PASSED')
    expect(await judged(late)).toBe('long-term INDETERMINATE TRY_LATER')
  })

  it('is no certificate to build a path with, unless that is proven to be older', async () => {
    const { sub } = await setting()
    const below = await newCa('Below', { issuer: sub })
    const signer = await newSigner('Signer', below)
    const theft = { of: sub, at: day('2027-06-01'), reason: 'keyCompromise' } as const
    const crls = [await listOf(sub, day('2026-12-01')), await listOf(below, day('2026-12-01'))]
    const signed = await sign(signer)
    const material = { crls: [await listOf(root, day('2027-07-01'), [theft])], certificates: [sub.der, below.der] }
    const without = await stamped(stored(signed, { crls, certificates: [sub.der] }), tsa, day('2026-12-02'))
    const within = await stamped(stored(signed, { crls, certificates: [sub.der, below.der] }), tsa, day('2026-12-02'))
    expect(await judged(without, { material })).toBe('long-term INDETERMINATE REVOKED_CA_NO_POE')
    expect(await judged(within, { material })).toBe('long-term TOTAL-PASSED')
  })
})

describe('an OCSP responder', () => {
  const setting = async (extensions: readonly Uint8Array[] = []) => {
    const signer = await newSigner('Signer', root, { notAfter: day('2027-01-01') })
    const responder = await newResponder('Responder', root, { extensions })
    const pdf = await sign(signer)
    const answer = await answerOf(signer, root, responder, { producedAt: day('2026-12-01') })
    return { signer, responder, pdf, answer }
  }

  it('that was revoked before its answer was known is not believed, whether or not it says where to ask', async () => {
    for (const extensions of [[], [CRL_POINT]]) {
      const { responder, pdf, answer } = await setting(extensions)
      const theft = { of: responder, at: day('2027-06-01'), reason: 'keyCompromise' } as const
      // The signer is expired by then, so that of it the answer alone tells.
      const now = await listOf(root, LATE, [theft])
      const proven = await stamped(stored(pdf, { answers: [answer] }), tsa, day('2026-12-02'))
      expect(await judged(pdf, { material: { answers: [answer], crls: [now] } })).toBe('time INDETERMINATE TRY_LATER')
      expect(await judged(proven, { material: { crls: [now] } })).toBe('long-term TOTAL-PASSED')
    }
  })

  it('that says where to ask must be shown not to be revoked when its answer was known', async () => {
    const { pdf, answer } = await setting([CRL_POINT])
    const [then, now] = [await listOf(root, day('2026-11-20')), await listOf(root, LATE)]
    expect(await judged(pdf, { material: { answers: [answer] } })).toBe('time INDETERMINATE TRY_LATER')
    expect(await judged(pdf, { material: { answers: [answer], crls: [now] } })).toBe('time TOTAL-PASSED')
    const other = await setting([CRL_POINT])
    const ofThen = { answers: [other.answer], crls: [then] }
    // It was current when the signature was made, and says nothing of who answers since.
    expect(await judged(other.pdf, { material: { ...ofThen, crls: [] } })).toBe('time INDETERMINATE TRY_LATER')
  })

  it('that no check is wanted of is believed without', async () => {
    const { pdf, answer } = await setting([NO_CHECK])
    expect(await judged(pdf, { material: { answers: [answer] } })).toBe('time TOTAL-PASSED')
  })

  it('of another CA is not believed', async () => {
    const { pdf, signer } = await setting()
    const stranger = await newResponder('Responder', await newCa('Root'))
    const answer = await answerOf(signer, root, stranger, { producedAt: day('2026-12-01') })
    expect(await judged(pdf, { material: { answers: [answer] } })).toBe('time INDETERMINATE TRY_LATER')
  })
})

describe('keys too small today', () => {
  it('sign no revocation list and no certificate of the past unless that is proven to be older', async () => {
    const small = await newCa('Small', { issuer: root, key: rsaKey(1024) })
    const signer = await newSigner('Signer', small)
    const signed = await sign(signer, { at: day('2012-06-01') })
    const crls = [await listOf(small, day('2012-06-02'))]
    const material = { crls: [await listOf(root, day('2012-06-02'))], certificates: [small.der] }
    expect(await judged(signed, { material: { ...material, crls: [...material.crls, ...crls] } })).toBe(
      'time INDETERMINATE TRY_LATER',
    )
    const proven = await stamped(stored(signed, { crls, certificates: [small.der] }), tsa, day('2013-06-01'))
    expect(await judged(proven, { material })).toBe('long-term TOTAL-PASSED')
  })
})

describe('who signs a revocation list', () => {
  it('must end at the same anchor, whatever names it bears (RFC 5280 6.3.3 f)', async () => {
    const other = await newCa('Root')
    const signer = await newSigner('Signer', root)
    const pdf = await sign(signer)
    const request = {
      material: { crls: [await listOf(other, day('2026-12-01'))] },
      anchors: { signers: [root.der, other.der], timestamps: [tsa.certificate] },
    }
    expect(await judged(pdf, request)).toBe('time INDETERMINATE TRY_LATER')
    const revoking = await listOf(other, day('2026-12-01'), [{ of: signer, at: day('2026-11-01') }])
    const crls = [revoking, await listOf(root, day('2026-12-01'))]
    expect(await judged(pdf, { ...request, material: { crls } })).toBe('time TOTAL-PASSED')
  })
})

describe('several words on one certificate', () => {
  const signer = () => newSigner('Signer', root)
  const theft = (of: TestCertificate, invalidityDate?: Date) =>
    ({ of, at: day('2027-01-01'), reason: 'keyCompromise', invalidityDate }) as const

  it('count by the earliest date among them, in whatever order they lie', async () => {
    const one = await signer()
    const pdf = await sign(one)
    const crls = [
      await listOf(root, day('2027-01-02'), [{ of: one, at: day('2027-01-01'), reason: 'superseded' }]),
      await listOf(root, day('2027-01-03'), [theft(one, day('2026-11-01'))]),
    ]
    const answers = [await answerOf(one, root, root, { producedAt: day('2027-01-02'), revokedAt: day('2027-01-01') })]
    const expected = 'time INDETERMINATE REVOKED_NO_POE'
    expect(await judged(pdf, { material: { crls } })).toBe(expected)
    expect(await judged(pdf, { material: { crls: [...crls].reverse() } })).toBe(expected)
    expect(await judged(pdf, { material: { crls: crls.slice(1), answers } })).toBe(expected)
    expect(await judged(pdf, { material: { crls: crls.slice(0, 1), answers } })).toBe('time TOTAL-PASSED')
  })

  it('include the invalidity date of an OCSP answer (RFC 6960 4.4.5), and that of an orderly end', async () => {
    const one = await signer()
    const pdf = await sign(one)
    const answers = [
      await answerOf(one, root, root, {
        producedAt: day('2027-01-02'),
        revokedAt: day('2027-01-01'),
        invalidityDate: day('2026-11-01'),
      }),
    ]
    expect(await judged(pdf, { material: { answers } })).toBe('time INDETERMINATE REVOKED_NO_POE')
    const ended = {
      of: one,
      at: day('2027-01-01'),
      reason: 'privilegeWithdrawn',
      invalidityDate: day('2026-11-01'),
    } as const
    const crls = [await listOf(root, day('2027-01-02'), [ended])]
    expect(await judged(pdf, { material: { crls } })).toBe('time INDETERMINATE REVOKED_NO_POE')
  })
})

describe('a certificate on hold', () => {
  it('is a matter to try later, and none where the signature is older or the hold was lifted', async () => {
    const signer = await newSigner('Signer', root)
    const pdf = await sign(signer)
    const held = async (at: Date) => [
      await listOf(root, day('2026-11-23'), [{ of: signer, at, reason: 'certificateHold' }]),
    ]
    const lifted = await listOf(root, day('2027-12-30'))
    const before = await held(day('2026-11-20'))
    expect(await judged(pdf, { material: { crls: before } })).toBe('time INDETERMINATE TRY_LATER')
    expect(await judged(pdf, { material: { crls: await held(day('2026-11-22')) } })).toBe(
      'time INDETERMINATE TRY_LATER',
    )
    expect(await judged(pdf, { material: { crls: await held(day('2026-11-23')) } })).toBe('time TOTAL-PASSED')
    expect(await judged(pdf, { material: { crls: [lifted] } })).toBe('time TOTAL-PASSED')
    const answers = [
      await answerOf(signer, root, root, { producedAt: day('2026-11-23'), revokedAt: day('2026-11-20'), reason: 6 }),
    ]
    expect(await judged(pdf, { material: { answers } })).toBe('time INDETERMINATE TRY_LATER')
  })
})
