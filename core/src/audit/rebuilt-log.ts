import { equal } from '../encode/bytes'
import { appendLeaf, type CompactRange, emptyRange, encodeRange } from '../log/compact-range'
import { leafHash } from '../log/merkle'
import { LogTree, rootAt } from '../log/tree'
import { type Digest, digestFromBytes } from '../model/digest'
import { EntryFormat, type LogEntry } from '../model/entry'
import type { Append } from '../model/head'
import type { InstitutionId } from '../model/identifiers'
import { compareTimes } from '../model/time'
import type { Note, Where } from './difference'

/** An append as it was found in a block. */
export interface FoundAppend {
  readonly append: Append
  readonly entries: readonly LogEntry[]
  /** The log's compact range as the same transaction wrote it. */
  readonly range: Uint8Array | undefined
  readonly block: number
  readonly where: Where
}

/** What is kept of an append: the first index, the size that it led to, and its block. */
export interface AppendPlace {
  readonly from: number
  readonly size: number
  readonly block: number
  readonly append: Append
}

/** One institution's log, made again from its public entries. */
export class RebuiltLog {
  readonly institution: InstitutionId
  readonly tree = new LogTree()
  readonly #entries: Uint8Array[] = []
  readonly #appends: AppendPlace[] = []
  #range: CompactRange = emptyRange

  constructor(institution: InstitutionId) {
    this.institution = institution
  }

  get size(): number {
    return this.#entries.length
  }

  get appends(): readonly AppendPlace[] {
    return this.#appends
  }

  /** Canonical bytes of the entry. */
  entryBytes(index: number): Uint8Array | undefined {
    return this.#entries[index]
  }

  entry(index: number): LogEntry | undefined {
    const bytes = this.#entries[index]
    return bytes && EntryFormat.parse(bytes)
  }

  /** Root of the first `size` entries, 1 or more. @throws MerkleError when there are not so many. */
  root(size: number): Digest {
    return digestFromBytes(rootAt(this.tree.node, size))
  }

  /** The append that ended at `size`. */
  appendAt(size: number): AppendPlace | undefined {
    const found = this.#place(size - 1)
    return found?.size === size ? found : undefined
  }

  /** The number of the block that holds the entry. */
  blockOf(index: number): number | undefined {
    return this.#place(index)?.block
  }

  /** Takes an append in, from its public entries, and compares what the chaincode wrote of it. */
  take({ append, entries, range, block, where }: FoundAppend, note: Note): void {
    const last = this.#appends.at(-1)
    if (append.from !== this.size || append.size !== append.from + entries.length) {
      note('APPEND_NOT_NEXT', { ...where, expected: this.size, found: append.from })
      return
    }
    const bytes = entries.map((entry) => EntryFormat.encode(entry))
    const leaves = bytes.map(leafHash)
    const isLeaf = (leaf: Uint8Array, i: number) => digestFromBytes(leaf) === append.leaves[i]
    if (leaves.length !== append.leaves.length || !leaves.every(isLeaf)) note('ENTRIES_NOT_LEAVES', where)
    for (const leaf of leaves) {
      this.tree.append(leaf)
      this.#range = appendLeaf(this.#range, leaf)
    }
    this.#entries.push(...bytes)
    this.#appends.push({ from: append.from, size: append.size, block, append })
    const root = this.root(append.size)
    if (root !== append.root) note('ROOT_DIFFERS', { ...where, expected: root, found: append.root })
    if (range === undefined || !equal(range, encodeRange(this.#range))) {
      note('RECORD_DIFFERS', { ...where, key: `log/${this.institution}` })
    }
    if (last !== undefined && compareTimes(append.recordedAt, last.append.recordedAt) < 0) {
      note('RECORD_DIFFERS', { ...where, expected: last.append.recordedAt, found: append.recordedAt })
    }
  }

  #place(index: number): AppendPlace | undefined {
    let low = 0
    let high = this.#appends.length
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.#appends[middle].size <= index) low = middle + 1
      else high = middle
    }
    return index >= 0 ? this.#appends[low] : undefined
  }
}
