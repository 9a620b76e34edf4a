import { DerError } from '../encode/der'
import { type DigestName, type KeyKind, readKeyKind, readSignatureScheme } from '../x509/algorithm'
import { X509Error } from '../x509/x509-error'

/** NIST SP 800-131A rev. 2: what offers less than 112 bits was not to be signed with from 2014 on. */
const BELOW_112 = new Date('2014-01-01T00:00:00Z')
/** NIST SP 800-57 part 1 rev. 5, table 4: 112 bits do until the end of 2030. */
const BELOW_128 = new Date('2031-01-01T00:00:00Z')

const DIGESTS_UNTIL: Readonly<Partial<Record<DigestName, Date>>> = { 'SHA-1': BELOW_112 }

/** RSA by the bits of its modulus (NIST SP 800-57 part 1, table 2); every supported curve offers 128 bits or more. */
function keyUntil(key: KeyKind): Date | undefined {
  if (key.kind === 'ec') return undefined
  const bits = key.modulusBytes * 8
  return bits < 2048 ? BELOW_112 : bits < 3072 ? BELOW_128 : undefined
}

/** An algorithm that was too weak at the time asked for, and since when. */
export interface Weakness {
  readonly algorithm: string
  readonly until: Date
}

function weakness(algorithm: string, until: Date | undefined, at: Date): Weakness | undefined {
  return until === undefined || at < until ? undefined : { algorithm, until }
}

/**
 * Whether a signature's algorithms still resist at a time by which it existed (EN 319 102-1 5.2.8 and 5.6.3).
 * @param algorithmIdentifier - DER, of the signature.
 * @param spki - of the signer's key.
 * @param digestOid - the digest named beside it in CMS.
 * @returns `undefined` also for what cannot be read: that it is unsupported is for others to say.
 */
export function signatureWeakness(
  signed: { readonly algorithmIdentifier: Uint8Array; readonly spki: Uint8Array; readonly digestOid?: string },
  at: Date,
): Weakness | undefined {
  try {
    const { digest } = readSignatureScheme(signed.algorithmIdentifier, signed.digestOid, 'past')
    const key = readKeyKind(signed.spki, 'past')
    const name = key.kind === 'rsa' ? `RSA ${key.modulusBytes * 8}` : key.curve
    return weakness(digest, DIGESTS_UNTIL[digest], at) ?? weakness(name, keyUntil(key), at)
  } catch (refusal) {
    if (refusal instanceof X509Error || refusal instanceof DerError) return undefined
    throw refusal
  }
}

/** {@link signatureWeakness} of a digest alone: of a timestamp's imprint. */
export function digestWeakness(digest: DigestName, at: Date): Weakness | undefined {
  return weakness(digest, DIGESTS_UNTIL[digest], at)
}
