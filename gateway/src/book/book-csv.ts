import { concat, utf8 } from '@cinnabar/core'
import type { BookLine, SealBook } from './book'
import { COLUMNS, type Column, completeness, rowsOf } from './book-words'

/** Spreadsheets take UTF-8 for what it is only after this. */
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf)

/** The book as RFC 4180 has it, in UTF-8: a head of three lines, the columns, a row for each use and gap. */
export function bookCsv(book: SealBook, lines: readonly BookLine[]): Uint8Array {
  const { institution, names, seal } = book
  const columns = Object.keys(COLUMNS) as readonly Column[]
  const table: readonly (readonly string[])[] = [
    ['用印台账 Seal ledger book', `${names.zh} ${names.en}`, institution],
    ['印章 Seal', seal.displayName, seal.id],
    ['完整性 Completeness', completeness(book)],
    columns.map((column) => COLUMNS[column]),
    ...rowsOf(book, lines).map((row) => columns.map((column) => row[column])),
  ]
  const text = table.map((fields) => `${fields.map(field).join(',')}\r\n`).join('')
  return concat(BYTE_ORDER_MARK, utf8(text))
}

/** Names come from users: a spreadsheet must not take one for a formula. */
function field(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
