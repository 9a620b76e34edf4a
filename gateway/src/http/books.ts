import type { InstitutionId, SealId, Time } from '@cinnabar/core'
import { timeOf } from '@cinnabar/core'
import { z } from 'zod'
import { type BookLine, compileBook, linesWith, linesWithin, type SealBook } from '../book/book'
import { bookCsv } from '../book/book-csv'
import { bookPdf } from '../book/book-pdf'
import { BookRecords } from '../book/book-records'
import { LogUses } from '../book/log-uses'
import type { AppDeps } from './deps'
import { wholeNumber } from './input'
import { isWithin, Period } from './listing'
import { bytes, guardedRoute, json, type Route } from './route'
import { SealBookShape } from './shapes/book-shape'
import { SealIdShape } from './shapes/named'

const Asked = z.strictObject({
  ...Period,
  contains: z.string().min(1).max(200).optional().describe("Text in the document's name, the purpose or the operator."),
})
/** Without a limit, the whole book is answered at once. */
const AskedPage = Asked.extend({
  limit: wholeNumber(1, 1000).optional(),
  cursor: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('`next` of the page before.'),
})
const OWN = {
  method: 'get',
  access: 'user',
  tag: 'seals',
  params: z.object({ id: SealIdShape }),
  query: Asked,
  problems: ['SEAL_UNKNOWN'],
} as const
const NAMED = { 'Content-Disposition': 'A name' }

/** 用印台账, the ledger book of one of the institution's seals: as JSON, as CSV, and to be printed. */
export function bookRoutes({ env }: AppDeps): readonly Route[] {
  const uses = new LogUses({ entries: (...asked) => env.ledger.entries(...asked) })
  const records = new BookRecords({
    get: (...asked) => env.store.get(...asked),
    ids: (...asked) => env.store.ids(...asked),
  })
  const bookOf = async (institution: InstitutionId, { id, query }: Wanted) => {
    const book = await compileBook({ ...env, uses, records }, institution, id as SealId)
    return { book, lines: linesOf(book, query) }
  }
  return [
    guardedRoute({
      ...OWN,
      path: '/v1/seals/:id/book',
      operation: 'getSealBook',
      summary: 'Every use of a seal by number, held against the log; gaps are named',
      query: AskedPage,
      answers: { 200: { description: 'The book', json: SealBookShape } },
      async handle({ params, query }, { institution }) {
        const { book, lines } = await bookOf(institution, { ...params, query })
        const { asOf, gaps, ...rest } = book
        const compared = { asOf: { size: asOf.size, root: asOf.root }, complete: gaps.length === 0, gaps }
        return json({ ...rest, ...compared, count: lines.length, ...pageOf(lines, query) })
      },
    }),
    guardedRoute({
      ...OWN,
      path: '/v1/seals/:id/book.csv',
      operation: 'getSealBookCsv',
      summary: 'The same for spreadsheets',
      answers: { 200: { description: 'RFC 4180, UTF-8 with byte order mark', type: 'text/csv', headers: NAMED } },
      async handle({ params, query }, { institution }) {
        const { book, lines } = await bookOf(institution, { ...params, query })
        return bytes(bookCsv(book, lines), 'text/csv', attached(params.id, 'csv'))
      },
    }),
    guardedRoute({
      ...OWN,
      path: '/v1/seals/:id/book.pdf',
      operation: 'getSealBookPdf',
      summary: 'The same to be printed',
      answers: { 200: { description: 'A4 across', type: 'application/pdf', headers: NAMED } },
      async handle({ params, query }, { institution, user }) {
        const { book, lines } = await bookOf(institution, { ...params, query })
        const madeAt = timeOf(env.clock.now())
        const period = periodOf(query)
        const pdf = bookPdf(book, { lines, madeAt, madeBy: user, ...(period && { period }) })
        return bytes(pdf, 'application/pdf', attached(params.id, 'pdf'))
      },
    }),
  ]
}

interface Wanted {
  readonly id: string
  readonly query: z.output<typeof Asked>
}

function linesOf(book: SealBook, query: Wanted['query']): readonly BookLine[] {
  const lines = linesWithin(book, (time: Time) => isWithin(time, query))
  return query.contains === undefined ? lines : linesWith(lines, query.contains)
}

/** Where the next page begins is a place among the lines asked for. */
function pageOf(lines: readonly BookLine[], { limit = lines.length, cursor = 0 }: z.output<typeof AskedPage>) {
  const end = cursor + limit
  return { lines: lines.slice(cursor, end), ...(end < lines.length && { next: String(end) }) }
}

function attached(id: string, ending: string) {
  return { 'Content-Disposition': `attachment; filename="book-${id}.${ending}"` }
}

/** What part of the book it is, if it is not all. */
function periodOf({ from, to, contains }: z.output<typeof Asked>): string | undefined {
  const period = from === undefined && to === undefined ? [] : [`期间 Period: ${from ?? '…'} – ${to ?? '…'}`]
  const said = [...period, ...(contains === undefined ? [] : [`含 Containing: ${contains}`])]
  return said.length === 0 ? undefined : said.join('  ·  ')
}
