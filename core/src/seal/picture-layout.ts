import type { SealKind } from '../model/seal'
import type { GlyphSource, Path } from './glyphs'
import { rectanglePath, ringPath, starPath } from './picture-path'
import { type Letter, lettersOf, pitchesOf, placeArc, placeLetter, placeLine } from './picture-text'
import { SealError } from './seal-error'

/** What a seal shows. */
export interface SealDesign {
  readonly kind: SealKind
  /** The institution's name in Chinese; for a legal representative's seal the person's name. At most 40 characters. */
  readonly institutionName: string
  /** Stands for the kind's customary words below the star, such as 合同专用章(2); at most 10 characters. */
  readonly kindText?: string
  /** 30 to 60. Default 42; an enterprise's seal has 40. Only for the round kinds: the others have their own sizes. */
  readonly diameterMm?: number
}

/** A seal's outlines, all in one colour, in mm from the lower left corner of its box; the one source of every printer. */
export interface SealDrawing {
  readonly widthMm: number
  readonly heightMm: number
  readonly figures: readonly Path[]
}

/** The words that custom puts on a seal of each kind; 公章 has none. */
const KIND_TEXT: Readonly<Record<SealKind, string | undefined>> = {
  official: undefined,
  contract: '合同专用章',
  finance: '财务专用章',
  invoice: '发票专用章',
  legalRepresentative: undefined,
}

const MAX_NAME = 40
const MAX_PERSON_NAME = 16
const MAX_KIND_TEXT = 10

/**
 * The geometry of a seal.
 * @throws {@link SealError} `NAME_EMPTY`, `NAME_TOO_LONG` (over 40 characters, 16 for a person), `GLYPH_MISSING`,
 * `KIND_TEXT_INVALID` (empty, over 10 characters, or for a kind that bears none), `PICTURE_SIZE_INVALID`.
 */
export function layOutSeal(design: SealDesign, glyphs: GlyphSource): SealDrawing {
  const { kind, institutionName, diameterMm } = design
  const round = kind !== 'invoice' && kind !== 'legalRepresentative'
  requireName(institutionName, kind === 'legalRepresentative' ? MAX_PERSON_NAME : MAX_NAME)
  const words = kindTextOf(design)
  if (diameterMm !== undefined && (!round || !(diameterMm >= 30 && diameterMm <= 60))) {
    throw new SealError('PICTURE_SIZE_INVALID', 'a round seal is 30 to 60 mm wide; other seals have one size', {
      diameterMm,
    })
  }
  if (kind === 'legalRepresentative') return layOutChop(institutionName, glyphs)
  if (kind === 'invoice') return layOutOval(institutionName, words ?? '', glyphs)
  return layOutRound(institutionName, words, { diameterMm: diameterMm ?? 42, glyphs })
}

function requireName(name: string, max: number): void {
  const length = [...name].length
  if (length === 0) throw new SealError('NAME_EMPTY', 'a seal needs a name')
  if (length > max) throw new SealError('NAME_TOO_LONG', `a name of ${length} characters, over ${max}`, { length, max })
}

function kindTextOf({ kind, kindText }: SealDesign): string | undefined {
  if (kindText === undefined) return KIND_TEXT[kind]
  const length = [...kindText].length
  if (KIND_TEXT[kind] === undefined || length === 0 || length > MAX_KIND_TEXT) {
    const details = { kind, length, max: MAX_KIND_TEXT }
    throw new SealError('KIND_TEXT_INVALID', `a seal of kind ${kind} cannot bear these words`, details)
  }
  return kindText
}

function roomsOf(line: readonly Letter[]): number {
  return line.reduce((rooms, letter) => rooms + letter.room, 0)
}

const DEGREE = Math.PI / 180

/**
 * Width of letters `height` mm tall that stand `step` radians apart on a circle around which their feet are `feet` mm
 * from the centre: tall and narrow as on cut seals, never touching at the feet.
 */
function arcLetterWidth(height: number, feet: number, step: number): number {
  return Math.min(height * 0.8, feet * step * 0.98)
}

/** How far the arc's letters spread, and how far one room is from the next, in radians; short names stay together. */
function spreadOf(letters: readonly Letter[], widest: number, roomiest: number) {
  const rooms = pitchesOf(letters)[letters.length - 1]
  const sweep = Math.min(widest, rooms * roomiest) * DEGREE
  return { sweep, step: rooms === 0 ? roomiest * DEGREE : sweep / rooms }
}

function layOutRound(
  name: string,
  words: string | undefined,
  { diameterMm, glyphs }: { readonly diameterMm: number; readonly glyphs: GlyphSource },
): SealDrawing {
  const centre = diameterMm / 2
  const scale = diameterMm / 42
  const letters = lettersOf(name, glyphs)
  const { sweep, step } = spreadOf(letters, words === undefined ? 258 : 236, 36)
  const head = centre - (1.2 + 0.9) * scale
  // A long name makes narrow letters; below 0.46 of the height they would be hard to read, so the height yields.
  let height = 6.2 * scale
  while (arcLetterWidth(height, head - height, step) < 0.46 * height) height -= 0.05 * scale
  const width = arcLetterWidth(height, head - height, step)
  const middle = head - height / 2
  const figures = [
    ringPath(centre, centre, centre, centre, 1.2 * scale),
    starPath(centre, centre, 7 * scale),
    ...placeArc(letters, { cx: centre, cy: centre, rx: middle, ry: middle }, { width, height, sweep }),
  ]
  if (words !== undefined) {
    const line = lettersOf(words, glyphs)
    const pitch = Math.min(4, 19 / roomsOf(line)) * scale
    const size = { width: pitch * 0.96, height: Math.min(4.6 * scale, pitch * 1.6), pitch }
    figures.push(...placeLine(line, { ...size, x: centre, y: centre - 11.9 * scale }))
  }
  return { widthMm: diameterMm, heightMm: diameterMm, figures }
}

/** The invoice seal: an oval of 40 by 30 mm with a rim of 1 mm, letters of about 4.2 mm, no star. */
function layOutOval(name: string, words: string, glyphs: GlyphSource): SealDrawing {
  const [cx, cy] = [20, 15]
  const letters = lettersOf(name, glyphs)
  const { sweep, step } = spreadOf(letters, 220, 26)
  const head = { rx: cx - 1.8, ry: cy - 1.8 }
  // The mean radius stands for the ellipse's: the letters are even along its length.
  const widthAt = (height: number) => arcLetterWidth(height, (head.rx + head.ry) / 2 - height, step)
  let height = 4.4
  while (widthAt(height) < 0.42 * height) height -= 0.05
  const curve = { cx, cy, rx: head.rx - height / 2, ry: head.ry - height / 2 }
  const line = lettersOf(words, glyphs)
  const pitch = Math.min(4.3, 21 / roomsOf(line))
  return {
    widthMm: 40,
    heightMm: 30,
    figures: [
      ringPath(cx, cy, cx, cy, 1),
      ...placeArc(letters, curve, { width: widthAt(height), height, sweep }),
      ...placeLine(line, { x: cx, y: cy - 4.4, width: pitch * 0.94, height: Math.min(4.6, pitch * 1.6), pitch }),
    ],
  }
}

/** A square name chop of 18 mm, read in columns from the right, filled up with 印 or 之印 as custom has it. */
function layOutChop(name: string, glyphs: GlyphSource): SealDrawing {
  const side = 18
  const rim = 1
  const gap = 0.8
  const count = [...name].length
  const letters = lettersOf(name + (count === 2 ? '之印' : count === 3 ? '印' : ''), glyphs)
  const columns = Math.ceil(Math.sqrt(letters.length))
  const rows = Math.ceil(letters.length / columns)
  const room = side - 2 * (rim + gap)
  const [width, height] = [room / columns, room / rows]
  const placed = letters.map((letter, i) => {
    const x = side - rim - gap - (Math.floor(i / rows) + 0.5) * width
    const y = side - rim - gap - ((i % rows) + 0.5) * height
    return placeLetter(letter, { x, y, width: width * 0.98, height: height * 0.98 })
  })
  const frame = [
    ...rectanglePath(0, 0, side, side),
    ...rectanglePath(rim, side - rim, side - 2 * rim, -(side - 2 * rim)),
  ]
  return { widthMm: side, heightMm: side, figures: [frame, ...placed] }
}
