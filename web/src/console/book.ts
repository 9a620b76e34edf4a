import { timeOf } from '@cinnabar/core'
import { button, foreign, h } from '../dom'
import type { Texts } from '../texts'
import type { Book, BookLine, ConsoleApi } from './api'
import { drawFindings, gapText } from './book-findings'
import { drawPages } from './pages'
import { type Column, choice, field, saveBlob, shortDigest, table, when, workButton } from './parts'
import type { Desk } from './screens'

const PAGE = 50

/** 用印台账, the ledger book of a seal: what is missing of it first, then its uses. */
export async function drawBook({ api, texts }: Desk): Promise<HTMLElement> {
  const { book: words, noSeals } = texts.console
  const seals = await api.seals()
  const intro = [h('h1', {}, words.title), h('p', { class: 'lead' }, words.about)]
  if (seals.length === 0) return h('div', {}, ...intro, h('p', { class: 'warn' }, noSeals))
  const mostUsedFirst = [...seals].sort((a, b) => b.uses - a.uses)
  const filters = drawFilters(
    mostUsedFirst.map(({ id, displayName }) => [id, displayName] as const),
    texts,
  )
  const findings = h('div')
  const pages = drawPages<Cursor>({
    texts,
    back: texts.console.previous,
    on: texts.console.next,
    load: async (cursor) => {
      const asked = { ...filters.query(), limit: PAGE, cursor: cursor?.at }
      const book = await api.book(filters.seal(), asked)
      findings.replaceChildren(drawFindings(book, texts))
      return drawPage(book, { texts, cursor, isWhole: filters.isWhole() })
    },
  })
  filters.element.addEventListener('submit', (event) => {
    event.preventDefault()
    void pages.restart()
  })
  filters.element.addEventListener('reset', () => setTimeout(() => void pages.restart()))
  filters.element.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement) void pages.restart()
  })
  await pages.restart()
  const downloads = drawDownloads(api, filters, texts)
  return h('div', { class: 'stack' }, ...intro, filters.element, findings, pages.element, downloads)
}

interface Cursor {
  readonly at: string
  /** The last number on the page before. */
  readonly after: number
}

interface Filters {
  readonly element: HTMLFormElement
  seal(): string
  query(): { readonly from?: string; readonly to?: string; readonly contains?: string }
  /** Whether all of the book is asked for. */
  isWhole(): boolean
}

function drawFilters(seals: readonly (readonly [string, string])[], texts: Texts): Filters {
  const { book: words } = texts.console
  const seal = choice('book-seal', seals)
  const from = h('input', { id: 'book-from', type: 'date' })
  const to = h('input', { id: 'book-to', type: 'date' })
  const contains = h('input', { id: 'book-contains', maxlength: '200', type: 'search' })
  const query = () => ({
    ...(from.value !== '' && { from: timeOf(dayAt(from.value, 0)) }),
    ...(to.value !== '' && { to: timeOf(dayAt(to.value, 1)) }),
    ...(contains.value.trim() !== '' && { contains: contains.value.trim() }),
  })
  const chosen = seal.value
  const element = h(
    'form',
    { class: 'panel filters' },
    field(words.seal, seal),
    field(words.from, from),
    field(words.to, to),
    field(words.contains, contains),
    h(
      'div',
      { class: 'buttons' },
      h('button', { class: 'primary', type: 'submit' }, words.show),
      button(words.all, () => {
        const kept = seal.value
        element.reset()
        seal.value = kept
      }),
    ),
  )
  return {
    element,
    seal: () => seal.value || chosen,
    query,
    isWhole: () => Object.keys(query()).length === 0,
  }
}

/** The start of a day where the reader is, so many days later. */
function dayAt(date: string, daysLater: number): Date {
  const [year, month, day] = date.split('-').map(Number)
  return new Date(year, month - 1, day + daysLater)
}

/** A use, or a number that has none. */
type Row = BookLine | { readonly number: number; readonly index?: number; readonly missing: true }

function drawPage(
  book: Book,
  { texts, cursor, isWhole }: { texts: Texts; cursor: Cursor | undefined; isWhole: boolean },
) {
  const { book: words, range } = texts.console
  const { lines, count, next } = book
  const rows = isWhole ? withMissing(book, cursor?.after ?? 0) : lines
  if (rows.length === 0)
    return { content: [h('p', { class: 'note' }, count === 0 && isWhole ? words.empty : words.noMatch)] }
  const start = Number(cursor?.at ?? 0)
  const gapped = new Set(book.gaps.map(({ number }) => number))
  const listing = table<Row>(words.title, columnsOf(book, texts), {
    rows,
    classOf: ({ number }) => (gapped.has(number) ? 'gap' : undefined),
  })
  const last = lines.at(-1)?.number ?? 0
  return {
    content: [listing],
    next: next === undefined ? undefined : { at: next, after: last },
    said: `${lines.length === 0 ? '' : range(start + 1, start + lines.length, count)} · ${words.note}`,
  }
}

/** Numbers without a use stand in their place among the uses of this page. */
function withMissing({ lines, gaps, next }: Book, after: number): readonly Row[] {
  const shown = new Set(lines.map(({ number }) => number))
  const last = next === undefined ? Number.POSITIVE_INFINITY : (lines.at(-1)?.number ?? 0)
  const missing = gaps
    .filter(({ number }) => !shown.has(number) && number > after && number <= last)
    .map(({ number, index }) => ({ number, missing: true as const, ...(index !== undefined && { index }) }))
  return [...lines, ...missing].sort((a, b) => a.number - b.number)
}

function columnsOf({ gaps }: Book, texts: Texts): readonly Column<Row>[] {
  const { columns } = texts.console.book
  const line = (row: Row): Partial<BookLine> => ('missing' in row ? {} : row)
  const gapsOf = (row: Row) =>
    gaps.filter(({ number }) => number === row.number).map((gap) => h('p', { class: 'gap-text' }, gapText(gap, texts)))
  return [
    { head: columns.number, class: 'number', cell: ({ number }) => [h('strong', {}, String(number))] },
    {
      head: columns.time,
      class: 'time',
      cell: (row) => [line(row).time && when(line(row).time as BookLine['time'], texts)],
    },
    {
      head: columns.document,
      cell: (row) => {
        const { document } = line(row)
        const named = document && [
          h('span', { class: 'name' }, foreign(document.name)),
          ' ',
          shortDigest(document.digest),
        ]
        return [...(named ?? []), ...gapsOf(row)]
      },
    },
    { head: columns.purpose, cell: (row) => [line(row).purpose && foreign(line(row).purpose ?? '')] },
    {
      head: columns.operator,
      class: 'operator',
      cell: (row) => [line(row).operator && foreign(line(row).operator ?? '')],
    },
    { head: columns.entry, class: 'number', cell: ({ index }) => [index === undefined ? '' : String(index)] },
  ]
}

function drawDownloads(api: ConsoleApi, filters: Filters, texts: Texts): HTMLElement {
  const { book: words } = texts.console
  const problem = h('div', { role: 'alert' })
  const save = (kind: 'csv' | 'pdf', label: string) =>
    workButton(label, {
      texts,
      problem,
      work: async () => {
        const seal = filters.seal()
        saveBlob(`book-${seal}.${kind}`, await api.bookFile(seal, kind, filters.query()))
      },
    })
  return h('div', {}, h('div', { class: 'buttons' }, save('csv', words.csv), save('pdf', words.pdf)), problem)
}
