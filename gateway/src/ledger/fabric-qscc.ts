import {
  FabricError,
  type InstitutionId,
  LedgerError,
  readChainHeight,
  readInvocation,
  readProcessedTransaction,
} from '@cinnabar/core'
import type { Network } from '@hyperledger/fabric-gateway'

/** Whose peer to ask, and until when (ms since 1970). */
interface Query {
  readonly organisation: InstitutionId
  readonly deadline: number
}

const VALID = 0

/** Blocks that the peer has committed. @throws GatewayError. */
export async function chainHeight(network: Network, query: Query): Promise<bigint> {
  return BigInt(readable(readChainHeight, await ask(network, 'GetChainInfo', [], query)))
}

/**
 * The arguments of a committed transaction, its function's name aside.
 * @throws GatewayError; {@link LedgerError} `LEDGER_DAMAGED` when the peer gives something else.
 */
export async function argumentsOf(network: Network, transaction: string, query: Query): Promise<readonly string[]> {
  const answer = await ask(network, 'GetTransactionByID', [transaction], query)
  const { proposalPayload, validationCode } = readable(readProcessedTransaction, answer)
  if (validationCode !== VALID) {
    throw new LedgerError('LEDGER_DAMAGED', 'an append names a transaction that is not valid', { transaction })
  }
  return readable(readInvocation, proposalPayload).arguments.slice(1)
}

/** The block that holds a transaction, whatever became of it. @throws GatewayError. */
export function blockWith(network: Network, transaction: string, query: Query): Promise<Uint8Array> {
  return ask(network, 'GetBlockByTxID', [transaction], query)
}

/** The block of this number. @throws GatewayError. */
export function blockAt(network: Network, number: number, query: Query): Promise<Uint8Array> {
  return ask(network, 'GetBlockByNumber', [String(number)], query)
}

/** The system chaincode that answers about blocks; the peer itself signs nothing here. */
function ask(network: Network, name: string, args: readonly string[], { organisation, deadline }: Query) {
  const options = { arguments: [network.getName(), ...args], endorsingOrganizations: [organisation] }
  return network.getContract('qscc').newProposal(name, options).evaluate({ deadline })
}

function readable<T>(read: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return read(bytes)
  } catch (cause) {
    if (!(cause instanceof FabricError)) throw cause
    throw new LedgerError('LEDGER_DAMAGED', 'a peer gave what cannot be read', {}, cause)
  }
}
