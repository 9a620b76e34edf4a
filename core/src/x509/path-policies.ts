import type { Certificate } from './certificate'
import { sameName } from './name-compare'

/** RFC 5280 4.2.1.4. */
const ANY_POLICY = '2.5.29.32.0'

/** RFC 5280 6.1.1 (c) to (g): what the one who validates wants of policies. Nothing, unless given. */
export interface PolicyWishes {
  /** Object identifiers; a path for any other policy is none. Any policy when absent. */
  readonly accepted?: readonly string[]
  /** The path must be valid for at least one policy. */
  readonly explicit?: boolean
  readonly inhibitMapping?: boolean
  readonly inhibitAny?: boolean
}

/** RFC 9618 5.1: a node of the policy graph, which stands for all paths of the tree that lead to its policy. */
interface Node {
  readonly policy: string
  readonly expected: ReadonlySet<string>
  readonly parents: readonly Node[]
}

/** The graph's deepest level; empty when no policy is left. */
type Level = ReadonlyMap<string, Node>

interface State {
  readonly level: Level
  readonly explicit: number
  readonly mapping: number
  readonly any: number
}

/** Whether subject and issuer are one name (RFC 5280 3.2): a key change, mostly. */
export function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return sameName(subject, issuer)
}

/** Nodes of the level by each policy that they expect below. */
function expecting(level: Level): ReadonlyMap<string, readonly Node[]> {
  const found = new Map<string, Node[]>()
  for (const node of level.values()) {
    for (const policy of node.expected) found.set(policy, [...(found.get(policy) ?? []), node])
  }
  return found
}

function nodeOf(policy: string, parents: readonly Node[]): Node {
  return { policy, expected: new Set([policy]), parents }
}

/** RFC 9618 5.1, (d) and (e) of RFC 5280 6.1.3. */
function nextLevel(level: Level, { policies }: Certificate, anyAllowed: boolean): Level {
  const next = new Map<string, Node>()
  const wanted = expecting(level)
  const any = level.get(ANY_POLICY)
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue
    const parents = wanted.get(policy) ?? (any === undefined ? [] : [any])
    if (parents.length > 0) next.set(policy, nodeOf(policy, parents))
  }
  if (policies.includes(ANY_POLICY) && anyAllowed) {
    for (const [policy, parents] of wanted) if (!next.has(policy)) next.set(policy, nodeOf(policy, parents))
  }
  return next
}

/** RFC 5280 6.1.4 (b): with mapping allowed the policy expects the subject's, else the mapped policies fall out. */
function mapped(level: Level, { policyMappings }: Certificate, allowed: boolean): Level {
  const next = new Map(level)
  const byIssuer = new Map<string, Set<string>>()
  for (const { issuer, subject } of policyMappings) {
    byIssuer.set(issuer, (byIssuer.get(issuer) ?? new Set()).add(subject))
  }
  const any = level.get(ANY_POLICY)
  for (const [policy, expected] of byIssuer) {
    const node = level.get(policy)
    if (!allowed) next.delete(policy)
    else if (node !== undefined) next.set(policy, { ...node, expected })
    else if (any !== undefined) next.set(policy, { policy, expected, parents: any.parents })
  }
  return next
}

function mapsAnyPolicy({ policyMappings }: Certificate): boolean {
  return policyMappings.some(({ issuer, subject }) => issuer === ANY_POLICY || subject === ANY_POLICY)
}

const lesser = (count: number, limit: number | undefined) => (limit === undefined ? count : Math.min(count, limit))

/** RFC 5280 6.1.4 (h) to (j): counters go down with each certificate that is not self-issued; then its own limits count. */
function counted(state: State, certificate: Certificate): Omit<State, 'level'> {
  const step = isSelfIssued(certificate) ? 0 : 1
  const { policyConstraints, inhibitAnyPolicy } = certificate
  const down = (count: number) => Math.max(0, count - step)
  return {
    explicit: lesser(down(state.explicit), policyConstraints?.requireExplicit),
    mapping: lesser(down(state.mapping), policyConstraints?.inhibitMapping),
    any: lesser(down(state.any), inhibitAnyPolicy),
  }
}

/** Policies of the anchor's domain that lead to the level: those right below anyPolicy (RFC 9618 5.4). */
function authorised(level: Level): ReadonlySet<string> {
  const found = new Set<string>()
  const seen = new Set<Node>()
  const open = [...level.values()]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (node.policy === ANY_POLICY ? level.get(ANY_POLICY) === node : node.parents.some(isAny)) found.add(node.policy)
    open.push(...node.parents)
  }
  return found
}

const isAny = ({ policy }: Node) => policy === ANY_POLICY

function isAccepted(level: Level, accepted: readonly string[] | undefined): boolean {
  if (level.size === 0) return false
  if (accepted === undefined || accepted.includes(ANY_POLICY)) return true
  const valid = authorised(level)
  return valid.has(ANY_POLICY) || accepted.some((policy) => valid.has(policy))
}

/**
 * RFC 5280 6.1 as RFC 9618 mends it, the part on policies.
 * @param path - from the certificate that the anchor issued down to the leaf; the anchor itself says nothing of policies.
 * @returns why the path is valid for no accepted policy where one is demanded, or `undefined`.
 */
export function policyRefusal(path: readonly Certificate[], wishes: PolicyWishes = {}): string | undefined {
  const n = path.length
  const begin = (inhibited: boolean | undefined) => (inhibited === true ? 0 : n + 1)
  const root: Node = { policy: ANY_POLICY, expected: new Set([ANY_POLICY]), parents: [] }
  let state: State = {
    level: new Map([[ANY_POLICY, root]]),
    explicit: begin(wishes.explicit),
    mapping: begin(wishes.inhibitMapping),
    any: begin(wishes.inhibitAny),
  }
  for (const [i, certificate] of path.entries()) {
    const isLast = i + 1 === n
    const anyAllowed = state.any > 0 || (!isLast && isSelfIssued(certificate))
    const level = nextLevel(state.level, certificate, anyAllowed)
    if (state.explicit === 0 && level.size === 0) return 'no policy is common to the path'
    if (isLast) return conclusion({ ...state, level }, certificate, wishes)
    if (mapsAnyPolicy(certificate)) return 'anyPolicy is mapped'
    state = { level: mapped(level, certificate, state.mapping > 0), ...counted(state, certificate) }
  }
  return undefined
}

/** RFC 5280 6.1.5 (a), (b) and (g). */
function conclusion(
  { level, explicit }: State,
  { policyConstraints }: Certificate,
  { accepted }: PolicyWishes,
): string | undefined {
  const left = policyConstraints?.requireExplicit === 0 ? 0 : Math.max(0, explicit - 1)
  return left > 0 || isAccepted(level, accepted) ? undefined : 'the path is valid for no accepted policy'
}
