import { setTimeout as wait } from 'node:timers/promises'
import { type Call, RuleError } from '@cinnabar/chaincode'
import type { Caller, InstitutionId } from '@cinnabar/core'
import type { Transaction } from '@hyperledger/fabric-gateway'
import type { FabricIdentity } from './fabric-config'
import { endorserPairs } from './fabric-endorsers'
import { answersOf, identityRefused, isFabricError, refused, unavailable } from './fabric-errors'
import { DEADLINE_MS, type Endpoint, type FabricPeers, PATIENCE_MS } from './fabric-peers'
import { firstAnswer } from './first-answer'

/** Organisations whose refusal stands, whatever others might say: so many make an endorsement, too. */
const DECISIVE = 2

/** Pairs that are tried for one call: all three of three organisations, and enough of more. */
const MAX_PAIRS = 6
/** How often a refusal by peers that may lag is asked for again, and after how long. */
const LAG = { attempts: 5, ms: 100 } as const

/** What came of one call so far. */
interface Answers {
  readonly refusals: Map<string, RuleError>
  /** Organisations that do not accept the caller's certificate. */
  readonly denied: Set<string>
  /** Whether a pair failed of which nobody refused: the refusals do not explain everything. */
  unexplained: boolean
  last: unknown
}

/**
 * Has a call endorsed by two organisations that meet the policy. One organisation's refusal alone does not stand while
 * others can be asked: a peer that lags or lies must not stop an institution's log.
 * @throws {@link LedgerError} the rules' code; `LEDGER_UNAVAILABLE`, `LEDGER_IDENTITY_REFUSED`: nothing was sent.
 */
export async function endorse(peers: FabricPeers, caller: Caller, call: Call): Promise<Transaction> {
  for (let attempt = 1; ; attempt++) {
    const answers: Answers = { refusals: new Map(), denied: new Set(), unexplained: false, last: undefined }
    const outcome = await endorseOnce(peers, { caller, call }, answers)
    if (!(outcome instanceof RuleError)) return outcome
    // Peers that have not seen yet what was acknowledged a moment ago refuse what builds on it.
    if (attempt >= LAG.attempts || !peers.mayLag(new Set(answers.refusals.keys()))) throw refused(outcome)
    await wait(LAG.ms)
  }
}

/** @returns the endorsed transaction, or the refusal that stands. */
async function endorseOnce(
  peers: FabricPeers,
  { caller, call }: { readonly caller: Caller; readonly call: Call },
  answers: Answers,
): Promise<Transaction | RuleError> {
  const identity = peers.identityOf(caller)
  const late: Pair[] = []
  const attempt = async (pair: Pair, index: number) => {
    if (pair.some((id) => answers.refusals.has(id))) return undefined
    const transaction = await endorseBy(peers, { identity, call, pair, turn: index }, answers)
    if (transaction !== undefined) blame(peers, late, pair)
    return transaction ?? decidedBy(answers)
  }
  const impatience = { patienceMs: PATIENCE_MS.endorse, onLate: (pair: Pair) => void late.push(pair) }
  const decided = await firstAnswer(pairsFor(peers, caller), attempt, impatience)
  if (decided !== undefined) return decided
  const [only] = answers.refusals.values()
  if (only !== undefined && !answers.unexplained) return only
  // One that denies alone may have a configuration of its own; two agree.
  if (answers.denied.size >= DECISIVE) throw identityRefused(answers.last)
  throw unavailable('no two organisations endorsed', answers.last)
}

type Pair = readonly InstitutionId[]

/** Those of the pairs that hung who are not in the one that endorsed: it is they who keep silent. */
function blame(peers: FabricPeers, late: readonly Pair[], endorsed: Pair): void {
  for (const id of late.flat()) if (!endorsed.includes(id)) peers.noteSilence(id)
}

interface Request {
  readonly identity: FabricIdentity
  readonly call: Call
  readonly pair: Pair
  /** From 0; each asks another endpoint first, since it may be the endpoint that hangs. */
  readonly turn: number
}

/** Those without an organisation that was silent a moment ago first. */
function pairsFor(peers: FabricPeers, { institution }: Caller): readonly Pair[] {
  const silent = (pair: Pair) => pair.filter((id) => peers.isSilent(id)).length
  const pairs = endorserPairs(peers.connection.organisations, institution)
  return [...pairs].sort((a, b) => silent(a) - silent(b)).slice(0, MAX_PAIRS)
}

/** By the first endpoint that can reach the pair. @returns undefined, and notes why, when they did not both endorse. */
async function endorseBy(peers: FabricPeers, request: Request, answers: Answers): Promise<Transaction | undefined> {
  const endpoints = peers.ordered()
  const first = request.turn % endpoints.length
  for (const endpoint of [...endpoints.slice(first), ...endpoints.slice(0, first)]) {
    peers.requireOpen()
    try {
      const transaction = await endorseAt(peers, endpoint, request)
      for (const id of request.pair) peers.noteAnswer(id)
      return transaction
    } catch (error) {
      if (!isFabricError(error)) throw error
      answers.last = error
      // Organisations answered, so that another endpoint would hear the same.
      if (note(peers, answers, error, request.pair)) return undefined
      peers.rest(endpoint)
    }
  }
  answers.unexplained = true
  return undefined
}

function endorseAt(peers: FabricPeers, endpoint: Endpoint, request: Request): Promise<Transaction> {
  const { name, args, transient } = request.call
  return endpoint
    .networkFor(request.identity)
    .getContract(peers.connection.chaincode)
    .newProposal(name, {
      arguments: [...args],
      endorsingOrganizations: [...request.pair],
      ...(transient && { transientData: Object.fromEntries(transient) }),
    })
    .endorse(peers.deadline(DEADLINE_MS.endorse))
}

/**
 * Notes what the pair's organisations answered. When one of them fails, the gateway service cancels the other's work, and
 * reports both alike: so an organisation that failed beside another is tried again with a third.
 * @returns whether anybody of the pair is said to have answered.
 */
function note(
  peers: FabricPeers,
  answers: Answers,
  error: Parameters<typeof answersOf>[0],
  pair: readonly string[],
): boolean {
  const given = answersOf(error).filter(({ organisation }) => pair.includes(organisation))
  for (const { organisation, refusal, isDenied } of given) {
    if (isDenied) answers.denied.add(organisation)
    else if (refusal === undefined) peers.noteSilence(organisation)
    else answers.refusals.set(organisation, refusal)
  }
  if (given.length > 0 && given.every(({ refusal }) => refusal === undefined)) answers.unexplained = true
  return given.length > 0
}

/** The refusal that enough organisations agree on. */
function decidedBy({ refusals }: Answers): RuleError | undefined {
  const counts = new Map<string, number>()
  for (const refusal of refusals.values()) {
    const count = (counts.get(refusal.code) ?? 0) + 1
    if (count >= DECISIVE) return refusal
    counts.set(refusal.code, count)
  }
  return undefined
}
