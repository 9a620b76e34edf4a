import type { PdfFont } from './pdf-font'

/** How a text looks; `colour` is a fill operator of PDF, black unless given. */
export interface Look {
  readonly size: number
  readonly colour?: string
}

/** Fill colours. */
export const INK = { black: '0 g', red: '0.76 0.07 0.12 rg', grey: '0.45 g' } as const

/** One page's content stream. Points, from the lower left corner. */
export class Sheet {
  readonly font: PdfFont
  readonly #parts: string[] = []

  constructor(font: PdfFont) {
    this.font = font
  }

  text(x: number, y: number, text: string, { size, colour = INK.black }: Look): void {
    const shown = `<${this.font.encode(text)}> Tj`
    this.#parts.push(`BT ${colour} /F ${size} Tf ${x.toFixed(2)} ${y.toFixed(2)} Td ${shown} ET`)
  }

  /** A horizontal line. */
  line(from: { readonly x: number; readonly y: number }, length: number, width: number): void {
    const y = from.y.toFixed(2)
    this.#parts.push(`${width} w ${from.x.toFixed(2)} ${y} m ${(from.x + length).toFixed(2)} ${y} l S`)
  }

  /** A filled rectangle. @param colour - a fill operator of PDF. */
  box([x, y, width, height]: readonly [number, number, number, number], colour: string): void {
    this.#parts.push(`${colour} ${[x, y, width, height].map((one) => one.toFixed(2)).join(' ')} re f`)
  }

  content(): string {
    return this.#parts.join('\n')
  }
}
