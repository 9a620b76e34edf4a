import { SealedFile, save, withEntry } from '@cinnabar/fixtures'
import { fromLatin1 } from '../src/encode/bytes'
import { array, dict, name, number, type PdfObject, string } from '../src/pdf/objects'
import { oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { contractPdf } from '../src/testing/sealed-sample'
import { verify } from '../src/verify/verify'
import { faultsOf, given } from './verify-cases'

const FIELD = '/FT /Tx /T (Amount) /V () /DA (/F1 12 Tf)'
const WIDGET = '/Type /Annot /Subtype /Widget /Rect [72 100 200 120] /F 4 /AP <</N 8 0 R>>'
const BLANK = '<</Subtype /Form /BBox [0 0 128 20] /Length 0>>\nstream\n\nendstream'
const FORM = '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [7 0 R 9 0 R]>>>>'
const BUTTON = '<</FT /Btn /T (Agreed) /Type /Annot /Subtype /Widget /Rect [72 60 90 80] /F 4 /AS /Off>>'

const text = (words: string) => string(fromLatin1(words))
const level = (method: string, params: Readonly<Record<string, PdfObject>>) =>
  dict({ TransformMethod: name(method), TransformParams: dict(params) })

/** A contract with a blank text field and a check box, sealed with these transforms. */
async function sealedForm(references: readonly PdfObject[], field = FIELD): Promise<Sample> {
  const base = save(contractPdf('/Annots [7 0 R 9 0 R]'), { 1: FORM, 7: `<<${field} ${WIDGET}>>`, 8: BLANK, 9: BUTTON })
  return oneSeal(given().world, { base, seal: { entries: { Reference: array(references) } } })
}

const filled = (sample: Sample, change = (dict: string) => dict) => {
  const file = new SealedFile(sample.pdf)
  const field = file.text(7).replace('/V ()', '/V (100)').replace('/N 8 0 R', `/N ${file.next} 0 R`)
  const drawn = '<</Subtype /Form /BBox [0 0 128 20] /Length 16>>\nstream\nBT (100) Tj ET  \nendstream'
  return save(sample.pdf, { 7: change(field), [file.next]: drawn })
}

async function integrityOf(sample: Sample, pdf: Uint8Array): Promise<string | undefined> {
  const { signatures, outcome } = await verify({ ...sample, pdf })
  const { integrity } = faultsOf(signatures[0])
  expect(outcome).toBe(integrity === undefined ? 'passed' : 'failed')
  return integrity
}

const CHANGED = 'failed CHANGED_AFTER_SEAL'
const P = (value: number) => level('DocMDP', { P: number(value) })
const include = (field: string) => level('FieldMDP', { Action: name('Include'), Fields: array([text(field)]) })
const exclude = (field: string) => level('FieldMDP', { Action: name('Exclude'), Fields: array([text(field)]) })

describe('filling in a field after the seal', () => {
  it.each<[string, readonly PdfObject[], string | undefined]>([
    ['is permitted by P 2', [P(2)], undefined],
    ['is permitted by P 3', [P(3)], undefined],
    ['is permitted by a DocMDP that says no P', [level('DocMDP', {})], undefined],
    ['is permitted when another field is locked', [P(2), include('Other')], undefined],
    ['is permitted when all but this field are locked', [P(2), exclude('Amount')], undefined],
    ['is not permitted by P 1', [P(1)], CHANGED],
    ['is not permitted by a P that is none', [P(7)], CHANGED],
    ['is not permitted by silence', [], CHANGED],
    ['is not permitted when a FieldMDP names the field', [P(2), include('Amount')], CHANGED],
    ['is not permitted when a FieldMDP names all but others', [P(2), exclude('Other')], CHANGED],
    ['is not permitted when a FieldMDP names all', [P(2), level('FieldMDP', { Action: name('All') })], CHANGED],
    ['is not permitted when two levels differ', [P(2), P(1)], CHANGED],
  ])('%s', async (_, references, expected) => {
    const sample = await sealedForm(references)
    expect(await integrityOf(sample, filled(sample))).toBe(expected)
  })

  it('may be done again', async () => {
    const sample = await sealedForm([P(2)])
    const once = filled(sample)
    const file = new SealedFile(once)
    expect(await integrityOf(sample, save(once, { 7: file.text(7).replace('(100)', '(200)') }))).toBeUndefined()
  })

  it('may spell the field’s name in another encoding, and not another name', async () => {
    const sample = await sealedForm([P(2)])
    const named = (hex: string) => filled(sample, (field) => field.replace('(Amount)', `<${hex}>`))
    expect(await integrityOf(sample, named('FEFF0041006D006F0075006E0074'))).toBeUndefined()
    for (const other of ['FEFF0041006D006F0075006E0073', 'FEFF0041006D006F0075006E007400', 'EFBBBF416D6F756E74']) {
      expect(await integrityOf(sample, named(other))).toBe(CHANGED)
    }
  })

  it.each<[string, (field: string) => string]>([
    ['an action', (field) => withEntry(field, '/A <</S /JavaScript>>')],
    ['another place', (field) => field.replace('[72 100 200 120]', '[72 400 400 700]')],
    ['another name', (field) => field.replace('(Amount)', '(Number)')],
    ['the page’s own content as appearance', (field) => field.replace(/\/N \d+ 0 R/, '/N 4 0 R')],
  ])('does not bring %s with it', async (_, change) => {
    const sample = await sealedForm([P(2)])
    expect(await integrityOf(sample, filled(sample, change))).toBe(CHANGED)
  })

  it('is not permitted in a field that is read only', async () => {
    const sample = await sealedForm([P(2)], `${FIELD} /Ff 1`)
    expect(await integrityOf(sample, filled(sample))).toBe(CHANGED)
  })

  it('presses a button, and draws it no other', async () => {
    const sample = await sealedForm([P(2)])
    const button = new SealedFile(sample.pdf).text(9)
    const pressed = withEntry(button.replace('/AS /Off', '/AS /Yes'), '/V /Yes')
    expect(await integrityOf(sample, save(sample.pdf, { 9: pressed }))).toBeUndefined()
    expect(await integrityOf(sample, save(sample.pdf, { 9: withEntry(pressed, '/AP <<>>') }))).toBe(CHANGED)
  })

  it('does not permit an annotation, not even by P 3', async () => {
    const sample = await sealedForm([P(3)])
    const file = new SealedFile(sample.pdf)
    const page = file.text(3).replace(/\/Annots \[/, `/Annots [${file.next} 0 R `)
    const note = '<</Type /Annot /Subtype /FreeText /Rect [72 400 300 500] /Contents (More)>>'
    expect(await integrityOf(sample, save(sample.pdf, { 3: page, [file.next]: note }))).toBe(CHANGED)
  })
})

describe('what a save says of itself', () => {
  it.each<[string, string, string | undefined]>([
    ['another time of change', '<</Title (Contract) /Producer (Cinnabar tests) /ModDate (D:2027)>>', undefined],
    ['another producer', '<</Title (Contract) /Producer (Another)>>', undefined],
    ['another title', '<</Title (Other) /Producer (Cinnabar tests)>>', CHANGED],
    ['an author', '<</Title (Contract) /Producer (Cinnabar tests) /Author (A)>>', CHANGED],
  ])('%s in Info', async (_, info, expected) => {
    const { one } = given()
    expect(await integrityOf(one, save(one.pdf, { 6: info }))).toBe(expected)
  })

  const xmp = (inside: string) => {
    const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about="">${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`
    return `<</Type /Metadata /Subtype /XML /Length ${packet.length}>>\nstream\n${packet}\nendstream`
  }
  const title = '<dc:title>Contract</dc:title>'

  it.each<[string, string, string | undefined]>([
    ['another time of change', `<xmp:ModifyDate>2027-01-01</xmp:ModifyDate>${title}`, undefined],
    ['another title', '<xmp:ModifyDate>2026-01-01</xmp:ModifyDate><dc:title>Other</dc:title>', CHANGED],
    ['more than before', `<xmp:ModifyDate>2026-01-01</xmp:ModifyDate>${title}<dc:creator>A</dc:creator>`, CHANGED],
  ])('%s in XMP', async (_, inside, expected) => {
    const catalog = '<</Type /Catalog /Pages 2 0 R /Metadata 7 0 R>>'
    const before = xmp(`<xmp:ModifyDate>2026-01-01</xmp:ModifyDate>${title}`)
    const sample = await oneSeal(given().world, { base: save(contractPdf(), { 1: catalog, 7: before }) })
    expect(await integrityOf(sample, save(sample.pdf, { 7: xmp(inside) }))).toBe(expected)
  })

  it.each<[string, string, string | undefined]>([
    ['of the save only', '<xmp:ModifyDate>2027-01-01</xmp:ModifyDate>', undefined],
    ['with a title', title, CHANGED],
  ])('XMP where there was none, %s', async (_, inside, expected) => {
    const { one } = given()
    const file = new SealedFile(one.pdf)
    const catalog = withEntry(file.text(1), `/Metadata ${file.next} 0 R`)
    expect(await integrityOf(one, save(one.pdf, { 1: catalog, [file.next]: xmp(inside) }))).toBe(expected)
  })
})
