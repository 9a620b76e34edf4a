import {
  mergeEvidence,
  type PreparedEvidence,
  prepareEvidence,
  type Report,
  readEvidence,
  sha256,
  type Trust,
  verify,
  verifyFile,
  writeEvidence,
} from '../src/index'
import { type Holder, newHolder, tokenOf } from '../src/testing/pki'
import { oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { SEALED_AT } from '../src/testing/sealed-sample'
import { newWorld, type World } from '../src/testing/sealed-world'

let world: World
let sample: Sample
let prepared: PreparedEvidence
beforeAll(async () => {
  world = await newWorld()
  sample = await oneSeal(world)
  prepared = prepareEvidence({ ...mergeEvidence(sample.evidence.map(readEvidence)), document: sample.pdf })
})

async function closed(tsa: Holder = world.court.pki.tsa): Promise<Uint8Array> {
  return prepared.close(await tokenOf(tsa, sha256(prepared.manifest), SEALED_AT))
}

const judge = (file: Uint8Array, evidence: readonly Uint8Array[] = [], trust: Trust | 'none' = world.trust) =>
  verifyFile({ file, evidence, at: sample.at, ...(trust !== 'none' && { trust }) })
const first = ({ evidence = [] }: Report) => evidence[0]

describe('a container that holds its document', () => {
  it('is verified alone, and says by whose clock it was closed and what proves what', async () => {
    const report = await judge(await closed())
    expect(report.outcome).toBe('passed')
    expect(first(report)).toMatchObject({
      code: 'OK',
      document: 'this',
      unknown: [],
      assertion: { outcome: 'passed', organisation: world.court.id, time: '2026-11-22T03:04:05Z' },
    })
    expect(first(report).claims).toHaveLength(6)
  })

  it('serves as evidence for the same file beside it, and for no other', async () => {
    const container = await closed()
    expect(await judge(sample.pdf, [container])).toMatchObject({ outcome: 'passed' })
    const other = await oneSeal(world)
    const report = await judge(other.pdf, [container])
    expect(report.outcome).toBe('indeterminate')
    expect(first(report)).toMatchObject({ document: 'other', claims: [] })
  })

  it('proves its document without a time assertion all the same', async () => {
    const plain = writeEvidence({ ...readEvidence(await closed()) })
    const report = await judge(plain)
    expect(report.outcome).toBe('passed')
    expect(first(report)).toMatchObject({ assertion: null })
  })

  it('says that nobody known closed it, which changes no fact', async () => {
    const stranger = await newHolder({
      profile: 'tsa',
      commonName: 'stranger',
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2040-01-01T00:00:00Z'),
    })
    const report = await judge(await closed(stranger))
    expect(report.outcome).toBe('passed')
    expect(first(report).assertion).toMatchObject({ outcome: 'indeterminate', organisation: null })
  })

  it('is not judged by the trust that it carries', async () => {
    const carrying = prepareEvidence({ ...readEvidence(await closed()), trust: world.trust })
    const token = await tokenOf(world.court.pki.tsa, sha256(carrying.manifest), SEALED_AT)
    const report = await judge(carrying.close(token), [], 'none')
    expect(report.outcome).toBe('indeterminate')
    expect(first(report).assertion).toMatchObject({ outcome: 'indeterminate', code: 'TRUST_MISSING' })
  })

  it('is never relied on with one byte changed', async () => {
    const container = await closed()
    for (let at = 40; at < container.length; at += 211) {
      const changed = container.slice()
      changed[at] ^= 1
      expect([at, (await judge(changed)).outcome === 'passed' && changedMatters(at, container)]).toEqual([at, false])
    }
  })

  it('is reported as unreadable by its code', async () => {
    const report = await verify({ pdf: sample.pdf, evidence: [Uint8Array.of(1)], trust: world.trust, at: sample.at })
    expect(first(report)).toMatchObject({ code: 'EVIDENCE_DAMAGED', created: null, claims: [] })
  })
})

/** The directory's own fields that name the writing system are free: FORMAT.md 9. */
function changedMatters(at: number, container: Uint8Array): boolean {
  const view = new DataView(container.buffer, container.byteOffset)
  return at < view.getUint32(container.length - 6, true)
}
