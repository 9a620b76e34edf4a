import { setTimeout as wait } from 'node:timers/promises'
import type { Call } from '@cinnabar/chaincode'
import { type Caller, LedgerError } from '@cinnabar/core'
import { type Status, StatusCode, type Transaction } from '@hyperledger/fabric-gateway'
import { endorse } from './fabric-endorse'
import { isFabricError } from './fabric-errors'
import { DEADLINE_MS, type Endpoint, type FabricPeers, PATIENCE_MS } from './fabric-peers'
import { firstAnswer } from './first-answer'

/** Verdicts that say that somebody else's transaction came between: the same call may be made anew. */
const CONFLICTS: ReadonlySet<number> = new Set([StatusCode.MVCC_READ_CONFLICT, StatusCode.PHANTOM_READ_CONFLICT])
const MAX_CONFLICTS = 5
/** A new leader of the orderers takes 8 s; beyond this a transaction's fate is called unknown. */
const FATE_MS = 25_000
const PAUSE_MS = 250

/**
 * Makes a call of the chaincode and waits until it is final at a peer.
 * @returns what the call returned.
 * @throws {@link LedgerError} the rules' code, `LEDGER_UNAVAILABLE`, `LEDGER_NO_IDENTITY`: nothing changed;
 * `LEDGER_UNKNOWN_OUTCOME`: it was sent and nobody says what became of it.
 */
export async function submit(peers: FabricPeers, caller: Caller, call: Call): Promise<Uint8Array> {
  for (let conflicts = 0; ; conflicts++) {
    const transaction = await endorse(peers, caller, call)
    const status = await fateOf(peers, caller, transaction)
    if (status.successful) return transaction.getResult()
    if (!CONFLICTS.has(status.code) || conflicts >= MAX_CONFLICTS) throw invalidated(status)
  }
}

/**
 * Sends a transaction until a peer says what became of it, and to another peer as well when that takes long. Sending it again, also elsewhere, is harmless: it has one id,
 * and the channel takes an id once. So a transaction that an orderer took and lost is sent again, not made again.
 */
async function fateOf(peers: FabricPeers, caller: Caller, transaction: Transaction): Promise<Status> {
  const { deadline: until } = peers.deadline(FATE_MS)
  let last: unknown
  const attempt = async (endpoint: Endpoint) => {
    if (peers.closed) return undefined
    try {
      const status = await sendAt(peers, endpoint, { caller, bytes: transaction.getBytes() })
      peers.acknowledge(endpoint, status.blockNumber)
      return status
    } catch (error) {
      if (!isFabricError(error)) throw error
      peers.rest(endpoint)
      last = error
      return undefined
    }
  }
  const onLate = (endpoint: Endpoint) => peers.rest(endpoint)
  do {
    const status = await firstAnswer(peers.ordered(), attempt, { patienceMs: PATIENCE_MS.fate, onLate })
    if (status !== undefined) return status
    await wait(PAUSE_MS)
  } while (!peers.closed && peers.deadline(0).deadline < until)
  const details = { transaction: transaction.getTransactionId() }
  throw new LedgerError('LEDGER_UNKNOWN_OUTCOME', 'a transaction was sent and its fate is not known', details, last)
}

async function sendAt(
  peers: FabricPeers,
  endpoint: Endpoint,
  { caller, bytes }: { readonly caller: Caller; readonly bytes: Uint8Array },
): Promise<Status> {
  const gateway = endpoint.gatewayFor(peers.identityOf(caller))
  const submitted = await gateway.newTransaction(bytes).submit(peers.deadline(DEADLINE_MS.submit))
  return submitted.getStatus(peers.deadline(DEADLINE_MS.status))
}

function invalidated({ code, transactionId }: Status): LedgerError {
  const details = { status: code, transaction: transactionId }
  return new LedgerError('LEDGER_UNAVAILABLE', `the channel took the transaction as invalid (${code})`, details)
}
