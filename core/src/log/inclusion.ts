import { equal } from '../encode/bytes'
import { HASH_BYTES, isSize, MerkleError, nodeHash, requireSize, splitOf } from './merkle'
import { hashBetween, isSubtree, type NodeSource } from './tree'

/** What an inclusion proof claims: this leaf is entry `index` of the tree of `size` entries with this root. */
export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  /** Sibling hashes from the leaf upwards, as RFC 9162 2.1.3.1 orders them. */
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/**
 * RFC 9162 2.1.3.1: the proof for entry `index` of the first `size` entries.
 * @throws {@link MerkleError} `SIZE_OUT_OF_RANGE`, `INDEX_OUT_OF_RANGE` unless 0 <= index < size <= 2^53 - 1, or when the
 * source lacks a hash.
 */
export function inclusionProof(node: NodeSource, index: number, size: number): Uint8Array[] {
  requireSize(size)
  if (!isSize(index) || index >= size) {
    throw new MerkleError('INDEX_OUT_OF_RANGE', `entry ${index} is not among the first ${size}`, { index, size })
  }
  const proof: Uint8Array[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      proof.push(hashBetween(node, middle, end))
      end = middle
    } else {
      proof.push(hashBetween(node, start, middle))
      start = middle
    }
  }
  return proof.reverse()
}

/**
 * RFC 9162 2.1.3.2, strict: `false` for anything but the one right proof, never a throw. Every field may come from the
 * file under test. It does not show that `root` is the log's root: compare that with an attested head.
 */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || leafHash.length !== HASH_BYTES) return false
  let node = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== HASH_BYTES) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(hash, root)
}

/** An inclusion claim about the subtree of entries [`start`, `end`), whose hash is `root`. */
export interface SubtreeInclusionClaim extends Omit<InclusionClaim, 'size'> {
  readonly start: number
  readonly end: number
}

/** draft-ietf-plants-merkle-tree-certs 4.3: as {@link verifyInclusion}, inside one subtree; `index` counts in the log. */
export function verifySubtreeInclusion({ start, end, index, ...claim }: SubtreeInclusionClaim): boolean {
  return isSubtree(start, end) && verifyInclusion({ ...claim, index: index - start, size: end - start })
}
