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
import { isFabricError, refusalOf, refused, unavailable } from './fabric-errors'
import { DEADLINE_MS, type FabricPeers } from './fabric-peers'

/** A peer that lags by a block answers `HEAD_UNKNOWN`: it is asked again, so often and so much later. */
const LAG = { attempts: 4, ms: 100 } as const

/**
 * Asks one organisation after another's peer, all at once, for its signed statement: each endorses a read-only call that is
 * never submitted.
 * @throws {@link LedgerError} the rules' code when nobody attests and somebody refuses; `LEDGER_UNAVAILABLE`.
 */
export async function attest(peers: FabricPeers, request: AttestRequest): Promise<readonly FabricAttestation[]> {
  const { organisations } = peers.connection
  const awake = organisations.filter(({ id }) => !peers.isSilent(id))
  const asked = awake.length >= 2 ? awake : organisations
  const outcomes = await Promise.allSettled(asked.map(({ id }) => attestBy(peers, id, request)))
  const attestations = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  if (attestations.length > 0) return attestations
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  const refusal = reasons.flatMap((reason) => (isFabricError(reason) ? (refusalOf(reason) ?? []) : [])).at(0)
  if (refusal !== undefined) throw refused(refusal)
  const fault = reasons.find((reason) => !isFabricError(reason))
  throw fault ?? unavailable('no organisation attested', reasons.at(0))
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
  for (const endpoint of peers.ordered(organisation)) {
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
    }
  }
  peers.noteSilence(organisation)
  throw last
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
