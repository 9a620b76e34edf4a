import { equal, fromLatin1, latin1, toHex } from '../encode/bytes'
import { readPdf } from './document'
import { array, dict, isKind, name, number, ref, stream } from './objects'
import { rectOnPage } from './page-geometry'
import { pageAt } from './pages'
import { addSignatureField, embedContents, type SignatureRequest, signatureUpdate } from './sign-placeholder'
import { signatureFields, unreferencedSignatures } from './signature-field'
import { signedParts, signedRange } from './signed-range'
import { appendPdf, buildPdf, ONE_PAGE, type PdfRecipe } from './testing'

const picture = stream(dict({ Type: name('XObject'), Subtype: name('Form') }), fromLatin1('0 0 10 10 re f'))

const request: SignatureRequest = {
  page: 0,
  rect: [10, 10, 60, 60],
  fieldName: 'Seal',
  appearance: {
    content: fromLatin1('/Seal Do'),
    bbox: [0, 0, 50, 50],
    resources: dict({ XObject: dict({ Seal: picture }) }),
  },
  contentsBytes: 64,
}

function sealed(bytes: Uint8Array, changes: Partial<SignatureRequest> = {}): Uint8Array {
  return embedContents(addSignatureField(readPdf(bytes), { ...request, ...changes }), Uint8Array.of(0x30, 0x01, 0xff))
}

function build(objects: Readonly<Record<number, string>>, more: Partial<PdfRecipe> = {}): Uint8Array {
  return buildPdf({ objects: { ...ONE_PAGE, ...objects }, ...more })
}

/** Object numbers that the newest save wrote, the cross-reference stream's own left out. */
function written(bytes: Uint8Array): number[] {
  const { revisions } = readPdf(bytes)
  return [...revisions[revisions.length - 1].entries.keys()].sort((a, b) => a - b)
}

function coded(code: string) {
  return expect.objectContaining({ code, name: 'PdfError' })
}

describe('addSignatureField', () => {
  const plain = build({})

  it('keeps the file as a prefix and covers all but the gap', () => {
    const out = sealed(plain)
    expect(equal(out.subarray(0, plain.length), plain)).toBe(true)
    const document = readPdf(out)
    const [field] = signatureFields(document)
    expect(field).toMatchObject({ name: 'Seal', state: 'signed', signature: { subFilter: 'ETSI.CAdES.detached' } })
    expect(field.widgets).toMatchObject([{ page: 0, rect: [10, 10, 60, 60] }])
    const range = signedRange(document, field)
    if (!range.ok) throw new Error(range.detail)
    expect(range.revisionEnd).toBe(out.length)
    expect(toHex(range.contents)).toBe(`3001ff${'00'.repeat(61)}`)
    const [before, after] = signedParts(out, range)
    expect(before.length + after.length).toBe(out.length - 130)
    expect(unreferencedSignatures(document)).toEqual([])
  })

  it('shows the appearance, each stream in it an object of its own', () => {
    const document = readPdf(sealed(plain))
    const [{ dict: widget }] = signatureFields(document)
    const appearance = document.dictValue(widget, 'AP')
    const form = appearance && document.value(appearance, 'N')
    if (!isKind(form, 'stream')) throw new Error('no appearance')
    expect(latin1(form.raw)).toBe('/Seal Do')
    const resources = document.dictValue(form.dict, 'Resources')
    const xObjects = resources && document.dictValue(resources, 'XObject')
    expect(xObjects && document.value(xObjects, 'Seal')).toMatchObject({ kind: 'stream', raw: picture.raw })
  })

  it('writes page and catalog anew, when they hold the arrays themselves', () => {
    expect(written(sealed(plain))).toEqual([1, 3, 4, 5, 6, 7])
  })

  it('writes only arrays and form that are objects of their own', () => {
    const own = build({
      1: '<</Type /Catalog /Pages 2 0 R /AcroForm 4 0 R>>',
      3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 6 0 R>>',
      4: '<</Fields 5 0 R /SigFlags 1>>',
      5: '[]',
      6: '[]',
    })
    const once = sealed(own)
    expect(written(once)).toEqual([4, 5, 6, 7, 8, 9, 10])
    expect(written(sealed(once))).toEqual([5, 6, 11, 12, 13, 14])
  })

  it('keeps what the form holds, and its other flags', () => {
    const form = build({
      1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R] /SigFlags 4 /DA (/F 0 Tf) /Fields2 1.50>>>>',
      4: '<</FT /Sig /T (Seal)>>',
    })
    const document = readPdf(sealed(form))
    expect(latin1(document.bytes)).toContain('/SigFlags 7/DA (/F 0 Tf)/Fields2 1.50>>')
    expect(signatureFields(document)).toMatchObject([
      { name: 'Seal', state: 'unsigned' },
      { name: 'Seal_2', state: 'signed' },
    ])
  })

  it('answers a file with a cross-reference stream in kind', () => {
    const { 1: catalog, ...compressed } = ONE_PAGE
    const out = sealed(buildPdf({ objects: { 1: catalog }, compressed, xref: 'stream', trailer: '/ID [<01> <02>]' }))
    const document = readPdf(out)
    expect(document.revisions[1].sections[0].kind).toBe('stream')
    expect(document.size).toBe(document.maxObjectNumber + 1)
    expect(document.trailer.entries.get('ID')).toMatchObject({ items: [{ bytes: Uint8Array.of(1) }, { hex: true }] })
    expect(signedRange(document, signatureFields(document)[0]).ok).toBe(true)
  })

  it('takes numbers above objects that lie beyond a Size stated too low', () => {
    const low = fromLatin1(latin1(build({ 9: '(nine)' })).replace('/Size 10', '/Size 4 '))
    expect(written(sealed(low))).toEqual([1, 3, 10, 11, 12, 13])
  })

  it('seals again and again, each seal over all before it', () => {
    let bytes = build({}, { before: 'junk\n' }).subarray(0, -1)
    for (let i = 0; i < 3; i++) bytes = sealed(bytes)
    const document = readPdf(bytes)
    const ranges = signatureFields(document).map((field) => signedRange(document, field))
    expect(ranges.map((range) => range.ok && range.revision.index)).toEqual([1, 2, 3])
    expect(ranges.map((range) => range.ok && range.document.revisions.length)).toEqual([2, 3, 4])
  })

  it('turns the appearance upright on a page that is turned', () => {
    for (const [rotate, matrix] of [
      [90, '[0 1 -1 0 50 0]'],
      [180, '[-1 0 0 -1 50 50]'],
      [270, '[0 -1 1 0 0 50]'],
    ]) {
      const out = sealed(build({ 3: `<</Type /Page /MediaBox [0 0 595 842] /Rotate ${rotate}>>` }))
      expect(latin1(out)).toContain(`/Matrix ${matrix}`)
      expect(latin1(out)).toContain(`/MK <</R ${rotate}>>`)
    }
  })

  it('writes entries and names of any script', () => {
    const entries = { M: name('later'), Prop_Build: dict({ App: array([number(-0.5), ref(3)]) }) }
    const out = sealed(plain, { fieldName: '印.章', entries })
    expect(latin1(out)).toContain('/M /later/Prop_Build <</App [-0.5 3 0 R]>>')
    expect(signatureFields(readPdf(out))[0].name).toBe('印_章')
  })

  it('gives the same bytes for the same request', () => {
    expect(equal(sealed(plain), sealed(plain))).toBe(true)
  })

  it('refuses a page that is not there', () => {
    for (const page of [-1, 1, 0.5, Number.NaN]) {
      expect(() => sealed(plain, { page })).toThrow(coded('PAGE_NOT_FOUND'))
    }
  })

  it('refuses a form that is none', () => {
    for (const form of ['(form)', '<</Fields 5>>']) {
      const catalog = `<</Type /Catalog /Pages 2 0 R /AcroForm ${form}>>`
      expect(() => sealed(build({ 1: catalog }))).toThrow(coded('PDF_DAMAGED'))
    }
    const annots = '<</Type /Page /Annots (none)>>'
    expect(() => sealed(build({ 3: annots }))).toThrow(coded('PDF_DAMAGED'))
  })

  it('refuses a dynamic XFA form, not a static one', () => {
    const catalog = '<</Type /Catalog /Pages 2 0 R /NeedsRendering true /AcroForm <</XFA (x) /Fields []>>>>'
    expect(() => sealed(build({ 1: catalog }))).toThrow(coded('PDF_XFA'))
    expect(sealed(build({ 1: catalog.replace('true', 'false') }))).toBeDefined()
  })

  it('refuses where a signature permits no change', () => {
    const signature = (level: number) =>
      `<</Type /Sig /Reference [<</TransformMethod /DocMDP /TransformParams <</P ${level}>>>>]>>`
    const catalog = '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R]>> /Perms <</DocMDP 4 0 R>>>>'
    const field = '<</FT /Sig /T (A) /V 4 0 R>>'
    const forbidden = coded('PDF_SIGNING_FORBIDDEN')
    expect(() => sealed(build({ 1: catalog, 4: signature(1), 5: field }))).toThrow(forbidden)
    expect(() => sealed(build({ 1: catalog, 4: signature(1), 5: 'null' }))).toThrow(forbidden)
    expect(() => sealed(build({ 1: catalog, 4: signature(2), 5: field }))).not.toThrow()
    const locked = field.replace('/V', '/Lock <</Action /All /P 1>> /V')
    expect(() => sealed(build({ 1: catalog, 4: signature(2), 5: locked }))).toThrow(forbidden)
    expect(() => sealed(build({ 1: catalog, 4: signature(2), 5: locked.replace('/V', '/X') }))).not.toThrow()
  })
})

describe('signatureUpdate', () => {
  it('is what addSignatureField puts after the file, with the same gap', () => {
    for (const file of [build({}), build({}, { before: 'junk\n' }).subarray(0, -1)]) {
      const whole = addSignatureField(readPdf(file), request)
      const update = signatureUpdate(readPdf(file), request)
      expect(equal(update.bytes, whole.bytes.subarray(file.length))).toBe(true)
      expect(update.gapStart + file.length).toBe(whole.gapStart)
      expect(update.gapEnd + file.length).toBe(whole.gapEnd)
      const cms = Uint8Array.of(0x30, 0x01, 0xff)
      expect(equal(embedContents(update, cms), embedContents(whole, cms).subarray(file.length))).toBe(true)
    }
  })
})

describe('embedContents', () => {
  it('replaces what was embedded before', () => {
    const placeholder = addSignatureField(readPdf(build({})), request)
    embedContents(placeholder, new Uint8Array(64).fill(255))
    const out = embedContents(placeholder, Uint8Array.of(1))
    expect(latin1(out.subarray(placeholder.gapStart, placeholder.gapEnd))).toBe(`<01${'00'.repeat(63)}>`)
  })

  it('refuses what does not fit, and says how much is needed', () => {
    const placeholder = addSignatureField(readPdf(build({})), request)
    expect(() => embedContents(placeholder, new Uint8Array(65))).toThrow(
      expect.objectContaining({ code: 'PLACEHOLDER_TOO_SMALL', details: { need: 65, room: 64 } }),
    )
  })
})

describe('signedRange', () => {
  const plain = build({})
  const out = sealed(plain)
  const [before = '', byteRange = ''] = /\/ByteRange (\[[\d ]+\]) */.exec(latin1(out)) ?? []

  function codeOf(bytes: Uint8Array): string {
    const document = readPdf(bytes)
    const range = signedRange(document, signatureFields(document)[0])
    return range.ok ? 'ok' : range.code
  }

  /** The same file with the ByteRange, or another text, replaced; the length kept. */
  function changed(to: string, from = before): Uint8Array {
    return fromLatin1(latin1(out).replace(from, to.padEnd(from.length)))
  }

  it('refuses a ByteRange that is not four plain integers in order', () => {
    const [, a, b, c] = /\[0 (\d+) (\d+) (\d+)\]/.exec(byteRange)?.map(Number) ?? []
    for (const range of [
      'null',
      '[]',
      `[0 ${a} ${b}]`,
      `[0 ${a} ${b} ${c} 0]`,
      `[0 ${a} ${b} -1]`,
      `[0 +${a} ${b} ${c}]`,
      `[0 ${a}. ${b} ${c}]`,
      `[1 ${a} ${b} ${c}]`,
      `[0 ${b} ${a} ${c}]`,
      `[0 ${a} ${b} 99999]`,
      `[0 ${a} ${b} 0]`,
      `[0 ${a} ${b} 3 0 R]`,
      '3 0 R',
    ]) {
      expect(codeOf(changed(`/ByteRange ${range}`))).toBe('BYTE_RANGE_INVALID')
    }
    expect(codeOf(changed('/ByteRangX [0 1 2 3]'))).toBe('BYTE_RANGE_INVALID')
    expect(codeOf(changed(`/ByteRange [0 ${a} ${b} ${c}]`))).toBe('ok')
  })

  it('refuses a gap that is wider or narrower than Contents', () => {
    const [, a, b, c] = /\[0 (\d+) (\d+) (\d+)\]/.exec(byteRange)?.map(Number) ?? []
    for (const range of [
      [a - 1, b, c],
      [a + 1, b, c],
      [a, b + 1, c - 1],
      [a, b - 1, c + 1],
    ]) {
      expect(codeOf(changed(`/ByteRange [0 ${range.join(' ')}]`))).toBe('BYTE_RANGE_GAP')
    }
  })

  it('refuses an end that no revision has', () => {
    const [, a, b, c] = /\[0 (\d+) (\d+) (\d+)\]/.exec(byteRange)?.map(Number) ?? []
    expect(codeOf(changed(`/ByteRange [0 ${a} ${b} ${c - 10}]`))).toBe('REVISION_INVALID')
    expect(codeOf(changed(`/ByteRange [0 ${a} ${b} ${c - 1}]`))).toBe('ok')
  })

  it('refuses Contents that is missing, literal, odd, spaced or not direct', () => {
    for (const [from, to] of [
      ['/Contents <3001ff00', '/Contents <3001ff 0'],
      ['/Contents <3001ff00', '/Contants <3001ff00'],
      [`<3001ff${'00'.repeat(61)}>`, '3 0 R'],
      [`<3001ff${'00'.repeat(61)}>`, '<>'],
      [`<3001ff${'00'.repeat(61)}>`, `(3001ff${'00'.repeat(61)})`],
    ]) {
      expect(codeOf(changed(to, from))).toBe('CONTENTS_INVALID')
    }
  })

  it('refuses repeated keys and a value that is no dictionary', () => {
    const twice = changed('/Type /Sig /Type /Sig', '/Filter /Adobe.PPKLite')
    expect(() => readPdf(twice)).toThrow(expect.objectContaining({ code: 'PDF_DAMAGED' }))
    const broken = build({
      1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R]>>>>',
      4: '<</FT /Sig /T (A) /V 9 0 R>>',
    })
    expect(signatureFields(readPdf(broken))).toMatchObject([{ state: 'broken' }])
    expect(codeOf(broken)).toBe('SIGNATURE_DICTIONARY_INVALID')
  })

  it('still holds after a later save, which is refused when it only points back', () => {
    expect(codeOf(appendPdf(out, { objects: { 20: '(later)' } }))).toBe('ok')
    const at = /startxref\n(\d+)\n%%EOF\n$/.exec(latin1(out))?.[1]
    const back = fromLatin1(`${latin1(out)}hidden\nstartxref\n${at}\n%%EOF\n`)
    expect(() => readPdf(back)).toThrow(expect.objectContaining({ code: 'PDF_DAMAGED' }))
  })

  it('finds a signature that no field leads to', () => {
    const lost = appendPdf(out, { objects: { 1: ONE_PAGE[1] } })
    expect(signatureFields(readPdf(lost))).toEqual([])
    expect(unreferencedSignatures(readPdf(lost))).toHaveLength(1)
  })
})

describe('rectOnPage', () => {
  function rect(entries: string, [xMm, yMm, widthMm, heightMm]: readonly number[]): number[] {
    const document = readPdf(build({ 3: `<</Type /Page /Parent 2 0 R ${entries}>>` }))
    const placement = { xMm, yMm, widthMm, heightMm }
    return rectOnPage(pageAt(document, 0), placement).map((value) => Math.round(value * 1000) / 1000 + 0)
  }
  // 25.4 mm are 72 units: the sizes below come out round.
  const inch = [25.4, 50.8, 25.4, 12.7]

  it('measures from the top left corner as shown, for each Rotate', () => {
    const box = '/MediaBox [10 20 370 452]'
    expect(rect(box, inch)).toEqual([82, 272, 154, 308])
    expect(rect(`${box} /Rotate 90`, inch)).toEqual([154, 92, 190, 164])
    expect(rect(`${box} /Rotate 180`, inch)).toEqual([226, 164, 298, 200])
    expect(rect(`${box} /Rotate 270`, inch)).toEqual([190, 308, 226, 380])
  })

  it('honours CropBox and UserUnit', () => {
    expect(rect('/MediaBox [0 0 500 500] /CropBox [100 100 900 400]', inch)).toEqual([172, 220, 244, 256])
    expect(rect('/MediaBox [0 0 500 500] /UserUnit 2', inch)).toEqual([36, 410, 72, 428])
  })

  it('refuses what lies off the shown page', () => {
    const box = '/MediaBox [0 0 720 720] /CropBox [0 0 360 720]'
    expect(rect(box, [0, 0, 127, 254])).toEqual([0, 0, 360, 720])
    for (const placement of [
      [-1, 0, 10, 10],
      [0, -1, 10, 10],
      [120, 0, 10, 10],
      [0, 250, 10, 10],
      [0, 0, 0, 10],
      [0, 0, Number.NaN, 10],
      [Number.NaN, 0, 10, 10],
    ]) {
      expect(() => rect(box, placement)).toThrow(coded('SEAL_OFF_PAGE'))
    }
    expect(() => rect('', [0, 0, 10, 10])).toThrow(coded('PDF_DAMAGED'))
  })
})
