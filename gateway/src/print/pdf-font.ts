import { createHash } from 'node:crypto'
import { fromLatin1 } from '@cinnabar/core'
import { type Font, openSync, type Subset } from 'fontkit'
import { hex4, type PdfFile, type Ref, utf16 } from './pdf-file'

const FONT = '@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'
/** 〓, the mark of Chinese printers for a character that they have no type for. */
const MISSING = '\u3013'

let opened: Font | undefined

interface UsedGlyph {
  readonly character: string
  readonly id: number
  /** Thousandths of an em. */
  readonly width: number
}

/**
 * Noto Serif SC (OFL) in one file: a subset of the characters that were set, as a CIDFontType2 with a ToUnicode map, so that
 * text can be searched and copied. ISO 32000-1 9.7.
 */
export class PdfFont {
  readonly ref: Ref
  readonly #file: PdfFile
  readonly #font: Font
  readonly #subset: Subset
  readonly #used = new Map<string, UsedGlyph>()

  constructor(file: PdfFile) {
    opened ??= openSync(require.resolve(FONT)) as Font
    this.#font = opened
    this.#subset = this.#font.createSubset()
    this.#file = file
    this.ref = file.reserve()
  }

  /** Width of the text in points. */
  widthOf(text: string, size: number): number {
    let width = 0
    for (const character of text) width += this.#glyph(character).width
    return (width * size) / 1000
  }

  /** The text as the hexadecimal string that a content stream shows. */
  encode(text: string): string {
    let hex = ''
    for (const character of text) hex += hex4(this.#glyph(character).id)
    return hex
  }

  #glyph(character: string): UsedGlyph {
    const known = this.#used.get(character)
    if (known !== undefined) return known
    const codePoint = character.codePointAt(0) ?? 0
    if (!this.#font.hasGlyphForCodePoint(codePoint)) {
      if (character === MISSING) throw new RangeError('the font lacks its mark for what it lacks')
      return this.#glyph(MISSING)
    }
    const glyph = this.#font.glyphForCodePoint(codePoint)
    // @types/fontkit says boolean; it is the glyph's index in the subset.
    const id = this.#subset.includeGlyph(glyph) as unknown as number
    const used = { character, id, width: glyph.advanceWidth }
    this.#used.set(character, used)
    return used
  }

  /** Writes the font's objects; call once, when all text is set. */
  finish(): void {
    const program = this.#subset.encode()
    const tag = [...createHash('sha256').update(program).digest().subarray(0, 6)]
    const name = `/${tag.map((byte) => String.fromCharCode(65 + (byte % 26))).join('')}+${this.#font.postscriptName}`
    const { minX, minY, maxX, maxY } = this.#font.bbox
    const fontFile = this.#file.stream(new Uint8Array(program), `/Length1 ${program.length}`)
    const descriptor = this.#file.add(
      `<< /Type /FontDescriptor /FontName ${name} /Flags 6 /FontBBox [${minX} ${minY} ${maxX} ${maxY}] /ItalicAngle 0 ` +
        `/Ascent 880 /Descent -120 /CapHeight ${this.#font.capHeight} /StemV 88 /FontFile2 ${fontFile} >>`,
    )
    const descendant = this.#file.add(
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${name} /FontDescriptor ${descriptor} /CIDToGIDMap /Identity ` +
        `/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [${this.#widths()}] >>`,
    )
    const toUnicode = this.#file.stream(fromLatin1(this.#toUnicode()))
    this.#file.put(
      this.ref,
      `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [${descendant}] /ToUnicode ${toUnicode} >>`,
    )
  }

  #sorted(): readonly UsedGlyph[] {
    // Two characters may share a glyph; a reader takes the first.
    const sorted = [...this.#used.values()].sort((a, b) => a.id - b.id)
    return sorted.filter(({ id }, i) => i === 0 || sorted[i - 1]?.id !== id)
  }

  #widths(): string {
    return this.#sorted()
      .map(({ id, width }) => `${id} [${width}]`)
      .join(' ')
  }

  #toUnicode(): string {
    const lines = this.#sorted().map(({ character, id }) => `<${hex4(id)}> <${utf16(character).map(hex4).join('')}>`)
    const blocks: string[] = []
    for (let i = 0; i < lines.length; i += 100) {
      const block = lines.slice(i, i + 100)
      blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`)
    }
    return `${CMAP_HEAD}${blocks.join('')}${CMAP_TAIL}`
  }
}

const CMAP_HEAD = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
`
const CMAP_TAIL = `endcmap
CMapName currentdict /CMap defineresource pop
end
end
`
