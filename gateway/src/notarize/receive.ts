import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import { checksHere } from '../checks/perform'
import { newId } from './idempotency'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { DocumentRecord } from './records'

/** A document as it comes in. */
export interface Upload {
  readonly institution: InstitutionId
  readonly user: string
  /** As the user calls it; shown, never used as a path. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** A stored record with its id. */
export interface Identified<T> {
  readonly id: string
  readonly value: T
}

/** What is larger is read in another process: here it could keep everybody waiting. */
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
  const pages = await pagesOf(checks, upload.bytes)
  const sha256 = await files.put(upload.bytes)
  const value: DocumentRecord = {
    institution: upload.institution,
    name: upload.name,
    bytes: upload.bytes.length,
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

function pagesOf(checks: Surroundings['checks'], pdf: Uint8Array): Promise<number> {
  return pdf.length > MAX_BYTES_HERE ? checks.pages(pdf) : checksHere().pages(pdf)
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

/** The document's bytes as they stand: the last anchored revision. */
export async function fileOf(
  { files }: Pick<Surroundings, 'files'>,
  document: Identified<DocumentRecord>,
): Promise<Uint8Array> {
  const { revisions } = document.value
  const bytes = await files.get(revisions[revisions.length - 1].sha256)
  if (bytes !== undefined) return bytes
  throw new NotarizeError('INTERNAL', 'a stored file is missing', { document: document.id })
}
