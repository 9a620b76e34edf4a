import type { PdfFont } from './pdf-font'

/** What begins no line: a line breaks before the character in front of it instead (GB/T 15834). */
const CLOSING = /[。，、；：？！”’）》〉】…—·.,;:?!)\]]/u

/** The text in lines of at most `width` points: broken anywhere but, if it can be, at spaces, since names are in any script. */
export function breakLines(font: PdfFont, text: string, { width, size }: Measure): readonly string[] {
  const lines: string[] = []
  let line = ''
  const fits = (more: string) => font.widthOf(line + more, size) <= width
  for (const word of text.match(/[!-~]+ ?|[^!-~]/gu) ?? []) {
    if (line !== '' && !fits(word.trimEnd())) {
      const kept = CLOSING.test(word) && [...word].length === 1 ? lastWord(line) : ''
      lines.push(line.slice(0, line.length - kept.length))
      line = kept
    }
    for (const character of word) {
      // A space that no longer fits ends its line and begins none.
      if (character !== ' ' && !fits(character) && line !== '') {
        lines.push(line)
        line = ''
      }
      line += character
    }
  }
  return [...lines, line]
}

/** What goes to the next line with a closing mark: a character with the marks behind it; nothing where that would be much. */
function lastWord(line: string): string {
  const [last = ''] = /[^ ][。，、；：？！”’）》〉】…—·.,;:?!)\]]*$/u.exec(line) ?? []
  return last.length < line.length && last.length <= 4 ? last : ''
}

/** Points. */
export interface Measure {
  readonly width: number
  readonly size: number
}
