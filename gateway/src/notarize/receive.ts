import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import type { Checks, PdfSource } from '../checks/checks'
import { fileAt } from '../checks/pdf-source'
import { checksHere } from '../checks/perform'
import type { IncomingFile, StreamedFile } from '../store/store'
import { newId } from './idempotency'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { DocumentRecord } from './records'

/** A document as it comes in: in memory, or, where it may be large, on the disk. */
export type Upload = {
  readonly institution: InstitutionId
  readonly user: string
  /** As the user calls it; shown, never used as a path. */
  readonly name: string
} & ({ readonly bytes: Uint8Array } | { readonly file: IncomingFile })

/** A stored record with its id. */
export interface Identified<T> {
  readonly id: string
  readonly value: T
}

/** What is larger is read in another process: here it could keep everybody waiting, and lie in memory more than once. */
const MAX_BYTES_HERE = 2 << 20

/**
 * Takes a document in: read strictly, so that nothing which could not be sealed safely is kept, then stored by digest.
 * @param id - reserved by an Idempotency-Key: a document that has it already is the answer.
 * @throws {@link PdfError} the file's own code: `PDF_NOT_PDF`, `PDF_EMPTY`, `PDF_DAMAGED`, `PDF_ENCRYPTED`…; {@link CheckError}.
 */
export async function receive(env: Surroundings, upload: Upload, id?: string): Promise<Identified<DocumentRecord>> {
  const { store, files, clock, checks } = env
  const before = id === undefined ? undefined : await store.get<DocumentRecord>('documents', id)
  if (id !== undefined && before !== undefined) return { id, value: before.value }
  const pdf = 'file' in upload ? fileAt(upload.file) : upload.bytes
  const bytes = 'file' in upload ? upload.file.bytes : upload.bytes.length
  const pages = await (bytes > MAX_BYTES_HERE ? checks : checksHere()).pages(pdf)
  const sha256 = 'file' in upload ? await upload.file.keep() : await files.put(upload.bytes)
  const value: DocumentRecord = {
    institution: upload.institution,
    name: upload.name,
    bytes,
    sha256,
    pages,
    createdBy: upload.user,
    createdAt: timeOf(clock.now()) as Time,
    revisions: [{ sha256 }],
  }
  const own = id ?? newId(env)
  if (await store.insert('documents', own, value)) return { id: own, value }
  // The same request at the same time was first.
  const first = await store.get<DocumentRecord>('documents', own)
  return { id: own, value: first?.value ?? value }
}

/**
 * The institution's own document.
 * @throws {@link NotarizeError} `DOCUMENT_UNKNOWN`, also for another institution's: ids tell nothing to strangers.
 */
export async function documentOf(
  { store }: Pick<Surroundings, 'store'>,
  institution: InstitutionId,
  id: string,
): Promise<Identified<DocumentRecord>> {
  const found = await store.get<DocumentRecord>('documents', id)
  if (found?.value.institution === institution) return { id, value: found.value }
  throw new NotarizeError('DOCUMENT_UNKNOWN', 'there is no such document here', { document: id })
}

/** The document's bytes as they stand: the last anchored revision. @throws {@link NotarizeError} `INTERNAL`. */
export async function fileOf(
  { files }: Pick<Surroundings, 'files'>,
  document: Identified<DocumentRecord>,
): Promise<Uint8Array> {
  return (await files.get(lastOf(document))) ?? missing(document)
}

/** As {@link fileOf}, piece by piece. */
export async function streamOf(
  { files }: Pick<Surroundings, 'files'>,
  document: Identified<DocumentRecord>,
): Promise<StreamedFile> {
  return (await files.stream(lastOf(document))) ?? missing(document)
}

/** A document's file as it stands, and who reads it. */
export interface Reading {
  readonly sha256: string
  readonly pdf: PdfSource
  readonly checks: Pick<Checks, 'place' | 'prepare'>
}

/** A small file is read here, a large one where it keeps nobody waiting. @throws {@link NotarizeError} `INTERNAL`. */
export async function readingOf(
  { files, checks }: Pick<Surroundings, 'files' | 'checks'>,
  document: Identified<DocumentRecord>,
): Promise<Reading> {
  const sha256 = lastOf(document)
  const { bytes } = document.value
  if (bytes <= MAX_BYTES_HERE) return { sha256, pdf: await fileOf({ files }, document), checks: checksHere() }
  return { sha256, pdf: { path: files.pathOf(sha256), sha256, bytes }, checks }
}

function lastOf({ value: { revisions } }: Identified<DocumentRecord>): string {
  return revisions[revisions.length - 1].sha256
}

function missing({ id }: Identified<DocumentRecord>): never {
  throw new NotarizeError('INTERNAL', 'a stored file is missing', { document: id })
}
