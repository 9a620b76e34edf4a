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
  const replay = new Replay(file, channel, Math.max(0, file.head().blocks - count))
  replay.toEnd()
  for (const key of replay.writes.keys()) replay.compare(key)
}

/**
 * Replays every block and compares the outcome with the whole state, key by key.
 * @throws {@link LedgerError} `LEDGER_DAMAGED`.
 */
export function verifyChain(file: LedgerFile, channel: string): ChainAudit {
  const steps = auditSteps(file, channel)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/**
 * The same in steps of a block or a key. Between two steps the ledger may go on: what it wrote is replayed before the next
 * comparison.
 * @throws {@link LedgerError} `LEDGER_DAMAGED`, from the step that finds it.
 */
export function* auditSteps(file: LedgerFile, channel: string): Generator<undefined, ChainAudit> {
  const replay = new Replay(file, channel, 0)
  while (replay.step()) yield
  for (const key of replay.writes.keys()) {
    replay.toEnd()
    replay.compare(key)
    yield
  }
  let keys = 0
  for (const [key] of file.range('', '\u{10ffff}')) {
    replay.toEnd()
    if (!replay.writes.has(key)) throw damaged('a key of the state was never written', { key })
    keys++
    yield
  }
  replay.toEnd()
  const { blocks, digest } = file.head()
  return { blocks, keys, digest }
}

/** Goes along the blocks and keeps the digests of the last values that they wrote. */
class Replay {
  readonly writes = new Map<string, Digest>()
  readonly #file: LedgerFile
  #next: number
  #previous: Digest | undefined

  constructor(file: LedgerFile, channel: string, first: number) {
    this.#file = file
    this.#next = first
    this.#previous = first === 0 ? chainOrigin(channel) : file.block(first - 1)?.digest
  }

  /** Takes the next block. @returns false at the head. */
  step(): boolean {
    const { blocks, digest } = this.#file.head()
    const number = this.#next
    if (number >= blocks) {
      if (this.#previous === digest && this.#file.block(blocks) === undefined) return false
      throw damaged('the chain does not end at its head', { blocks })
    }
    const stored = this.#file.block(number)
    if (stored === undefined) throw damaged('a block is missing', { block: number })
    const block = parseBlock(stored.bytes, number)
    if (block.number !== number || block.previous !== this.#previous || digestOf(stored.bytes) !== stored.digest) {
      throw damaged('a block does not follow the one before', { block: number })
    }
    for (const { key, value } of block.writes) this.writes.set(key, digestOf(fromBase64(value)))
    this.#previous = stored.digest
    this.#next++
    return true
  }

  toEnd(): void {
    while (this.step());
  }

  compare(key: string): void {
    const value = this.#file.get(key)
    if (value === undefined || digestOf(value) !== this.writes.get(key)) {
      throw damaged('the state is not what blocks wrote', { key })
    }
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
