import type { InstitutionId, SealId, Time } from '@cinnabar/core'
import type { Store } from '../store/store'
import type { Identified } from './receive'
import { findAll } from './records'

/** States of a bulk job: it takes documents while `open`, and lets those under way end while `cancelling`. */
export const BULK_STATES = ['open', 'sealing', 'cancelling', 'ended', 'cancelled'] as const
export type BulkState = (typeof BULK_STATES)[number]

/** States in which documents are on their way. */
export const BULK_AT_WORK: readonly BulkState[] = ['sealing', 'cancelling']
/** States that no bulk job leaves. */
export const BULK_ENDED: readonly BulkState[] = ['ended', 'cancelled']

/** Many documents to be sealed with one seal. */
export interface BulkJobRecord {
  readonly institution: InstitutionId
  readonly requestedBy: string
  /** Who had it begin: its seals are set by that user's word. */
  readonly startedBy?: string
  readonly seal: SealId
  /** As in a single request: from 1; the last page unless given. */
  readonly page?: number
  readonly xMm?: number
  readonly yMm?: number
  readonly reason?: string
  /** Of its documents; their numbers go from 0 to below it. */
  readonly count: number
  /** Of the documents that came so far, together. */
  readonly bytes: number
  readonly state: BulkState
  /** Ends of documents so far, each of which is an event; a crash may leave numbers out. */
  readonly events: number
  /** When it came into each state. */
  readonly times: Readonly<Partial<Record<BulkState, Time>>>
  /** How many documents came into each state, once it is over. */
  readonly counts?: BulkCounts
  /** It ended, and who wants to hear of that was not told yet. */
  readonly untold?: 'yes'
}

/** States of a bulk job's document: of its job, and before and beside that. */
export const BULK_DOCUMENT_STATES = [
  'missing',
  'received',
  'sealed',
  'submitted',
  'anchored',
  'refused',
  'failed',
  'cancelled',
] as const
export type BulkDocumentState = (typeof BULK_DOCUMENT_STATES)[number]

/** Documents in each state; those on their way count as `received`. */
export type BulkCounts = Readonly<Partial<Record<BulkDocumentState, number>>>

/** How one document of a bulk job ended. */
export interface BulkEnd {
  readonly state: 'anchored' | 'refused' | 'failed'
  readonly code?: string
  readonly detail?: string
  /** Its place among the ends of its bulk job, from 1. */
  readonly event: number
}

/** One document of a bulk job. */
export interface BulkDocumentRecord {
  readonly institution: InstitutionId
  readonly bulk: string
  /** From 0. */
  readonly number: number
  readonly name: string
  /** Of the upload, in hexadecimal. */
  readonly sha256: string
  readonly bytes: number
  readonly document: string
  /** The job that seals it; the id is fixed before the job is there, so that nothing is sealed twice. */
  readonly job: string
  readonly end?: BulkEnd
}

/** The id that a bulk job's document is kept under; ids sort by number. */
export function bulkDocumentId(bulk: string, number: number): string {
  return `${bulk}/${String(number).padStart(5, '0')}`
}

/** The documents of a bulk job that came so far, by number. */
export async function documentsOfBulk(store: Store, bulk: string): Promise<readonly Identified<BulkDocumentRecord>[]> {
  return findAll<BulkDocumentRecord>(store, 'bulkDocuments', 'bulk', bulk)
}
