import { ATTACK_CLASSES, LATER_FIELD, PERMITTED, replaced, SealedFile, save, withEntry } from '@cinnabar/fixtures'
import { latin1 } from '../src/encode/bytes'
import type { Report } from '../src/model/report'
import { array, dict, name, number } from '../src/pdf/objects'
import { type PreparedSamples, preparedSamples } from '../src/testing/prepared'
import { stamped } from '../src/testing/preserved'
import { oneSeal } from '../src/testing/sealed-evidence'
import { contractPdf, sealPdf } from '../src/testing/sealed-sample'
import { newWorld } from '../src/testing/sealed-world'
import { verify } from '../src/verify/verify'
import { faultsOf, given, lastFaults, UNANCHORED } from './verify-cases'

/** What is said of the first seal whose integrity is not passed, else of the file. */
function found(report: Report): string {
  const broken = report.signatures.flatMap((signature) => faultsOf(signature).integrity ?? [])
  return broken[0] ?? `${report.outcome} ${report.code}`
}

/** Of what takes the first seal itself apart, a file with more signatures may be found by any. */
const ONE_ONLY = new Set(['universal signature forgery', 'incremental saving', 'signature wrapping', 'seal removed'])
const KINDS = ['one', 'two', 'lasting'] as const
const MAX_MS = 2000

describe.each(ATTACK_CLASSES)('$name is named:', ({ name, attacks, base, level }) => {
  let samples: PreparedSamples
  beforeAll(async () => {
    samples = await preparedSamples(given().world, { base, level })
  })

  it('a file that nobody attacked passes', async () => {
    for (const kind of KINDS) {
      const sample = samples[kind]
      if (sample === undefined) continue
      const { signatures } = await verify(sample)
      expect(signatures.map(faultsOf)).toEqual(signatures.map(() => ({})))
    }
  })

  it.each(attacks)('%s', async (_name, expected, attack) => {
    for (const kind of KINDS) {
      const sample = samples[kind]
      if (sample === undefined) continue
      const pdf = attack(sample.pdf)
      const before = process.cpuUsage()
      const report = await verify({ ...sample, pdf })
      // Of the processor: what else runs on the machine is not this file's doing.
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(MAX_MS)
      expect(report.outcome).not.toBe('passed')
      if (kind === 'one' || !ONE_ONLY.has(name)) expect([kind, found(report)]).toEqual([kind, expected])
    }
  })
})

describe('a file with two seals, of which the first was damaged, is never passed:', () => {
  const damaging = ATTACK_CLASSES.filter(({ name }) => ONE_ONLY.has(name)).flatMap(({ attacks }) => attacks)
  it.each(damaging)('%s', async (_name, _found, attack) => {
    const report = await verify({ ...given().two, pdf: attack(given().two.pdf) })
    expect(report.outcome).toBe('failed')
  })
})

describe('a seal keeps all that it says', () => {
  it.each(PERMITTED)('when %s is added', async (_, add) => {
    const report = await verify({ ...given().two, pdf: add(given().two.pdf) })
    expect(report.signatures.map(faultsOf)).toEqual([{}, {}])
    expect(report.outcome).toBe('passed')
  })

  it('when a document timestamp is added', async () => {
    const { world, two } = given()
    const pdf = await stamped(two.pdf, world.court.pki.tsa, new Date('2026-11-23T00:00:00Z'))
    const report = await verify({ ...two, pdf })
    expect(report.signatures.map(faultsOf)).toEqual([{}, {}])
  })

  it('when a field that was there, empty, is signed by another', async () => {
    const base = contractPdf('/Annots [7 0 R]')
    const empty = '<</Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /Rect [400 400 500 500] /F 4>>'
    const catalog = '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [7 0 R]>>>>'
    const sample = await oneSeal(given().world, { base: save(base, { 1: catalog, 7: empty }) })
    const { next } = new SealedFile(sample.pdf)
    const signed = { 7: withEntry(empty, `/V ${next} 0 R`), [next]: '<</Type /Sig>>' }
    const report = await verify({ ...sample, pdf: save(sample.pdf, signed) })
    expect(report.signatures.map((each) => faultsOf(each).integrity)).toEqual(['failed BYTE_RANGE_INVALID', undefined])
  })

  it('and the form keeps saying that there are signatures, and no more than that and that they need appending', async () => {
    const { one } = given()
    const [, catalog = ''] =
      /\n1 0 obj\n(<<.*?>>)\nendobj/s.exec(latin1(one.pdf).slice(latin1(one.pdf).indexOf('AcroForm') - 80)) ?? []
    expect(catalog).toContain('/SigFlags 3')
    for (const flags of ['', '/SigFlags 1', '/SigFlags 7', '/SigFlags -1', '/SigFlags 99999999999', '/SigFlags true']) {
      const pdf = save(one.pdf, { 1: catalog.replace('/SigFlags 3', flags) })
      const { signatures } = await verify({ ...one, pdf })
      expect([flags, faultsOf(signatures[0])]).toEqual([flags, { integrity: 'failed CHANGED_AFTER_SEAL' }])
    }
  })

  it('while a later signature beside the text gets its own verdict', async () => {
    const report = await verify({ ...given().one, pdf: LATER_FIELD(given().one.pdf) })
    const [first, later] = report.signatures
    expect(faultsOf(first)).toEqual({})
    expect(faultsOf(later)).toMatchObject({ integrity: 'failed BYTE_RANGE_INVALID' })
    expect(report).toMatchObject({ outcome: 'failed', code: 'BYTE_RANGE_INVALID' })
  })

  it('and a later, true signature of nobody in particular leaves the file indeterminate', async () => {
    const other = (await newWorld()).bureau
    const place = { xMm: 20, yMm: 20 }
    const { pdf } = await sealPdf(given().world, given().one.pdf, other, { place, use: null })
    const report = await verify({ ...given().one, pdf })
    expect(report.signatures.map(({ outcome }) => outcome)).toEqual(['passed', 'indeterminate'])
    expect(report.outcome).toBe('indeterminate')
  })
})

describe('a seal is no seal', () => {
  it('when it permits no later signature, and one follows', async () => {
    const entries = {
      Reference: array([dict({ TransformMethod: name('DocMDP'), TransformParams: dict({ P: number(1) }) })]),
    }
    const sample = await oneSeal(given().world, { seal: { entries } })
    const pdf = await stamped(sample.pdf, given().world.court.pki.tsa, new Date('2026-11-23T00:00:00Z'))
    expect((await verify({ ...sample, pdf })).outcome).toBe('passed')
    const { signatures } = await verify({ ...sample, pdf: LATER_FIELD(sample.pdf) })
    expect(faultsOf(signatures[0])).toEqual({ integrity: 'failed CHANGED_AFTER_SEAL' })
  })

  it('on another contract, by its CMS', async () => {
    const { world, one } = given()
    const contents = new SealedFile(one.pdf).fields[0].signature?.contents
    const cms = contents?.bytes ?? new Uint8Array()
    const other = await oneSeal(world, {
      base: contractPdf('/Rotate 90'),
      seal: { cms: () => cms, place: { xMm: 5, yMm: 5 } },
    })
    const report = await verify({ ...one, pdf: other.pdf })
    expect(report.signatures.map(faultsOf)).toEqual([
      {
        ...UNANCHORED,
        integrity: 'failed DIGEST_MISMATCH',
        anchor: 'failed REVISION_MISMATCH',
        seal: 'failed SEAL_PICTURE_MISMATCH',
      },
    ])
  })

  it('when what the page showed was supplied afterwards', async () => {
    const base = contractPdf('/Group 40 0 R')
    const sample = await oneSeal(given().world, { base })
    expect(await lastFaults(sample)).toEqual({})
    const report = await verify({ ...sample, pdf: save(sample.pdf, { 40: '<</S /Transparency>>' }) })
    expect(report).toMatchObject({ outcome: 'failed', code: 'OBJECT_SUPPLIED_LATER' })
  })

  it('when a validation data dictionary that is something else as well is changed', async () => {
    const catalog = '<</Type /Catalog /Pages 2 0 R /DSS 40 0 R>>'
    const base = save(contractPdf('/Group 40 0 R'), { 1: catalog, 40: '<</S /Transparency>>' })
    const sample = await oneSeal(given().world, { base })
    const report = await verify({ ...sample, pdf: save(sample.pdf, { 40: '<</S /Other>>' }) })
    expect(report).toMatchObject({ outcome: 'failed', code: 'CHANGED_AFTER_SEAL' })
  })

  it('when its revision does not read by itself, though the file does', async () => {
    const broken = (pdf: Uint8Array) => replaced(pdf, '/Title (Contract)', '/Title (Contract(')
    const sample = await oneSeal(given().world, { seal: { beforeSigning: broken } })
    const pdf = save(sample.pdf, { 6: '<</Title (Contract)>>' })
    const report = await verify({ ...sample, pdf })
    expect(report).toMatchObject({ outcome: 'failed', code: 'REVISION_INVALID' })
  })

  it('when an empty field under it is filled in afterwards', async () => {
    const empty = '<</Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /Rect [60 160 100 200] /F 4>>'
    const catalog = '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [7 0 R]>>>>'
    const base = save(contractPdf('/Annots [7 0 R]'), { 1: catalog, 7: empty })
    const sample = await oneSeal(given().world, { base })
    const { next } = new SealedFile(sample.pdf)
    const pdf = save(sample.pdf, { 7: withEntry(empty, `/V ${next} 0 R /AP <</N 4 0 R>>`), [next]: '<</Type /Sig>>' })
    const { signatures } = await verify({ ...sample, pdf })
    expect(signatures.map((each) => faultsOf(each).integrity)).toContain('failed SEAL_COVERED')
  })
})
