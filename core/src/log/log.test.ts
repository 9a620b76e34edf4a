import { equal, utf8 } from '../encode/bytes'
import { appendLeaf, type CompactRange, emptyRange, encodeRange, parseRange, rangeRoot } from './compact-range'
import { consistencyProof, verifyConsistency } from './consistency'
import { inclusionProof, verifyInclusion } from './inclusion'
import { EMPTY_ROOT, leafHash, nodeHash, rootOf } from './merkle'
import { LogTree, rootAt } from './tree'

const LEAVES = Array.from({ length: 70 }, (_, i) => leafHash(utf8(`entry ${i}`)))
const tree = new LogTree(LEAVES)
const ROOTS = Array.from({ length: 71 }, (_, size) => rootOf(LEAVES.slice(0, size)))

const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 7 ? byte ^ 1 : byte))
const code = (run: () => unknown) => {
  try {
    return run()
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the tree', () => {
  it('hashes as RFC 9162 does, whichever way the root is computed', () => {
    let range: CompactRange = emptyRange
    expect(rangeRoot(range)).toEqual(EMPTY_ROOT)
    for (let size = 1; size <= 70; size++) {
      range = appendLeaf(range, LEAVES[size - 1])
      expect(rangeRoot(range)).toEqual(ROOTS[size])
      expect(rootAt(tree.node, size)).toEqual(ROOTS[size])
      expect(parseRange(encodeRange(range))).toEqual(range)
    }
    expect(ROOTS[3]).toEqual(nodeHash(nodeHash(LEAVES[0], LEAVES[1]), LEAVES[2]))
  })

  it('refuses hashes of another length', () => {
    expect(code(() => appendLeaf(emptyRange, new Uint8Array(31)))).toBe('HASH_LENGTH_INVALID')
    expect(code(() => rootOf([new Uint8Array(33)]))).toBe('HASH_LENGTH_INVALID')
    expect(code(() => new LogTree([new Uint8Array(0)]))).toBe('HASH_LENGTH_INVALID')
  })

  it('keeps sizes beyond 32 bits, and refuses to count past 2^53 - 1', () => {
    const big: CompactRange = { size: 2 ** 40 + 1, hashes: [LEAVES[0], LEAVES[1]] }
    const next = appendLeaf(big, LEAVES[2])
    expect(next).toEqual({ size: 2 ** 40 + 2, hashes: [LEAVES[0], nodeHash(LEAVES[1], LEAVES[2])] })
    expect(parseRange(encodeRange(next))).toEqual(next)
    const full = { size: Number.MAX_SAFE_INTEGER, hashes: Array(53).fill(LEAVES[0]) }
    expect(parseRange(encodeRange(full))).toEqual(full)
    expect(code(() => appendLeaf(full, LEAVES[0]))).toBe('SIZE_OUT_OF_RANGE')
  })

  it('refuses a stored range whose length does not fit its size', () => {
    const stored = encodeRange({ size: 3, hashes: [LEAVES[0], LEAVES[1]] })
    expect(code(() => parseRange(stored.subarray(0, 7)))).toBe('RANGE_INVALID')
    expect(code(() => parseRange(stored.subarray(0, 71)))).toBe('RANGE_INVALID')
    expect(code(() => parseRange(new Uint8Array([...stored, 0])))).toBe('RANGE_INVALID')
    expect(code(() => parseRange(new Uint8Array(8).fill(255)))).toBe('RANGE_INVALID')
  })
})

describe('inclusion', () => {
  it('is proven for every entry of every size, and for no other place, size, leaf or root', () => {
    for (let size = 1; size <= 40; size++) {
      for (let index = 0; index < size; index++) {
        const claim = {
          index,
          size,
          leafHash: LEAVES[index],
          root: ROOTS[size],
          proof: inclusionProof(tree.node, index, size),
        }
        expect(verifyInclusion(claim)).toBe(true)
        expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(size === 1)
        expect(verifyInclusion({ ...claim, leafHash: flipped(LEAVES[index]) })).toBe(false)
        expect(verifyInclusion({ ...claim, root: ROOTS[size - 1] })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, LEAVES[0]] })).toBe(false)
        expect(
          claim.proof.some((_, i) => verifyInclusion({ ...claim, proof: claim.proof.filter((_, j) => j !== i) })),
        ).toBe(false)
      }
    }
  })

  it('answers false, not an exception, to numbers and hashes that make no sense', () => {
    const good = {
      index: 2,
      size: 5,
      leafHash: LEAVES[2],
      root: ROOTS[5],
      proof: inclusionProof(tree.node, 2, 5),
    }
    expect(verifyInclusion(good)).toBe(true)
    for (const index of [-1, 1.5, 5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(verifyInclusion({ ...good, index })).toBe(false)
    }
    for (const size of [-5, 0, 2, 2 ** 53, Number.NaN]) expect(verifyInclusion({ ...good, size })).toBe(false)
    expect(verifyInclusion({ ...good, leafHash: new Uint8Array(0) })).toBe(false)
    expect(verifyInclusion({ ...good, proof: good.proof.map((hash) => hash.subarray(1)) })).toBe(false)
    expect(verifyInclusion({ ...good, proof: Array(10_000).fill(LEAVES[0]) })).toBe(false)
  })

  it('refuses to prove what is not there', () => {
    expect(code(() => inclusionProof(tree.node, 5, 5))).toBe('INDEX_OUT_OF_RANGE')
    expect(code(() => inclusionProof(tree.node, 0, 1.5))).toBe('SIZE_OUT_OF_RANGE')
    expect(code(() => inclusionProof(tree.node, 0, 200))).toBe('INDEX_OUT_OF_RANGE')
  })
})

describe('consistency', () => {
  it('is proven between every two sizes, and for no other roots', () => {
    for (let size2 = 1; size2 <= 40; size2++) {
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = consistencyProof(tree.node, size1, size2)
        const claim = { size1, size2, root1: ROOTS[size1], root2: ROOTS[size2], proof }
        expect(verifyConsistency(claim)).toBe(true)
        expect(verifyConsistency({ ...claim, root1: flipped(ROOTS[size1]) })).toBe(false)
        expect(verifyConsistency({ ...claim, root2: flipped(ROOTS[size2]) })).toBe(false)
        expect(verifyConsistency({ ...claim, size1: size1 - 1 })).toBe(false)
        expect(verifyConsistency({ ...claim, proof: [...proof, LEAVES[0]] })).toBe(false)
        expect(
          proof.some((hash, i) =>
            verifyConsistency({ ...claim, proof: proof.map((other, j) => (j === i ? flipped(hash) : other)) }),
          ),
        ).toBe(false)
      }
    }
  })

  it('fails for a log that was rewritten', () => {
    const rewritten = new LogTree(LEAVES.map((leaf, i) => (i === 3 ? LEAVES[0] : leaf)))
    const claim = {
      size1: 6,
      size2: 20,
      root1: ROOTS[6],
      root2: rootAt(rewritten.node, 20),
      proof: consistencyProof(rewritten.node, 6, 20),
    }
    expect(equal(claim.root2, ROOTS[20])).toBe(false)
    expect(verifyConsistency(claim)).toBe(false)
  })

  it('refuses to lead from nothing or backwards', () => {
    expect(code(() => consistencyProof(tree.node, 0, 5))).toBe('SIZE_OUT_OF_RANGE')
    expect(code(() => consistencyProof(tree.node, 6, 5))).toBe('SIZE_OUT_OF_RANGE')
    expect(verifyConsistency({ size1: 0, size2: 0, root1: EMPTY_ROOT, root2: EMPTY_ROOT, proof: [] })).toBe(false)
    expect(verifyConsistency({ size1: 2, size2: 1, root1: ROOTS[2], root2: ROOTS[1], proof: [] })).toBe(false)
  })
})
