import { utf8 } from '../src/encode/bytes'
import { digestOf } from '../src/model/digest'
import { CHECKS } from '../src/model/report'
import { appendPdf, buildPdf, ONE_PAGE } from '../src/pdf/testing'
import { newKey } from '../src/testing/keys'
import { evidenceOf, oneSeal, receiptOf } from '../src/testing/sealed-evidence'
import { contractPdf, sealPdf } from '../src/testing/sealed-sample'
import { sealSignatureIds, verify } from '../src/verify/verify'

import { faultsOf, given, LATER, lastFaults } from './verify-cases'

describe('verify passes', () => {
  it('one seal in all six checks', async () => {
    const report = await verify(given().one)
    expect(report).toMatchObject({ outcome: 'passed', code: 'OK' })
    expect(report.signatures.map(faultsOf)).toEqual([{}])
    expect(report.file).toEqual({ sha256: digestOf(given().one.pdf), bytes: given().one.pdf.length, revisions: 2 })
    expect(report.trust).toEqual({
      ledger: 'embedded',
      fingerprint: expect.stringMatching(/^sha256:/),
      organisations: ['JiangzhouBureau', 'HengyuanTrade', 'JiangzhouCourt'],
      singleOperator: true,
      demonstration: true,
    })
  })

  it('two seals by two institutions, each with its own facts', async () => {
    const report = await verify(given().two)
    expect(report).toMatchObject({ outcome: 'passed', code: 'OK', file: { revisions: 3 } })
    expect(report.signatures.map(faultsOf)).toEqual([{}, {}])
    const [first, second] = report.signatures
    expect(first.checks.map(({ check }) => check)).toEqual([...CHECKS])
    expect(first).toMatchObject({
      field: 'Seal',
      revision: 2,
      subIndication: null,
      id: given().two.sealed[0].opening.id,
      institution: 'JiangzhouBureau',
      institutionKind: 'agency',
      institutionNames: { en: 'Jiangzhou Bureau', zh: '江州市审批局' },
      sealId: 'official',
      sealKind: 'official',
      sealName: '江州市审批局公章',
      provenTime: '2026-11-22T03:04:05Z',
      level: 'B-T',
      place: { page: 1 },
      recorded: {
        useNumber: 3,
        index: 5,
        recordedAt: '2026-11-22T03:04:07Z',
        delaySeconds: 2,
        asOfSize: 9,
        attestedBy: ['Test node'],
        sealStatus: 'active',
      },
    })
    expect(second).toMatchObject({ field: 'Seal_2', revision: 3, institution: 'HengyuanTrade' })
  })

  it.each([90, 180, 270])('a seal on a page turned by %d degrees, in other units, with a crop box', async (rotate) => {
    const base = contractPdf(`/Rotate ${rotate} /UserUnit 2 /CropBox [10 10 590 800]`)
    const sample = await oneSeal(given().world, { base, seal: { place: { xMm: 5, yMm: 5 } } })
    expect(await lastFaults(sample)).toEqual({})
  })

  it('a seal whose certificate has expired since: it was valid at the proven time', async () => {
    expect(await lastFaults({ ...given().one, at: new Date('2039-06-01T00:00:00Z') })).toEqual({})
  })

  it('whatever else lies in the evidence: a receipt of another file, and a container that cannot be read', async () => {
    const other = await oneSeal(given().world)
    expect(
      await lastFaults({ ...given().one, evidence: [...other.evidence, utf8('no ZIP'), ...given().one.evidence] }),
    ).toEqual({})
  })

  it('with a receipt by anybody beside the good one: what is not authentic is ignored', async () => {
    const forged = await receiptOf(given().world, given().one.sealed[0], {
      attester: await newKey(),
      index: 2,
      size: 12,
    })
    expect(await lastFaults({ ...given().one, evidence: [evidenceOf([forged, ...given().one.receipts])] })).toEqual({})
  })

  it('and the later of two receipts speaks for the register, the earlier for when it was recorded', async () => {
    const later = await receiptOf(given().world, given().one.sealed[0], {
      size: 40,
      present: { status: 'retired', since: LATER },
      statement: (statement) => ({ ...statement, from: 30 }),
    })
    const report = await verify({ ...given().one, evidence: [evidenceOf([...given().one.receipts, later])] })
    expect(report.signatures.map(faultsOf)).toEqual([{}])
    expect(report.signatures[0].recorded).toMatchObject({
      asOfSize: 40,
      sealStatus: 'retired',
      // When it was recorded is the word of its own append.
      recordedAt: '2026-11-22T03:04:07Z',
      delaySeconds: 2,
    })
    const alone = await verify({ ...given().one, evidence: [evidenceOf([later])] })
    expect(alone.signatures[0].recorded).toMatchObject({ asOfSize: 40, recordedAt: null, delaySeconds: null })
  })
})

describe('verify says of the file as a whole', () => {
  it.each([
    ['that an empty one is none', 'failed', 'PDF_EMPTY', () => new Uint8Array()],
    ['that another format is no PDF', 'failed', 'PDF_NOT_PDF', () => utf8('PK this is something else')],
    ['that a damaged one cannot be read', 'failed', 'PDF_DAMAGED', () => given().one.pdf.subarray(0, 20_000)],
    ['that an encrypted one is not judged', 'indeterminate', 'PDF_ENCRYPTED', encryptedPdf],
    ['that one with hundreds of signatures is not judged', 'indeterminate', 'PDF_TOO_COMPLEX', manySignatures],
    ['that there is no seal in it', 'indeterminate', 'NO_SEAL', () => contractPdf()],
    ['that a field that nobody signed is no seal', 'indeterminate', 'NO_SEAL', () => withField('/FT /Sig /T (A)')],
  ])('%s', async (_, outcome, code, pdf) => {
    const report = await verify({ ...given().one, pdf: pdf() })
    expect(report).toMatchObject({
      outcome,
      code,
      signatures: [],
      file: { bytes: pdf().length, sha256: digestOf(pdf()) },
    })
    expect(report.trust.organisations).toHaveLength(3)
  })

  it('what the gravest fault of its gravest signature is', async () => {
    const report = await verify({ ...given().two, evidence: given().one.evidence })
    expect(report).toMatchObject({ outcome: 'indeterminate', code: 'REVOCATION_UNKNOWN' })
    expect(report.signatures.map(({ subIndication }) => subIndication)).toEqual(['TRY_LATER', 'TRY_LATER'])
  })

  it('nothing of a document timestamp: it seals nothing', async () => {
    const { pdf } = await sealPdf(given().world, contractPdf(), given().world.bureau, { subFilter: 'ETSI.RFC3161' })
    expect(await verify({ ...given().one, pdf })).toMatchObject({ code: 'SEAL_PICTURE_UNSIGNED', signatures: [] })
  })

  it('that two fields refer to one signature', async () => {
    const pdf = appendPdf(withField('/FT /Sig /T (A) /V 9 0 R'), {
      objects: {
        1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [8 0 R 10 0 R]>>>>',
        9: '<</Type /Sig>>',
        10: '<</FT /Sig /T (B) /V 9 0 R>>',
      },
    })
    const { signatures } = await verify({ ...given().one, pdf })
    expect(signatures.map((each) => faultsOf(each).integrity)).toEqual(
      Array(2).fill('failed SIGNATURE_DICTIONARY_INVALID'),
    )
  })
})

describe('verify throws', () => {
  it.each([
    ['a certificate that is none', { sealCas: ['MIIB'] }],
    ['an authority that is none', { tsas: [{ certificate: 'MIIB' }] }],
  ])('for a trust file with %s', async (_, change) => {
    const organisations = given().one.trust.organisations.map((each) => ({ ...each, ...change }))
    const trust = { ...given().one.trust, organisations }
    await expect(verify({ ...given().one, trust })).rejects.toMatchObject({ name: 'X509Error' })
  })

  it("for a trust file with an operator's key that is none", async () => {
    const singleOperator = { key: 'MFkwEwYHKoZIzj0CAQ==', name: { en: 'A', zh: '甲' } }
    const trust = { ...given().one.trust, singleOperator }
    await expect(verify({ ...given().one, trust })).rejects.toMatchObject({ code: 'KEY_INVALID' })
  })
})

describe('sealSignatureIds', () => {
  it('are what the signatures claim, in their order', () => {
    expect(sealSignatureIds(given().two.pdf)).toEqual(given().two.sealed.map(({ opening }) => opening.id))
    expect(sealSignatureIds(utf8('no PDF'))).toEqual([])
  })
})

function encryptedPdf(): Uint8Array {
  return buildPdf({ objects: { ...ONE_PAGE, 4: '<</Filter /Standard>>' }, trailer: '/Encrypt 4 0 R' })
}

function withField(entries: string): Uint8Array {
  const catalog = '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [8 0 R]>>>>'
  return buildPdf({ objects: { ...ONE_PAGE, 1: catalog, 8: `<<${entries}>>` } })
}

function manySignatures(): Uint8Array {
  const fields = Array.from({ length: 200 }, (_, i) => `<</FT /Sig /T (${i}) /V <</A ${i}>>>>`)
  return buildPdf({
    objects: { ...ONE_PAGE, 1: `<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [${fields.join(' ')}]>>>>` },
  })
}
