import { save } from '@cinnabar/fixtures'
import { fromBase64, latin1 } from '../src/encode/bytes'
import { streamText } from '../src/pdf/testing'
import { newHolder } from '../src/testing/pki'
import { contractPdf, sealPdf } from '../src/testing/sealed-sample'
import { newWorld } from '../src/testing/sealed-world'
import { verify } from '../src/verify/verify'
import samples from './jpeg-samples.json'
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

  const DRAWN = streamText('', 'q 119 0 0 119 400 100 cm /S Do Q')
  const shown = (picture: string) => save(contractPdf(), { 3: page(RESOURCES), 7: picture, 8: DRAWN })
  const sized = (entries: string, pixels: string) =>
    streamText(`/Subtype /Image /Width 64 /Height 64 ${entries}`, pixels)
  const jpeg = (kind: keyof typeof samples, entries = '') =>
    streamText(
      `/Subtype /Image /Width 100 /Height 100 /BitsPerComponent 8 /Filter /DCTDecode ${entries}`,
      latin1(fromBase64(samples[kind])),
    )
  const everyThird = (ink: string, paper: string) =>
    Array.from({ length: 64 * 64 }, (_, i) => (i % 3 === 0 ? ink : paper)).join('')
  /** Of a bit each: lines of three. */
  const STENCIL = '\x38'.repeat(8 * 64)

  it.each([
    ['as a JPEG', jpeg('baseline', '/ColorSpace /DeviceRGB')],
    ['as a progressive JPEG', jpeg('progressive', '/ColorSpace /DeviceRGB')],
    ['as a JPEG in CMYK', jpeg('cmyk', '/ColorSpace /DeviceCMYK /Decode [1 0 1 0 1 0 1 0]')],
    [
      'in CMYK',
      sized('/BitsPerComponent 8 /ColorSpace /DeviceCMYK', everyThird('\x00\xe0\xe0\x10', '\x00\x00\x00\x00')),
    ],
    [
      'with a palette',
      sized('/BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 1 <ffffffc81414>]', everyThird('\x01', '\x00')),
    ],
    ['with a palette of two', sized('/BitsPerComponent 1 /ColorSpace [/Indexed /DeviceRGB 1 <ffffffc81414>]', STENCIL)],
    [
      'by an ICC profile',
      sized('/BitsPerComponent 8 /ColorSpace [/ICCBased 9 0 R]', everyThird('\xc8\x14\x14', '\xff\xff\xff')),
    ],
  ])('is called out when a red picture lies on it %s', async (_, picture) => {
    const pdf = save(shown(picture), { 9: streamText('/N 3', 'profile') })
    expect(await codeOf(pdf)).toBe('SEAL_PICTURE_UNSIGNED')
  })

  it.each([
    ['a blue JPEG', jpeg('blue', '/ColorSpace /DeviceRGB')],
    [
      'a JPEG that is cut off',
      streamText('/Subtype /Image /Filter /DCTDecode', latin1(fromBase64(samples.baseline)).slice(0, 300)),
    ],
    ['a JPEG of nothing', streamText('/Subtype /Image /Filter /DCTDecode', '\xff\xd8\xff\xd9')],
    ['a palette without red', sized('/BitsPerComponent 1 /ColorSpace [/Indexed /DeviceRGB 1 <ffffff141414>]', STENCIL)],
    [
      'a palette of palettes',
      sized('/BitsPerComponent 8 /ColorSpace [/Indexed [/Indexed /DeviceRGB 1 <>] 1 <00>]', everyThird('\x01', '\x00')),
    ],
  ])('is not called out for %s', async (_, picture) => {
    expect(await codeOf(shown(picture))).toBe('NO_SEAL')
  })

  const stencil = sized('/ImageMask true /BitsPerComponent 1', STENCIL)
  it.each([
    ['a stencil painted red', '0.8 0.1 0.1 rg q 119 0 0 119 400 100 cm /S Do Q', 'SEAL_PICTURE_UNSIGNED'],
    ['a stencil painted black', '0 g q 119 0 0 119 400 100 cm /S Do Q', 'NO_SEAL'],
  ])('of %s', async (_, content, code) => {
    const pdf = save(contractPdf(), { 3: page(RESOURCES), 7: stencil, 8: streamText('', content) })
    expect(await codeOf(pdf)).toBe(code)
  })

  it('is called out when a picture stands in its content', async () => {
    const inline = (colour: string) =>
      `q 119 0 0 119 400 100 cm BI /W 64 /H 64 /BPC 8 /CS /RGB ID ${everyThird(colour, '\xff\xff\xff')} EI Q`
    const pdf = (colour: string) => save(contractPdf(), { 3: page(''), 8: streamText('', inline(colour)) })
    expect(await codeOf(pdf('\xc8\x14\x14'))).toBe('SEAL_PICTURE_UNSIGNED')
    expect(await codeOf(pdf('\x14\x14\xc8'))).toBe('NO_SEAL')
  })

  it('is called out when an annotation shows a seal in one of its states, or a field that nobody signed', async () => {
    const rect = '/Rect [400 100 520 220]'
    for (const annotation of [
      `<</Type /Annot /Subtype /Stamp ${rect} /AP <</N <</On 7 0 R /Off 8 0 R>>>>>>`,
      `<</Type /Annot /Subtype /Widget /FT /Sig /T (Seal) ${rect} /F 4 /AP <</N 7 0 R>>>>`,
    ]) {
      const entries = '/Annots [9 0 R]'
      const pdf = save(contractPdf(), { 3: page(entries), 7: pictureForm(), 8: streamText('', ' '), 9: annotation })
      expect(await codeOf(pdf)).toBe('SEAL_PICTURE_UNSIGNED')
    }
  })

  it('is called out when it paints with a pattern that is a seal', async () => {
    const pattern = pictureForm().replace(
      '/Subtype /Form',
      '/PatternType 1 /PaintType 1 /TilingType 1 /XStep 200 /YStep 200',
    )
    const content = '/Pattern cs /P scn 400 100 120 120 re f'
    const pdf = save(contractPdf(), {
      3: page('/Resources <</Pattern <</P 7 0 R>>>>'),
      7: pattern,
      8: streamText('', content),
    })
    expect(await codeOf(pdf)).toBe('SEAL_PICTURE_UNSIGNED')
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
