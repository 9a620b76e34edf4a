import type {
  Digest,
  InstitutionId,
  LogEntry,
  Receipt,
  Seal,
  SealId,
  SealSignatureId,
  SealUse,
  Time,
} from '@cinnabar/core'
import type { Collection, Store, Stored } from '../store/store'
import { NotarizeError } from './notarize-error'

/** One state of a document's bytes: as uploaded, or with one more seal. */
export interface RevisionRecord {
  /** SHA-256 of the bytes, hexadecimal: the file's name in the FileStore. */
  readonly sha256: string
  /** The seal set by this revision; absent for the upload. */
  readonly sealSignature?: SealSignatureId
}

/** An uploaded document; it belongs to the institution whose user uploaded it. */
export interface DocumentRecord {
  readonly institution: InstitutionId
  readonly name: string
  /** Of the upload, in bytes. */
  readonly bytes: number
  readonly sha256: string
  readonly pages: number
  readonly createdBy: string
  readonly createdAt: Time
  /** Oldest first; the last is what is downloaded. */
  readonly revisions: readonly RevisionRecord[]
  /** The job that is sealing it. */
  readonly busyWith?: string
}

export type JobState = 'received' | 'sealed' | 'submitted' | 'anchored' | 'refused' | 'failed'

/** States that no job leaves. */
export const ENDED: readonly JobState[] = ['anchored', 'refused', 'failed']

/** One request to seal. */
export interface JobRecord {
  readonly document: string
  readonly institution: InstitutionId
  readonly seal: SealId
  /** From 1. */
  readonly page: number
  /** Millimetres from the top left corner of the page as shown to that of the seal. */
  readonly xMm: number
  readonly yMm: number
  /** 1, or less on a page too small for two seals. */
  readonly scale: number
  readonly reason?: string
  readonly requestedBy: string
  /** Fixed with the request, so that a repeated step cannot make a second use. */
  readonly sealSignature: SealSignatureId
  readonly state: JobState
  /** The last batch that it went to the ledger in. */
  readonly batch?: string
  /** Why it was refused or failed. */
  readonly code?: string
  readonly detail?: string
  /** When it came into each state. */
  readonly times: Readonly<Partial<Record<JobState, Time>>>
  /** It ended, and who wants to hear of that was not told yet. */
  readonly untold?: 'yes'
}

/** One use of a seal with all that proves it. */
export interface SealSignatureRecord {
  readonly job: string
  /** What the QR code on the page says of it. */
  readonly printedCode: string
  readonly institution: InstitutionId
  readonly seal: SealId
  readonly use: SealUse
  /** X.509 DER in base64: the SealCertificate, then its issuers. */
  readonly certificates: readonly string[]
  /** The sealed file. */
  readonly fileSha256: string
  /** `sha256:` and {@link fileSha256}: the revision's digest, as it is looked for. */
  readonly digest: Digest
  /** Once anchored, at one or more sizes of the log. */
  readonly receipts: readonly Receipt[]
}

/** `submitted` until it is known to be in the log (`landed`), or to be never in it (`superseded`). */
export type BatchState = 'submitted' | 'landed' | 'superseded'

/** Uses that go to the ledger together; durable before they go. */
export interface BatchRecord {
  readonly institution: InstitutionId
  readonly state: BatchState
  /** Size of the log when the batch was made: index of its first entry if it lands. */
  readonly expectedSize: number
  /** Ids of the seal signatures and deposits, in the order of the entries. */
  readonly uses: readonly SealSignatureId[]
  /** The parts of requests that its deposits came with. */
  readonly parts: readonly string[]
  readonly entries: readonly LogEntry[]
  /** The records in force of the seals used. */
  readonly seals: readonly Seal[]
  /** The head that it led to, once it landed. */
  readonly head?: { readonly size: number; readonly root: Digest }
}

const MAX_ATTEMPTS = 50

/**
 * Compare-and-set: reads, asks `next`, writes, and again if somebody else wrote between.
 * @param next - the new value, or undefined to leave it as it is.
 * @returns the value in force, or undefined when there is no such record.
 * @throws {@link NotarizeError} `RECORD_CONTENDED` after 50 lost races.
 */
export async function change<T>(
  store: Store,
  collection: Collection,
  id: string,
  next: (value: T) => T | undefined,
): Promise<T | undefined> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const found = await store.get<T>(collection, id)
    if (found === undefined) return undefined
    const value = next(found.value)
    if (value === undefined) return found.value
    if (await store.replace(collection, id, found.version, value)) return value
  }
  throw new NotarizeError('RECORD_CONTENDED', `${collection}/${id} changes all the time`, { collection, id })
}

/** Writes a setting of the gateway's own, whatever it was before. */
export async function setSetting<T>(store: Store, id: string, value: T): Promise<void> {
  if (await store.insert('settings', id, value)) return
  await change<T>(store, 'settings', id, () => value)
}

const PAGE = 500

/** All documents whose indexed field has the value. */
export async function findAll<T>(
  store: Store,
  collection: Collection,
  field: string,
  equals: string,
): Promise<readonly Stored<T>[]> {
  const all: Stored<T>[] = []
  for (let after: string | undefined; ; ) {
    const page = await store.find<T>(collection, {
      field,
      equals,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    all.push(...page)
    if (page.length < PAGE) return all
    after = page[page.length - 1].id
  }
}

/**
 * All documents in any of the states, each once. All are read before this resolves: whoever carries one on while it looks
 * for others would meet it again in its next state.
 */
export async function findInStates<T>(
  store: Store,
  collection: Collection,
  states: readonly string[],
): Promise<readonly Stored<T>[]> {
  const found = new Map<string, Stored<T>>()
  for (const state of states) {
    for (const one of await findAll<T>(store, collection, 'state', state)) found.set(one.id, one)
  }
  return [...found.values()]
}
