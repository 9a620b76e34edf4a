import { type Digest, digest } from './digest'
import { fileRole } from './evidence'
import { format, integer, list, object, optional, pattern, type TypeOf } from './schema'

/** Larger blocks are neither carried nor read: an append of 1,000 entries makes one of about 1 MB. */
export const MAX_BLOCK_BYTES = 4 << 20
/** Configurations that one proof may walk through. */
export const MAX_CONFIGURATIONS = 64

/** The role of blocks and of the records that say which entry they are of. Readers that do not know it keep and report them. */
export const LEDGER_ROLE = fileRole('ledger', 'role')

/** Where a block lies in evidence, by the digest of its bytes. */
export function blockPath(of: Digest): string {
  return `ledger/${of.slice('sha256:'.length)}.block`
}

/** Fabric: the block that holds an entry, and the blocks that say whose orderers might sign it (FORMAT.md 12). */
export const blockProofSchema = object({
  /** The block as a peer keeps it; `digest` only if its bytes are carried. */
  block: object({ bytes: integer(1), digest: optional(digest), number: integer() }),
  /** Blocks of configurations, the channel's first block first, up to the one in force at the block. */
  configurations: list(digest, MAX_CONFIGURATIONS),
  /** Digest of the entry's canonical bytes. */
  entry: digest,
  /** Id of the transaction that appended the entry. */
  transaction: pattern(/^[0-9a-f]{64}$/, 'the id of a transaction'),
  type: pattern<'cinnabar.blockProof.v1'>(/^cinnabar\.blockProof\.v1$/, 'cinnabar.blockProof.v1'),
})
export type BlockProof = TypeOf<typeof blockProofSchema>
export const BlockProofFormat = format<BlockProof>(blockProofSchema, 16_384)
