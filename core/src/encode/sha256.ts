import { sha256 as small } from '@noble/hashes/sha2'
import { toHex } from './bytes'
import { hashAtOnce, subtle } from './subtle'

const native = hashAtOnce()

/**
 * SHA-256 of a record, at once: by the platform where it can, else in JavaScript. For records of up to a few kilobytes:
 * WebCrypto's round trip costs more there.
 * @returns 32 bytes.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  return native === undefined ? small(bytes) : new Uint8Array(native('sha256', bytes, 'buffer'))
}

/** {@link sha256} as lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return native === undefined ? toHex(small(bytes)) : native('sha256', bytes, 'hex')
}

/**
 * Digest of a record by a named algorithm; SHA-256 at once, so that who needs it for a signature need not wait before the
 * platform is set to work; the others by WebCrypto.
 * @param algorithm - `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`.
 */
export function digestOfRecord(algorithm: string, bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
  if (algorithm === 'SHA-256') return sha256(bytes)
  return subtle()
    .digest(algorithm, bytes)
    .then((digest) => new Uint8Array(digest))
}

/** Handing less than this to another thread takes longer than hashing it. */
const AT_ONCE_BYTES = 1 << 16

/**
 * SHA-256 of a document: by WebCrypto, which is ten times as fast on large input as JavaScript; of a short one at once where
 * the platform can.
 * @returns 32 bytes.
 */
export async function sha256OfDocument(bytes: Uint8Array): Promise<Uint8Array> {
  if (native !== undefined && bytes.length <= AT_ONCE_BYTES) return sha256(bytes)
  return new Uint8Array(await subtle().digest('SHA-256', bytes))
}
