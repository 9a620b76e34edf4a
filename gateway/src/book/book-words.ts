import type { BookGap, BookLine, GapCode, SealBook } from './book'

/** What stands above the columns, in both languages: a ledger book is read by people of either. */
export const COLUMNS = {
  number: '编号 No.',
  time: '时间 Time (UTC)',
  document: '文件 Document',
  digest: '摘要 SHA-256',
  purpose: '用途 Purpose',
  operator: '经办人 Operator',
  entry: '日志序号 Log entry',
  gap: '缺漏 Gap',
} as const
export type Column = keyof typeof COLUMNS

const GAPS: Readonly<Record<GapCode, string>> = {
  NUMBER_SKIPPED: '缺号：日志中没有此编号 No entry of the log has this number',
  NUMBER_REPEATED: '重号：日志中有多条此编号 More than one entry of the log has this number',
  RECORD_MISSING: '缺记录：日志中有此次用印，存储中没有 The log has this use, the store does not know it',
  DETAILS_MISSING: '缺详情：存储中没有文件或经办人 The store has lost document or operator',
  ENTRY_MISSING:
    '缺条目：存储中有此次用印的回执，日志中没有 The store has a receipt of this use, the log does not have it',
}

export function gapText({ code }: BookGap): string {
  return `${GAPS[code]} [${code}]`
}

/** Whether the book is whole, in one line. */
export function completeness({ gaps, lastNumber, asOf }: SealBook): string {
  const upTo = `日志 ${asOf.size} 条 log of ${asOf.size} entries`
  if (gaps.length > 0)
    return `缺漏 ${gaps.length} 处，台账不完整 ${gaps.length} gaps, the book is not complete · ${upTo}`
  if (lastNumber === 0) return `尚无用印 no uses yet · ${upTo}`
  return `完整：1 至 ${lastNumber} 号逐号与日志一致 complete: numbers 1 to ${lastNumber} agree with the log · ${upTo}`
}

/** A row of the book: a use, with what is missing of it, or a number without a use. */
export type Row = Readonly<Record<Column, string>> & { readonly isGap: boolean }

/**
 * Uses and gaps by number.
 * @param lines - of the period; gaps are those of the whole book, so that none can hide outside it.
 */
export function rowsOf({ gaps }: Pick<SealBook, 'gaps'>, lines: readonly BookLine[]): readonly Row[] {
  const shown = new Set(lines.map(({ number }) => number))
  const rows = lines.map((line) => ({ number: line.number, row: useRow(line, gaps) }))
  const alone = gaps.filter(({ number }) => !shown.has(number))
  return [...rows, ...alone.map((gap) => ({ number: gap.number, row: gapRow(gap) }))]
    .sort((a, b) => a.number - b.number)
    .map(({ row }) => row)
}

function useRow({ number, index, time, document, purpose, operator }: BookLine, gaps: readonly BookGap[]): Row {
  const mine = gaps.filter((gap) => gap.number === number)
  return {
    number: String(number),
    time: time.replace('T', ' ').replace(/(\.\d+)?Z$/, ''),
    document: document?.name ?? '',
    digest: document?.digest.slice('sha256:'.length) ?? '',
    purpose: purpose ?? '',
    operator: operator ?? '',
    entry: String(index),
    gap: mine.map(gapText).join('; '),
    isGap: mine.length > 0,
  }
}

function gapRow(gap: BookGap): Row {
  const empty = { time: '', document: '', digest: '', purpose: '', operator: '' }
  return {
    ...empty,
    number: String(gap.number),
    entry: gap.index === undefined ? '' : String(gap.index),
    gap: gapText(gap),
    isGap: true,
  }
}
