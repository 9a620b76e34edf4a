import { CodedError } from '@cinnabar/core'

/** What the store keeps; each collection's documents are found by id and by the fields it indexes. */
export const COLLECTIONS = {
  documents: ['institution'],
  /** `untold`: ended, and who wants to hear of it was not told yet. */
  jobs: ['institution', 'document', 'state', 'untold'],
  /** SealSignatures with their openings, by SealSignature id. */
  sealSignatures: ['institution', 'job', 'batch', 'digest', 'printedCode'],
  batches: ['institution', 'state'],
  /** Deposits, by their id; `file` is the institution and the file's digest. */
  deposits: ['institution', 'file'],
  depositJobs: ['institution'],
  /** Many documents to be sealed with one seal. */
  bulkJobs: ['institution', 'state', 'untold'],
  /** The documents of bulk jobs, by their job's id and their number. */
  bulkDocuments: ['institution', 'bulk'],
  /** Idempotency-Keys, by the digest of whose they are; `day` is the UTC date on which each came first. */
  requestKeys: ['day'],
  /** What of a deposit job goes through the flow together. */
  depositParts: ['institution', 'state', 'untold'],
  /** The TimestampTokens of a part, by its id. */
  depositTokens: ['institution'],
  /** Signed statements of the heads that deposits landed with. */
  heads: ['institution'],
  /** How containers of evidence were closed, by what they are of: an unchanged record is timestamped once. */
  closings: ['institution'],
  /** Roots of perfect subtrees of each log, for paths. */
  nodes: ['institution'],
  users: ['institution'],
  /** Log-ins that refresh tokens go on from. */
  families: ['user'],
  apiKeys: ['institution'],
  /** What happened to people and their log-ins. */
  peopleEvents: ['institution'],
  /** Failed log-ins, by the first digits of the digest of who they are of. */
  loginFailures: [],
  keys: ['institution'],
  /** Certificates that the gateway's seal CAs issued, and CRL state. */
  certificates: ['institution', 'authority'],
  /** Addresses that want to be told of events. */
  webhooks: ['institution', 'status'],
  /** What each of them was told, and what waits to be told; `waiting` is the webhook while it waits. */
  webhookDeliveries: ['webhook', 'waiting'],
  settings: [],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type Collection = keyof typeof COLLECTIONS

/** A stored document: JSON, with a version that each replacement raises by one. */
export interface Stored<T> {
  readonly id: string
  readonly version: number
  readonly value: T
}

/**
 * `STORE_IN_USE`: another process has it open. `STORE_UNAVAILABLE`: nothing was written. `STORE_DAMAGED`: what is there
 * cannot be read. `STORE_VALUE_INVALID`: the value has no JSON form, or the id is no text of 1 to 200 characters.
 */
export class StoreError extends CodedError<
  'STORE_UNAVAILABLE' | 'STORE_DAMAGED' | 'STORE_IN_USE' | 'STORE_VALUE_INVALID'
> {}

/** Which documents, and which part of them. */
export interface FindQuery {
  readonly field: string
  readonly equals: string
  readonly after?: string
  readonly limit: number
  readonly order?: 'ascending' | 'descending'
}

/**
 * Durable documents. Every adapter passes `gateway/src/store/store-contract.ts`. Correctness of callers rests on
 * unique-id inserts and single-document compare-and-set only. A resolved write survives a power cut.
 */
export interface Store {
  /** @returns false when a document of that id exists already; nothing is changed then. */
  insert<T>(collection: Collection, id: string, value: T): Promise<boolean>
  get<T>(collection: Collection, id: string): Promise<Stored<T> | undefined>
  /** Replaces if the version is still `version`. @returns false when it is not, or there is no such document. */
  replace<T>(collection: Collection, id: string, version: number, value: T): Promise<boolean>
  /** Documents whose indexed `field` equals `equals`, by id, ascending unless said, after `after` in that order, at most `limit`. */
  find<T>(collection: Collection, query: FindQuery): Promise<readonly Stored<T>[]>
  /** The ids alone of what {@link find} would give: no document is read. */
  ids(collection: Collection, query: Omit<FindQuery, 'order'>): Promise<readonly string[]>
  /** How many documents have this value in the indexed `field`. */
  count(collection: Collection, field: string, equals: string): Promise<number>
  /**
   * Several inserts, each durable when this resolves; not atomic across documents. A document whose id exists already is
   * left as it is.
   */
  insertMany<T>(collection: Collection, documents: readonly { readonly id: string; readonly value: T }[]): Promise<void>
  /** Removes documents, durably when this resolves; an id that is not there is passed over. Not atomic across documents. */
  remove(collection: Collection, ids: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** A file that came in: on the disk, but under no name that anybody asks for, and gone after a crash. */
export interface IncomingFile {
  /** In hexadecimal. */
  readonly sha256: string
  readonly bytes: number
  /** Where a process of this machine reads it until it is kept or dropped. */
  readonly path: string
  /** Stores it durably. @returns {@link sha256}. @throws {@link StoreError} `STORE_UNAVAILABLE`. */
  keep(): Promise<string>
  /** Removes it, unless it was kept. */
  drop(): Promise<void>
}

/** A stored file, piece by piece. */
export interface StreamedFile {
  readonly bytes: number
  /** @throws {@link StoreError} `STORE_DAMAGED` instead of the last piece when the bytes changed. */
  readonly pieces: AsyncIterable<Uint8Array>
}

/** Files by their SHA-256, in hexadecimal: written whole or not at all, never changed. */
export interface FileStore {
  /** Stores the bytes durably. @returns their SHA-256 in hexadecimal. */
  put(bytes: Uint8Array): Promise<string>
  /** @returns undefined when there is no such file. @throws {@link StoreError} `STORE_DAMAGED` when the bytes changed. */
  get(sha256: string): Promise<Uint8Array | undefined>
  /** Takes a file in piece by piece, holding one at a time. @throws whatever the pieces throw; nothing is left then. */
  receive(pieces: AsyncIterable<Uint8Array>): Promise<IncomingFile>
  /** The file piece by piece. @returns undefined when there is no such file. */
  stream(sha256: string): Promise<StreamedFile | undefined>
  /**
   * Stores durably the file with `added` after it, reading it piece by piece. @returns the SHA-256 of both together.
   * @throws {@link StoreError} `STORE_DAMAGED` when the file changed; `STORE_UNAVAILABLE`, also when it is not there.
   */
  extend(sha256: string, added: Uint8Array): Promise<string>
  /** Where a process of this machine reads the file: it must compare the digest itself. */
  pathOf(sha256: string): string
}
