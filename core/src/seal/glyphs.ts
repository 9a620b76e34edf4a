/** One step of an outline; y grows upwards. `Q` and `C` are Bézier curves of second and third degree. */
export type PathCommand =
  | readonly ['M', number, number]
  | readonly ['L', number, number]
  | readonly ['Q', number, number, number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z']

/** A filled outline, by the nonzero winding rule. */
export type Path = readonly PathCommand[]

/** A character's outline, in the font's units, on the baseline. */
export interface Glyph {
  readonly unitsPerEm: number
  /** How far the pen moves to the right. */
  readonly advance: number
  readonly path: Path
}

/** The characters that a seal can be cut from. */
export interface GlyphSource {
  /** @returns `undefined` when the font lacks the character (one code point). */
  glyph(character: string): Glyph | undefined
}
