import { REVOCATION_REASONS } from '@cinnabar/core'
import { z } from 'zod'
import { Count, named, TimeShape } from './named'

/** RFC 5280 5.3.1, as far as seal certificates know them. */
export const RevocationReasonShape = named('RevocationReason', z.enum(REVOCATION_REASONS))

/** A revocation as the register has it. */
export const RevocationShape = named(
  'Revocation',
  z.object({
    declaredAt: TimeShape,
    disputedFrom: Count,
    invalidityDate: TimeShape,
    ratified: z.array(z.object({ from: Count, to: Count })).optional(),
    reason: RevocationReasonShape,
  }),
)
