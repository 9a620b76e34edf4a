import { CliError } from '../cli-error'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { askObject } from '../gateway'
import { documentName, MAX_DOCUMENT_BYTES, readInput } from '../input-file'
import { followJob, jobFrom } from '../job'
import { requireFree, writeWhole } from '../output-file'
import { requireAccess } from '../session'
import { isOpenLine } from '../url'
import { whileWaiting } from '../wait'
import { download } from './seal'

/** What `cinnabar report` was told. */
export interface ReportOptions {
  readonly seal: string
  readonly output: string
  readonly force?: boolean
  readonly json?: boolean
}

/** The file goes over the line, is verified, and its report is sealed. */
const TIMEOUT_MS = 5 * 60_000

/**
 * Has a gateway verify a file and make a report for courts, and writes it once its seal is recorded.
 * @throws {@link CliError} when it was refused or failed: nothing was written.
 */
export async function makeReport(context: Context, path: string, options: ReportOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  const output = { path: options.output, force: options.force }
  const bytes = await readInput(path, MAX_DOCUMENT_BYTES, surroundings)
  await requireFree(output, surroundings)
  const access = await requireAccess(context)
  if (isOpenLine(access.url)) voice.note(texts.note.openLine(access.url))
  const name = documentName(path)
  voice.note(texts.note.uploading(name, bytes.length, access.url))
  const query = new URLSearchParams({ name, seal: options.seal, wait: 'anchored' })
  const asking = askObject(access.url, {
    method: 'POST',
    path: `/v1/court-reports?${query}`,
    token: access.token,
    body: { type: 'application/octet-stream', bytes },
    language: texts.language,
    timeoutMs: TIMEOUT_MS,
  })
  const answer = await whileWaiting(context, texts.note.sealing, asking)
  await followJob(context, access, jobFrom(access.url, answer))
  if (typeof answer.document !== 'string') {
    throw new CliError('GATEWAY_ANSWER_INVALID', { url: access.url, what: 'POST /v1/court-reports' })
  }
  await writeWhole(output, await download(context, access, answer.document), surroundings)
  voice.note(texts.note.reportWritten(options.output))
  if (options.json) voice.json({ file: path, output: options.output, document: answer.document, job: answer.id })
  return EXIT.passed
}
