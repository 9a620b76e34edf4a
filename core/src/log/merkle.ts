import { CodedError } from '../encode/coded-error'
import { sha256 } from '../encode/sha256'

/** Misuse of the tree's functions, or a stored range that is not what this code writes. */
export class MerkleError extends CodedError<
  'HASH_LENGTH_INVALID' | 'SIZE_OUT_OF_RANGE' | 'INDEX_OUT_OF_RANGE' | 'RANGE_INVALID'
> {}

/** Bytes in every hash of the tree: SHA-256. */
export const HASH_BYTES = 32

/** RFC 9162 2.1.1: the tree hash of no leaves, SHA-256 of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0))

/** RFC 9162 2.1.1: HASH(0x00 || entry). The prefix keeps a leaf from passing for a node. */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length)
  input.set(entry, 1)
  return sha256(input)
}

/** RFC 9162 2.1.1: HASH(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + left.length + right.length)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + left.length)
  return sha256(input)
}

/**
 * RFC 9162 2.1.1, the tree hash by its definition: O(n) hashes. For a log that grows use a compact range.
 * @returns 32 bytes.
 * @throws {@link MerkleError} `HASH_LENGTH_INVALID` when a leaf hash is not 32 bytes.
 */
export function rootOf(leafHashes: readonly Uint8Array[]): Uint8Array {
  for (const hash of leafHashes) requireHash(hash)
  return leafHashes.length === 0 ? EMPTY_ROOT : rootBetween(leafHashes, 0, leafHashes.length)
}

function rootBetween(leafHashes: readonly Uint8Array[], start: number, end: number): Uint8Array {
  if (end - start === 1) return leafHashes[start]
  const middle = start + splitOf(end - start)
  return nodeHash(rootBetween(leafHashes, start, middle), rootBetween(leafHashes, middle, end))
}

/** RFC 9162 2.1.1: the largest power of two smaller than `size`, where a tree of `size` >= 2 leaves divides. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** @throws {@link MerkleError} `HASH_LENGTH_INVALID` unless `hash` is 32 bytes. */
export function requireHash(hash: Uint8Array): void {
  if (hash.length === HASH_BYTES) return
  throw new MerkleError('HASH_LENGTH_INVALID', `a hash has ${hash.length} bytes, not 32`, { length: hash.length })
}

/** @throws {@link MerkleError} `SIZE_OUT_OF_RANGE` unless `size` is an integer from 0 to 2^53 - 1. */
export function requireSize(size: number): void {
  if (isSize(size)) return
  throw new MerkleError('SIZE_OUT_OF_RANGE', `${size} is not a tree size`, { size })
}

/** Whether `size` can count leaves: an integer from 0 to 2^53 - 1. */
export function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0
}
