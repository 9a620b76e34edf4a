import { equal, latin1, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { digestFromBytes } from '../model/digest'
import type { GlyphSource } from './glyphs'
import { drawSealPicture, pictureDigest } from './picture'
import type { SealDesign } from './picture-layout'
import { drawSealSvg } from './picture-svg'

/** Every character is a box with one curved side, but for those that this font lacks. */
const boxes: GlyphSource = {
  glyph: (character) =>
    '缺?'.includes(character)
      ? undefined
      : {
          unitsPerEm: 1000,
          advance: 1000,
          path:
            character === ' '
              ? []
              : [['M', 50, -70], ['L', 950, -70], ['Q', 900, 400, 950, 830], ['L', 50, 830], ['Z']],
        },
}

const NAME = '江州远航科技有限公司'
const DESIGNS: readonly SealDesign[] = [
  { kind: 'official', institutionName: NAME },
  { kind: 'official', institutionName: '局', diameterMm: 30 },
  { kind: 'official', institutionName: NAME.repeat(4), diameterMm: 60 },
  { kind: 'contract', institutionName: NAME, diameterMm: 40 },
  { kind: 'finance', institutionName: NAME, kindText: '财务专用章(12)' },
  { kind: 'invoice', institutionName: NAME },
  { kind: 'invoice', institutionName: NAME.repeat(4) },
  { kind: 'invoice', institutionName: '局' },
  { kind: 'legalRepresentative', institutionName: '李明' },
  { kind: 'legalRepresentative', institutionName: '张三丰' },
  { kind: 'legalRepresentative', institutionName: '阿卜杜拉伊布拉欣' },
]

const refusal = (design: SealDesign) => {
  try {
    return drawSealPicture(design, boxes)
  } catch (error) {
    const { code, details } = error as { code: string; details: object }
    return { code, ...details }
  }
}

describe.each(DESIGNS)('the picture of $kind $institutionName', (design) => {
  const picture = drawSealPicture(design, boxes)
  const lines = latin1(picture.content).trimEnd().split('\n')

  it('is one balanced graphics state of plain path operators', () => {
    expect([lines[0], lines.at(-1)]).toEqual(['q', 'Q'])
    const number = '-?\\d+(\\.\\d{1,3})?'
    const line = new RegExp(`^((${number} ){2}[ml]|(${number} ){6}c|(${number} ){3}rg|h|f)$`)
    expect(lines.slice(1, -1).filter((text) => !line.test(text))).toEqual([])
  })

  it('stays inside its box', () => {
    for (const line of lines.filter((text) => /[mlc]$/.test(text))) {
      const values = line.split(' ').slice(0, -1).map(Number)
      for (let i = 0; i < values.length; i += 2) {
        expect(values[i]).toBeGreaterThanOrEqual(0)
        expect(values[i]).toBeLessThanOrEqual(picture.widthPt + 0.005)
        expect(values[i + 1]).toBeGreaterThanOrEqual(0)
        expect(values[i + 1]).toBeLessThanOrEqual(picture.heightPt + 0.005)
      }
    }
  })

  it('comes out the same every time', () => {
    expect(equal(drawSealPicture(design, boxes).content, picture.content)).toBe(true)
    expect(drawSealSvg(design, boxes)).toBe(drawSealSvg(design, boxes))
  })
})

describe('a seal', () => {
  it('is 42 mm wide unless another diameter is asked for; oval and chop have their own sizes', () => {
    const sizes = [0, 3, 5, 8].map((i) => drawSealPicture(DESIGNS[i], boxes))
    expect(sizes.map(({ widthMm, heightMm }) => [widthMm, heightMm])).toEqual([
      [42, 42],
      [40, 40],
      [40, 30],
      [18, 18],
    ])
    expect(sizes.map(({ widthPt, heightPt }) => [widthPt, heightPt])).toEqual([
      [119.055, 119.055],
      [113.386, 113.386],
      [113.386, 85.039],
      [51.024, 51.024],
    ])
  })

  it('spreads its name symmetrically about the top', () => {
    const { content } = drawSealPicture(DESIGNS[0], boxes)
    const figures = latin1(content).split('f\n').slice(2, 12)
    // The box's left lower corner opens each figure; its mirror image is the right lower one of the letter opposite.
    const corners = figures.map((figure) => figure.split('\n').filter((line) => /[ml]$/.test(line)))
    const xs = (line: string) => Number(line.split(' ')[0])
    expect(xs(corners[0][0]) + xs(corners[9][1])).toBeCloseTo(119.055, 1)
    expect(xs(corners[4][0]) + xs(corners[5][1])).toBeCloseTo(119.055, 1)
  })

  it('has a digest over its box and its content', () => {
    const picture = drawSealPicture(DESIGNS[3], boxes)
    const bytes = utf8(`cinnabar.picture.v1\n113.386 113.386\n${latin1(picture.content)}`)
    expect(pictureDigest(picture)).toBe(digestFromBytes(sha256(bytes)))
    expect(pictureDigest({ ...picture, heightPt: 113.387 })).not.toBe(pictureDigest(picture))
  })

  it('is drawn for the screen with the same outlines', () => {
    const svg = drawSealSvg(DESIGNS[3], boxes)
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 40 40" [^<>]*>(<path d="[^"<>]*"\/>)*<\/svg>$/,
    )
    const fills = latin1(drawSealPicture(DESIGNS[3], boxes).content).match(/^f$/gm)
    expect(svg.match(/<path/g)).toHaveLength(fills?.length ?? 0)
  })
})

describe('a seal is refused', () => {
  it('when the font lacks a character, naming all of them', () => {
    const design: SealDesign = { kind: 'official', institutionName: '江缺州?缺' }
    expect(refusal(design)).toEqual({ code: 'GLYPH_MISSING', characters: '缺?' })
    expect(refusal({ ...design, institutionName: '江 州' })).toEqual({ code: 'GLYPH_MISSING', characters: ' ' })
    expect(refusal({ kind: 'contract', institutionName: NAME, kindText: '缺' })).toMatchObject({
      code: 'GLYPH_MISSING',
    })
  })

  it('when the name is empty or too long', () => {
    expect(refusal({ kind: 'official', institutionName: '' })).toMatchObject({ code: 'NAME_EMPTY' })
    expect(refusal({ kind: 'official', institutionName: '长'.repeat(41) })).toEqual({
      code: 'NAME_TOO_LONG',
      length: 41,
      max: 40,
    })
    expect(refusal({ kind: 'legalRepresentative', institutionName: '长'.repeat(17) })).toMatchObject({
      code: 'NAME_TOO_LONG',
    })
  })

  it('when its kind bears no such words', () => {
    const words = (kind: SealDesign['kind'], kindText: string) => refusal({ kind, kindText, institutionName: NAME })
    expect(words('official', '合同专用章')).toMatchObject({ code: 'KIND_TEXT_INVALID' })
    expect(words('legalRepresentative', '印')).toMatchObject({ code: 'KIND_TEXT_INVALID' })
    expect(words('contract', '')).toMatchObject({ code: 'KIND_TEXT_INVALID' })
    expect(words('contract', '长'.repeat(11))).toMatchObject({ code: 'KIND_TEXT_INVALID' })
  })

  it('when its size is not one of a seal', () => {
    for (const diameterMm of [0, 29.9, 61, Number.NaN]) {
      expect(refusal({ kind: 'official', institutionName: NAME, diameterMm })).toMatchObject({
        code: 'PICTURE_SIZE_INVALID',
      })
    }
    expect(refusal({ kind: 'invoice', institutionName: NAME, diameterMm: 40 })).toMatchObject({
      code: 'PICTURE_SIZE_INVALID',
    })
  })
})
