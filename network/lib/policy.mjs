const INDEPENDENT = ['agency', 'court']

/** The trust file's quorum, which the endorsement policy enforces. */
export const QUORUM = { organisations: 2, independentKinds: INDEPENDENT }

/**
 * Two organisations' peers, one of them of an independent kind. Fabric counts each signature once in a policy, so
 * `AND(OutOf(2, all), OR(independent))` would ask for three: this names every pair instead.
 */
export function endorsementPolicy(organisations) {
  const peer = ({ id }) => `'${id}.peer'`
  const independent = organisations.filter(({ kind }) => INDEPENDENT.includes(kind))
  const pairs = independent.map((one) => {
    const others = organisations.filter((other) => other !== one).map(peer)
    return `AND(${peer(one)},OR(${others.join(',')}))`
  })
  return `OR(${pairs.join(',')})`
}
