import { z } from 'zod'
import { Count, DigestShape, InstitutionIdShape, named, SealIdShape, TimeShape } from './named'

const common = { institution: InstitutionIdShape, type: z.literal('cinnabar.entry.v1') }

/** One leaf of an institution's log: FORMAT.md, "Entry". */
export const EntryShape = named(
  'LogEntry',
  z.discriminatedUnion('kind', [
    z.object({
      ...common,
      kind: z.literal('sealSignature'),
      seal: SealIdShape,
      useNumber: Count,
      tokenTime: TimeShape,
      certificate: DigestShape,
      sealRecord: DigestShape,
      commitment: DigestShape,
    }),
    z.object({ ...common, kind: z.literal('deposit'), tokenTime: TimeShape, commitment: DigestShape }),
    z.object({
      ...common,
      kind: z.literal('register'),
      change: z.string().describe('What was changed, such as sealRegistered.'),
      subject: z.string(),
      record: DigestShape,
    }),
  ]),
)
