import type { Digest, InstitutionId, Ledger, LogHead, Names, Seal, SealId, Time } from '@cinnabar/core'
import { NotarizeError } from '../notarize/notarize-error'
import type { Store } from '../store/store'
import { BookRecords, type KnownUse } from './book-records'
import { LogUses, type PlacedUse } from './log-uses'

/** One use of the seal. What is not in the log comes from the store, and is missing where the store has lost it. */
export interface BookLine {
  /** 用印编号 as the log has it. */
  readonly number: number
  /** Of the entry, in the institution's log. */
  readonly index: number
  /** When the signature existed, by the timestamp authority. */
  readonly time: Time
  /** Of the SealSignature. */
  readonly id?: string
  readonly document?: { readonly name: string; readonly digest: Digest }
  readonly purpose?: string
  readonly operator?: string
}

/**
 * `NUMBER_SKIPPED`: no entry of the log has the number. `NUMBER_REPEATED`: more than one has it. `RECORD_MISSING`: the log
 * has the use, the store does not know it: its record was lost or removed, or another system used the seal.
 * `DETAILS_MISSING`: the store has the use and not who asked for it. `ENTRY_MISSING`: the store has a receipt for a use
 * that the log does not have at that place.
 */
export const GAP_CODES = [
  'NUMBER_SKIPPED',
  'NUMBER_REPEATED',
  'RECORD_MISSING',
  'DETAILS_MISSING',
  'ENTRY_MISSING',
] as const
export type GapCode = (typeof GAP_CODES)[number]

/** A place where the book is not whole. */
export interface BookGap {
  readonly code: GapCode
  readonly number: number
  readonly index?: number
  readonly id?: string
}

/** 用印台账: every use of one seal in the order of its numbers, held against the log. */
export interface SealBook {
  readonly institution: InstitutionId
  readonly names: Names
  readonly seal: Pick<Seal, 'id' | 'kind' | 'displayName' | 'status'>
  /** The head of the log that the book is complete up to. */
  readonly asOf: LogHead
  /** The last number given. */
  readonly lastNumber: number
  /** All of them; those of the period are chosen by {@link linesWithin}. */
  readonly lines: readonly BookLine[]
  /** Of the whole book, by number; empty if it is complete. */
  readonly gaps: readonly BookGap[]
}

/**
 * Compiles the book of one seal. It is complete if every number from 1 to the ledger's count is exactly one entry of the log
 * and one record of the store; whatever is not so is a gap.
 * @throws {@link NotarizeError} `SEAL_UNKNOWN`; {@link LedgerError} `LEDGER_UNAVAILABLE`.
 */
export async function compileBook(
  { ledger, store, uses = new LogUses(ledger), records: kept = new BookRecords(store) }: BookSources,
  institution: InstitutionId,
  id: SealId,
): Promise<SealBook> {
  // The count first and the store last: what comes meanwhile is then no gap.
  const state = await ledger.seal(institution, id)
  const registered = await ledger.institution(institution)
  if (state === undefined || registered === undefined) {
    throw new NotarizeError('SEAL_UNKNOWN', `there is no seal ${id}`, { seal: id })
  }
  const asOf = await ledger.head(institution)
  const entries = await uses.of(asOf, id)
  const records = await kept.of(institution, id)
  const lines = entries.map((one) => lineOf(one, records))
  lines.sort((a, b) => a.number - b.number || a.index - b.index)
  const lastNumber = Math.max(state.uses, ...lines.map(({ number }) => number), 0)
  const gaps = [
    ...numberGaps(lines, lastNumber),
    ...lines.flatMap(recordGap),
    ...entryGaps(entries, records, asOf.size),
  ]
  const { kind, displayName, status } = state.seal
  return {
    institution,
    names: registered.names,
    seal: { id, kind, displayName, status },
    asOf,
    lastNumber,
    lines,
    gaps: gaps.sort((a, b) => a.number - b.number),
  }
}

/** What a book is compiled from. */
export interface BookSources {
  readonly ledger: Ledger
  readonly store: Store
  /** Kept from book to book, so that the log is read once; else all of it is read. */
  readonly uses?: LogUses
  /** The same of the store; else all of its records are read. */
  readonly records?: BookRecords
}

/** The uses whose proven time lies in the period: from its start, before its end. */
export function linesWithin({ lines }: Pick<SealBook, 'lines'>, isIn: (time: Time) => boolean): readonly BookLine[] {
  return lines.filter(({ time }) => isIn(time))
}

/** The uses in whose document's name, purpose or operator the text occurs, in capitals or not. */
export function linesWith(lines: readonly BookLine[], text: string): readonly BookLine[] {
  const wanted = text.toLowerCase()
  return lines.filter(({ document, purpose, operator }) =>
    [document?.name, purpose, operator].some((one) => one?.toLowerCase().includes(wanted)),
  )
}

function lineOf({ index, entry }: PlacedUse, records: ReadonlyMap<Digest, KnownUse>): BookLine {
  const line: BookLine = { number: entry.useNumber, index, time: entry.tokenTime }
  const known = records.get(entry.commitment)
  if (known === undefined) return line
  const { id, digest, details } = known
  if (details === undefined) return { ...line, id }
  const { name, operator, purpose } = details
  return { ...line, id, document: { name, digest }, operator, ...(purpose !== undefined && { purpose }) }
}

function numberGaps(lines: readonly BookLine[], last: number): readonly BookGap[] {
  const times = new Map<number, number>()
  for (const { number } of lines) times.set(number, (times.get(number) ?? 0) + 1)
  const gaps: BookGap[] = []
  for (let number = 1; number <= last; number++) {
    const count = times.get(number) ?? 0
    if (count !== 1) gaps.push({ code: count === 0 ? 'NUMBER_SKIPPED' : 'NUMBER_REPEATED', number })
  }
  return gaps
}

function recordGap({ number, index, id, document, operator }: BookLine): readonly BookGap[] {
  if (id === undefined) return [{ code: 'RECORD_MISSING', number, index }]
  return document === undefined || operator === undefined ? [{ code: 'DETAILS_MISSING', number, index, id }] : []
}

/** Receipts of the store for uses that the log, up to this size, does not have where they say. */
function entryGaps(
  entries: readonly PlacedUse[],
  records: ReadonlyMap<Digest, KnownUse>,
  size: number,
): readonly BookGap[] {
  const inLog = new Set(entries.map(({ index, entry }) => `${index} ${entry.commitment}`))
  return [...records].flatMap(([commitment, { id, receipt }]) => {
    if (receipt === undefined || receipt.index >= size || inLog.has(`${receipt.index} ${commitment}`)) return []
    return [{ code: 'ENTRY_MISSING', ...receipt, id } as const]
  })
}
