import { concat } from '../encode/bytes'
import { integer, octetString, sequence } from '../encode/der-write'
import { sha256 } from '../encode/sha256'
import { type EndorsedProposal, readEnvelope, readProposalHeader } from './fabric-messages'
import { FabricError, readMessage } from './fabric-protobuf'

/** Fabric's blocks (fabric-protos 0.3), every field that they have. */
const BLOCK = { header: [1, 'bytes'], data: [2, 'bytes'], metadata: [3, 'bytes'] } as const
const BLOCK_HEADER = { number: [1, 'number'], previousHash: [2, 'bytes'], dataHash: [3, 'bytes'] } as const
const BLOCK_DATA = { data: [1, 'repeated'] } as const
const BLOCK_METADATA = { metadata: [1, 'repeated'] } as const

/** Place of the transactions' validation codes in a block's metadata. */
const TRANSACTIONS_FILTER = 2
/** HeaderType of fabric-protos. */
export const HEADER_TYPE = { config: 1, endorserTransaction: 3 } as const

/** What the orderers chain and sign. */
export interface BlockHeader {
  readonly number: number
  readonly previousHash: Uint8Array
  readonly dataHash: Uint8Array
}

/** A block as a peer keeps it. */
export interface FabricBlock {
  readonly header: BlockHeader
  /** Envelopes, in order. */
  readonly envelopes: readonly Uint8Array[]
  /** By BlockMetadataIndex; not covered by the header's hash. */
  readonly metadata: readonly Uint8Array[]
}

/** A transaction of a block. `endorsed` is absent from one that calls no chaincode. */
export interface BlockTransaction {
  readonly type: number
  readonly channel: string
  readonly id: string
  /** Of the chaincode that the header names. */
  readonly chaincode: string
  readonly endorsed?: EndorsedProposal
}

/** Reads a Block. Nothing in it is checked against anything. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readBlock(bytes: Uint8Array): FabricBlock {
  const block = readMessage(bytes, BLOCK)
  const header = readMessage(block.bytes('header'), BLOCK_HEADER)
  return {
    header: {
      number: header.number('number'),
      previousHash: header.bytes('previousHash'),
      dataHash: header.bytes('dataHash'),
    },
    envelopes: readMessage(block.bytes('data'), BLOCK_DATA).repeated('data'),
    metadata: readMessage(block.bytes('metadata'), BLOCK_METADATA).repeated('metadata'),
  }
}

/** SEQUENCE { number INTEGER, previousHash OCTET STRING, dataHash OCTET STRING }: what is hashed and signed of a block. */
export function blockHeaderDer({ number, previousHash, dataHash }: BlockHeader): Uint8Array {
  return sequence(integer(BigInt(number)), octetString(previousHash), octetString(dataHash))
}

/** SHA-256 over the {@link blockHeaderDer}: the block's name. */
export function blockHash(header: BlockHeader): Uint8Array {
  return sha256(blockHeaderDer(header))
}

/** What `header.dataHash` must be: SHA-256 over the envelopes, one after the other. */
export function blockDataHash({ envelopes }: FabricBlock): Uint8Array {
  return sha256(concat(...envelopes))
}

/**
 * The code that this peer gave each transaction; 0 is valid. Its own word, which nobody signs.
 * @throws {@link FabricError} `FABRIC_INVALID` unless there is one for each.
 */
export function validationCodes({ envelopes, metadata }: FabricBlock): readonly number[] {
  const codes = [...(metadata[TRANSACTIONS_FILTER] ?? [])]
  if (codes.length === envelopes.length) return codes
  throw new FabricError('FABRIC_INVALID', `a block of ${envelopes.length} transactions has ${codes.length} codes`)
}

/** Reads a transaction of a block. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readBlockTransaction(envelope: Uint8Array): BlockTransaction {
  const { header, data } = readEnvelope(envelope)
  const { type, channel, transactionId, chaincode } = readProposalHeader(header)
  const common = { type, channel, id: transactionId, chaincode }
  return type === HEADER_TYPE.endorserTransaction ? { ...common, endorsed: data() } : common
}
