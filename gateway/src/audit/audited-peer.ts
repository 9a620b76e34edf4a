import { setTimeout as wait } from 'node:timers/promises'
import { attestCall, type Call, RuleError } from '@cinnabar/chaincode'
import type { AttestRequest, FabricAttestation, InstitutionId } from '@cinnabar/core'
import type { Network } from '@hyperledger/fabric-gateway'
import { attestationIn } from '../ledger/fabric-attest'
import { isFabricError, refusalOf } from '../ledger/fabric-errors'
import type { Endpoint, FabricPeers } from '../ledger/fabric-peers'
import { chainHeight } from '../ledger/fabric-qscc'

/** One organisation's peer, asked directly. What it says is compared, never believed. */
export interface AuditedPeer {
  readonly organisation: InstitutionId
  /** `host:port`. */
  readonly address: string
  /** Blocks that it says it has. @throws {@link PeerSilence}. */
  height(): Promise<number>
  /** Its blocks, in order, from a number on: a stream that this peer serves from its own copy. */
  blocks(from: number): BlockStream
  /** Its signed statement. @throws {@link PeerSilence}; RuleError when its chaincode refuses. */
  attest(request: AttestRequest): Promise<FabricAttestation>
  /** Its unsigned answer to a query. @throws {@link PeerSilence}; RuleError when its chaincode refuses. */
  query(call: Call): Promise<Uint8Array>
}

/** Blocks of one peer as they come. */
export interface BlockStream {
  /** The bytes of the next block. @throws {@link PeerSilence}, also when it does not come in time. */
  next(): Promise<Uint8Array>
  close(): void
}

/** The peer or its chaincode does not answer, or with an error that is not the rules'. */
export class PeerSilence extends Error {}

/** An audit is in no hurry, and a peer that is slow is none that is silent. */
const ANSWER_WITHIN_MS = 30_000
const BLOCK_WITHIN_MS = 30_000
/** A peer that lags by a block answers `HEAD_UNKNOWN`. */
const LAG = { attempts: 20, ms: 250 } as const

/** The connection's peers, each asked at its own address. */
export function auditedPeers(peers: FabricPeers): readonly AuditedPeer[] {
  return peers.ordered().map((endpoint) => auditedPeer(peers, endpoint))
}

function auditedPeer(peers: FabricPeers, endpoint: Endpoint): AuditedPeer {
  const { organisation, address } = endpoint
  const network = () => endpoint.networkFor(peers.reader(endpoint))
  const query = () => ({ organisation, ...peers.deadline(ANSWER_WITHIN_MS) })
  const proposal = ({ name, args }: Call) =>
    network()
      .getContract(peers.connection.chaincode)
      .newProposal(name, { arguments: [...args], endorsingOrganizations: [organisation] })
  return {
    organisation,
    address,
    height: () => heard(async () => Number(await chainHeight(network(), query()))),
    blocks: (from) => blockStream(() => network().getBlockEvents({ startBlock: BigInt(from) })),
    query: (call) => heard(() => proposal(call).evaluate(peers.deadline(ANSWER_WITHIN_MS))),
    attest: (request) =>
      patiently(() =>
        heard(async () => attestationIn(await proposal(attestCall(request)).endorse(peers.deadline(ANSWER_WITHIN_MS)))),
      ),
  }
}

type Opened = Awaited<ReturnType<Network['getBlockEvents']>>

function blockStream(open: () => Promise<Opened>): BlockStream {
  const opening = open()
  // Whoever asks for the first block sees the failure.
  opening.catch(() => undefined)
  let iterator: ReturnType<Opened[typeof Symbol.asyncIterator]> | undefined
  return {
    next: () =>
      inTime(
        heard(async () => {
          iterator ??= (await opening)[Symbol.asyncIterator]()
          const { done, value } = await iterator.next()
          if (done) throw new PeerSilence('the stream of blocks has ended')
          return value.serializeBinary()
        }),
      ),
    close: () => {
      opening.then((blocks) => blocks.close()).catch(() => undefined)
    },
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PeerSilence('no block came in time')), BLOCK_WITHIN_MS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

async function heard<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!isFabricError(error)) throw error
    throw refusalOf(error) ?? new PeerSilence(error.message, { cause: error })
  }
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      const lags = error instanceof RuleError && error.code === 'HEAD_UNKNOWN'
      if (!lags || attempt >= LAG.attempts) throw error
      await wait(LAG.ms)
    }
  }
}
