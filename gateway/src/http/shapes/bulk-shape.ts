import { z } from 'zod'
import { BULK_DOCUMENT_STATES, BULK_STATES } from '../../notarize/bulk-records'
import { FileDigestShape } from './document-shape'
import { Count, HexIdShape, InstitutionIdShape, named, SealIdShape, TimeShape } from './named'

/** It takes documents while `open`; `ended` and `cancelled` are its ends. */
export const BulkStateShape = z.enum(BULK_STATES)
/** As a job's; besides `missing` before the upload, and `cancelled` where the bulk job was before its turn. */
export const BulkDocumentStateShape = z.enum(BULK_DOCUMENT_STATES)

/** Many documents to be sealed with one seal, and how far that has come. */
export const BulkJobShape = named(
  'BulkJob',
  z.object({
    id: HexIdShape,
    institution: InstitutionIdShape,
    requestedBy: z.string(),
    startedBy: z.string().optional().describe('Who had it begin: its seals are recorded as asked for by that user.'),
    seal: SealIdShape,
    page: z.int().min(1).optional(),
    xMm: z.number().optional(),
    yMm: z.number().optional(),
    reason: z.string().optional(),
    count: Count.describe('Of its documents; their numbers go from 0 to below it.'),
    bytes: Count.describe('Of the documents uploaded so far, together.'),
    state: BulkStateShape,
    counts: z
      .partialRecord(BulkDocumentStateShape, Count)
      .describe('How many documents are in each state; those under way count as `received`.'),
    times: z.partialRecord(BulkStateShape, TimeShape).describe('When it came into each state.'),
    waitingFor: z.string().optional().describe('The code of what keeps it from getting further at the moment.'),
  }),
)

/** One document of a bulk job. */
export const BulkDocumentShape = named(
  'BulkDocument',
  z.object({
    number: Count.describe('From 0: its place in the bulk job.'),
    state: BulkDocumentStateShape,
    name: z.string().optional(),
    sha256: FileDigestShape.optional().describe('Of the upload.'),
    bytes: Count.optional(),
    document: HexIdShape.optional(),
    job: HexIdShape.optional().describe('The job that seals it.'),
    sealSignature: HexIdShape.optional().describe('The id of this use of the seal.'),
    code: z.string().optional().describe('Why it was refused or failed.'),
    detail: z.string().optional(),
    advice: z.string().optional(),
    file: z.string().optional().describe('Where the sealed file is, once it is anchored.'),
    evidence: z.string().optional().describe('Where its evidence is, once it is anchored.'),
  }),
)
