import { appendCall, type Call, changeCall } from '@cinnabar/chaincode'
import { HeadFormat, type Ledger } from '@cinnabar/core'
import type { Clock } from '../clock'
import { attest } from './fabric-attest'
import { FabricBlocks } from './fabric-blocks'
import type { FabricConnection } from './fabric-config'
import { FabricEvents } from './fabric-events'
import { DEADLINE_MS, FabricPeers } from './fabric-peers'
import { argumentsOf } from './fabric-qscc'
import { submit } from './fabric-submit'
import { ledgerReads, type ReadSource } from './reads'

/** What a Fabric ledger is opened with. */
export interface FabricLedgerOptions {
  readonly connection: FabricConnection
  readonly clock: Clock
  /** Keeps how far events were heard across restarts. */
  readonly checkpointFile?: string
  /** Told of what interrupts the stream of events; it goes on by itself. */
  readonly report: (error: unknown) => void
}

/**
 * The consortium's ledger on Hyperledger Fabric, through the gateway service of its peers. One's own peer is turned to
 * first; when it does not answer, other organisations' peers are. Peers are connected to when first needed. The client
 * library is `@hyperledger/fabric-gateway`: its predecessor `fabric-network` is declared deprecated by its maintainers.
 * @throws {@link LedgerError} `CONNECTION_INVALID` when an identity's key is of no use.
 */
export function openFabricLedger(options: FabricLedgerOptions): Ledger {
  const { connection, clock } = options
  const peers = new FabricPeers(connection, clock)
  const source = readSource(peers)
  const events = new FabricEvents(peers, source, options)
  const blocks = new FabricBlocks(peers)
  const reads = ledgerReads(source)
  const change = async (...of: Parameters<typeof submit>) => HeadFormat.parse(await submit(...of))
  return {
    kind: 'fabric',
    channel: connection.channel,
    change: (caller, one) => change(peers, caller, changeCall(one)),
    append: (caller, institution, expectedSize, entries, uses) =>
      change(peers, caller, appendCall(institution, expectedSize, entries, uses)),
    ...reads,
    attest: (request) => attest(peers, request),
    blocksBehind: async (institution, index) => {
      const append = await reads.appendOf(institution, index)
      return append && blocks.of(append)
    },
    follow: (listener) => events.follow(listener),
    close: async () => {
      await events.close()
      peers.close()
    },
  }
}

function readSource(peers: FabricPeers): ReadSource {
  return {
    query: ({ name, args }: Call) =>
      peers.read((network, { organisation }) =>
        network
          .getContract(peers.connection.chaincode)
          .newProposal(name, { arguments: [...args], endorsingOrganizations: [organisation] })
          .evaluate(peers.deadline(DEADLINE_MS.evaluate)),
      ),
    argumentsOf: (transaction) =>
      peers.read((network, { organisation }) =>
        argumentsOf(network, transaction, { organisation, ...peers.deadline(DEADLINE_MS.evaluate) }),
      ),
  }
}
