import { z } from 'zod'
import { HexIdShape, InstitutionIdShape, named, SealIdShape, TimeShape } from './named'

/** States of a job; `anchored`, `refused` and `failed` end it. */
export const JobStateShape = z.enum(['received', 'sealed', 'submitted', 'anchored', 'refused', 'failed'])

/** A request to seal, and how far it has come. */
export const JobShape = named(
  'Job',
  z.object({
    id: z.string(),
    institution: InstitutionIdShape,
    document: z.string(),
    seal: SealIdShape,
    page: z.int().min(1),
    xMm: z.number().describe('From the left edge of the page as shown to that of the seal.'),
    yMm: z.number().describe('From the upper edge of the page as shown to that of the seal.'),
    scale: z.number(),
    reason: z.string().optional(),
    requestedBy: z.string(),
    sealSignature: HexIdShape.describe('The id of this use of the seal.'),
    state: JobStateShape,
    times: z.partialRecord(JobStateShape, TimeShape).describe('When it came into each state.'),
    code: z.string().optional().describe('Why it was refused or failed.'),
    detail: z.string().optional(),
    advice: z.string().optional(),
    waitingFor: z.string().optional().describe('The code of what keeps it from getting further at the moment.'),
    evidence: z.string().optional().describe('Where its evidence is, once it is anchored.'),
  }),
)
