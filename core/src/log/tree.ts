import { EMPTY_ROOT, isSize, MerkleError, nodeHash, requireHash, requireSize, splitOf } from './merkle'

/**
 * The hash over the complete subtree of 2^`level` leaves that begins at leaf `index` * 2^`level`; level 0 are the leaf
 * hashes. Such a hash never changes once its leaves are there, so a store may keep it for ever.
 */
export type NodeSource = (level: number, index: number) => Uint8Array

/** A log's tree in memory: every complete subtree's hash, about 64 bytes a leaf. Proofs take its `node`. */
export class LogTree {
  readonly #levels: Uint8Array[][] = [[]]

  constructor(leafHashes: Iterable<Uint8Array> = []) {
    for (const hash of leafHashes) this.append(hash)
  }

  /** Leaves in the tree. */
  get size(): number {
    return this.#levels[0].length
  }

  /** @throws {@link MerkleError} `HASH_LENGTH_INVALID` when the leaf hash is not 32 bytes. */
  append(leafHash: Uint8Array): void {
    requireHash(leafHash)
    this.#levels[0].push(leafHash)
    for (let level = 0; this.#levels[level].length % 2 === 0; level++) {
      const nodes = this.#levels[level]
      if (this.#levels.length === level + 1) this.#levels.push([])
      this.#levels[level + 1].push(nodeHash(nodes[nodes.length - 2], nodes[nodes.length - 1]))
    }
  }

  /** @throws {@link MerkleError} `INDEX_OUT_OF_RANGE` when that subtree is not complete yet. */
  readonly node: NodeSource = (level, index) => {
    const hash = this.#levels[level]?.[index]
    if (hash === undefined) throw new MerkleError('INDEX_OUT_OF_RANGE', 'no such complete subtree', { level, index })
    return hash
  }
}

/**
 * RFC 9162 2.1.1: the tree hash of the first `size` leaves, from O(log n) stored hashes.
 * @throws {@link MerkleError} `SIZE_OUT_OF_RANGE` unless `size` is an integer from 0 to 2^53 - 1; what the source throws.
 */
export function rootAt(node: NodeSource, size: number): Uint8Array {
  requireSize(size)
  return size === 0 ? EMPTY_ROOT : hashBetween(node, 0, size)
}

/**
 * RFC 9162's MTH(D[start:end]) for a subtree that the tree's own division yields: `start` is a multiple of the
 * smallest power of two that is at least `end - start`, and `end > start`.
 */
export function hashBetween(node: NodeSource, start: number, end: number): Uint8Array {
  let width = 1
  let level = 0
  for (; width < end - start; width *= 2) level++
  if (width === end - start) return node(level, start / width)
  const middle = start + splitOf(end - start)
  return nodeHash(hashBetween(node, start, middle), hashBetween(node, middle, end))
}

/**
 * Whether [`start`, `end`) is a subtree that proofs may speak of (draft-ietf-plants-merkle-tree-certs 4.1): `start` is a
 * multiple of the smallest power of two that is at least `end - start`. An empty one is valid anywhere.
 */
export function isSubtree(start: number, end: number): boolean {
  if (!isSize(start) || !isSize(end) || start > end) return false
  let width = 1
  while (width < end - start) width *= 2
  return start % width === 0
}
