import type { Der } from '../encode/der'
import { nullValue, oid, sequence } from '../encode/der-write'

/** The algorithms that we sign with. */
export type SignerAlgorithm = 'ecdsa-p256-sha256' | 'rsa-pkcs1-sha256'

/** A private key, wherever it is kept. */
export interface Signer {
  readonly algorithm: SignerAlgorithm
  /** DER SubjectPublicKeyInfo of the public key. */
  readonly spki: Der
  /**
   * Signs; the signer hashes (SHA-256).
   * @returns the signature as X.509 and CMS carry it: for ECDSA a DER Ecdsa-Sig-Value with low s, for RSA the
   * modulus' length in bytes.
   */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** RFC 5758 3.2: ECDSA without parameters; RFC 4055 5: RSA with NULL. */
export function signatureAlgorithmIdentifier(algorithm: SignerAlgorithm): Der {
  if (algorithm === 'ecdsa-p256-sha256') return sequence(oid('1.2.840.10045.4.3.2'))
  return sequence(oid('1.2.840.113549.1.1.11'), nullValue())
}
