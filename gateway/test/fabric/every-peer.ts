import { type Call, RuleError } from '@cinnabar/chaincode'
import { digestOf, readChainHeight, utf8 } from '@cinnabar/core'
import { systemClock } from '../../src/clock'
import type { FabricIdentity } from '../../src/ledger/fabric-config'
import { answersOf, isFabricError } from '../../src/ledger/fabric-errors'
import { DEADLINE_MS, type Endpoint, FabricPeers } from '../../src/ledger/fabric-peers'
import { realConnection } from './real-network'

/** The code of an answer that is not the rules': the call did not get as far as the chaincode. */
export const PEER_REFUSED = 'PEER_REFUSED'

/** What one organisation's peer said to a call, asked alone and by its own gateway service. */
export interface PeerAnswer {
  readonly organisation: string
  /** The rules' code; `ENDORSED`; or {@link PEER_REFUSED}. */
  readonly code: string
  /** The peer's words, for people. */
  readonly text: string
}

/** Has each organisation's peer endorse the call, one at a time. Nothing is submitted. */
export async function askEveryPeer(identity: FabricIdentity, call: Call): Promise<readonly PeerAnswer[]> {
  const peers = new FabricPeers({ ...realConnection(), identities: [identity] }, systemClock)
  try {
    return await Promise.all(peers.ordered().map((endpoint) => askOne(peers, endpoint, { identity, call })))
  } finally {
    peers.close()
  }
}

async function askOne(
  peers: FabricPeers,
  endpoint: Endpoint,
  { identity, call }: { readonly identity: FabricIdentity; readonly call: Call },
): Promise<PeerAnswer> {
  const { organisation } = endpoint
  const { name, args, transient = new Map<string, Uint8Array>() } = call
  try {
    await endpoint
      .networkFor(identity)
      .getContract(peers.connection.chaincode)
      .newProposal(name, {
        arguments: [...args],
        endorsingOrganizations: [organisation],
        transientData: Object.fromEntries(transient),
      })
      .endorse(peers.deadline(DEADLINE_MS.endorse))
    return { organisation, code: 'ENDORSED', text: '' }
  } catch (error) {
    if (!isFabricError(error)) throw error
    const answers = answersOf(error)
    const refusal = answers.find((answer) => answer.organisation === organisation)?.refusal
    const words = error.details.map(({ address, mspId, message }) => `${mspId} at ${address}: ${message}`)
    const text = [error.message, ...words].join('\n')
    return { organisation, code: refusal instanceof RuleError ? refusal.code : PEER_REFUSED, text }
  }
}

/** One organisation's peer's copy of the ledger. */
export interface PeerState {
  readonly height: number
  /** Height, hash of the last block and of the one before it, as the peer gives them: equal only for equal chains. */
  readonly chain: string
  /** Digest of all answers about heads, institutions, certificates, seals with their counts of uses, and authorities. */
  readonly records: string
}

/**
 * Each organisation's peer's copy of the ledger. Only blocks change a peer's world state, so equal chains are equal states;
 * the records are read besides.
 */
export async function stateOfEveryPeer(): Promise<Readonly<Record<string, PeerState>>> {
  const peers = new FabricPeers(realConnection(), systemClock)
  try {
    const states = await Promise.all(
      peers.ordered().map(async (endpoint) => [endpoint.organisation, await stateOf(peers, endpoint)] as const),
    )
    return Object.fromEntries(states)
  } finally {
    peers.close()
  }
}

async function stateOf(peers: FabricPeers, endpoint: Endpoint): Promise<PeerState> {
  const { channel, chaincode, organisations } = peers.connection
  const network = endpoint.networkFor(peers.reader(endpoint))
  const ask = (contract: string, name: string, args: readonly string[]) =>
    network
      .getContract(contract)
      .newProposal(name, { arguments: [...args], endorsingOrganizations: [endpoint.organisation] })
      .evaluate(peers.deadline(DEADLINE_MS.evaluate))
  const ofEach = ['head', 'seals', 'certificates'].flatMap((name) =>
    organisations.map(({ id }) => ask(chaincode, name, [id])),
  )
  const records = await Promise.all([ask(chaincode, 'institutions', []), ask(chaincode, 'tsas', []), ...ofEach])
  const chain = await ask('qscc', 'GetChainInfo', [channel])
  return {
    height: readChainHeight(chain),
    chain: digestOf(chain),
    records: digestOf(utf8(records.map((bytes) => digestOf(bytes)).join())),
  }
}

/** Waits, at most 10 s, until all peers have the same chain. @returns their common state. */
export async function settledState(): Promise<PeerState> {
  for (let attempt = 0; ; attempt++) {
    const states = Object.values(await stateOfEveryPeer())
    const [first] = states
    if (states.every(({ chain, records }) => chain === first.chain && records === first.records)) return first
    if (attempt === 100) throw new Error(`the peers differ: ${JSON.stringify(states)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
