import type { OtherMember } from '../evidence/evidence'
import { dateOf } from '../model/time'
import type { AnchorFacts } from './anchor'
import { isFinding, judgeBlock } from './block-proof'
import { passed } from './finding'
import type { TrustView } from './trust-view'

/**
 * The anchor with the block that the evidence carries for it. It is judged once the quorum says when it was made, and nothing
 * that it shows makes up for attestations.
 * @param members - those of the evidence that are no receipts.
 */
export async function withBlock(
  facts: AnchorFacts,
  { trust, members }: { readonly trust: TrustView; readonly members: readonly OtherMember[] },
): Promise<AnchorFacts> {
  const { receipt, attested, recordedAt, finding } = facts
  if (finding.outcome !== 'passed' || receipt === undefined || attested === undefined || recordedAt === undefined) {
    return facts
  }
  const block = await judgeBlock(receipt, { trust: trust.trust, at: dateOf(recordedAt), members })
  if (isFinding(block)) return { receipt, finding: block }
  if (block === undefined) return facts
  const { carried, number, orderers, endorsers } = block
  const names = (ids: readonly string[]) => ids.join(', ') || 'orderers that were not judged'
  const shown = carried ? `, signed by ${names(orderers)}, endorsed by ${names(endorsers)}` : ', which is not carried'
  return { ...facts, block, finding: passed(finding.clause, `${finding.detail}; in block ${number}${shown}`) }
}
