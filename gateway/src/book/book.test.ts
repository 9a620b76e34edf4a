import { type InstitutionId, type Ledger, type LogEntry, readPdf, type SealId, type Time } from '@cinnabar/core'
import { CONTRACT, type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { Notarizer } from '../notarize/notarizer'
import type { Collection, Store } from '../store/store'
import { type BookGap, compileBook, linesWith, linesWithin, type SealBook } from './book'
import { bookCsv } from './book-csv'
import { bookPdf } from './book-pdf'
import { BookRecords } from './book-records'
import { rowsOf } from './book-words'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const OFFICIAL = 'official' as SealId
const clock = settableClock('2026-11-22T03:00:00Z')
const USES = [
  { name: '采购合同.pdf', reason: '合同盖章' },
  { name: '=1+1, "quoted".pdf', reason: '答复' },
  { name: 'third.pdf', reason: 'reply 𠮷𡃁' },
]

let folders: Awaited<ReturnType<typeof gatewayFolders>>
let gateway: EmbeddedGateway

beforeAll(async () => {
  folders = await gatewayFolders(clock)
  gateway = await openGateway(await folders.fresh(), clock)
  const notarizer = await Notarizer.start(gateway.env)
  for (const [hour, { name, reason }] of USES.entries()) {
    clock.set(`2026-11-22T0${4 + hour}:00:00Z`)
    const document = (await notarizer.receive({ institution: BUREAU, user: 'lin', name, bytes: CONTRACT })).id
    const job = await notarizer.request({ institution: BUREAU, user: 'lin', document, seal: OFFICIAL, reason })
    await notarizer.settled(job.id, 20_000)
  }
  await notarizer.close()
}, 60_000)
afterAll(async () => {
  await gateway.close()
  await folders.remove()
})

const compile = (change: { ledger?: Partial<Ledger>; store?: Partial<Store> } = {}) => {
  const { ledger, store } = gateway.env
  return compileBook(
    { ledger: { ...ledger, ...change.ledger }, store: { ...store, ...change.store } },
    BUREAU,
    OFFICIAL,
  )
}

/** The store without the records that were chosen by their place among those of the collection. */
function without(collection: Collection, place: number): Partial<Store> {
  const { store } = gateway.env
  const gone = async () => {
    const all = await store.find(collection, { field: 'institution', equals: BUREAU, limit: 100 })
    return all[place]?.id
  }
  return {
    get: async (from, id) => (from === collection && id === (await gone()) ? undefined : store.get(from, id)),
    ids: async (from, query) => {
      const [found, lost] = [await store.ids(from, query), await gone()]
      return found.filter((id) => from !== collection || id !== lost)
    },
    find: async (from, query) => {
      const [found, lost] = [await store.find(from, query), await gone()]
      return found.filter(({ id }) => from !== collection || id !== lost) as never
    },
  }
}

/** The ledger with other entries. */
function withEntries(change: (entries: readonly LogEntry[]) => readonly LogEntry[]): Partial<Ledger> {
  return { entries: async (...args) => change(await gateway.env.ledger.entries(...args)) }
}

const codes = ({ gaps }: SealBook) => gaps.map(({ code, number }) => `${number} ${code}`)
const textOf = (csv: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(csv)

describe('the ledger book', () => {
  it('has each use by number, with document, purpose and operator, and is complete', async () => {
    const book = await compile()
    expect(book).toMatchObject({ lastNumber: 3, gaps: [], seal: { id: 'official' } })
    expect(
      book.lines.map(({ number, document, purpose, operator }) => [number, document?.name, purpose, operator]),
    ).toEqual(USES.map(({ name, reason }, i) => [i + 1, name, reason, 'lin']))
    expect(book.lines.map(({ time }) => time)).toEqual(['04', '05', '06'].map((hour) => `2026-11-22T${hour}:00:00Z`))
  })

  it('reads each record once, and misses one that is removed afterwards all the same', async () => {
    const { ledger, store } = gateway.env
    let [reads, lost] = [0, false]
    const counted: Pick<Store, 'get' | 'ids'> = {
      get(from, id) {
        reads++
        return store.get(from, id)
      },
      ids: async (from, query) => (lost ? (without('sealSignatures', 1).ids ?? store.ids) : store.ids)(from, query),
    }
    const records = new BookRecords(counted)
    const again = () => compileBook({ ledger, store, records }, BUREAU, OFFICIAL)
    const first = await again()
    expect([first.gaps, reads]).toEqual([[], 9])
    expect(await again()).toEqual(first)
    expect(reads).toBe(9)
    lost = true
    expect((await again()).gaps).toEqual([expect.objectContaining({ code: 'RECORD_MISSING' })])
  })

  it('of a seal that was never used is complete and empty', async () => {
    const book = await compileBook(gateway.env, BUREAU, 'contract' as SealId)
    expect(book).toMatchObject({ lastNumber: 0, lines: [], gaps: [] })
  })

  it('refuses a seal that is not registered', async () => {
    await expect(compileBook(gateway.env, BUREAU, 'none' as SealId)).rejects.toMatchObject({ code: 'SEAL_UNKNOWN' })
  })

  it('reports a use that the log has and the store does not', async () => {
    const book = await compile({ store: without('sealSignatures', 1) })
    expect(book.gaps).toEqual([expect.objectContaining({ code: 'RECORD_MISSING' })])
    expect(book.lines).toHaveLength(3)
  })

  it('reports a use of which the store has lost the document or who asked', async () => {
    expect((await compile({ store: without('documents', 0) })).gaps).toMatchObject([{ code: 'DETAILS_MISSING' }])
    expect((await compile({ store: without('jobs', 2) })).gaps).toMatchObject([{ code: 'DETAILS_MISSING' }])
  })

  it('reports a number that the log skips, also the last one', async () => {
    const skipping = (number: number) =>
      withEntries((all) =>
        all.map((one) =>
          one.kind === 'sealSignature' && one.useNumber === number ? { ...one, seal: 'contract' as SealId } : one,
        ),
      )
    expect(codes(await compile({ ledger: skipping(2) }))).toEqual(['2 NUMBER_SKIPPED', '2 ENTRY_MISSING'])
    expect(codes(await compile({ ledger: skipping(3) }))).toEqual(['3 NUMBER_SKIPPED', '3 ENTRY_MISSING'])
  })

  it('reports a number that the log gives twice', async () => {
    const twice = withEntries((all) =>
      all.map((one) => (one.kind === 'sealSignature' && one.useNumber === 3 ? { ...one, useNumber: 2 } : one)),
    )
    expect(codes(await compile({ ledger: twice }))).toEqual(['2 NUMBER_REPEATED', '3 NUMBER_SKIPPED'])
  })

  it('takes no use that came while it was compiled for a gap', async () => {
    const { ledger } = gateway.env
    const before = { size: (await ledger.head(BUREAU)).size - 1 }
    const head: Ledger['head'] = async (institution) => ({ ...(await ledger.head(institution)), ...before })
    const seal: Ledger['seal'] = async (...args) => {
      const state = await ledger.seal(...args)
      return state && { ...state, uses: 2 }
    }
    expect(await compile({ ledger: { head, seal } })).toMatchObject({ lastNumber: 2, gaps: [] })
  })

  it('chooses uses by a text in name, purpose or operator, in capitals or not', async () => {
    const { lines } = await compile()
    const numbers = (text: string) => linesWith(lines, text).map(({ number }) => number)
    expect([numbers('THIRD'), numbers('reply'), numbers('LIN'), numbers('nothing')]).toEqual([[3], [3], [1, 2, 3], []])
  })

  it('chooses uses by their time, and names all gaps whatever the period', async () => {
    const book = await compile({ store: without('sealSignatures', 0) })
    const [gap] = book.gaps
    const outside = book.lines.filter(({ number }) => number !== gap?.number)
    const lines = linesWithin(book, (time: Time) => outside.some((line) => line.time === time))
    expect(lines).toHaveLength(2)
    expect(rowsOf(book, lines)).toHaveLength(3)
  })
})

describe('the book on paper and in spreadsheets', () => {
  it('is CSV that spreadsheets read as text, with each gap in its place', async () => {
    const book = await compile({ store: without('sealSignatures', 2) })
    const [gap] = book.gaps as readonly [BookGap]
    const text = textOf(bookCsv(book, book.lines))
    expect(text.startsWith('\ufeff用印台账')).toBe(true)
    const rows = text.trimEnd().split('\r\n').slice(4)
    expect(rows).toHaveLength(3)
    expect(rows.filter((row) => row.includes('[RECORD_MISSING]'))).toEqual([rows[gap.number - 1]])
    expect(text).toContain('台账不完整 1 gaps')
    const whole = await compile()
    expect(textOf(bookCsv(whole, whole.lines))).toContain(`"'=1+1, ""quoted"".pdf"`)
  })

  it('is a PDF of as many pages as it takes, with a mark for what no font has', async () => {
    const book = await compile()
    const lines = Array.from({ length: 200 }, (_, i) => ({ ...(book.lines[i % 3] ?? fail()), number: i + 1 }))
    const print = { lines, madeAt: '2026-11-22T07:00:00Z' as Time, madeBy: 'lin' }
    expect(readPdf(bookPdf({ ...book, lines }, print)).pages().length).toBeGreaterThan(4)
    expect(readPdf(bookPdf(book, { ...print, lines: [] })).pages()).toHaveLength(1)
  })
})

function fail(): never {
  throw new RangeError('the book lacks a line')
}
