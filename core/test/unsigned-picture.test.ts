import { save } from '@cinnabar/fixtures'
import { latin1 } from '../src/encode/bytes'
import { streamText } from '../src/pdf/testing'
import { newHolder } from '../src/testing/pki'
import { contractPdf, sealPdf } from '../src/testing/sealed-sample'
import { newWorld } from '../src/testing/sealed-world'
import { verify } from '../src/verify/verify'
import { faultsOf, given } from './verify-cases'

const at = new Date('2026-12-01T00:00:00Z')
const codeOf = async (pdf: Uint8Array) => (await verify({ pdf, at })).code

const page = (entries: string) =>
  `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [4 0 R 8 0 R] ${entries}>>`

/** The bureau's seal picture as a form, number 7. */
function pictureForm(): string {
  const { widthPt, heightPt, content } = given().world.bureau.picture
  return streamText(`/Subtype /Form /BBox [0 0 ${widthPt} ${heightPt}] /Resources <<>>`, latin1(content))
}

const DRAW = streamText('', 'q 1 0 0 1 400 100 cm /S Do Q')
const RESOURCES = '/Resources <</XObject <</S 7 0 R>>>>'

function image(colour: readonly [number, number, number]): string {
  const pixels = Array.from({ length: 64 * 64 }, (_, i) =>
    i % 3 === 0 ? String.fromCharCode(...colour) : '\xff\xff\xff',
  )
  return streamText('/Subtype /Image /Width 64 /Height 64 /BitsPerComponent 8 /ColorSpace /DeviceRGB', pixels.join(''))
}

describe('a file that nobody signed', () => {
  it('is called out when its page draws a seal', async () => {
    const pdf = save(contractPdf(), { 3: page(RESOURCES), 7: pictureForm(), 8: DRAW })
    expect(await verify({ pdf, at })).toMatchObject({ outcome: 'indeterminate', code: 'SEAL_PICTURE_UNSIGNED' })
  })

  it('is called out when a stamp shows a seal', async () => {
    const stamp = '<</Type /Annot /Subtype /Stamp /Rect [400 100 520 220] /AP <</N 7 0 R>>>>'
    const entries = `${RESOURCES} /Annots [9 0 R]`
    const pdf = save(contractPdf(), { 3: page(entries), 7: pictureForm(), 8: streamText('', ' '), 9: stamp })
    expect(await codeOf(pdf)).toBe('SEAL_PICTURE_UNSIGNED')
  })

  it('is called out when a red picture of a seal’s size lies on it', async () => {
    const draw = streamText('', 'q 119 0 0 119 400 100 cm /S Do Q')
    const red = save(contractPdf(), { 3: page(RESOURCES), 7: image([200, 20, 20]), 8: draw })
    expect(await codeOf(red)).toBe('SEAL_PICTURE_UNSIGNED')
    const blue = save(contractPdf(), { 3: page(RESOURCES), 7: image([20, 20, 200]), 8: draw })
    expect(await codeOf(blue)).toBe('NO_SEAL')
  })

  it.each([
    ['red lines', '1 0 0 RG 72 100 m 520 100 l S'],
    ['a red box', '1 0 0 rg 72 100 100 100 re f'],
    ['a small red mark', '1 0 0 rg 72 100 m 72 105 77 110 80 110 c 90 110 95 105 95 100 c f'],
    ['content that does not read', '1 0 0 rg ] ) }'],
  ])('is not called out for %s', async (_, content) => {
    expect(await codeOf(save(contractPdf(), { 3: page(''), 8: streamText('', content) }))).toBe('NO_SEAL')
  })
})

describe('a stranger whose certificate bears an institution’s name', () => {
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') }

  it.each([
    ['the same', 'Jiangzhou Bureau', 'indeterminate SIGNER_LOOKALIKE'],
    ['in letters of another script', 'Jiаngzhоu Burеаu', 'indeterminate SIGNER_LOOKALIKE'],
    ['in characters that look the same', '江洲市审批局', 'indeterminate SIGNER_LOOKALIKE'],
    ['another', 'Anybody', 'indeterminate PATH_NOT_FOUND'],
  ])('is told apart from other strangers: %s', async (_, commonName, expected) => {
    const { world, one } = given()
    const { pki } = (await newWorld()).bureau
    const holder = await newHolder({ profile: 'seal', commonName, issuer: pki.sealCa, ...validity })
    const { pdf } = await sealPdf(world, contractPdf(), world.bureau, { holder })
    const report = await verify({ ...one, pdf })
    expect(faultsOf(report.signatures[0]).certificate).toBe(expected)
  })
})
