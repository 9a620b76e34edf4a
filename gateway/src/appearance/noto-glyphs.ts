import type { Glyph, GlyphSource, PathCommand } from '@cinnabar/core'
import { type Font, openSync } from 'fontkit'

const FONT = '@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf'

const NAMES = { moveTo: 'M', lineTo: 'L', quadraticCurveTo: 'Q', bezierCurveTo: 'C', closePath: 'Z' } as const

let shared: GlyphSource | undefined

/** Noto Serif SC Bold (OFL), 30,000 characters. Its 14 MB are opened at the first call and kept for the process's life. */
export function notoGlyphs(): GlyphSource {
  shared ??= glyphsOf(openSync(require.resolve(FONT)) as Font)
  return shared
}

function glyphsOf(font: Font): GlyphSource {
  const known = new Map<string, Glyph | undefined>()
  return {
    glyph: (character) => {
      if (!known.has(character)) known.set(character, outlineOf(font, character))
      return known.get(character)
    },
  }
}

function outlineOf(font: Font, character: string): Glyph | undefined {
  const codePoint = character.codePointAt(0)
  if (codePoint === undefined || !font.hasGlyphForCodePoint(codePoint)) return undefined
  const glyph = font.glyphForCodePoint(codePoint)
  const path = glyph.path.commands.map(
    ({ command, args }) => [NAMES[command as keyof typeof NAMES], ...args] as unknown as PathCommand,
  )
  return { unitsPerEm: font.unitsPerEm, advance: glyph.advanceWidth, path }
}
