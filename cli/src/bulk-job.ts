import type { BulkFile } from './bulk-files'
import { CliError } from './cli-error'
import type { Context } from './context'
import { keyOf } from './deposits'
import { type Asked, askObject, jsonBody } from './gateway'
import { documentName, MAX_DOCUMENT_BYTES, readInput } from './input-file'
import type { LastingAccess } from './session'
import { stubbornly } from './stubbornly'
import { pause } from './wait'

/** At most so many in one bulk job. */
export const MAX_BULK_DOCUMENTS = 1000

/** Which seal, and where; `run` tells two sealings of the same files apart. */
export interface BulkWish {
  readonly seal: string
  readonly page?: number
  readonly x?: number
  readonly y?: number
  readonly reason?: string
  readonly run?: string
}

/** A bulk job, as the gateway tells of it. */
export interface BulkJob {
  readonly id: string
  readonly state: string
  readonly counts: Readonly<Record<string, unknown>>
}

/** One of its documents. */
export interface BulkDocument {
  readonly number: number
  readonly state: string
  readonly document?: string
  readonly job?: string
  readonly sealSignature?: string
  readonly code?: string
}

const TRANSFER_TIMEOUT_MS = 5 * 60_000
/** Uploads at once. */
const LANES = 4
const PAGE = 500
const ENDED: readonly string[] = ['ended', 'cancelled']

/**
 * The bulk job of these files: made now, or by the same command before.
 * @throws {@link CliError} `PROBLEM`, `GATEWAY_*`.
 */
export function openBulk(
  context: Context,
  access: LastingAccess,
  { files, wish }: { readonly files: readonly BulkFile[]; readonly wish: BulkWish },
): Promise<BulkJob> {
  const { seal, page, x, y, reason, run } = wish
  const listed = files.map(({ name, digest }) => ({ path: name, digest }))
  // The key is what the command asks for: given again, it finds the bulk job that it made.
  const idempotencyKey = keyOf(listed, JSON.stringify(['bulk', seal, page, x, y, reason, run]))
  const body = jsonBody({ seal, page, xMm: x, yMm: y, reason, count: files.length })
  return jobAt(context, access, { method: 'POST', path: '/v1/bulk-jobs', body, idempotencyKey })
}

interface Carried {
  readonly files: readonly BulkFile[]
  readonly job: BulkJob
}

/** What became of the documents of a bulk job: by number, and those that the gateway did not take. */
export interface CarriedOutcome {
  readonly documents: readonly BulkDocument[]
  readonly refused: ReadonlyMap<number, CliError>
}

/**
 * Uploads what is missing, starts the bulk job, and follows it to its end, from wherever it stands.
 * @throws {@link CliError} `PROBLEM`, `GATEWAY_*`.
 */
export async function sealBulk(
  context: Context,
  access: LastingAccess,
  { files, job }: Carried,
): Promise<CarriedOutcome> {
  const refused = new Map<number, CliError>()
  if (job.state === 'open') {
    const missing = await documentsOf(context, access, job.id, '&state=missing')
    await upload(context, access, { files, job, refused, numbers: missing.map(({ number }) => number) })
    const query = refused.size > 0 ? '?missing=leave' : ''
    await jobAt(context, access, { method: 'POST', path: `${pathOf(job.id)}/start${query}` })
  }
  await follow(context, access, job)
  return { documents: await documentsOf(context, access, job.id, ''), refused }
}

interface Uploading extends Carried {
  readonly numbers: readonly number[]
  readonly refused: Map<number, CliError>
}

async function upload(
  context: Context,
  access: LastingAccess,
  { files, job, numbers, refused }: Uploading,
): Promise<void> {
  const { texts, voice } = context
  const left = [...numbers]
  voice.note(texts.note.bulkUploading(left.length, files.length, access.url))
  const lane = async () => {
    for (let number = left.shift(); number !== undefined; number = left.shift()) {
      try {
        await uploadOne(context, access, { file: files[number], number, job })
      } catch (error) {
        if (!(error instanceof CliError) || !isRefusal(error)) throw error
        refused.set(number, error)
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

interface One {
  readonly file: BulkFile
  readonly number: number
  readonly job: BulkJob
}

async function uploadOne(context: Context, access: LastingAccess, { file, number, job }: One): Promise<void> {
  const bytes = await readInput(file.path, MAX_DOCUMENT_BYTES, context.surroundings)
  const asked = {
    method: 'PUT',
    path: `${pathOf(job.id)}/documents/${number}?name=${encodeURIComponent(documentName(file.path))}`,
    body: { type: 'application/pdf', bytes },
    language: context.texts.language,
    timeoutMs: TRANSFER_TIMEOUT_MS,
  } as const
  await askLasting(context, access, asked)
}

/** The gateway does not take this file; it may take the others. */
function isRefusal({ code, details }: CliError): boolean {
  return code === 'PROBLEM' && (details.status === 422 || details.code === 'BODY_TOO_LARGE')
}

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 2000

async function follow(context: Context, access: LastingAccess, { id }: BulkJob): Promise<void> {
  const { texts, voice } = context
  let told = ''
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    const job = await jobAt(context, access, { method: 'GET', path: pathOf(id) })
    const progress = texts.bulkProgress(job.counts)
    if (progress !== told) voice.note(progress)
    told = progress
    if (ENDED.includes(job.state)) return
    await pause(wait)
  }
}

async function documentsOf(context: Context, access: LastingAccess, id: string, query: string) {
  const all: BulkDocument[] = []
  for (let from: unknown = 0; typeof from === 'number'; ) {
    const path = `${pathOf(id)}/documents?from=${from}&limit=${PAGE}${query}`
    const page = await askLasting(context, access, { method: 'GET', path })
    const documents = Array.isArray(page.documents) ? (page.documents as readonly BulkDocument[]) : []
    const areWhole = documents.every((one) => Number.isInteger(one.number) && typeof one.state === 'string')
    if (!areWhole || (page.next !== undefined && page.next === from)) throw invalid(access.url, path)
    all.push(...documents)
    from = page.next
  }
  return all
}

async function jobAt(
  context: Context,
  access: LastingAccess,
  asked: Pick<Asked, 'method' | 'path' | 'body' | 'idempotencyKey'>,
): Promise<BulkJob> {
  const { id, state, counts } = await askLasting(context, access, { ...asked, language: context.texts.language })
  const isCounts = typeof counts === 'object' && counts !== null
  if (typeof id !== 'string' || typeof state !== 'string' || !isCounts) throw invalid(access.url, asked.path)
  return { id, state, counts: counts as BulkJob['counts'] }
}

/** With a token that is good now: a bulk job may take longer than one lasts. */
function askLasting(context: Context, access: LastingAccess, asked: Omit<Asked, 'maxBytes'>) {
  const { url } = access
  return stubbornly(context, url, async () => askObject(url, { ...asked, token: await access.token() }))
}

function pathOf(id: string): string {
  return `/v1/bulk-jobs/${encodeURIComponent(id)}`
}

function invalid(url: string, what: string): CliError {
  return new CliError('GATEWAY_ANSWER_INVALID', { url, what })
}
