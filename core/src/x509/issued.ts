import { concat } from '../encode/bytes'
import type { Der } from '../encode/der'
import { keepRecent } from '../encode/keep-recent'
import { sha256Hex } from '../encode/sha256'
import type { Acceptance } from './algorithm'
import { verifySignature } from './signature'

/** What an issuer signs: a certificate or a CRL. */
export interface Issued {
  readonly tbs: Der
  readonly signatureAlgorithm: Der
  readonly signature: Uint8Array
}

/** The same few authorities issue what thousands of seals bring along: so many of their signatures stay known as good. */
const MAX_KNOWN = 512
/** Above this, hashing takes longer than the verification that it would save. */
const MAX_HASHED_BYTES = 4096
const known = new Map<string, true>()

/**
 * Whether the key of `spki` signed it. A signature found good is remembered by SHA-256 of everything that was verified, so
 * that the answer is that of {@link verifySignature} for the very same bytes; a bad one is judged anew each time.
 * @throws as {@link verifySignature} does.
 */
export async function isIssuedBy(
  { tbs, signatureAlgorithm, signature }: Issued,
  spki: Der,
  acceptance: Acceptance = 'current',
): Promise<boolean> {
  // DER says its own length; the signature comes last: no two inputs run together into the same bytes.
  const hash = tbs.length > MAX_HASHED_BYTES ? undefined : sha256Hex(concat(spki, signatureAlgorithm, tbs, signature))
  // What was good by algorithms of the past is not thereby good by those of today.
  const key = hash === undefined ? undefined : `${acceptance} ${hash}`
  if (key !== undefined && known.has(key)) return true
  const valid = await verifySignature(signatureAlgorithm, spki, tbs, signature, undefined, acceptance)
  if (valid && key !== undefined) keepRecent(known, MAX_KNOWN, key, true)
  return valid
}
