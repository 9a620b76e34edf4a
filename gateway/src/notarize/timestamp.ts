import {
  type Digest,
  digestBytes,
  digestOf,
  type InstitutionId,
  isOver,
  parseToken,
  type TimestampToken,
} from '@cinnabar/core'
import { TsaError } from '../tsa/authority'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'

/** RFC 3161 with SHA-256. */
const SHA256_OID = '2.16.840.1.101.3.4.2.1'

/** As {@link timestampOver}, over the SHA-256 of `bytes`. */
export async function timestamp(
  env: Pick<Surroundings, 'timestampAuthorities'>,
  institution: InstitutionId,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  return (await timestampOver(env, institution, digestOf(bytes))).der
}

/**
 * An RFC 3161 token over a digest, from the first authority of another institution that answers: an
 * institution's own authority proves no time for its seals.
 * @returns the token, whose imprint was compared here.
 * @throws {@link NotarizeError} `TIMESTAMP_AUTHORITY_MISSING`; {@link TsaError} the last authority's refusal.
 */
export async function timestampOver(
  { timestampAuthorities }: Pick<Surroundings, 'timestampAuthorities'>,
  institution: InstitutionId,
  imprint: Digest,
): Promise<TimestampToken> {
  const digest = digestBytes(imprint)
  let last: unknown
  for (const authority of timestampAuthorities) {
    if (authority.institution === institution) continue
    try {
      const token = parseToken(await authority.token(digest))
      if (isOver(token, { oid: SHA256_OID, digest })) return token
      last = new TsaError('TSA_INVALID', 'the token is over something else', { authority: authority.institution })
    } catch (cause) {
      last = cause
    }
  }
  if (last !== undefined) throw last
  const text = `no timestamp authority but ${institution}'s own is configured`
  throw new NotarizeError('TIMESTAMP_AUTHORITY_MISSING', text, { institution })
}
