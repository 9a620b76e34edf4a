import { readPdf } from './document'
import { formFields } from './form'
import { signatureFields } from './signature-field'
import { buildPdf, ONE_PAGE } from './testing'

const CATALOG = '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R]>>>>'

function document(objects: Readonly<Record<number, string>>, catalog = CATALOG) {
  return readPdf(buildPdf({ objects: { ...ONE_PAGE, 1: catalog, ...objects } }))
}

function coded(code: string) {
  return expect.objectContaining({ code, name: 'PdfError' })
}

describe('formFields', () => {
  it('joins names and inherits type and value', () => {
    const fields = formFields(
      document({
        3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Annots [6 0 R 7 0 R]>>',
        4: '<</T (A) /FT /Sig /Kids [5 0 R 8 0 R]>>',
        5: '<</T (B) /Parent 4 0 R /Kids [6 0 R 7 0 R]>>',
        6: '<</Subtype /Widget /Rect [1 1 2 2] /Parent 5 0 R>>',
        7: '<</Subtype /Widget /Rect [4 4 3 3] /Parent 5 0 R>>',
        8: '<</T <FEFF5370> /FT /Tx /V (x) /Rect [0 0 0 0]>>',
      }),
    )
    expect(fields).toMatchObject([
      { name: 'A.B', type: 'Sig', ref: { number: 5 }, value: undefined },
      { name: 'A.印', type: 'Tx', value: { kind: 'string' } },
    ])
    expect(fields[0].widgets).toMatchObject([
      { ref: { number: 6 }, page: 0, rect: [1, 1, 2, 2] },
      { ref: { number: 7 }, page: 0, rect: [3, 3, 4, 4] },
    ])
    expect(fields[1].widgets).toMatchObject([{ ref: { number: 8 }, page: undefined, rect: undefined }])
  })

  it('gives none when there is no form', () => {
    expect(formFields(document({}, ONE_PAGE[1]))).toEqual([])
  })

  it('passes what is no dictionary', () => {
    expect(formFields(document({ 4: '(field)' }))).toEqual([])
  })

  it('refuses loops and fields met twice', () => {
    const twice = CATALOG.replace('4 0 R', '4 0 R 4 0 R')
    expect(() => formFields(document({ 4: '<</T (A)>>' }, twice))).toThrow(coded('PDF_DAMAGED'))
    expect(() => formFields(document({ 4: '<</T (A) /Kids [4 0 R]>>' }))).toThrow(coded('PDF_DAMAGED'))
  })

  it('refuses what would cost more than the file is long', () => {
    const shared = { 4: '<</T (A) /Kids 6 0 R>>', 5: '<</T (B) /Kids 6 0 R>>', 6: '[<</Rect [0 0 1 1]>>]' }
    expect(() => formFields(document(shared, CATALOG.replace('4 0 R', '4 0 R 5 0 R')))).toThrow(coded('PDF_DAMAGED'))
    const long = { 4: `<</T (${'A'.repeat(2000)})>>` }
    expect(() => formFields(document(long))).toThrow(coded('PDF_TOO_COMPLEX'))
  })

  it('refuses more signatures than the limit', () => {
    const fields = Array.from({ length: 201 }, () => '<</FT /Sig /V 4 0 R>>')
    const catalog = CATALOG.replace('4 0 R', fields.join(' '))
    expect(() => signatureFields(document({ 4: '<</Type /Sig>>' }, catalog))).toThrow(coded('PDF_TOO_COMPLEX'))
    const unsigned = catalog.replaceAll('/V 4 0 R', '')
    expect(signatureFields(document({ 4: '<</Type /Sig>>' }, unsigned))).toHaveLength(201)
  })
})
