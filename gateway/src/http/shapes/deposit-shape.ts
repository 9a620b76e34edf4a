import { z } from 'zod'
import { Count, DigestShape, HexIdShape, InstitutionIdShape, named, TimeShape } from './named'

/** States of a deposit; `anchored`, `refused` and `failed` end it. */
export const DepositStateShape = z.enum(['received', 'timestamped', 'submitted', 'anchored', 'refused', 'failed'])

const WHY = {
  code: z.string().optional().describe('Why it was refused or failed.'),
  detail: z.string().optional(),
  advice: z.string().optional(),
  waitingFor: z.string().optional().describe('The code of what keeps it from getting further at the moment.'),
}

/** One deposited file, by its digest. */
export const DepositShape = named(
  'Deposit',
  z.object({
    id: HexIdShape,
    institution: InstitutionIdShape,
    digest: DigestShape.describe('Of the file.'),
    name: z.string().optional(),
    job: HexIdShape,
    requestedBy: z.string(),
    state: DepositStateShape,
    times: z.partialRecord(DepositStateShape, TimeShape).describe('When it came into each state.'),
    index: Count.optional().describe("Its entry's place in the institution's log."),
    ...WHY,
    evidence: z.string().optional().describe('Where its evidence is, once it is anchored.'),
  }),
)

/** One deposit in the list of a job. */
export const DepositLineShape = named(
  'DepositLine',
  z.object({
    id: HexIdShape,
    digest: DigestShape,
    name: z.string().optional(),
    state: DepositStateShape,
    since: TimeShape.optional(),
  }),
)

const JOB = {
  id: HexIdShape,
  institution: InstitutionIdShape,
  requestedBy: z.string(),
  receivedAt: TimeShape,
  count: Count.describe('How many deposits it is of.'),
  state: DepositStateShape.describe('The least advanced of its deposits; at the end, the worst.'),
  counts: z.partialRecord(DepositStateShape, Count).describe('How many are in each state.'),
  ...WHY,
}

/** A request to deposit files, and how far it has come. */
export const DepositJobShape = named('DepositJob', z.object(JOB))

/** The same in a list. */
export const ListedDepositJobShape = named(
  'ListedDepositJob',
  z.object({ ...JOB, name: z.string().optional().describe('Of its first file, where it was given.') }),
)

/** The same with all of its deposits, in the order of the request. */
export const DepositedShape = named('Deposited', z.object({ ...JOB, deposits: z.array(DepositLineShape) }))
