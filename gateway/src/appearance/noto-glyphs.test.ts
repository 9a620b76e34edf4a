import { drawSealPicture, pictureDigest } from '@cinnabar/core'
import { notoGlyphs } from './noto-glyphs'

describe('Noto Serif SC', () => {
  it('draws the same seal on every machine', () => {
    const design = { kind: 'contract', institutionName: '江州远航科技有限公司', diameterMm: 40 } as const
    // A seal registered with this digest must be drawn the same by every later version.
    expect(pictureDigest(drawSealPicture(design, notoGlyphs()))).toBe(
      'sha256:7e7742d4864d75d0d9c0addb24c959bfd79c6d693f626cf4ca6e8b4a8dc8a089',
    )
  })

  it('is opened once', () => {
    expect(notoGlyphs()).toBe(notoGlyphs())
    expect(notoGlyphs().glyph('江')).toBe(notoGlyphs().glyph('江'))
  })

  it('has outlines in units of 1/1000 em, standing on the baseline', () => {
    const glyph = notoGlyphs().glyph('江')
    expect(glyph).toMatchObject({ unitsPerEm: 1000, advance: 1000 })
    expect(glyph?.path[0][0]).toBe('M')
    expect(glyph?.path.at(-1)).toEqual(['Z'])
  })

  it('knows that it lacks a character', () => {
    expect(notoGlyphs().glyph('\u{2A6D6}')).toBeUndefined()
    expect(notoGlyphs().glyph('')).toBeUndefined()
  })
})
