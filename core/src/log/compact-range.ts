import { concat } from '../encode/bytes'
import { EMPTY_ROOT, HASH_BYTES, MerkleError, nodeHash, requireHash } from './merkle'

/**
 * All that is needed to append to a tree and to know its root: the hashes of the complete subtrees that
 * make up its `size` leaves, the largest (leftmost) first. One hash for each 1 bit of `size`.
 */
export interface CompactRange {
  readonly size: number
  readonly hashes: readonly Uint8Array[]
}

/** The range of a log without entries. */
export const emptyRange: CompactRange = { size: 0, hashes: [] }

/**
 * The range with one more leaf. At most 53 hashes; on average one.
 * @throws {@link MerkleError} `HASH_LENGTH_INVALID` when the leaf hash is not 32 bytes.
 * @throws {@link MerkleError} `SIZE_OUT_OF_RANGE` when the log holds 2^53 - 1 leaves already.
 */
export function appendLeaf(range: CompactRange, leafHash: Uint8Array): CompactRange {
  requireHash(leafHash)
  const size = range.size + 1
  if (!Number.isSafeInteger(size)) throw new MerkleError('SIZE_OUT_OF_RANGE', 'the log is full', { size: range.size })
  const merged = trailingOnes(range.size)
  const kept = range.hashes.length - merged
  let hash = leafHash
  for (let i = range.hashes.length - 1; i >= kept; i--) hash = nodeHash(range.hashes[i], hash)
  return { size, hashes: [...range.hashes.slice(0, kept), hash] }
}

/** RFC 9162 2.1.1: the tree hash of the leaves appended so far; 32 bytes. */
export function rangeRoot(range: CompactRange): Uint8Array {
  if (range.hashes.length === 0) return EMPTY_ROOT
  return range.hashes.reduceRight((right, left) => nodeHash(left, right))
}

/** The stored form: size as 8 bytes, big-endian, then the hashes of 32 bytes each. */
export function encodeRange(range: CompactRange): Uint8Array {
  const size = new Uint8Array(8)
  let left = range.size
  for (let i = 7; i >= 0; i--) {
    size[i] = left % 256
    left = Math.floor(left / 256)
  }
  return concat(size, ...range.hashes)
}

/**
 * The one reading of {@link encodeRange}'s bytes.
 * @throws {@link MerkleError} `RANGE_INVALID` when the size exceeds 2^53 - 1 or the length does not fit the size.
 */
export function parseRange(bytes: Uint8Array): CompactRange {
  if (bytes.length < 8) throw new MerkleError('RANGE_INVALID', 'a range has at least 8 bytes', { length: bytes.length })
  let size = 0
  for (const byte of bytes.subarray(0, 8)) size = size * 256 + byte
  if (!Number.isSafeInteger(size)) throw new MerkleError('RANGE_INVALID', 'the size exceeds 2^53 - 1')
  const expected = 8 + HASH_BYTES * ones(size)
  if (bytes.length !== expected) {
    const details = { size, length: bytes.length, expected }
    throw new MerkleError('RANGE_INVALID', `a range of ${size} leaves has ${expected} bytes`, details)
  }
  const hashes: Uint8Array[] = []
  for (let at = 8; at < bytes.length; at += HASH_BYTES) hashes.push(bytes.slice(at, at + HASH_BYTES))
  return { size, hashes }
}

// Sizes go to 2^53: JavaScript's bit operators would cut them to 32 bits.
function trailingOnes(size: number): number {
  let count = 0
  for (let left = size; left % 2 === 1; left = (left - 1) / 2) count++
  return count
}

function ones(size: number): number {
  let count = 0
  for (let left = size; left > 0; left = Math.floor(left / 2)) count += left % 2
  return count
}
