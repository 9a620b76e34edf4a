import { fromLatin1 } from '../encode/bytes'
import { contractPdf } from '../testing/sealed-sample'
import { comparePage, paperSize, renderScale } from './compare-page'
import { concluded, type PageReading, type Pixels } from './comparison'
import { lineChanges } from './line-changes'
import { pageLines } from './page-lines'
import { changedPixels, differencePicture } from './picture-changes'
import { sealedRevisions } from './sealed-revisions'

const told = (before: readonly string[], after: readonly string[]) =>
  lineChanges(before, after).changes.map(({ change, text }) => `${change === 'added' ? '+' : '-'}${text}`)

/** White paper with one filled rectangle. */
function paper(width: number, height: number, [x, y, w, h] = [0, 0, 0, 0], shade = 0): Pixels {
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let row = y; row < y + h; row++) rgba.fill(shade, 4 * (row * width + x), 4 * (row * width + x + w))
  return { width, height, rgba }
}

const reading = (lines: readonly string[], picture: Pixels): PageReading => ({
  widthMm: 210,
  heightMm: 297,
  lines,
  picture,
})

describe('lines of a page', () => {
  it('are told apart in their order, and no more of them than need be', () => {
    expect(told(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual(['-b', '+x', '+e'])
    expect(told([], ['a'])).toEqual(['+a'])
    expect(told(['a', 'a'], ['a'])).toEqual(['-a'])
    expect(told(['same'], ['same'])).toEqual([])
  })

  it('give after from before, whatever they are', () => {
    for (let seed = 1; seed < 200; seed++) {
      const line = (i: number) => String((seed * 7919 * (i + 1) * (i + seed)) % 5)
      const [a, b] = [
        Array.from({ length: seed % 13 }, (_, i) => line(i)),
        Array.from({ length: seed % 11 }, (_, i) => line(i + 3)),
      ]
      const changes = told(a, b)
      const removed = changes.filter((one) => one.startsWith('-')).map((one) => one.slice(1))
      const added = changes.filter((one) => one.startsWith('+')).map((one) => one.slice(1))
      expect([...a, ...added].sort()).toEqual([...b, ...removed].sort())
    }
  })

  it('are told without their order when nothing is alike, and not all of them', () => {
    const many = (name: string) => Array.from({ length: 3000 }, (_, i) => `${name}${i}`)
    const { changes, more } = lineChanges(many('a'), many('b'))
    expect([changes.length, more]).toEqual([200, 5800])
  })

  it('that are too many to read count as a change, never as none', () => {
    const lines = Array.from({ length: 4001 }, () => 'x')
    expect(lineChanges(lines, lines.slice(1)).more).toBe(1)
  })

  it('come from pieces of text, and from what annotations show or hold', () => {
    const pieces = [{ str: 'a' }, { str: 'b', hasEOL: true }, { type: 'beginMarkedContent' }, { str: 'c' }]
    const field = { subtype: 'Widget', fieldName: 'Amount', fieldValue: '100', textContent: ['100', '元'] }
    expect(pageLines(pieces, [field, { subtype: 'Text', contentsObj: { str: 'note' } }])).toEqual([
      'ab',
      'c',
      '[Amount] 100 | 100 元',
      '[Text] note',
    ])
  })

  it('bear pieces and annotations that are none', () => {
    expect(pageLines([{ str: 7 }, {}], [{ subtype: {}, fieldValue: { a: 1 } }])).toEqual(['[] '])
  })
})

describe('pictures of a page', () => {
  it('that are the same have no changed pixel', () => {
    expect(changedPixels(paper(50, 50, [1, 1, 9, 9]), paper(50, 50, [1, 1, 9, 9]))).toEqual({ share: 0, areas: [] })
  })

  it('are told apart by share and place', () => {
    const { share, areas } = changedPixels(paper(100, 100), paper(100, 100, [40, 60, 20, 10]))
    expect(share).toBe(0.02)
    expect(areas).toEqual([{ x: 40, y: 60, width: 20, height: 10 }])
  })

  it('may differ by the tolerance, and by no more', () => {
    expect(changedPixels(paper(9, 9), paper(9, 9, [0, 0, 9, 9], 239)).share).toBe(0)
    expect(changedPixels(paper(9, 9), paper(9, 9, [0, 0, 9, 9], 238)).share).toBe(1)
  })

  it('have far changes in areas of their own, and at most 64 of them', () => {
    const dots = paper(2000, 200)
    for (let i = 0; i < 80; i++) dots.rgba[4 * (100 * 2000 + i * 25)] = 0
    const { areas } = changedPixels(paper(2000, 200), dots)
    expect(areas).toHaveLength(64)
    expect(areas[0]).toMatchObject({ width: 1, height: 1 })
  })

  it('of different sizes differ where only one has paper', () => {
    expect(changedPixels(paper(10, 10), paper(10, 20)).share).toBe(0.5)
    expect(differencePicture(paper(10, 10), paper(10, 20))).toMatchObject({ width: 10, height: 20 })
  })

  it('are never large, whatever size a page claims', () => {
    for (const [width, height] of [
      [595, 842],
      [1e9, 1e9],
      [1e9, 1],
      [0, 0],
    ]) {
      const scale = renderScale(width, height)
      expect(width * scale * height * scale).toBeLessThanOrEqual(2_000_001)
      expect(Math.max(width, height) * scale).toBeLessThanOrEqual(4_001)
    }
  })
})

describe('a page', () => {
  it('is the same only when text, picture and paper are', () => {
    const one = reading(['a'], paper(10, 10))
    expect(comparePage(1, one, one).state).toBe('same')
    expect(comparePage(1, one, reading(['b'], paper(10, 10))).state).toBe('differs')
    expect(comparePage(1, one, reading(['a'], paper(10, 10, [0, 0, 1, 1]))).state).toBe('differs')
    expect(comparePage(1, one, { ...one, widthMm: 211 }).state).toBe('differs')
    expect(comparePage(1, undefined, one)).toMatchObject({ state: 'added', text: { changes: [{ change: 'added' }] } })
    expect(comparePage(1, one, undefined).state).toBe('removed')
  })

  it('says in millimetres where it changed', () => {
    const { picture, sizeAfter } = comparePage(
      1,
      reading([], paper(210, 297)),
      reading([], paper(210, 297, [100, 200, 20, 10])),
    )
    expect(picture?.areas).toEqual([{ x: 100, y: 200, width: 20, height: 10 }])
    expect(sizeAfter).toEqual({ widthMm: 210, heightMm: 297 })
    expect(paperSize(595.276, 841.89)).toEqual({ widthMm: 210, heightMm: 297 })
  })
})

describe('a comparison', () => {
  const found = {
    opened: true,
    field: 'Seal1',
    bytes: 9,
    pagesBefore: 2,
    pagesAfter: 2,
    pagesCompared: 2,
    differing: [],
    remarks: [],
  }

  it('is the same only when all pages were compared and nothing is remarked', () => {
    expect(concluded(found).state).toBe('same')
    expect(concluded({ ...found, pagesCompared: 1 }).state).toBe('incomplete')
    expect(concluded({ ...found, remarks: [{ code: 'PICTURES_MISSING', detail: '' }] }).state).toBe('incomplete')
    expect(concluded({ ...found, opened: false }).state).toBe('unread')
  })
})

describe('sealed revisions', () => {
  it('are none in a file without signatures', () => {
    expect(sealedRevisions(contractPdf())).toEqual([])
    expect(sealedRevisions(new Uint8Array(0))).toEqual([])
  })

  it('of a file that does not read are told by every ByteRange in plain sight that fits', () => {
    const file = fromLatin1(
      'not a PDF /ByteRange [0 10 20 30] /ByteRange[ 0 1 2 3 ] /ByteRange [0 10 20 30] /ByteRange [0 1 2 999]',
    )
    expect(sealedRevisions(file)).toEqual([
      { field: null, end: 5 },
      { field: null, end: 50 },
    ])
  })

  it('are not told by what is no ByteRange', () => {
    expect(sealedRevisions(fromLatin1('/ByteRange [1 2 3 4] /ByteRange [0 1 2] /ByteRange [0 -1 2 3] /B'))).toEqual([])
  })
})
