import { concat, fromLatin1, latin1 } from '../encode/bytes'
import { type PdfDocument, readPdf } from './document'
import { integerOf, isKind, ref } from './objects'
import { appendPdf, buildPdf, ONE_PAGE, streamText } from './testing'

function coded(code: string) {
  return expect.objectContaining({ code, name: 'PdfError' })
}

function text(bytes: Uint8Array): string {
  return latin1(bytes)
}

/** The same file with one text replaced by another of the same length. */
function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  expect(to).toHaveLength(from.length)
  expect(text(bytes)).toContain(from)
  return fromLatin1(text(bytes).replace(from, to))
}

const simple = buildPdf({ objects: ONE_PAGE })

describe('readPdf', () => {
  it('reads a file with a table', () => {
    const document = readPdf(simple)
    expect(document).toMatchObject({ base: 0, headerVersion: '1.7', size: 4, maxObjectNumber: 3 })
    expect(document.pages()).toMatchObject([{ index: 0, ref: { number: 3 }, mediaBox: [0, 0, 595, 842], rotate: 0 }])
    expect(document.revisions).toMatchObject([{ index: 0, eof: simple.length - 1, end: simple.length }])
  })

  it('reads a file with a cross-reference stream and an object stream', () => {
    const { 1: catalog, ...compressed } = ONE_PAGE
    const document = readPdf(buildPdf({ objects: { 1: catalog }, compressed, xref: 'stream' }))
    expect(document.pages()).toHaveLength(1)
    expect(document.indirect(3)).toMatchObject({ start: -1, end: -1, container: { stream: 4, index: 1 } })
    expect(document.revisions[0].sections[0]).toMatchObject({ kind: 'stream' })
  })

  it('gives each object its byte range', () => {
    const found = readPdf(simple).indirect(3)
    expect(text(simple.subarray(found?.start, found?.end))).toBe(`3 0 obj\n${ONE_PAGE[3]}\nendobj`)
  })

  it('takes entries of 19 bytes, and an offset of 0 for no object', () => {
    const short = fromLatin1(text(simple).replaceAll(' f \n', ' f\n').replaceAll(' n \n', ' n\n'))
    expect(readPdf(short).pages()).toHaveLength(1)
    const zero = buildPdf({ objects: { ...ONE_PAGE, 4: 'null' } })
    const offset = String(text(zero).indexOf('4 0 obj')).padStart(10, '0')
    expect(readPdf(replaced(zero, offset, '0000000000')).get(ref(4))).toBeNull()
  })

  it('counts offsets from the header when something stands before it', () => {
    const shifted = buildPdf({ objects: ONE_PAGE, before: 'junk\n' })
    const document = readPdf(shifted)
    expect(document.base).toBe(5)
    const fromStart = text(shifted).replace(/startxref\n(\d+)/, (_, at) => `startxref\n${Number(at) + 5}`)
    expect(() => readPdf(fromLatin1(fromStart))).toThrow(coded('PDF_DAMAGED'))
    expect(document.revisions[0].startxref).toBe(text(simple).lastIndexOf('xref\n0') + 5)
  })

  it('takes up to a kilobyte after %%EOF', () => {
    expect(readPdf(concat(simple, new Uint8Array(1000))).revisions[0].end).toBe(simple.length)
    expect(() => readPdf(concat(simple, new Uint8Array(2000)))).toThrow(coded('PDF_DAMAGED'))
  })

  it('gives null for what is free, missing or of another generation', () => {
    const document = readPdf(simple)
    expect(document.get(ref(0))).toBeNull()
    expect(document.get(ref(99))).toBeNull()
    expect(document.get(ref(3, 1))).toBeNull()
  })

  it('follows a Length that is a reference', () => {
    const body = streamText('', 'hello').replace('/Length 5', '/Length 5 0 R')
    const document = readPdf(buildPdf({ objects: { ...ONE_PAGE, 4: body, 5: '5' } }))
    const object = document.get(ref(4))
    expect(isKind(object, 'stream') && text(document.decodeStream(object).bytes)).toBe('hello')
  })

  it('inherits page attributes and puts boxes in order', () => {
    const pages = '<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [100 200 10 20] /Rotate -90>>'
    const page = '<</Type /Page /Parent 2 0 R /UserUnit 2>>'
    const [read] = readPdf(buildPdf({ objects: { ...ONE_PAGE, 2: pages, 3: page } })).pages()
    expect(read).toMatchObject({ mediaBox: [10, 20, 100, 200], cropBox: [10, 20, 100, 200], rotate: 270, userUnit: 2 })
  })
})

describe('revisions', () => {
  const first = buildPdf({ objects: ONE_PAGE })
  const second = appendPdf(first, { objects: { 1: '<</Type /Catalog /Pages 2 0 R /A 2>>', 4: '(new)' } })
  const third = appendPdf(second, { objects: { 1: '<</Type /Catalog /Pages 2 0 R /A 3>>' }, xref: 'stream' })

  function version(document: PdfDocument): number | undefined {
    return integerOf(document.catalog.entries.get('A'))
  }

  it('lists saves from the oldest, with what each defines', () => {
    const { revisions } = readPdf(third)
    expect(revisions.map((each) => each.end)).toEqual([first.length, second.length, third.length])
    expect(revisions.map((each) => [...each.entries.keys()].sort())).toEqual([
      [0, 1, 2, 3],
      [0, 1, 4],
      [1, 5],
    ])
  })

  it('reads each revision from its own bytes', () => {
    expect(version(readPdf(third))).toBe(3)
    expect(version(readPdf(third.subarray(0, second.length)))).toBe(2)
    expect(version(readPdf(third.subarray(0, first.length)))).toBeUndefined()
  })

  it('takes a forward Prev only in a linearized file, as one save', () => {
    const main = text(first).replace('%PDF-1.7\n', '')
    const head = '%PDF-1.7\n9 0 obj\n<</Linearized 1>>\nendobj\n'
    for (const linearized of [head, head.replace('Linearized', 'Somewhat99')]) {
      // The first page's section, empty here, stands before the main one and its Prev points forward to it.
      const at = linearized.length
      const early = (previous: number) =>
        `xref\n0 0\ntrailer\n<</Size 10 /Root 1 0 R /Prev ${String(previous).padStart(6, '0')}>>\nstartxref\n0\n%%EOF\n`
      const start = linearized + early(0)
      const shift = start.length - 9
      const body = main.replace(/(\d{10}) 00000 n/g, (_, offset: string) => {
        return `${String(Number(offset) + shift).padStart(10, '0')} 00000 n`
      })
      const previous = start.length + body.indexOf('xref\n0 1')
      const file = linearized + early(previous) + body.replace(/startxref\n\d+/, `startxref\n${at}`)
      if (linearized === head) {
        const { revisions } = readPdf(fromLatin1(file))
        expect(revisions).toMatchObject([{ startxref: at, end: file.length }])
        expect(revisions[0].sections).toHaveLength(2)
      } else expect(() => readPdf(fromLatin1(file))).toThrow(coded('PDF_DAMAGED'))
    }
  })

  it('prefers the table over the hybrid stream, and the stream over a free entry', () => {
    const base = text(buildPdf({ objects: { ...ONE_PAGE, 5: '(five)', 6: '(six)' } }))
    const five = base.indexOf('5 0 obj')
    const six = base.indexOf('6 0 obj')
    const at = base.lastIndexOf('xref\n0 1')
    const data = [five, six].map((offset) => String.fromCharCode(1, offset >> 8, offset & 255, 0)).join('')
    const hidden = `7 0 obj\n${streamText('/Type /XRef /Size 8 /W [1 2 1] /Index [5 2]', data)}\nendobj\n`
    const tail = base
      .slice(at)
      .replace(/(?<=\n5 1\n)\d{10} 00000 n/, '0000000000 00001 f')
      .replace('<</Size', `<</XRefStm ${at} /Size`)
      .replace(/startxref\n\d+/, `startxref\n${at + hidden.length}`)
    const document = readPdf(fromLatin1(base.slice(0, at) + hidden + tail))
    expect(document.entries.get(5)).toEqual({ type: 'offset', offset: five, generation: 0 })
    expect(document.revisions[0].sections[0]).toMatchObject({ kind: 'table', hybrid: { kind: 'stream' } })
  })
})

describe('readPdf refuses', () => {
  it('what is empty or no PDF', () => {
    expect(() => readPdf(new Uint8Array(0))).toThrow(coded('PDF_EMPTY'))
    expect(() => readPdf(fromLatin1('PK\x03\x04'.repeat(1000)))).toThrow(coded('PDF_NOT_PDF'))
    expect(() => readPdf(concat(new Uint8Array(2000), simple))).toThrow(coded('PDF_NOT_PDF'))
    expect(() => readPdf(replaced(simple, '%PDF-1.7', '%PDF-one'))).toThrow(coded('PDF_NOT_PDF'))
  })

  it('encryption, in any revision', () => {
    const locked = buildPdf({ objects: ONE_PAGE, trailer: '/Encrypt 1 0 R' })
    expect(() => readPdf(locked)).toThrow(coded('PDF_ENCRYPTED'))
    expect(() => readPdf(appendPdf(locked, { objects: { 4: 'null' } }))).toThrow(coded('PDF_ENCRYPTED'))
  })

  it('a file cut anywhere', () => {
    for (let length = 1; length < simple.length - 1; length++) {
      expect(() => readPdf(simple.subarray(0, length))).toThrow(expect.objectContaining({ name: 'PdfError' }))
    }
  })

  const page = ONE_PAGE[3]
  const wrong: Record<string, Uint8Array> = {
    'a wrong startxref': fromLatin1(text(simple).replace(/startxref\n\d+/, 'startxref\n20')),
    'a missing %%EOF': replaced(simple, '%%EOF', '%%EOX'),
    'an object that is not at its offset': replaced(simple, '3 0 obj', '4 0 obj'),
    'a broken entry': replaced(simple, '00000 n', '00000 x'),
    'an entry without a line end': fromLatin1(text(simple).replace(' n \n', ' n  ')),
    'a missing endobj': replaced(simple, 'endobj', 'endxbj'),
    'no Size': replaced(simple, '/Size', '/Sise'),
    'no Root': replaced(simple, '/Root', '/Roof'),
    'a Root that is no dictionary': replaced(simple, '/Root 1 0 R', '/Root 9 0 R'),
    'a page that is no dictionary': buildPdf({ objects: { ...ONE_PAGE, 3: '(page)' } }),
    'a page tree that loops': buildPdf({ objects: { ...ONE_PAGE, 3: '<</Kids [2 0 R]>>' } }),
    'a page met twice': buildPdf({ objects: { ...ONE_PAGE, 2: '<</Kids [3 0 R 3 0 R]>>' } }),
    'a wrong Length': buildPdf({
      objects: { ...ONE_PAGE, 4: streamText('', 'hello').replace('Length 5', 'Length 4') },
    }),
    'a Length beyond the file': buildPdf({
      objects: { ...ONE_PAGE, 4: streamText('', 'a').replace('th 1', 'th 999999') },
    }),
    'a Length that needs itself': buildPdf({
      objects: { ...ONE_PAGE, 4: streamText('', 'a').replace('th 1', 'th 4 0 R') },
    }),
    'a stream keyword before CR alone': buildPdf({ objects: { ...ONE_PAGE, 4: '<</Length 0>>\nstream\rendstream' } }),
    'two entries for one object': fromLatin1(text(simple).replace('\n2 1\n', '\n3 1\n')),
    'an object number past 32 bits': fromLatin1(text(simple).replace('\n2 1\n', '\n4294967296 1\n')),
    'an empty object': buildPdf({ objects: { ...ONE_PAGE, 4: '' } }),
    'rubbish after an object': buildPdf({ objects: { ...ONE_PAGE, 4: `${page} 5` } }),
  }
  // A section that names itself as the one before it.
  const looping = text(simple).replace('/Root', `/Prev ${text(simple).lastIndexOf('xref\n0')} /Root`)
  wrong['a Prev that loops'] = fromLatin1(looping)
  for (const [what, bytes] of Object.entries(wrong)) {
    it(what, () => expect(() => readPdf(bytes)).toThrow(coded('PDF_DAMAGED')))
  }

  it('object streams that do not hold what the table says', () => {
    const { 1: catalog, ...compressed } = ONE_PAGE
    const built = text(buildPdf({ objects: { 1: catalog }, compressed, xref: 'stream' }))
    for (const [from, to] of [
      ['/ObjStm', '/ObjStx'],
      ['/N 2', '/N 9'],
      ['/First 9', '/First 1'],
      ['\x02\x00\x00\x04\x00', '\x02\x00\x00\x04\x01'],
      ['\x02\x00\x00\x04\x00', '\x02\x00\x00\x09\x00'],
      ['\x02\x00\x00\x04\x00', '\x03\x00\x00\x04\x00'],
    ]) {
      expect(() => readPdf(replaced(fromLatin1(built), from, to))).toThrow(coded('PDF_DAMAGED'))
    }
  })

  it('more than the limits', () => {
    const limited = (limits: object) => () => readPdf(simple, { limits })
    expect(limited({ maxObjects: 4 })).not.toThrow()
    expect(limited({ maxObjects: 3 })).toThrow(coded('PDF_TOO_COMPLEX'))
    expect(limited({ maxNesting: 1 })).toThrow(coded('PDF_TOO_COMPLEX'))
    const twice = appendPdf(simple, { objects: { 4: 'null' } })
    expect(() => readPdf(twice, { limits: { maxSections: 1 } })).toThrow(coded('PDF_TOO_COMPLEX'))
    const { 1: catalog, ...compressed } = ONE_PAGE
    const bomb = { ...compressed, 5: `(${'a'.repeat(100_000)})` }
    const packed = buildPdf({ objects: { 1: catalog }, compressed: bomb, xref: 'stream' })
    expect(() => readPdf(packed, { limits: { maxStreamBytes: 50_000 } })).toThrow(coded('PDF_TOO_COMPLEX'))
    expect(() => readPdf(packed, { limits: { maxDecodedBytes: 50_000 } })).toThrow(coded('PDF_TOO_COMPLEX'))
  })

  it('objects that overlap, before they cost the square of the file', () => {
    let file = '%PDF-1.7\n1 0 obj\n<</Pages 2 0 R>>\nendobj\n2 0 obj\n<</Kids []>>\nendobj\n'
    const offsets = [file.indexOf('1 0 obj'), file.indexOf('2 0 obj')]
    for (let number = 3; number < 50_000; number++) {
      offsets.push(file.length)
      file += `${number} 0 obj %`
    }
    file += '\nnull endobj\n'
    const at = file.length
    const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
    file += `xref\n1 ${offsets.length}\n${entries}trailer\n<</Size 50000 /Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`
    expect(() => readPdf(fromLatin1(file))).toThrow(coded('PDF_TOO_COMPLEX'))
  })

  it('sections that overlap, each going on after a comment that holds all the later ones', () => {
    let file = '%PDF-1.7\n'
    let previous = ''
    let at = 0
    for (let i = 0; i < 200; i++) {
      at = file.length
      file += `xref 0 0 trailer <</Size 3 /Root 1 0 R${previous} %`
      previous = ` /Prev ${at}`
    }
    file += `\n>>\nstartxref\n${at}\n%%EOF\n`
    expect(() => readPdf(fromLatin1(file))).toThrow(coded('PDF_TOO_COMPLEX'))
  })

  it('nothing but by name, whatever byte is changed', () => {
    const { 1: catalog, ...compressed } = ONE_PAGE
    const packed = buildPdf({ objects: { 1: catalog, 4: streamText('', 'x') }, compressed, xref: 'stream' })
    let seed = 1
    for (const original of [appendPdf(simple, { objects: { 4: '(x)' } }), packed]) {
      for (let i = 0; i < 4000; i++) {
        const bytes = original.slice()
        for (let flips = 0; flips < 1 + (i % 3); flips++) {
          seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
          bytes[(seed >>> 8) % bytes.length] = seed & 255
        }
        try {
          readPdf(bytes)
        } catch (error) {
          expect(error).toMatchObject({ name: 'PdfError' })
        }
      }
    }
  })
})
