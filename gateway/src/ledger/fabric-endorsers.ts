import type { InstitutionId } from '@cinnabar/core'
import type { FabricOrganisation } from './fabric-config'

/**
 * Pairs of organisations whose endorsements meet the chaincode's policy (two organisations, one of them an agency or a
 * court), best first: the submitter's own with an independent one, then its own with another, then others'.
 */
export function endorserPairs(
  organisations: readonly FabricOrganisation[],
  submitter: InstitutionId,
): readonly (readonly [InstitutionId, InstitutionId])[] {
  const pairs = organisations.flatMap((one, i) => organisations.slice(i + 1).map((other) => [one, other] as const))
  const rank = (pair: readonly FabricOrganisation[]) => {
    const others = pair.filter(({ id }) => id !== submitter)
    return (others.length === 1 ? 0 : 2) + (others.some(isIndependent) ? 0 : 1)
  }
  return pairs
    .filter((pair) => pair.some(isIndependent))
    .sort((a, b) => rank(a) - rank(b))
    .map(([a, b]) => [a.id, b.id] as const)
}

function isIndependent({ kind }: FabricOrganisation): boolean {
  return kind === 'agency' || kind === 'court'
}
