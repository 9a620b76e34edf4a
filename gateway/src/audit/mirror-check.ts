import { digestFromBytes, type Note, type RebuiltLog } from '@cinnabar/core'
import { findAll } from '../notarize/records'
import type { Store } from '../store/store'

/** What LogMirror keeps under `nodes`: how far it goes, by institution; and each perfect subtree's root. */
interface MirroredNode {
  readonly hash?: string
  readonly size?: number
  readonly hashes?: readonly string[]
}

/** Compares the store's copy of a log's tree with the tree that the blocks give. */
export async function checkMirror(store: Store, log: RebuiltLog, note: Note): Promise<void> {
  const { institution } = log
  for (const { id, value } of await findAll<MirroredNode>(store, 'nodes', 'institution', institution)) {
    const [, level, index] = id.split('/')
    const expected = level === undefined ? undefined : nodeAt(log, Number(level), Number(index))
    const isRight = level === undefined ? isHead(log, value) : expected === value.hash
    if (!isRight)
      note('MIRROR_DIFFERS', { institution, key: id, expected: expected ?? log.size, found: value.hash ?? '' })
  }
}

function nodeAt(log: RebuiltLog, level: number, index: number): string | undefined {
  return (index + 1) * 2 ** level <= log.size ? digestFromBytes(log.tree.node(level, index)) : undefined
}

/** The perfect subtrees that make up `size` leaves, the largest first. */
function isHead(log: RebuiltLog, { size = 0, hashes = [] }: MirroredNode): boolean {
  if (size > log.size) return false
  const expected: (string | undefined)[] = []
  for (let level = 52, start = 0; level >= 0; level--) {
    const width = 2 ** level
    if (start + width > size) continue
    expected.push(nodeAt(log, level, start / width))
    start += width
  }
  return expected.join() === hashes.join()
}
