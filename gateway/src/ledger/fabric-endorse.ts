import type { Call, RuleError } from '@cinnabar/chaincode'
import type { Caller, InstitutionId } from '@cinnabar/core'
import type { Transaction } from '@hyperledger/fabric-gateway'
import { endorserPairs } from './fabric-endorsers'
import { answersOf, isFabricError, refused, unavailable } from './fabric-errors'
import { DEADLINE_MS, type Endpoint, type FabricPeers } from './fabric-peers'

/** Organisations whose refusal stands, whatever others might say: so many make an endorsement, too. */
const DECISIVE = 2

/** What organisations have answered to one call so far. */
interface Answers {
  readonly refusals: Map<string, RuleError>
  /** Organisations whose peers could not be asked. */
  readonly silent: Set<string>
  last: unknown
}

/**
 * Has a call endorsed by two organisations that meet the policy. One organisation's refusal alone does not stand while
 * others can be asked: a peer that lags or lies must not stop an institution's log.
 * @throws {@link LedgerError} the rules' code; `LEDGER_UNAVAILABLE`: nothing was sent.
 */
export async function endorse(peers: FabricPeers, caller: Caller, call: Call): Promise<Transaction> {
  const identity = peers.identityOf(caller)
  const answers: Answers = { refusals: new Map(), silent: new Set(), last: undefined }
  const pairs = endorserPairs(peers.connection.organisations, caller.institution)
  const rested = pairs.filter((pair) => !pair.some((id) => peers.isSilent(id)))
  for (const pair of [...rested, ...pairs.filter((one) => !rested.includes(one))]) {
    if (pair.some((id) => answers.refusals.has(id) || answers.silent.has(id))) continue
    for (const endpoint of peers.ordered()) {
      peers.requireOpen()
      try {
        return await endorseAt(peers, endpoint, { identity, call, pair })
      } catch (error) {
        if (!isFabricError(error)) throw error
        answers.last = error
        if (note(peers, answers, error, pair)) break
        peers.rest(endpoint)
      }
    }
    const decided = decidedBy(answers)
    if (decided !== undefined) throw refused(decided)
  }
  const [only] = answers.refusals.values()
  // Every pair had an organisation that refused: no endorsement can be had.
  if (only !== undefined && answers.silent.size === 0) throw refused(only)
  throw unavailable('no two organisations endorsed', answers.last)
}

function endorseAt(
  peers: FabricPeers,
  endpoint: Endpoint,
  request: {
    readonly identity: ReturnType<FabricPeers['identityOf']>
    readonly call: Call
    readonly pair: readonly InstitutionId[]
  },
): Promise<Transaction> {
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

/** @returns whether organisations of the pair answered, so that another endpoint would not help. */
function note(
  peers: FabricPeers,
  { refusals, silent }: Answers,
  error: Parameters<typeof answersOf>[0],
  pair: readonly string[],
): boolean {
  const answers = answersOf(error).filter(({ organisation }) => pair.includes(organisation))
  for (const { organisation, refusal } of answers) {
    if (refusal !== undefined) refusals.set(organisation, refusal)
    else {
      silent.add(organisation)
      peers.noteSilence(organisation)
    }
  }
  return answers.length > 0
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
