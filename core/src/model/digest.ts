import { fromHex, toHex } from '../encode/bytes'
import { FormatError, type Json } from '../encode/canonical'
import { sha256Hex, sha256OfDocument } from '../encode/sha256'
import type { Schema } from './schema'

/** A digest that names its algorithm: `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly __brand: 'Digest' }

/** Accepts a digest of an algorithm we know. @throws {@link FormatError} `DIGEST_UNSUPPORTED`, `FORMAT_INVALID`. */
export const digest: Schema<Digest> = (value: Json | undefined, path: string) => {
  if (typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)) return value as Digest
  if (typeof value === 'string' && /^(?!sha256:)[a-z0-9-]{2,16}:[0-9a-f]{32,256}$/.test(value)) {
    throw new FormatError('DIGEST_UNSUPPORTED', `${path}: this version knows sha256 digests only`, { path })
  }
  throw new FormatError('FORMAT_INVALID', `${path}: expected sha256: and 64 hexadecimal digits`, { path })
}

/** SHA-256 of a record's or a structure's bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${sha256Hex(bytes)}` as Digest
}

/** SHA-256 of a document: {@link sha256OfDocument}. */
export async function digestOfDocument(bytes: Uint8Array): Promise<Digest> {
  return digestFromBytes(await sha256OfDocument(bytes))
}

/** Names a 32-byte SHA-256 value. */
export function digestFromBytes(hash: Uint8Array): Digest {
  return `sha256:${toHex(hash)}` as Digest
}

/** The 32 bytes that a digest names. */
export function digestBytes(value: Digest): Uint8Array {
  return fromHex(value.slice('sha256:'.length))
}
