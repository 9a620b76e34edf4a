import { randomBytes } from 'node:crypto'
import { equal, sealSignatureIds } from '@cinnabar/core'
import { areMany } from '../bulk-files'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { ask, askObject, jsonBody } from '../gateway'
import { documentName, MAX_DOCUMENT_BYTES, readInput } from '../input-file'
import { followJob, type Job, jobFrom } from '../job'
import { requireFree, writeWhole } from '../output-file'
import { type Access, requireAccess } from '../session'
import { isOpenLine } from '../url'
import { pause, whileWaiting } from '../wait'
import { sealMany } from './seal-many'

/** What `cinnabar seal` was told. */
export interface SealOptions {
  readonly seal: string
  readonly output: string
  readonly force?: boolean
  /** From 1. */
  readonly page?: number
  /** Millimetres from the top left corner of the page to that of the seal. */
  readonly x?: number
  readonly y?: number
  readonly reason?: string
  readonly wait?: 'anchored'
  /** Of many files: another name seals them once more. */
  readonly run?: string
  readonly json?: boolean
}

/**
 * One file, or many: then as bulk jobs.
 * @throws as {@link sealFile} and {@link sealMany} do.
 */
export async function sealFiles(context: Context, paths: readonly string[], options: SealOptions): Promise<Exit> {
  const [path] = paths
  if (path === undefined || (await areMany(paths, context.surroundings))) return sealMany(context, paths, options)
  return sealFile(context, path, options)
}

/** The file goes over the line twice, and large ones are scanned for. */
const TRANSFER_TIMEOUT_MS = 5 * 60_000
const WAIT_TIMEOUT_MS = 60_000

/**
 * Has a gateway seal a file, and writes the sealed file once its use of the seal is recorded.
 * @throws {@link CliError} when it was refused or failed: nothing was written.
 */
async function sealFile(context: Context, path: string, options: SealOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  const output = { path: options.output, force: options.force }
  const original = await readInput(path, MAX_DOCUMENT_BYTES, surroundings)
  await requireFree(output, surroundings)
  const access = await requireAccess(context)
  if (isOpenLine(access.url)) voice.note(texts.note.openLine(access.url))
  const document = await upload(context, access, { name: documentName(path), bytes: original })
  const job = await followJob(context, access, await request(context, access, document, options))
  const sealed = await download(context, access, document)
  requireSealed(access.url, { original, sealed, job })
  await writeWhole(output, sealed, surroundings)
  voice.note(texts.note.sealedWritten(options.output))
  const { state, sealSignature } = job
  if (options.json) {
    voice.json({ documents: [{ file: path, state, output: options.output, ...(sealSignature && { sealSignature }) }] })
  }
  return EXIT.passed
}

interface Upload {
  readonly name: string
  readonly bytes: Uint8Array
}

/** @returns the document's id. */
async function upload(context: Context, { url, token }: Access, { name, bytes }: Upload): Promise<string> {
  const { texts, voice } = context
  voice.note(texts.note.uploading(name, bytes.length, url))
  const asking = askObject(url, {
    method: 'POST',
    path: `/v1/documents?name=${encodeURIComponent(name)}`,
    token,
    body: { type: 'application/pdf', bytes },
    language: texts.language,
    timeoutMs: TRANSFER_TIMEOUT_MS,
  })
  const { id } = await whileWaiting(context, texts.note.sending, asking)
  if (typeof id === 'string') return id
  throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: 'POST /v1/documents' })
}

const ATTEMPTS = 4

/** Asks for the seal. The same key goes with each attempt, so that one lost answer cannot make two uses of the seal. */
async function request(context: Context, access: Access, document: string, options: SealOptions): Promise<Job> {
  const { url, token } = access
  const { seal, page, x, y, reason, wait } = options
  const asked = {
    method: 'POST',
    path: `/v1/documents/${encodeURIComponent(document)}/seal-signatures${wait ? `?wait=${wait}` : ''}`,
    token,
    body: jsonBody({ seal, page, xMm: x, yMm: y, reason }),
    idempotencyKey: randomBytes(16).toString('hex'),
    language: context.texts.language,
    timeoutMs: WAIT_TIMEOUT_MS,
  } as const
  for (let attempt = 1; ; attempt++) {
    try {
      return jobFrom(url, await whileWaiting(context, context.texts.note.sealing, askObject(url, asked)))
    } catch (error) {
      const again = error instanceof CliError && error.code === 'GATEWAY_UNREACHABLE' && attempt < ATTEMPTS
      if (!again) throw error
      context.voice.note(context.texts.note.askingAgain(url))
      await pause(250 * 2 ** attempt)
    }
  }
}

/** The file of a document as it stands. */
export function download(context: Context, { url, token }: Access, document: string): Promise<Uint8Array> {
  const asking = ask(url, {
    method: 'GET',
    path: `/v1/documents/${encodeURIComponent(document)}/file`,
    token,
    language: context.texts.language,
    maxBytes: MAX_DOCUMENT_BYTES,
    timeoutMs: TRANSFER_TIMEOUT_MS,
  })
  return whileWaiting(context, context.texts.note.downloading, asking)
}

interface Result {
  readonly original: Uint8Array
  readonly sealed: Uint8Array
  readonly job: Job
}

/** A gateway may not give back another document: the original's bytes come first, and one seal more stands after them. */
function requireSealed(url: string, { original, sealed, job }: Result): void {
  const kept = sealed.length > original.length && equal(sealed.subarray(0, original.length), original)
  const before = sealSignatureIds(original)
  const added = kept ? sealSignatureIds(sealed).filter((id) => !before.includes(id)) : []
  if (added.length === 1 && (job.sealSignature ?? added[0]) === added[0]) return
  throw new CliError('SEALED_FILE_DIFFERS', { url, job: job.id })
}
