import type { PdfFont } from './pdf-font'

/** The text in lines of at most `width` points: broken anywhere but, if it can be, at spaces, since names are in any script. */
export function breakLines(font: PdfFont, text: string, { width, size }: Measure): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.match(/[!-~]+ ?|[^!-~]/gu) ?? []) {
    if (line !== '' && font.widthOf(line + word.trimEnd(), size) > width) {
      lines.push(line)
      line = ''
    }
    for (const character of word) {
      if (font.widthOf(line + character, size) > width && line !== '') {
        lines.push(line)
        line = ''
      }
      line += character
    }
  }
  return [...lines, line]
}

/** Points. */
export interface Measure {
  readonly width: number
  readonly size: number
}
