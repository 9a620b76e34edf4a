import { digest } from './digest'
import { institutionId } from './identifiers'
import { format, list, object, pattern, type TypeOf, text, word } from './schema'

/** What an institution is to the consortium; it decides whose word counts as independent. */
export const INSTITUTION_KINDS = ['agency', 'enterprise', 'court'] as const
export const institutionKind = word(...INSTITUTION_KINDS)
export type InstitutionKind = TypeOf<typeof institutionKind>

/** A name in the two languages of the screens. */
export const names = object({ en: text(120), zh: text(60) })
export type Names = TypeOf<typeof names>

/** An organisation on the channel, as the ledger's register has it. Names come from here, never from a certificate. */
export const institutionSchema = object({
  id: institutionId,
  kind: institutionKind,
  names,
  /** Digests of the DER of the institution's seal CA certificates. */
  sealCas: list(digest, 16),
  type: pattern<'cinnabar.institution.v1'>(/^cinnabar\.institution\.v1$/, 'cinnabar.institution.v1'),
})
export type Institution = TypeOf<typeof institutionSchema>
export const InstitutionFormat = format<Institution>(institutionSchema, 8192)
