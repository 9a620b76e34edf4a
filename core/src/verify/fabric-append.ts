import { concat, equal, utf8 } from '../encode/bytes'
import { encodeCanonical, parseCanonical } from '../encode/canonical'
import { sha256 } from '../encode/sha256'
import { EntryFormat, type LogEntry } from '../model/entry'
import type { Trust } from '../model/trust'
import { type FabricBlock, HEADER_TYPE, readBlockTransaction } from './fabric-block'
import { type EndorsedProposal, readAnswer, readInvocation, readProposalHeader } from './fabric-messages'

const OK = 200
/** As large as a block may be. */
const MAX_ENTRIES_BYTES = 4 << 20

/** The entry that an append is to hold, and where. */
export interface Place {
  readonly entry: LogEntry
  readonly index: number
}

/**
 * The one transaction of a block with this id.
 * @returns undefined when there is none or more than one; `position` is its place among the block's transactions.
 * @throws FabricError when a transaction cannot be read.
 */
export function transactionIn(block: FabricBlock, id: string) {
  const found = block.envelopes.flatMap((envelope, position) => {
    const transaction = readBlockTransaction(envelope)
    return transaction.id === id ? [{ ...transaction, position }] : []
  })
  return found.length === 1 ? found[0] : undefined
}

/**
 * Whether it is the accepted call of `append` that puts exactly this entry at this place of its institution's log, on the
 * pinned channel and chaincode, and the answer is to this very call.
 * @throws FabricError, FormatError when the transaction cannot be read.
 */
export function appendsEntry(endorsed: EndorsedProposal, { entry, index }: Place, trust: Trust): boolean {
  const header = readProposalHeader(endorsed.header)
  const invocation = readInvocation(endorsed.proposalPayload)
  const answer = readAnswer(endorsed.responsePayload)
  const hash = sha256(concat(header.channelHeader, header.signatureHeader, endorsed.proposalPayload))
  const accepted =
    equal(answer.proposalHash, hash) &&
    header.type === HEADER_TYPE.endorserTransaction &&
    header.channel === trust.channel &&
    [header, invocation, answer].every(({ chaincode }) => chaincode === trust.chaincode) &&
    invocation.plain &&
    answer.status === OK
  return accepted && holds(invocation.arguments, { entry, index })
}

/** The arguments of chaincode's `append`: institution, size expected, entries. */
function holds(args: readonly string[], { entry, index }: Place): boolean {
  const [name, institution, size = '', entries = ''] = args
  if (args.length !== 4 || name !== 'append' || institution !== entry.institution || !/^(0|[1-9]\d*)$/.test(size)) {
    return false
  }
  const list = parseCanonical(utf8(entries), MAX_ENTRIES_BYTES)
  const held = Array.isArray(list) ? list[index - Number(size)] : undefined
  return held !== undefined && equal(encodeCanonical(held), EntryFormat.encode(entry))
}
