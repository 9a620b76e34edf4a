import {
  type Append,
  type Digest,
  digestBytes,
  digestFromBytes,
  type InstitutionId,
  inclusionProof,
  type Ledger,
  nodeHash,
  rangeRoot,
} from '@cinnabar/core'
import type { Store } from '../store/store'
import { NotarizeError } from './notarize-error'

/** How far a log is mirrored. */
interface MirrorRecord {
  readonly institution: InstitutionId
  readonly size: number
  /** Roots of the perfect subtrees that make up `size` leaves, the largest first. */
  readonly hashes: readonly Digest[]
}

interface NodeRecord {
  readonly institution: InstitutionId
  readonly hash: Digest
}

const EMPTY: Omit<MirrorRecord, 'institution'> = { size: 0, hashes: [] }
/** What nodes hold while a path's needs are counted. */
const ANY = new Uint8Array(32)

/**
 * The roots of the perfect subtrees of each log, kept in the store so that a path takes O(log n) reads. It is a copy:
 * lost, it is made again from the ledger's appends; and it is compared with the ledger's root at each of them.
 */
export class LogMirror {
  readonly #store: Store
  readonly #ledger: Ledger
  readonly #last = new Map<InstitutionId, Promise<unknown>>()

  constructor(store: Store, ledger: Ledger) {
    this.#store = store
    this.#ledger = ledger
  }

  /**
   * Takes in an append, and first those before it that are missing. One at a time for each log; known ones are skipped.
   * @throws {@link NotarizeError} `LOG_MIRROR_MISMATCH` when the leaves do not lead to the append's root.
   */
  advance(append: Pick<Append, 'institution' | 'from' | 'leaves' | 'root' | 'size'>): Promise<void> {
    return this.#inTurn(append.institution, async () => {
      const size = await this.#catchUp(append.institution, append.from)
      if (size === append.from) await this.#take(append)
    })
  }

  /** Takes in what the ledger has up to `size` entries. @throws as {@link advance}. */
  catchUp(institution: InstitutionId, size: number): Promise<void> {
    return this.#inTurn(institution, async () => {
      await this.#catchUp(institution, size)
    })
  }

  /**
   * RFC 9162 2.1.3.1: the inclusion path of an entry in the tree of the first `size`, which must be mirrored.
   * @throws {@link NotarizeError} `LOG_MIRROR_MISMATCH` when a node is missing.
   */
  async path(institution: InstitutionId, index: number, size: number): Promise<readonly Digest[]> {
    const needed: string[] = []
    const count = (level: number, at: number) => {
      needed.push(nodeId(institution, level, at))
      return ANY
    }
    inclusionProof(count, index, size)
    const found = new Map<string, Uint8Array>()
    await Promise.all(
      needed.map(async (id) => {
        const node = await this.#store.get<NodeRecord>('nodes', id)
        if (node !== undefined) found.set(id, digestBytes(node.value.hash))
      }),
    )
    const node = (level: number, at: number): Uint8Array => {
      const hash = found.get(nodeId(institution, level, at))
      if (hash === undefined) throw mismatch(institution, `the mirror has no node ${level}/${at}`)
      return hash
    }
    return inclusionProof(node, index, size).map(digestFromBytes)
  }

  #inTurn<T>(institution: InstitutionId, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(institution) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#last.set(institution, mine)
    return mine
  }

  async #catchUp(institution: InstitutionId, to: number): Promise<number> {
    let { size } = await this.#read(institution)
    while (size < to) {
      const append = await this.#ledger.appendOf(institution, size)
      if (append === undefined) throw mismatch(institution, `the ledger has no append with entry ${size}`)
      await this.#take(append)
      size = append.size
    }
    return size
  }

  async #read(institution: InstitutionId): Promise<MirrorRecord> {
    return (await this.#store.get<MirrorRecord>('nodes', institution))?.value ?? { institution, ...EMPTY }
  }

  /** Nodes first, then how far they go: after a crash between the two the same nodes are written again. */
  async #take(append: Pick<Append, 'institution' | 'from' | 'leaves' | 'root' | 'size'>): Promise<void> {
    const { institution } = append
    const stored = await this.#store.get<MirrorRecord>('nodes', institution)
    const before = stored?.value ?? { institution, ...EMPTY }
    if (before.size !== append.from) throw mismatch(institution, `expected the append from ${before.size}`)
    const { hashes, nodes } = grow(before, append.leaves.map(digestBytes))
    const root = digestFromBytes(rangeRoot({ size: append.size, hashes }))
    if (root !== append.root) throw mismatch(institution, `the leaves up to ${append.size} lead to another root`)
    await this.#store.insertMany(
      'nodes',
      nodes.map(({ level, index, hash }) => ({
        id: nodeId(institution, level, index),
        value: { institution, hash: digestFromBytes(hash) } satisfies NodeRecord,
      })),
    )
    const after: MirrorRecord = { institution, size: append.size, hashes: hashes.map(digestFromBytes) }
    const written =
      stored === undefined
        ? await this.#store.insert('nodes', institution, after)
        : await this.#store.replace('nodes', institution, stored.version, after)
    // Another gateway took in the same append; the nodes are the same.
    if (!written && (await this.#read(institution)).size < append.size) {
      throw mismatch(institution, 'another gateway mirrors another log')
    }
  }
}

function nodeId(institution: InstitutionId, level: number, index: number): string {
  return `${institution}/${level}/${index}`
}

function mismatch(institution: InstitutionId, what: string): NotarizeError {
  return new NotarizeError('LOG_MIRROR_MISMATCH', `log of ${institution}: ${what}`, { institution })
}

interface Node {
  readonly level: number
  readonly index: number
  readonly hash: Uint8Array
}

/** The range with the leaves added, and each perfect subtree that they complete. */
function grow(before: Pick<MirrorRecord, 'size' | 'hashes'>, leaves: readonly Uint8Array[]) {
  const hashes = before.hashes.map(digestBytes)
  const nodes: Node[] = []
  let { size } = before
  for (const leaf of leaves) {
    let node: Node = { level: 0, index: size, hash: leaf }
    nodes.push(node)
    while (node.index % 2 === 1) {
      const left = hashes.pop() ?? ANY
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(left, node.hash) }
      nodes.push(node)
    }
    hashes.push(node.hash)
    size++
  }
  return { hashes, nodes }
}
