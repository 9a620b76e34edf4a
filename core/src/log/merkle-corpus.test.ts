import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { verifyConsistency, verifySubtreeConsistency } from './consistency'
import { verifyInclusion, verifySubtreeInclusion } from './inclusion'

const FOLDER = join(__dirname, '../../../../shared/corpus/merkle')

interface Vector {
  readonly leafIdx: number
  readonly treeSize: number
  readonly start: number
  readonly end: number
  readonly size: number
  readonly size1: number
  readonly size2: number
  readonly root: string
  readonly root1: string
  readonly root2: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })
}

const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64'))
const hashes = (proof: Vector['proof']) => (proof ?? []).map(bytes)

const ACCEPTS: Readonly<Record<string, (vector: Vector) => boolean>> = {
  inclusion: ({ leafIdx, treeSize, leafHash, root, proof }) =>
    verifyInclusion({
      index: leafIdx,
      size: treeSize,
      leafHash: bytes(leafHash),
      root: bytes(root),
      proof: hashes(proof),
    }),
  subtreeinclusion: ({ leafIdx, start, end, leafHash, root, proof }) =>
    verifySubtreeInclusion({
      index: leafIdx,
      start,
      end,
      leafHash: bytes(leafHash),
      root: bytes(root),
      proof: hashes(proof),
    }),
  consistency: ({ size1, size2, root1, root2, proof }) =>
    verifyConsistency({ size1, size2, root1: bytes(root1), root2: bytes(root2), proof: hashes(proof) }),
  subtreeconsistency: ({ start, end, size, root1, root2, proof }) =>
    verifySubtreeConsistency({
      start,
      end,
      size,
      subtreeRoot: bytes(root1),
      root: bytes(root2),
      proof: hashes(proof),
    }),
}

if (existsSync(FOLDER) || process.env.CI === 'true') {
  describe.each(Object.keys(ACCEPTS))('the corpus of %s proofs', (kind) => {
    it.each(files(join(FOLDER, kind)).map((path) => [relative(FOLDER, path), path]))(
      'judges %s as its author did',
      (_, path) => {
        const vector: Vector = JSON.parse(readFileSync(path, 'utf8'))
        expect(ACCEPTS[kind](vector)).toBe(!vector.wantErr)
      },
    )
  })
  it('holds 518 proofs', () => expect(files(FOLDER)).toHaveLength(518))
} else {
  it.skip('judges the corpus of proofs (skipped: ../shared/corpus/merkle is missing)', () => undefined)
}
