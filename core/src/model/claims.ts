import { path } from './evidence'
import { sealSignatureId } from './identifiers'
import { format, list, object, pattern, type TypeOf, word } from './schema'

/** A fact, by the name of its check; a name that this version does not know is shown, never relied on. */
const claimName = pattern(/^[a-z][A-Za-z0-9-]{0,31}$/, 'the name of a fact')

/** `claims.json`: for each fact of each use or deposit, the members that prove it, and what must come from elsewhere. */
export const claimsSchema = object({
  claims: list(
    object({
      claim: claimName,
      /** What the verifier has to bring: the document where it stays out, the trust file always. */
      needs: list(word('document', 'trust'), 2),
      /** The use or deposit. */
      of: sealSignatureId,
      /** Members of the container. */
      proof: list(path, 256),
    }),
    60_000,
  ),
  type: pattern<'cinnabar.claims.v1'>(/^cinnabar\.claims\.v1$/, 'cinnabar.claims.v1'),
})
export type Claims = TypeOf<typeof claimsSchema>
export type Claim = Claims['claims'][number]
export const ClaimsFormat = format<Claims>(claimsSchema, 16 << 20)
