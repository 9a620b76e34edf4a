import type { Glyph, GlyphSource, Path } from './glyphs'
import { transformPath } from './picture-path'
import { SealError } from './seal-error'

/** Where the em square of CJK type lies: 0.12 em below the baseline to 0.88 em above. */
const EM_CENTRE = 0.38

/** A character ready to be placed. */
export interface Letter {
  readonly glyph: Glyph
  /** What stands on the letter's place, in the font's units from the left of the glyph. */
  readonly centre: number
  /** The room it takes beside the others; an ideograph takes 1. */
  readonly room: number
}

/** Brackets, digits and Latin letters fill half a square; set as ideographs they would tear holes in the name. */
const HALF_ROOM = 0.6

function letterOf(character: string, glyph: Glyph): Letter {
  if (/\p{Script=Han}/u.test(character)) return { glyph, centre: glyph.advance / 2, room: 1 }
  const xs = glyph.path.flatMap(([, ...values]) => values.filter((_, i) => i % 2 === 0))
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const room = right - left < 0.6 * glyph.unitsPerEm ? HALF_ROOM : 1
  return { glyph, centre: (left + right) / 2, room }
}

/** Where each letter's centre stands along the line, in rooms, the first at 0. */
export function pitchesOf(letters: readonly Letter[]): readonly number[] {
  const at = [0]
  for (let i = 1; i < letters.length; i++) at.push(at[i - 1] + (letters[i - 1].room + letters[i].room) / 2)
  return at
}

/**
 * The outlines of a text, character by character.
 * @throws {@link SealError} `GLYPH_MISSING` naming every character that the font cannot draw, blanks included: no seal
 * has a blank, and a blank glyph would hide that a character is missing.
 */
export function lettersOf(text: string, glyphs: GlyphSource): readonly Letter[] {
  const letters: Letter[] = []
  const missing = new Set<string>()
  for (const character of text) {
    const glyph = glyphs.glyph(character)
    if (glyph === undefined || glyph.path.length === 0) missing.add(character)
    else letters.push(letterOf(character, glyph))
  }
  if (missing.size > 0) {
    const characters = [...missing].join('')
    throw new SealError('GLYPH_MISSING', `the seal font has no outline for: ${characters}`, { characters })
  }
  return letters
}

/** How a letter stands: the centre of its em square, the square's size in mm, clockwise rotation in radians. */
export interface Stand {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly rotation?: number
}

/** The letter's outline in mm, its em square stretched to the stand's size and turned about its centre. */
export function placeLetter({ glyph, centre: centreX }: Letter, { x, y, width, height, rotation = 0 }: Stand): Path {
  const sx = width / glyph.unitsPerEm
  const sy = height / glyph.unitsPerEm
  const cos = Math.cos(rotation)
  const sin = Math.sin(rotation)
  const centreY = EM_CENTRE * glyph.unitsPerEm
  const a = sx * cos
  const b = -sx * sin
  const c = sy * sin
  const d = sy * cos
  return transformPath(glyph.path, [a, b, c, d, x - a * centreX - c * centreY, y - b * centreX - d * centreY])
}

/** A line of letters centred on (`x`, `y`), its em squares `width` by `height` mm, `pitch` mm for one room. */
export function placeLine(letters: readonly Letter[], at: Stand & { readonly pitch: number }): readonly Path[] {
  const pitches = pitchesOf(letters)
  const first = at.x - (pitches[pitches.length - 1] / 2) * at.pitch
  return letters.map((letter, i) => placeLetter(letter, { ...at, x: first + pitches[i] * at.pitch }))
}

/** An ellipse about a centre; a circle when both radii are the same. mm. */
export interface Curve {
  readonly cx: number
  readonly cy: number
  readonly rx: number
  readonly ry: number
}

/**
 * Letters on an ellipse's upper side, evenly along its length, symmetric about the top, feet toward the centre.
 * @param sweep - how much of the curve the first to the last letter's centres span, as an angle of its parameter.
 */
export function placeArc(
  letters: readonly Letter[],
  curve: Curve,
  { width, height, sweep }: { readonly width: number; readonly height: number; readonly sweep: number },
): readonly Path[] {
  const angles = anglesAt(curve, sweep, pitchesOf(letters))
  return letters.map((letter, i) => {
    const x = curve.rx * Math.sin(angles[i])
    const y = curve.ry * Math.cos(angles[i])
    // The outward normal of an ellipse, as a clockwise turn from straight up.
    const rotation = Math.atan2(x / curve.rx ** 2, y / curve.ry ** 2)
    return placeLetter(letter, { x: curve.cx + x, y: curve.cy + y, width, height, rotation })
  })
}

const STEPS = 720

/** Parameters, clockwise from the top, that divide the curve's part by length as `pitches` divide their line. */
function anglesAt({ rx, ry }: Curve, sweep: number, pitches: readonly number[]): readonly number[] {
  const whole = pitches[pitches.length - 1]
  if (whole === 0) return [0]
  const angleAt = (step: number) => (step / STEPS - 0.5) * sweep
  const lengths = [0]
  for (let step = 1; step <= STEPS; step++) {
    const [a, b] = [angleAt(step - 1), angleAt(step)]
    const piece = Math.hypot(rx * (Math.sin(b) - Math.sin(a)), ry * (Math.cos(b) - Math.cos(a)))
    lengths.push(lengths[step - 1] + piece)
  }
  return pitches.map((pitch) => {
    const wanted = (lengths[STEPS] * pitch) / whole
    const after = lengths.findIndex((length) => length >= wanted)
    const step = Math.max(1, after === -1 ? STEPS : after)
    return angleAt(step - 1 + (wanted - lengths[step - 1]) / (lengths[step] - lengths[step - 1]))
  })
}
