import type { Measure } from '../print/break-lines'
import type { PdfFont } from '../print/pdf-font'

/**
 * A command in lines that a shell takes as they are printed: broken between its words only, each but the last with the sign of
 * continuation. A word wider than a line runs on, which no command of ours has.
 */
export function commandLines(font: PdfFont, command: string, { width, size }: Measure): readonly string[] {
  const lines: string[] = []
  let line = '$'
  for (const word of command.split(' ')) {
    const longer = `${line} ${word}`
    if (font.widthOf(`${longer} \\`, size) > width && line.trim() !== '$') {
      lines.push(`${line} \\`)
      line = `    ${word}`
    } else line = longer
  }
  return [...lines, line]
}
