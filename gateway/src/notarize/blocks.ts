import { ledgerMembers, MAX_BLOCK_BYTES, type OtherMember, type Receipt } from '@cinnabar/core'
import type { Surroundings } from './ports'

/**
 * Whether evidence holds the block that recorded the use. `small`: up to 256 KiB. A block of 1,000 uses takes about 1 MB, most
 * of it about others, and the verdict does without: so a larger one is named, and carried only when asked for as `whole`.
 */
export type BlockChoice = 'small' | 'whole'

const MAX_BYTES: Readonly<Record<BlockChoice, number>> = { small: 256 << 10, whole: MAX_BLOCK_BYTES }

/**
 * The members of evidence that carry the block of a recorded use. They are asked of a peer each time: blocks never change and
 * every peer has them, so that a copy for each use here would only cost room. Without them the evidence still stands.
 */
export async function blockMembers(
  env: Surroundings,
  { entry, index }: Receipt,
  choice: BlockChoice,
): Promise<readonly OtherMember[]> {
  const { institution } = entry
  try {
    const blocks = await env.ledger.blocksBehind(institution, index)
    return blocks === undefined ? [] : ledgerMembers(entry, blocks, { maxBlockBytes: MAX_BYTES[choice] })
  } catch (error) {
    env.report({ step: 'anchor', institution, error })
    return []
  }
}
