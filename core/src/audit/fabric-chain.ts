import { concat, equal, toHex } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { Trust } from '../model/trust'
import {
  type BlockTransaction,
  blockDataHash,
  blockHash,
  type FabricBlock,
  HEADER_TYPE,
  readBlock,
  readBlockTransaction,
  validationCodes,
} from '../verify/fabric-block'
import { endorsersOf, mayChangeLedger } from '../verify/fabric-endorsement'
import { readAnswer, readInvocation, readTimestamp, readWrites } from '../verify/fabric-messages'
import type { Note, Where } from './difference'
import { readable } from './readable'
import type { LedgerTransaction } from './rebuild'

/** A block of one peer, as far as it is consistent in itself. */
export interface CheckedBlock {
  readonly block: FabricBlock
  /**
   * Hash of the header, then of each envelope's hash, hexadecimal: equal at every honest peer. The header alone does not say
   * where one envelope ends and the next begins.
   */
  readonly name: string
  /** The peer's own validation codes, hexadecimal. */
  readonly codes: string
}

/** Follows one peer's chain from its first block on. */
export class ChainFollower {
  readonly #note: Note
  readonly #where: Where
  #next = 0
  #previous: Uint8Array = new Uint8Array(0)

  /** @param where - whose chain it is. */
  constructor(where: Where, note: Note) {
    this.#where = where
    this.#note = note
  }

  /** Number of the block that comes next. */
  get next(): number {
    return this.#next
  }

  /** Takes the next block. @returns undefined when it cannot be read. */
  take(bytes: Uint8Array): CheckedBlock | undefined {
    const number = this.#next++
    const where = { ...this.#where, block: number }
    const block = readable(() => readBlock(bytes))
    const codes = block && readable(() => validationCodes(block))
    if (block === undefined || codes === undefined) {
      this.#previous = new Uint8Array(0)
      return void this.#note('BLOCK_UNREADABLE', where)
    }
    const { header } = block
    if (header.number !== number || !equal(header.previousHash, this.#previous)) this.#note('BLOCK_CHAIN_BROKEN', where)
    if (!equal(header.dataHash, blockDataHash(block))) this.#note('BLOCK_CONTENT_CHANGED', where)
    this.#previous = blockHash(header)
    const content = sha256(concat(...block.envelopes.map(sha256)))
    return { block, name: `${toHex(this.#previous)}.${toHex(content)}`, codes: toHex(Uint8Array.from(codes)) }
  }
}

const VALID = 0
const LIFECYCLE = '_lifecycle'

/** What a block changed of the ledger. */
export interface BlockChanges {
  readonly transactions: readonly LedgerTransaction[]
  /** Transactions that may have changed the channel's configuration or a chaincode's definition: their ids. */
  readonly governance: readonly string[]
}

/**
 * The transactions of the trust file's chaincode that a block commits. Validation codes are a peer's own word: what is committed
 * without the endorsements that the trust file demands is noted, and taken all the same, since peers' states hold it.
 */
export async function changesIn({ block }: CheckedBlock, trust: Trust, note: Note): Promise<BlockChanges> {
  const codes = validationCodes(block)
  const transactions: LedgerTransaction[] = []
  const governance: string[] = []
  for (const [i, envelope] of block.envelopes.entries()) {
    if (codes[i] !== VALID) continue
    const where = { block: block.header.number, transaction: i }
    const transaction = readable(() => readBlockTransaction(envelope))
    if (transaction === undefined) note('TRANSACTION_UNREADABLE', where)
    else if (transaction.channel !== trust.channel) note('TRANSACTION_FOREIGN', where)
    else if (transaction.endorsed === undefined || transaction.chaincode === LIFECYCLE) governance.push(transaction.id)
    else transactions.push(...(await changeOf(transaction, { ...where, transaction: transaction.id }, trust, note)))
  }
  return { transactions, governance }
}

async function changeOf(
  { type, chaincode, endorsed, id }: BlockTransaction,
  where: Where & { readonly block: number },
  trust: Trust,
  note: Note,
): Promise<readonly LedgerTransaction[]> {
  if (type !== HEADER_TYPE.endorserTransaction || endorsed === undefined) return []
  const read = readable(() => {
    const answer = readAnswer(endorsed.responsePayload)
    const invocation = readInvocation(endorsed.proposalPayload)
    const at = readTimestamp(endorsed.header)
    return { answer, invocation, at, writes: readWrites(answer.results, trust.chaincode) }
  })
  if (read === undefined) {
    note('TRANSACTION_UNREADABLE', where)
    return []
  }
  const { answer, invocation, at, writes } = read
  const isOurs = [chaincode, answer.chaincode, invocation.chaincode].every((one) => one === trust.chaincode)
  if (!isOurs && writes.length === 0) return []
  if (!isOurs) note('TRANSACTION_FOREIGN', where)
  const by = await endorsersOf(endorsed, { trust, at })
  if (!mayChangeLedger(by, trust)) note('ENDORSEMENT_INSUFFICIENT', { ...where, found: [...by].join(', ') })
  const [name = '', ...args] = invocation.arguments
  return [{ block: where.block, id, function: name, arguments: args, writes }]
}
