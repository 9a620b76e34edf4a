import { concat } from '../src/encode/bytes'
import { boolean, namedBits, sequence } from '../src/encode/der-write'
import { sha256 } from '../src/encode/sha256'
import { digestOf } from '../src/model/digest'
import type { Report } from '../src/model/report'
import { readPdf } from '../src/pdf/document'
import { addDocumentTimestamp, embedContents } from '../src/pdf/sign-placeholder'
import { type HandmadeToken, handmadeToken } from '../src/testing/handmade-token'
import { type Holder, newHolder, sealCertificate } from '../src/testing/pki'
import { crlOf, day, entryOf, stored } from '../src/testing/preserved'
import { contractPdf, SEALED_AT, type SealChanges, sealPdf } from '../src/testing/sealed-sample'
import { newWorld, type World } from '../src/testing/sealed-world'
import { type VerifyRequest, verify } from '../src/verify/verify'
import { extension } from '../src/x509/build'
import { parseCertificate } from '../src/x509/certificate'
import { authority } from './long-term'
import { certificateWith } from './pki'
import { faultsOf } from './verify-cases'

const SOON = day('2026-11-24')
const UNNAMED = { seal: 'indeterminate SEAL_UNNAMED', anchor: 'indeterminate SEAL_UNNAMED' }

let world: World
let root: Holder
let middle: Holder
let signer: Holder
let tsa: Holder
beforeAll(async () => {
  world = await newWorld()
  root = await rootCa()
  middle = await authority('ca', '2020-01-01', '2040-01-01', root)
  const dates = { notBefore: day('2021-01-01'), notAfter: day('2039-01-01') }
  signer = await newHolder({ profile: 'seal', commonName: 'A stranger', issuer: middle, ...dates })
  tsa = await authority('tsa', '2020-01-01', '2040-01-01', root)
})

/** A CA that may issue CAs, which none of ours may. */
async function rootCa(): Promise<Holder> {
  const constraints = extension('2.5.29.19', 'critical', sequence(boolean(true)))
  const usage = extension('2.5.29.15', 'critical', namedBits([5, 6]))
  const { key, der } = await certificateWith('Root', [constraints, usage], { notBefore: day('2020-01-01') })
  const pkcs8 = new Uint8Array(key.privateKey.export({ type: 'pkcs8', format: 'der' }))
  return { key: { signer: key, spki: key.spki, pkcs8 }, certificate: der, digest: digestOf(der) }
}

const foreign = async (changes: SealChanges = {}) =>
  (await sealPdf(world, contractPdf(), world.bureau, { use: null, holder: signer, tsa, ...changes })).pdf

/** With the certificates and CRLs that a path to the root needs, in the security store. */
async function lasting(pdf: Uint8Array, revoked?: Date): Promise<Uint8Array> {
  const entries = revoked === undefined ? [] : [entryOf(signer, revoked)]
  const crls = [await crlOf(root, day('2026-11-23')), await crlOf(middle, day('2026-11-23'), entries)]
  return stored(pdf, { certificates: [middle.certificate], crls })
}

async function judged(request: Omit<VerifyRequest, 'at'>): Promise<Report> {
  const report = await verify({ at: SOON, ...request })
  expect(report.outcome).not.toBe('passed')
  return report
}
const anchors = () => ({ signers: [root.certificate], timestamps: [root.certificate] })

describe('a signature that is no seal, by anchors that the verifier gave', () => {
  it('has certificate and timestamp passed by the path in the file, and is no seal for all that', async () => {
    const report = await judged({ pdf: await lasting(await foreign()), anchors: anchors() })
    const [signature] = report.signatures
    expect(faultsOf(signature)).toEqual(UNNAMED)
    expect(report).toMatchObject({ outcome: 'indeterminate', code: 'SEAL_UNNAMED' })
    expect(signature).toMatchObject({ institution: null, provenTime: '2026-11-22T03:04:05Z' })
    expect(signature.ades).toMatchObject({ indication: 'TOTAL-PASSED', process: 'time' })
    expect(signature.ades.timestamps).toMatchObject([{ policy: '2.25.1', ordering: false, accuracyMs: null }])
  })

  it('stays unknown without anchors, and with those of timestamps alone', async () => {
    const pdf = await lasting(await foreign())
    const { timestamps } = anchors()
    const unknown = { ...UNNAMED, certificate: 'indeterminate SIGNER_UNKNOWN' }
    const { trust } = world
    const bare = await judged({ pdf, trust })
    expect(faultsOf(bare.signatures[0])).toEqual({ ...unknown, timestamp: 'indeterminate TIMESTAMP_UNTRUSTED' })
    expect(faultsOf((await judged({ pdf, trust, anchors: { timestamps } })).signatures[0])).toEqual(unknown)
  })

  it('finds no path to another root, nor past a certificate that is missing', async () => {
    const pdf = await lasting(await foreign())
    const stranger = await authority('ca', '2020-01-01', '2040-01-01')
    const other = await judged({ pdf, anchors: { ...anchors(), signers: [stranger.certificate] } })
    const fault = { ...UNNAMED, certificate: 'indeterminate PATH_NOT_FOUND' }
    expect(faultsOf(other.signatures[0])).toEqual(fault)
    expect(faultsOf((await judged({ pdf: await foreign(), anchors: anchors() })).signatures[0])).toEqual(fault)
  })

  it('leaves open what was revoked, and what nobody says was not', async () => {
    const revoked = await judged({ pdf: await lasting(await foreign(), day('2026-11-01')), anchors: anchors() })
    expect(faultsOf(revoked.signatures[0])).toEqual({ ...UNNAMED, certificate: 'indeterminate REVOKED' })
    const silent = stored(await foreign(), { certificates: [middle.certificate] })
    const open = await judged({ pdf: silent, anchors: anchors() })
    expect(faultsOf(open.signatures[0])).toEqual({ ...UNNAMED, certificate: 'indeterminate REVOCATION_UNKNOWN' })
  })

  it('passes what was revoked after the proven time', async () => {
    const report = await judged({ pdf: await lasting(await foreign(), day('2026-11-23')), anchors: anchors() })
    expect(faultsOf(report.signatures[0])).toEqual(UNNAMED)
  })

  it('does not lend its path to a seal of ours, nor to who takes the name of an institution', async () => {
    const own = (await sealPdf(world, contractPdf(), world.bureau, { holder: signer, tsa })).pdf
    const seal = await judged({ pdf: await lasting(own), anchors: anchors(), trust: world.trust })
    expect(faultsOf(seal.signatures[0]).certificate).toBe('indeterminate PATH_NOT_FOUND')
    const [{ names }] = world.trust.organisations
    const dates = { notBefore: day('2021-01-01'), notAfter: day('2039-01-01') }
    const namesake = await newHolder({ profile: 'seal', commonName: names.en, issuer: middle, ...dates })
    const pdf = await lasting(await foreign({ holder: namesake }))
    const report = await judged({ pdf, anchors: anchors(), trust: world.trust })
    expect(faultsOf(report.signatures[0]).certificate).toBe('indeterminate SIGNER_LOOKALIKE')
  })

  it('fails what is broken whatever the anchors', async () => {
    const pdf = await lasting(await foreign())
    pdf[pdf.indexOf(0x28, 200) + 1] ^= 1
    const { outcome, code } = await judged({ pdf, anchors: anchors() })
    expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'DIGEST_MISMATCH' })
  })
})

describe('several timestamps', () => {
  const tokens =
    (...made: readonly ((signature: Uint8Array) => Promise<Uint8Array>)[]) =>
    async (signature: Uint8Array) =>
      concat(...(await Promise.all(made.map((make) => make(signature)))).sort((a, b) => Buffer.compare(a, b)))
  const by = (holder: Holder, at: Date) => (signature: Uint8Array) =>
    handmadeToken(holder, { imprint: sha256(signature), at })

  it('of several authorities beside a signature of others count if one is trusted', async () => {
    const stranger = await authority('tsa', '2020-01-01', '2040-01-01')
    const pdf = await foreign({ token: tokens(by(stranger, SEALED_AT), by(world.court.pki.tsa, SEALED_AT)) })
    const report = await judged({ pdf, trust: world.trust })
    expect(faultsOf(report.signatures[0]).timestamp).toBeUndefined()
    expect(report.signatures[0].ades.timestamps).toHaveLength(2)
    expect(faultsOf((await judged({ pdf })).signatures[0]).timestamp).toBe('indeterminate TRUST_MISSING')
  })

  type Said = Omit<HandmadeToken, 'imprint'>
  const covered = async (pdf: Uint8Array, holder: Holder, said: Said) => {
    const placeholder = addDocumentTimestamp(readPdf(pdf), { fieldName: 'Timestamp' })
    const imprint = sha256(concat(...placeholder.digestRanges))
    return embedContents(placeholder, await handmadeToken(holder, { imprint, ...said }))
  }
  const order = async (inner: Said, outer: Said, holder = tsa) => {
    const token = (signature: Uint8Array) => handmadeToken(tsa, { imprint: sha256(signature), ...inner })
    const pdf = await lasting(await covered(await foreign({ token }), holder, outer))
    const [{ ades }] = (await judged({ pdf, anchors: anchors() })).signatures
    return [ades.indication, ades.subIndication].join(' ')
  }
  const at = (ms: number) => new Date(SEALED_AT.getTime() + ms)
  const ordered: Pick<Said, 'ordering' | 'accuracy'> = { ordering: true, accuracy: [1, 0, 0] }

  it('of one authority contradict each other when the covering one is earlier and both set ordering', async () => {
    expect(await order({ at: at(0), ...ordered }, { at: at(-1), ...ordered })).toBe(
      'INDETERMINATE TIMESTAMP_ORDER_FAILURE',
    )
    expect(await order({ at: at(0), ...ordered }, { at: at(1), ...ordered })).toBe('TOTAL-PASSED ')
  })

  it('contradict each other without ordering only beyond the sum of their accuracies', async () => {
    const second = await authority('tsa', '2020-01-01', '2040-01-01', root)
    const accuracy: Said['accuracy'] = [1, 0, 0]
    expect(await order({ at: at(0), accuracy }, { at: at(-2000), accuracy }, second)).toBe('TOTAL-PASSED ')
    expect(await order({ at: at(0), accuracy }, { at: at(-2002), accuracy }, second)).toBe(
      'INDETERMINATE TIMESTAMP_ORDER_FAILURE',
    )
  })
})

it('an authority whose certificate is for more than timestamps, or does not say so critically, proves no time', async () => {
  const holder = await sealCertificate(world.court.pki)
  expect(parseCertificate(holder.certificate).extendedKeyUsage).toBeUndefined()
  const pdf = await foreign({ tsa: holder })
  const report = await judged({ pdf, anchors: { timestamps: [world.court.pki.sealCa.certificate] } })
  expect(report.signatures[0].ades.timestamps).toMatchObject([{ indication: 'INDETERMINATE', authority: null }])
})
