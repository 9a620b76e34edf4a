import { type Digest, digestOf, FormatError, fromBase64, LedgerError } from '@cinnabar/core'
import { type Block, BlockFormat, chainOrigin } from './block'
import type { LedgerFile } from './ledger-file'

/** What an audit of the whole chain found to be in order. */
export interface ChainAudit {
  readonly blocks: number
  readonly keys: number
  /** Digest of the last block. */
  readonly digest: Digest
}

/**
 * Checks the last `count` blocks: their links, the head, and that the state holds their last writes.
 * @throws {@link LedgerError} `LEDGER_DAMAGED`.
 */
export function verifyTail(file: LedgerFile, channel: string, count: number): void {
  const first = Math.max(0, file.head().blocks - count)
  compareState(file, replay(file, channel, first))
}

/**
 * Replays every block and compares the outcome with the whole state, key by key.
 * @throws {@link LedgerError} `LEDGER_DAMAGED`.
 */
export function verifyChain(file: LedgerFile, channel: string): ChainAudit {
  const state = replay(file, channel, 0)
  compareState(file, state)
  let keys = 0
  for (const [key] of file.range('', '\u{10ffff}')) {
    if (!state.has(key)) throw damaged('a key of the state was never written', { key })
    keys++
  }
  const { blocks, digest } = file.head()
  return { blocks, keys, digest }
}

/** Digests of the last values that the blocks from `first` on wrote. */
function replay(file: LedgerFile, channel: string, first: number): ReadonlyMap<string, Digest> {
  const { blocks, digest } = file.head()
  const state = new Map<string, Digest>()
  let previous = first === 0 ? chainOrigin(channel) : file.block(first - 1)?.digest
  for (let number = first; number < blocks; number++) {
    const stored = file.block(number)
    if (stored === undefined) throw damaged('a block is missing', { block: number })
    const block = parseBlock(stored.bytes, number)
    if (block.number !== number || block.previous !== previous || digestOf(stored.bytes) !== stored.digest) {
      throw damaged('a block does not follow the one before', { block: number })
    }
    for (const { key, value } of block.writes) state.set(key, digestOf(fromBase64(value)))
    previous = stored.digest
  }
  if (previous !== digest || file.block(blocks) !== undefined)
    throw damaged('the chain does not end at its head', { blocks })
  return state
}

function compareState(file: LedgerFile, state: ReadonlyMap<string, Digest>): void {
  for (const [key, written] of state) {
    const value = file.get(key)
    if (value === undefined || digestOf(value) !== written) throw damaged('the state is not what blocks wrote', { key })
  }
}

/** @throws {@link LedgerError} `LEDGER_DAMAGED` unless the bytes are a canonical block. */
export function parseBlock(bytes: Uint8Array, number: number): Block {
  try {
    return BlockFormat.parse(bytes)
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    throw new LedgerError('LEDGER_DAMAGED', `block ${number} cannot be read`, { block: number }, cause)
  }
}

function damaged(what: string, details: Readonly<Record<string, string | number>>): LedgerError {
  return new LedgerError('LEDGER_DAMAGED', what, details)
}
