import type { InstitutionId, SealId, Time } from '@cinnabar/core'
import { timeOf } from '@cinnabar/core'
import { z } from 'zod'
import { compileBook, linesWithin } from '../book/book'
import { bookCsv } from '../book/book-csv'
import { bookPdf } from '../book/book-pdf'
import type { AppDeps } from './deps'
import { isWithin, Period } from './listing'
import { bytes, guardedRoute, json, type Route } from './route'
import { SealBookShape } from './shapes/book-shape'
import { SealIdShape } from './shapes/named'

const Asked = z.strictObject(Period)
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
  return [
    guardedRoute({
      ...OWN,
      path: '/v1/seals/:id/book',
      operation: 'getSealBook',
      summary: 'Every use of a seal by number, held against the log; gaps are named',
      answers: { 200: { description: 'The book', json: SealBookShape } },
      async handle({ params, query }, { institution }) {
        const { book, lines } = await bookOf(env, institution, { ...params, query })
        const { asOf, gaps, ...rest } = book
        return json({ ...rest, asOf: { size: asOf.size, root: asOf.root }, complete: gaps.length === 0, lines, gaps })
      },
    }),
    guardedRoute({
      ...OWN,
      path: '/v1/seals/:id/book.csv',
      operation: 'getSealBookCsv',
      summary: 'The same for spreadsheets',
      answers: { 200: { description: 'RFC 4180, UTF-8 with byte order mark', type: 'text/csv', headers: NAMED } },
      async handle({ params, query }, { institution }) {
        const { book, lines } = await bookOf(env, institution, { ...params, query })
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
        const { book, lines } = await bookOf(env, institution, { ...params, query })
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

async function bookOf(env: AppDeps['env'], institution: InstitutionId, { id, query }: Wanted) {
  const book = await compileBook(env, institution, id as SealId)
  return { book, lines: linesWithin(book, (time: Time) => isWithin(time, query)) }
}

function attached(id: string, ending: string) {
  return { 'Content-Disposition': `attachment; filename="book-${id}.${ending}"` }
}

function periodOf({ from, to }: z.output<typeof Asked>): string | undefined {
  if (from === undefined && to === undefined) return undefined
  return `期间 Period: ${from ?? '…'} – ${to ?? '…'}`
}
