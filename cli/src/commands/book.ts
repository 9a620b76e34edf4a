import { timeOf } from '@cinnabar/core'
import { CliError } from '../cli-error'
import { columns } from '../columns'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { requireFree, writeWhole } from '../output-file'
import { listIn, requireService, type Service } from '../service'

/** What `cinnabar book` was told. */
export interface BookOptions {
  readonly from?: Date
  readonly to?: Date
  /** Ends in .csv or .pdf. */
  readonly output?: string
  readonly force?: boolean
  readonly json?: boolean
}

interface Asked {
  readonly id: string
  readonly from?: string
  readonly to?: string
}

/**
 * Shows 用印台账, the seal ledger book, or writes it as CSV or PDF.
 * @returns `failed` when uses are missing in the store or in the log.
 * @throws {@link CliError} `BOOK_FORMAT_UNKNOWN`, `OUTPUT_*`, `PROBLEM`, `GATEWAY_*`.
 */
export async function showBook(context: Context, seal: string, options: BookOptions): Promise<Exit> {
  const { texts, voice, surroundings } = context
  const { from, to, output: path, force, json } = options
  const format = path === undefined ? undefined : formatOf(path)
  const output = path === undefined ? undefined : { path, force }
  if (output !== undefined) await requireFree(output, surroundings)
  const service = await requireService(context)
  const asked: Asked = { id: seal, ...(from && { from: timeOf(from) }), ...(to && { to: timeOf(to) }) }
  const book = await service.ask((api) => api.getSealBook(asked))
  const lines = listIn(service.url, 'GET /v1/seals/{id}/book', book.lines)
  const gaps = listIn(service.url, 'GET /v1/seals/{id}/book', book.gaps)
  if (output !== undefined && format !== undefined) await write(context, service, { asked, output, format })
  if (json) voice.json({ ...book, ...(path !== undefined && { output: path }) })
  else if (output === undefined)
    voice.print(columns([texts.list.book, ...lines.map((line) => texts.list.bookLine(line))]))
  voice.note(texts.list.bookEnd(book.complete, book.lastNumber))
  for (const gap of gaps) voice.note(texts.list.gap(gap.code, gap.number))
  return book.complete === true ? EXIT.passed : EXIT.failed
}

interface Writing {
  readonly asked: Asked
  readonly output: { readonly path: string; readonly force?: boolean | undefined }
  readonly format: 'csv' | 'pdf'
}

async function write({ surroundings, texts, voice }: Context, service: Service, { asked, output, format }: Writing) {
  const bytes = await service.ask((api) => (format === 'csv' ? api.getSealBookCsv(asked) : api.getSealBookPdf(asked)))
  await writeWhole({ path: output.path, ...(output.force && { force: true }) }, bytes, surroundings)
  voice.note(texts.list.bookWritten(output.path))
}

function formatOf(path: string): 'csv' | 'pdf' {
  const [, ending] = /\.(csv|pdf)$/i.exec(path) ?? []
  if (ending === undefined) throw new CliError('BOOK_FORMAT_UNKNOWN', { path })
  return ending.toLowerCase() === 'csv' ? 'csv' : 'pdf'
}
