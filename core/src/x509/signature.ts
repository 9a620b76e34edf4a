import { latin1 } from '../encode/bytes'
import type { Der } from '../encode/der'
import { keepRecent } from '../encode/keep-recent'
import { type PublicKey, subtle, verifyEcdsaSignature } from '../encode/subtle'
import { type Acceptance, type KeyKind, readKeyKind, readSignatureScheme, type SignatureScheme } from './algorithm'
import { ecdsaSignatureToRaw } from './ecdsa'
import { X509Error } from './x509-error'

/** Importing a key costs more than one verification with it; these many stay imported. */
const MAX_CACHED_KEYS = 64
const cache = new Map<string, PublicKey>()

function importAlgorithm(scheme: SignatureScheme, key: KeyKind): Readonly<Record<string, unknown>> {
  if (key.kind === 'ec') return { name: 'ECDSA', namedCurve: key.curve }
  return { name: scheme.kind === 'rsa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: scheme.digest }
}

async function importFresh(scheme: SignatureScheme, key: KeyKind, spki: Der): Promise<PublicKey> {
  try {
    return await subtle().importKey('spki', spki, importAlgorithm(scheme, key), false, ['verify'])
  } catch (cause) {
    throw new X509Error('KEY_INVALID', 'the platform refuses the public key', {}, cause)
  }
}

/** Without waiting where the key is known: the platform then begins to verify while the caller goes on. */
function imported(scheme: SignatureScheme, key: KeyKind, spki: Der): PublicKey | Promise<PublicKey> {
  const name = `${key.kind === 'ec' ? 'ec' : `${scheme.kind} ${scheme.digest}`} ${latin1(spki)}`
  const known = cache.get(name)
  if (known === undefined)
    return importFresh(scheme, key, spki).then((fresh) => keepRecent(cache, MAX_CACHED_KEYS, name, fresh))
  return keepRecent(cache, MAX_CACHED_KEYS, name, known)
}

async function verifyEcdsa(scheme: SignatureScheme, key: KeyKind, input: SignatureInput): Promise<boolean> {
  if (key.kind !== 'ec') throw new X509Error('ALGORITHM_MISMATCH', 'an ECDSA signature by a key of another kind')
  const found = imported(scheme, key, input.spki)
  const publicKey = found instanceof Promise ? await found : found
  let raw: Uint8Array
  try {
    raw = ecdsaSignatureToRaw(input.signature, key.curve)
  } catch (refusal) {
    if (refusal instanceof X509Error && refusal.code === 'SIGNATURE_INVALID') return false
    throw refusal
  }
  return verifyEcdsaSignature(scheme.digest, input.message, publicKey, raw)
}

async function verifyRsa(scheme: SignatureScheme, key: KeyKind, input: SignatureInput): Promise<boolean> {
  if (key.kind !== 'rsa') throw new X509Error('ALGORITHM_MISMATCH', 'an RSA signature by a key of another kind')
  const found = imported(scheme, key, input.spki)
  const publicKey = found instanceof Promise ? await found : found
  if (input.signature.length !== key.modulusBytes) return false
  const algorithm =
    scheme.kind === 'rsa-pss' ? { name: 'RSA-PSS', saltLength: scheme.saltBytes } : { name: 'RSASSA-PKCS1-v1_5' }
  return subtle().verify(algorithm, publicKey, input.signature, input.message)
}

interface SignatureInput {
  readonly spki: Der
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/**
 * Whether `signature` over `message` was made by the key of `spki`. Hashing is done here.
 * ECDSA on P-256, P-384 and P-521, RSA PKCS #1 v1.5 and PSS of 2048 to 8192 bits, each with SHA-256, SHA-384 or SHA-512.
 * An ECDSA signature must be strict DER with r and s from 1 to n - 1; high s is accepted (see {@link isLowS}).
 * @param algorithmIdentifier - DER AlgorithmIdentifier of the signature.
 * @param digestOid - the digest named beside it in CMS; required when the identifier is plain `rsaEncryption`.
 * @returns false for a wrong or malformed signature.
 * @throws {@link X509Error} `ALGORITHM_UNSUPPORTED`; `ALGORITHM_MISMATCH` when key, algorithm and digest contradict
 * each other; `KEY_INVALID` when the key is not on its curve or otherwise refused by the platform.
 * @throws {@link DerError} when the identifier or the key is not DER.
 */
export async function verifySignature(
  algorithmIdentifier: Der,
  spki: Der,
  message: Uint8Array,
  signature: Uint8Array,
  digestOid?: string,
  acceptance: Acceptance = 'current',
): Promise<boolean> {
  const scheme = readSignatureScheme(algorithmIdentifier, digestOid, acceptance)
  const key = readKeyKind(spki, acceptance)
  const input = { spki, message, signature }
  return scheme.kind === 'ecdsa' ? verifyEcdsa(scheme, key, input) : verifyRsa(scheme, key, input)
}
