import { type Append, blockSignatures, FabricError, type LedgerBlocks, LedgerError, readBlock } from '@cinnabar/core'
import { DEADLINE_MS, type FabricPeers } from './fabric-peers'
import { blockAt, blockWith } from './fabric-qscc'

/** A channel that was changed more often goes without its configurations: evidence has no room for them. */
const MAX_CONFIGURATIONS = 64

interface Chain {
  /** Number of the block of the last one. */
  readonly last: number
  readonly blocks: readonly Uint8Array[]
}

/** Blocks as peers keep them, for evidence. Configurations change seldom: those up to the last one asked for are kept. */
export class FabricBlocks {
  readonly #peers: FabricPeers
  #known: Chain = { last: -1, blocks: [] }

  constructor(peers: FabricPeers) {
    this.#peers = peers
  }

  /** @throws {@link LedgerError} `LEDGER_UNAVAILABLE`; `LEDGER_DAMAGED` when a peer gives what cannot be read. */
  async of({ transaction }: Append): Promise<LedgerBlocks> {
    const block = await this.#peers.read((network, { organisation }) =>
      blockWith(network, transaction, { organisation, ...this.#peers.deadline(DEADLINE_MS.evaluate) }),
    )
    const { number, last } = readable(block)
    return { number, transaction, block, configurations: await this.#configurationsUpTo(last) }
  }

  async #configurationsUpTo(last: number | undefined): Promise<readonly Uint8Array[]> {
    if (last === undefined) return []
    if (this.#known.last !== last) this.#known = { last, blocks: await this.#walk(last) }
    return this.#known.blocks
  }

  /** Backwards: the block before a configuration's names the one before that. */
  async #walk(last: number): Promise<readonly Uint8Array[]> {
    const blocks = [await this.#at(last)]
    for (let number = last; number > 0; ) {
      if (blocks.length >= MAX_CONFIGURATIONS) return []
      const before = readable(await this.#at(number - 1)).last ?? 0
      if (before >= number) throw damaged('a block names a configuration that comes after it')
      blocks.unshift(await this.#at(before))
      number = before
    }
    return blocks
  }

  #at(number: number): Promise<Uint8Array> {
    return this.#peers.read((network, { organisation }) =>
      blockAt(network, number, { organisation, ...this.#peers.deadline(DEADLINE_MS.evaluate) }),
    )
  }
}

function readable(bytes: Uint8Array): { readonly number: number; readonly last: number | undefined } {
  try {
    const block = readBlock(bytes)
    return { number: block.header.number, last: blockSignatures(block).lastConfiguration }
  } catch (cause) {
    if (!(cause instanceof FabricError)) throw cause
    throw damaged('a peer gave a block that cannot be read', cause)
  }
}

function damaged(text: string, cause?: unknown): LedgerError {
  return new LedgerError('LEDGER_DAMAGED', text, {}, cause)
}
