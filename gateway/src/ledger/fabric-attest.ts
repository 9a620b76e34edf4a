import { setTimeout as wait } from 'node:timers/promises'
import { attestCall } from '@cinnabar/chaincode'
import {
  type AttestRequest,
  type FabricAttestation,
  type InstitutionId,
  readPreparedTransaction,
  toBase64,
} from '@cinnabar/core'
import type { Transaction } from '@hyperledger/fabric-gateway'
import type { FabricOrganisation } from './fabric-config'
import { isFabricError, refusalOf, refused, unavailable } from './fabric-errors'
import { DEADLINE_MS, type Endpoint, type FabricPeers, PATIENCE_MS } from './fabric-peers'
import { firstAnswer } from './first-answer'

/** A peer that lags by a block answers `HEAD_UNKNOWN`: it is asked again, so often and so much later. */
const LAG = { attempts: 4, ms: 100 } as const

/** So many organisations' word makes a receipt; one alone proves nothing. */
const ENOUGH = 2
/** How long those that have not answered are waited for when enough others have. They take 15 to 30 ms. */
const GRACE_MS = 300

/**
 * Asks all organisations' peers at once for their signed statements: each endorses a read-only call that is never
 * submitted. One that keeps silent does not hold up the others, and is asked again later.
 * @throws {@link LedgerError} the rules' code when too few attest and somebody refuses; `LEDGER_UNAVAILABLE`.
 */
export async function attest(peers: FabricPeers, request: AttestRequest): Promise<readonly FabricAttestation[]> {
  const { organisations } = peers.connection
  const awake = organisations.filter(({ id }) => !peers.isSilent(id))
  const asked = awake.length >= ENOUGH ? awake : organisations
  for (const { id } of organisations.filter((one) => !asked.includes(one))) probe(peers, id, request)
  const outcomes = await gathered(
    asked.map(({ id }) => attestBy(peers, id, request)),
    (given) =>
      isEnough(
        asked.filter((_, i) => given[i]?.status === 'fulfilled'),
        request,
      ),
  )
  for (const [i, { id }] of asked.entries()) if (outcomes[i] === undefined) peers.noteSilence(id)
  const attestations = outcomes.flatMap((outcome) => (outcome?.status === 'fulfilled' ? [outcome.value] : []))
  if (attestations.length >= Math.min(ENOUGH, organisations.length)) return attestations
  const reasons = outcomes.flatMap((outcome) => (outcome?.status === 'rejected' ? [outcome.reason] : []))
  const refusal = reasons.flatMap((reason) => (isFabricError(reason) ? (refusalOf(reason) ?? []) : [])).at(0)
  if (refusal !== undefined) throw refused(refusal)
  const fault = reasons.find((reason) => !isFabricError(reason))
  throw fault ?? unavailable('too few organisations attested', reasons.at(0))
}

/** Whether the others are worth no more than a moment: design.md section 1, fact 6, for most trust files. */
function isEnough(organisations: readonly FabricOrganisation[], { institution }: AttestRequest): boolean {
  const independent = organisations.some(({ id, kind }) => kind !== 'enterprise' && id !== institution)
  return organisations.length >= ENOUGH && independent
}

/** Each one's outcome once all have one, or a moment after there are enough; undefined for those that had none by then. */
function gathered<T>(
  all: readonly Promise<T>[],
  enough: (given: readonly (PromiseSettledResult<T> | undefined)[]) => boolean,
): Promise<readonly (PromiseSettledResult<T> | undefined)[]> {
  const outcomes = all.map((): PromiseSettledResult<T> | undefined => undefined)
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      clearTimeout(timer)
      resolve([...outcomes])
    }
    for (const [i, one] of all.entries()) {
      void Promise.allSettled([one]).then(([outcome]) => {
        outcomes[i] = outcome
        if (!outcomes.includes(undefined)) end()
        else if (enough(outcomes)) timer ??= setTimeout(end, GRACE_MS)
      })
    }
  })
}

/** Whether an organisation is back, found out in passing: {@link endorseBy} notes what comes of it. */
function probe(peers: FabricPeers, organisation: InstitutionId, request: AttestRequest): void {
  if (peers.mayProbe(organisation)) void Promise.allSettled([attestBy(peers, organisation, request)])
}

async function attestBy(
  peers: FabricPeers,
  organisation: InstitutionId,
  request: AttestRequest,
): Promise<FabricAttestation> {
  for (let attempt = 1; ; attempt++) {
    try {
      return attestationIn(await endorseBy(peers, organisation, request))
    } catch (error) {
      const lags = isFabricError(error) && refusalOf(error)?.code === 'HEAD_UNKNOWN'
      if (!lags || attempt >= LAG.attempts) throw error
      await wait(LAG.ms)
    }
  }
}

/** By the organisation's own gateway if it answers, else by another's, which passes it on. */
async function endorseBy(
  peers: FabricPeers,
  organisation: InstitutionId,
  request: AttestRequest,
): Promise<Transaction> {
  const { name, args } = attestCall(request)
  let last: unknown
  const attempt = async (endpoint: Endpoint) => {
    peers.requireOpen()
    try {
      return await endpoint
        .networkFor(peers.reader(endpoint))
        .getContract(peers.connection.chaincode)
        .newProposal(name, { arguments: [...args], endorsingOrganizations: [organisation] })
        .endorse(peers.deadline(DEADLINE_MS.evaluate))
    } catch (error) {
      if (!isFabricError(error) || refusalOf(error) !== undefined) throw error
      last = error
      return undefined
    }
  }
  const impatience = { patienceMs: PATIENCE_MS.evaluate, onLate: () => undefined }
  const transaction = await firstAnswer(peers.ordered(organisation), attempt, impatience)
  if (transaction === undefined) {
    peers.noteSilence(organisation)
    throw last
  }
  peers.noteAnswer(organisation)
  return transaction
}

/** The endorsement of a call of `attest`, in the form in which receipts keep it. @throws FabricError. */
export function attestationIn(transaction: Transaction): FabricAttestation {
  const { header, proposalPayload, responsePayload, endorsements } = readPreparedTransaction(transaction.getBytes())
  const [{ endorser, signature }] = endorsements
  return {
    endorser: toBase64(endorser),
    kind: 'fabric',
    payload: toBase64(responsePayload),
    proposalHeader: toBase64(header),
    proposalPayload: toBase64(proposalPayload),
    signature: toBase64(signature),
  }
}
