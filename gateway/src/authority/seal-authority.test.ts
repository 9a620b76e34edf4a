import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  digestOf,
  type InstitutionId,
  parseCertificate,
  parseCrl,
  revocationOf,
  type SealId,
  validatePath,
  verifySignature,
} from '@cinnabar/core'
import { openKeyKeeper } from '../keys/file-keeper'
import type { KeyKeeper } from '../keys/keeper'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { type SealAuthority, sealAuthority } from './seal-authority'
import { sealKeysOf } from './seal-keys'

const HOLDER = { id: 'Bureau' as InstitutionId, names: { en: 'Bureau', zh: '江州市行政审批局' } }
const OTHER = { id: 'Court' as InstitutionId, names: { en: 'Court', zh: '江州市中级人民法院' } }
const SEAL = 'official' as SealId
const DAY = 24 * 3600 * 1000

let folder: string
let store: Store
let keys: KeyKeeper
let now: Date
let authority: SealAuthority

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-ca-'))
  store = await openEmbeddedStore(folder)
  keys = openKeyKeeper({ store, kek: new Uint8Array(32), published: new Set() })
  now = new Date('2026-11-22T03:04:05.678Z')
  authority = newAuthority()
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const newAuthority = (policies?: readonly string[]) =>
  sealAuthority({
    store,
    keys,
    clock: { now: () => now },
    publicUrl: 'https://seals.example',
    ...(policies && { policies }),
  })

async function issueOne(days = 730): Promise<Uint8Array> {
  const keyId = await keys.create('Bureau/seal/official')
  const { spki } = await keys.signer(keyId)
  return authority.issue({ institution: HOLDER.id, seal: SEAL, commonName: '江州市行政审批局公章', spki, keyId, days })
}

describe('a seal CA', () => {
  it('is made once, and found again by another gateway', async () => {
    const [a, b] = await Promise.all([authority.establish(HOLDER), authority.establish(HOLDER)])
    expect(a).toEqual(b)
    expect(await newAuthority().find(HOLDER.id)).toEqual(a)
    expect(a.ca).toBe(`Bureau-${digestOf(a.certificate).slice(7, 15)}`)
    expect(parseCertificate(a.certificate).notAfter.toISOString()).toBe('2046-11-22T03:04:05.000Z')
  })
  it('issues seal certificates that chain to it and name its CRL', async () => {
    const { ca, certificate } = await authority.establish(HOLDER)
    const leaf = parseCertificate(await issueOne())
    expect(leaf.crlUrls).toEqual([`https://seals.example/crl/${ca}.crl`])
    const path = { leaf, others: [], anchors: [parseCertificate(certificate)], at: now, purpose: 'seal' } as const
    expect(await validatePath(path)).toMatchObject({ ok: true })
  })
  it('asserts the policies that it was told to, and none else', async () => {
    await authority.establish(HOLDER)
    expect(parseCertificate(await issueOne()).policies ?? []).toEqual([])
    authority = newAuthority(['2.16.344.8.2', '1.2.3'])
    expect(parseCertificate(await issueOne()).policies).toEqual(['2.16.344.8.2', '1.2.3'])
  })
  it('refuses to issue for an institution without a seal CA, and beyond its own validity', async () => {
    await expect(issueOne()).rejects.toMatchObject({ code: 'CA_UNKNOWN' })
    await authority.establish(HOLDER)
    for (const days of [0, -1, 1.5, Number.NaN, 366 * 21]) {
      await expect(issueOne(days)).rejects.toMatchObject({ code: 'VALIDITY_INVALID' })
    }
  })
})

describe('its CRL', () => {
  it('is signed by the CA, empty at first, and the same until half of its life', async () => {
    const { ca, certificate } = await authority.establish(HOLDER)
    const first = await crlOf(ca)
    const { spki } = parseCertificate(certificate)
    expect(await verifySignature(first.signatureAlgorithm, spki, first.tbs, first.signature)).toBe(true)
    expect(first).toMatchObject({ number: 1n, revoked: [], nextUpdate: new Date('2026-11-29T03:04:05Z') })
    now = new Date(now.getTime() + 3 * DAY)
    expect((await newAuthority().crl(ca)) ?? []).toEqual(first.der)
    now = new Date(now.getTime() + DAY)
    expect(await crlOf(ca)).toMatchObject({ number: 2n })
  })
  it('lists a revoked certificate at once, also to another gateway, under the next number', async () => {
    const { ca } = await authority.establish(HOLDER)
    const leaf = await issueOne()
    await authority.crl(ca)
    const invalidityDate = new Date('2026-11-01T00:00:00Z')
    const revocation = {
      institution: HOLDER.id,
      certificate: digestOf(leaf),
      reason: 'superseded',
      invalidityDate,
    } as const
    await authority.revoke(revocation)
    const crl = parseCrl((await newAuthority().crl(ca)) ?? new Uint8Array())
    expect(crl.number).toBe(2n)
    expect(revocationOf(crl, parseCertificate(leaf))).toMatchObject({ reason: 'superseded', invalidityDate })
    await authority.revoke(revocation)
    expect(await crlOf(ca)).toMatchObject({ number: 2n })
  })
  it('keeps the worse of two revocations', async () => {
    const { ca } = await authority.establish(HOLDER)
    const leaf = await issueOne()
    const revoke = (reason: 'keyCompromise' | 'superseded', date: string) =>
      authority.revoke({ institution: HOLDER.id, certificate: digestOf(leaf), reason, invalidityDate: new Date(date) })
    await revoke('superseded', '2026-11-01T00:00:00Z')
    await revoke('keyCompromise', '2026-11-10T00:00:00Z')
    await revoke('superseded', '2026-11-20T00:00:00Z')
    const found = revocationOf(await crlOf(ca), parseCertificate(leaf))
    expect(found).toMatchObject({ reason: 'keyCompromise', invalidityDate: new Date('2026-11-01T00:00:00Z') })
  })
  it('loses no revocation and repeats no number when many come at once', async () => {
    const { ca } = await authority.establish(HOLDER)
    const leaves = await Promise.all(Array.from({ length: 6 }, () => issueOne()))
    const revoke = (leaf: Uint8Array) =>
      authority.revoke({
        institution: HOLDER.id,
        certificate: digestOf(leaf),
        reason: 'superseded',
        invalidityDate: now,
      })
    const crls = await Promise.all(leaves.map((leaf) => revoke(leaf).then(() => crlOf(ca))))
    expect((await crlOf(ca)).revoked.length).toBe(6)
    const byNumber = new Map(crls.map((crl) => [crl.number, Buffer.from(crl.der).toString('hex')]))
    for (const crl of crls) expect(byNumber.get(crl.number)).toBe(Buffer.from(crl.der).toString('hex'))
  })
  it('is unknown for another name, and revokes no certificate of another CA', async () => {
    await authority.establish(HOLDER)
    await authority.establish(OTHER)
    const leaf = await issueOne()
    expect(await authority.crl('Bureau-00000000')).toBeUndefined()
    const foreign = {
      institution: OTHER.id,
      certificate: digestOf(leaf),
      reason: 'superseded',
      invalidityDate: now,
    } as const
    await expect(authority.revoke(foreign)).rejects.toMatchObject({ code: 'CERTIFICATE_UNKNOWN' })
  })
})

describe('seal keys', () => {
  const kept = () => sealKeysOf({ store, keys, authority })

  it('are found by their certificate, with the chain and the newest CRL', async () => {
    const { ca, certificate } = await authority.establish(HOLDER)
    const leaf = await issueOne()
    const key = await kept().find(HOLDER.id, digestOf(leaf))
    expect(key?.certificates).toEqual([leaf, certificate])
    expect(key?.signer.spki).toEqual(parseCertificate(leaf).spki)
    expect(await kept().crls(HOLDER.id)).toEqual([(await crlOf(ca)).der])
  })
  it('are not given to another institution, nor for a key that is kept elsewhere', async () => {
    await authority.establish(HOLDER)
    expect(await kept().find(OTHER.id, digestOf(await issueOne()))).toBeUndefined()
    const { spki } = await keys.signer(await keys.create('Bureau/seal/official'))
    const elsewhere = await authority.issue({ institution: HOLDER.id, seal: SEAL, commonName: 'x', spki, days: 1 })
    expect(await kept().find(HOLDER.id, digestOf(elsewhere))).toBeUndefined()
    expect(await kept().crls(OTHER.id)).toEqual([])
  })
})

async function crlOf(ca: string) {
  return parseCrl((await authority.crl(ca)) ?? new Uint8Array())
}
