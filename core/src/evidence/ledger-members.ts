import { type BlockProof, BlockProofFormat, blockPath, LEDGER_ROLE, MAX_CONFIGURATIONS } from '../model/block-proof'
import { digestOf } from '../model/digest'
import { EntryFormat, type LogEntry } from '../model/entry'
import type { LedgerBlocks } from '../model/ledger'
import type { OtherMember } from './evidence'

/** A channel that was changed so often that its configurations take more goes without: they are the same for every use. */
const MAX_CONFIGURATION_BYTES = 1 << 20

/**
 * The members that carry an entry's block, FORMAT.md 12: its record, the block itself unless it is too large, and the
 * configurations that lead to it.
 */
export function ledgerMembers(
  entry: LogEntry,
  { number, transaction, block, configurations }: LedgerBlocks,
  { maxBlockBytes }: { readonly maxBlockBytes: number },
): readonly OtherMember[] {
  const carried = block.length <= maxBlockBytes ? [memberOf(block)] : []
  const total = configurations.reduce((sum, { length }) => sum + length, 0)
  const follows = carried.length > 0 && configurations.length <= MAX_CONFIGURATIONS && total <= MAX_CONFIGURATION_BYTES
  const proof: BlockProof = {
    block: { bytes: block.length, number, ...(carried.length > 0 && { digest: digestOf(block) }) },
    configurations: follows ? configurations.map(digestOf) : [],
    entry: EntryFormat.digest(entry),
    transaction,
    type: 'cinnabar.blockProof.v1',
  }
  const bytes = BlockProofFormat.encode(proof)
  const record = { path: `ledger/${digestOf(bytes).slice('sha256:'.length)}.json`, role: LEDGER_ROLE, bytes }
  return [record, ...carried, ...(follows ? configurations.map(memberOf) : [])]
}

function memberOf(bytes: Uint8Array): OtherMember {
  return { path: blockPath(digestOf(bytes)), role: LEDGER_ROLE, bytes }
}
