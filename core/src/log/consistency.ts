import { equal } from '../encode/bytes'
import { EMPTY_ROOT, HASH_BYTES, isSize, MerkleError, nodeHash, requireSize, splitOf } from './merkle'
import { hashBetween, isSubtree, type NodeSource } from './tree'

/** What a consistency proof claims: the tree of `size2` entries begins with the tree of `size1` entries. */
export interface ConsistencyClaim {
  readonly size1: number
  readonly size2: number
  readonly root1: Uint8Array
  readonly root2: Uint8Array
  /** Hashes as RFC 9162 2.1.4.1 orders them; none when the sizes are equal. */
  readonly proof: readonly Uint8Array[]
}

/**
 * RFC 9162 2.1.4.1: the proof that the first `size1` entries are a prefix of the first `size2`.
 * @throws {@link MerkleError} `SIZE_OUT_OF_RANGE` unless 0 < size1 <= size2 <= 2^53 - 1; `INDEX_OUT_OF_RANGE` when the
 * source lacks a hash.
 */
export function consistencyProof(node: NodeSource, size1: number, size2: number): Uint8Array[] {
  requireSize(size1)
  requireSize(size2)
  if (size1 === 0 || size1 > size2) {
    throw new MerkleError('SIZE_OUT_OF_RANGE', `no proof leads from ${size1} to ${size2}`, { size1, size2 })
  }
  const proof: Uint8Array[] = []
  let start = 0
  let end = size2
  while (end !== size1) {
    const middle = start + splitOf(end - start)
    if (size1 <= middle) {
      proof.push(hashBetween(node, middle, end))
      end = middle
    } else {
      proof.push(hashBetween(node, start, middle))
      start = middle
    }
  }
  // The verifier holds the old root itself; any smaller subtree it must be given.
  if (start > 0) proof.push(hashBetween(node, start, end))
  return proof.reverse()
}

/**
 * RFC 9162 2.1.4.2, strict: `false` for anything but the one right proof, never a throw. Nothing is consistent with an
 * empty tree here: a proof from size 0 would prove nothing.
 */
export function verifyConsistency({ size1, size2, root1, root2, proof }: ConsistencyClaim): boolean {
  if (size1 === 0) return false
  return verifySubtreeConsistency({ start: 0, end: size1, size: size2, subtreeRoot: root1, root: root2, proof })
}

/** That the entries [`start`, `end`) with the hash `subtreeRoot` are part of the tree of `size` entries. */
export interface SubtreeConsistencyClaim {
  readonly start: number
  readonly end: number
  readonly size: number
  readonly subtreeRoot: Uint8Array
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * draft-ietf-plants-merkle-tree-certs 4.4.3, of which RFC 9162 2.1.4.2 is the case `start` = 0. Strict: never throws.
 * An empty subtree is part of every tree, whatever its root.
 */
export function verifySubtreeConsistency(claim: SubtreeConsistencyClaim): boolean {
  const { start, end, size, subtreeRoot, root, proof } = claim
  if (!isSubtree(start, end) || !isSize(size) || end > size) return false
  if (start === end) return proof.length === 0 && equal(subtreeRoot, EMPTY_ROOT)
  if (proof.some((hash) => hash.length !== HASH_BYTES)) return false
  const at = startOfPath(start, end - 1, size - 1)
  const whole = at.first === at.subtreeLast
  if (!whole && proof.length === 0) return false
  const known = whole ? subtreeRoot : proof[0]
  const folded = fold(at, known, whole ? proof : proof.slice(1))
  return folded !== undefined && equal(folded.subtree, subtreeRoot) && equal(folded.tree, root)
}

/** Positions, at one level of the tree, of the subtree's first and last node and of the tree's last node. */
interface Path {
  readonly first: number
  readonly subtreeLast: number
  readonly treeLast: number
}

function up({ first, subtreeLast, treeLast }: Path): Path {
  return {
    first: Math.floor(first / 2),
    subtreeLast: Math.floor(subtreeLast / 2),
    treeLast: Math.floor(treeLast / 2),
  }
}

function startOfPath(first: number, subtreeLast: number, treeLast: number): Path {
  let path: Path = { first, subtreeLast, treeLast }
  const sameEnd = subtreeLast === treeLast
  while (path.first !== path.subtreeLast && (sameEnd || path.subtreeLast % 2 === 1)) path = up(path)
  return path
}

function fold(from: Path, known: Uint8Array, proof: readonly Uint8Array[]) {
  let path = from
  let subtree = known
  let tree = known
  for (const hash of proof) {
    if (path.treeLast === 0) return undefined
    if (path.subtreeLast % 2 === 1 || path.subtreeLast === path.treeLast) {
      if (path.first < path.subtreeLast) subtree = nodeHash(hash, subtree)
      tree = nodeHash(hash, tree)
      while (path.subtreeLast % 2 === 0 && path.subtreeLast !== 0) path = up(path)
    } else {
      tree = nodeHash(tree, hash)
    }
    path = up(path)
  }
  return path.treeLast === 0 ? { subtree, tree } : undefined
}
