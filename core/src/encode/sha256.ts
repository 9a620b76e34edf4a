import { sha256 as small } from '@noble/hashes/sha2'
import { subtle } from './subtle'

/**
 * SHA-256 of a record, at once. For records of up to a few kilobytes: WebCrypto's round trip costs more there.
 * @returns 32 bytes.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  return small(bytes)
}

/**
 * Digest of a record by a named algorithm; SHA-256 at once, the others by WebCrypto.
 * @param algorithm - `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`.
 */
export async function digestOfRecord(algorithm: string, bytes: Uint8Array): Promise<Uint8Array> {
  return algorithm === 'SHA-256' ? small(bytes) : new Uint8Array(await subtle().digest(algorithm, bytes))
}

/**
 * SHA-256 of a document, by WebCrypto, which is ten times as fast on large input.
 * @returns 32 bytes.
 */
export async function sha256OfDocument(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle().digest('SHA-256', bytes))
}
