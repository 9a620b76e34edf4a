import { type Digest, digestBytes, digestOf, type InstitutionId, isOver, parseToken } from '@cinnabar/core'
import { TsaError } from '../tsa/authority'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'

/** RFC 3161 with SHA-256. */
const SHA256_OID = '2.16.840.1.101.3.4.2.1'

/** As {@link timestampOver}, over the SHA-256 of `bytes`. */
export function timestamp(
  env: Pick<Surroundings, 'timestampAuthorities'>,
  institution: InstitutionId,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  return timestampOver(env, institution, digestOf(bytes))
}

/**
 * An RFC 3161 token over a digest, from the first authority of another institution that answers: an
 * institution's own authority proves no time for its seals.
 * @returns TimeStampToken, DER, whose imprint was compared here.
 * @throws {@link NotarizeError} `TIMESTAMP_AUTHORITY_MISSING`; {@link TsaError} the last authority's refusal.
 */
export async function timestampOver(
  { timestampAuthorities }: Pick<Surroundings, 'timestampAuthorities'>,
  institution: InstitutionId,
  imprint: Digest,
): Promise<Uint8Array> {
  const digest = digestBytes(imprint)
  let last: unknown = new NotarizeError(
    'TIMESTAMP_AUTHORITY_MISSING',
    `no timestamp authority but ${institution}'s own is configured`,
    { institution },
  )
  for (const authority of timestampAuthorities) {
    if (authority.institution === institution) continue
    try {
      const token = await authority.token(digest)
      if (isOver(parseToken(token), { oid: SHA256_OID, digest })) return token
      last = new TsaError('TSA_INVALID', 'the token is over something else', { authority: authority.institution })
    } catch (cause) {
      last = cause
    }
  }
  throw last
}
