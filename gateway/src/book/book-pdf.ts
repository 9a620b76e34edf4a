import type { Time } from '@cinnabar/core'
import { breakLines } from '../print/break-lines'
import { PdfFile } from '../print/pdf-file'
import { PdfFont } from '../print/pdf-font'
import { pdfOf } from '../print/pdf-pages'
import { INK, Sheet } from '../print/sheet'
import type { BookLine, SealBook } from './book'
import { COLUMNS, type Column, completeness, type Row, rowsOf } from './book-words'

/** A4 across, points. */
const [WIDTH, HEIGHT, MARGIN] = [841.89, 595.28, 36]
const [SIZE, LEADING, PADDING] = [8, 11, 3]
const [FOOT, HEAD] = [24, 74]
/** Widths of the columns in points; what is left of the page goes to the gap. */
const WIDTHS: readonly (readonly [Column, number])[] = [
  ['number', 38],
  ['time', 88],
  ['document', 156],
  ['digest', 152],
  ['purpose', 110],
  ['operator', 60],
  ['entry', 48],
  ['gap', WIDTH - 2 * MARGIN - 652],
]
const { black: BLACK, red: RED, grey: GREY } = INK

/** What the pages say beside the book. */
export interface BookPrint {
  readonly lines: readonly BookLine[]
  readonly madeAt: Time
  /** Who had it made. */
  readonly madeBy: string
  /** What part of the book it is, if not all. */
  readonly period?: string
}

/** The book to be printed: A4 across, head and completeness on each page, gaps in red. */
export function bookPdf(book: SealBook, print: BookPrint): Uint8Array {
  const file = new PdfFile()
  const font = new PdfFont(file)
  const rows = rowsOf(book, print.lines).map((row) => cellsOf(font, row))
  const pages = paginate(rows)
  const sheets = pages.map((cells, i) => {
    const sheet = new Sheet(font)
    drawHead(sheet, book, print)
    drawFoot(sheet, print, `${i + 1} / ${pages.length}`)
    drawTable(sheet, cells)
    return sheet
  })
  return pdfOf(file, font, { title: `用印台账 ${book.seal.displayName}`, width: WIDTH, height: HEIGHT, sheets })
}

interface Cells {
  readonly isGap: boolean
  /** Each column's text, broken to its width. */
  readonly texts: readonly (readonly string[])[]
  readonly height: number
}

function cellsOf(font: PdfFont, row: Row | Readonly<Record<Column, string>>): Cells {
  const texts = WIDTHS.map(([column, width]) =>
    breakLines(font, row[column], { width: width - 2 * PADDING, size: SIZE }),
  )
  const height = Math.max(...texts.map(({ length }) => length)) * LEADING + 2 * PADDING
  return { isGap: 'isGap' in row && row.isGap, texts, height }
}

function paginate(rows: readonly Cells[]): readonly (readonly Cells[])[] {
  const room = HEIGHT - 2 * MARGIN - HEAD - FOOT - 2 * LEADING - 2 * PADDING
  const pages: Cells[][] = [[]]
  let used = 0
  for (const row of rows) {
    if (used + row.height > room && used > 0) {
      pages.push([])
      used = 0
    }
    pages[pages.length - 1]?.push(row)
    used += row.height
  }
  return pages
}

function drawHead(sheet: Sheet, book: SealBook, { period }: BookPrint): void {
  const { names, institution, seal, gaps } = book
  const top = HEIGHT - MARGIN
  sheet.text(MARGIN, top - 16, `用印台账  Seal ledger book`, { size: 16 })
  const owner = `${names.zh}  ${names.en}  (${institution})`
  sheet.text(MARGIN, top - 34, `${owner}  ·  ${seal.displayName} (${seal.id})`, { size: 10 })
  sheet.text(MARGIN, top - 50, completeness(book), { size: 9, colour: gaps.length > 0 ? RED : BLACK })
  if (period !== undefined) sheet.text(MARGIN, top - 64, period, { size: 9, colour: GREY })
}

function drawFoot(sheet: Sheet, { madeAt, madeBy }: BookPrint, page: string): void {
  const text = `${madeAt}  ·  ${madeBy}  ·  时间由时间戳机构证明，编号与日志可逐号核对 Times are the timestamp authority's; numbers can be compared with the log`
  sheet.text(MARGIN, MARGIN, text, { size: 7, colour: GREY })
  sheet.text(WIDTH - MARGIN - sheet.font.widthOf(page, 7), MARGIN, page, { size: 7, colour: GREY })
}

function drawTable(sheet: Sheet, rows: readonly Cells[]): void {
  let y = HEIGHT - MARGIN - HEAD
  for (const [i, cells] of [cellsOf(sheet.font, COLUMNS), ...rows].entries()) {
    sheet.line({ x: MARGIN, y }, WIDTH - 2 * MARGIN, i <= 1 ? 0.8 : 0.25)
    let x = MARGIN
    for (const [column, texts] of cells.texts.entries()) {
      for (const [at, text] of texts.entries()) {
        const colour = cells.isGap ? RED : i === 0 ? GREY : BLACK
        sheet.text(x + PADDING, y - PADDING - SIZE - at * LEADING, text, { size: SIZE, colour })
      }
      x += WIDTHS[column]?.[1] ?? 0
    }
    y -= cells.height
  }
  sheet.line({ x: MARGIN, y }, WIDTH - 2 * MARGIN, 0.8)
}
