import { z } from 'zod'
import {
  Count,
  DigestShape,
  InstitutionIdShape,
  named,
  SealIdShape,
  SealKindShape,
  SealStatusShape,
  TimeShape,
} from './named'

/** A seal as the register has it, with its count of uses. */
export const SealShape = named(
  'Seal',
  z.object({
    id: SealIdShape,
    institution: InstitutionIdShape,
    kind: SealKindShape,
    displayName: z.string(),
    status: SealStatusShape,
    since: TimeShape.optional(),
    notBefore: TimeShape,
    notAfter: TimeShape,
    suspensions: z.array(z.object({ from: TimeShape, to: TimeShape.optional() })),
    certificate: DigestShape,
    appearance: DigestShape,
    widthUm: Count,
    heightUm: Count,
    type: z.literal('cinnabar.seal.v1'),
    uses: Count,
  }),
)
