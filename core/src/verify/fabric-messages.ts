import { type Message, readMessage, textOf } from './fabric-protobuf'

/** Fabric's messages (fabric-protos 0.3), every field that they have; what is not here is refused. */
const PREPARED_TRANSACTION = { id: [1, 'bytes'], envelope: [2, 'bytes'] } as const
const PROCESSED_TRANSACTION = { envelope: [1, 'bytes'], validationCode: [2, 'number'] } as const
const ENVELOPE = { payload: [1, 'bytes'], signature: [2, 'bytes'] } as const
const PAYLOAD = { header: [1, 'bytes'], data: [2, 'bytes'] } as const
const TRANSACTION = { actions: [1, 'repeated'] } as const
const TRANSACTION_ACTION = { header: [1, 'bytes'], payload: [2, 'bytes'] } as const
const CHAINCODE_ACTION_PAYLOAD = { proposalPayload: [1, 'bytes'], action: [2, 'bytes'] } as const
const ENDORSED_ACTION = { responsePayload: [1, 'bytes'], endorsements: [2, 'repeated'] } as const
const ENDORSEMENT = { endorser: [1, 'bytes'], signature: [2, 'bytes'] } as const
const HEADER = { channelHeader: [1, 'bytes'], signatureHeader: [2, 'bytes'] } as const
const CHANNEL_HEADER = {
  type: [1, 'number'],
  version: [2, 'number'],
  timestamp: [3, 'bytes'],
  channelId: [4, 'bytes'],
  transactionId: [5, 'bytes'],
  epoch: [6, 'number'],
  extension: [7, 'bytes'],
  tlsCertificateHash: [8, 'bytes'],
} as const
const HEADER_EXTENSION = { chaincodeId: [2, 'bytes'] } as const
const CHAINCODE_ID = { path: [1, 'bytes'], name: [2, 'bytes'], version: [3, 'bytes'] } as const
const PROPOSAL_PAYLOAD = { input: [1, 'bytes'], transientMap: [2, 'repeated'] } as const
const INVOCATION_SPEC = { chaincodeSpec: [1, 'bytes'] } as const
const CHAINCODE_SPEC = {
  type: [1, 'number'],
  chaincodeId: [2, 'bytes'],
  input: [3, 'bytes'],
  timeout: [4, 'number'],
} as const
const CHAINCODE_INPUT = { args: [1, 'repeated'], decorations: [2, 'repeated'], isInit: [3, 'number'] } as const
const RESPONSE_PAYLOAD = { proposalHash: [1, 'bytes'], extension: [2, 'bytes'] } as const
const CHAINCODE_ACTION = {
  results: [1, 'bytes'],
  events: [2, 'bytes'],
  response: [3, 'bytes'],
  chaincodeId: [4, 'bytes'],
} as const
const RESPONSE = { status: [1, 'number'], message: [2, 'bytes'], payload: [3, 'bytes'] } as const
const READ_WRITE_SET = { dataModel: [1, 'number'], namespaces: [2, 'repeated'] } as const
const NAMESPACE = { name: [1, 'bytes'], set: [2, 'bytes'], collections: [3, 'repeated'] } as const
const KEY_VALUE_SET = {
  reads: [1, 'repeated'],
  rangeQueries: [2, 'repeated'],
  writes: [3, 'repeated'],
  metadataWrites: [4, 'repeated'],
} as const
const CHAIN_INFO = {
  height: [1, 'number'],
  current: [2, 'bytes'],
  previous: [3, 'bytes'],
  snapshot: [4, 'bytes'],
} as const
const SERIALIZED_IDENTITY = { mspId: [1, 'bytes'], certificate: [2, 'bytes'] } as const

/** A proposal with its peers' answer, as Fabric's gateway service puts them together and as blocks hold them. */
export interface EndorsedProposal {
  readonly header: Uint8Array
  readonly proposalPayload: Uint8Array
  readonly responsePayload: Uint8Array
  readonly endorsements: readonly { readonly endorser: Uint8Array; readonly signature: Uint8Array }[]
}

/** Reads what endorsing a proposal gives (PreparedTransaction). @throws {@link FabricError} `FABRIC_INVALID`. */
export function readPreparedTransaction(bytes: Uint8Array): EndorsedProposal {
  return readEnvelope(readMessage(bytes, PREPARED_TRANSACTION).bytes('envelope'))
}

/** Reads qscc's answer to GetTransactionByID. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readProcessedTransaction(bytes: Uint8Array): EndorsedProposal & { readonly validationCode: number } {
  const processed = readMessage(bytes, PROCESSED_TRANSACTION)
  return { ...readEnvelope(processed.bytes('envelope')), validationCode: processed.number('validationCode') }
}

/** Reads the number of blocks from qscc's answer to GetChainInfo. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readChainHeight(bytes: Uint8Array): number {
  return readMessage(bytes, CHAIN_INFO).number('height')
}

function readEnvelope(bytes: Uint8Array): EndorsedProposal {
  const payload = readMessage(readMessage(bytes, ENVELOPE).bytes('payload'), PAYLOAD)
  const [action = new Uint8Array(0)] = readMessage(payload.bytes('data'), TRANSACTION).repeated('actions')
  const inner = readMessage(readMessage(action, TRANSACTION_ACTION).bytes('payload'), CHAINCODE_ACTION_PAYLOAD)
  const endorsed = readMessage(inner.bytes('action'), ENDORSED_ACTION)
  return {
    header: payload.bytes('header'),
    proposalPayload: inner.bytes('proposalPayload'),
    responsePayload: endorsed.bytes('responsePayload'),
    endorsements: endorsed.repeated('endorsements').map((one) => {
      const endorsement = readMessage(one, ENDORSEMENT)
      return { endorser: endorsement.bytes('endorser'), signature: endorsement.bytes('signature') }
    }),
  }
}

/** Reads the header of a proposal of a chaincode call. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readProposalHeader(bytes: Uint8Array) {
  const header = readMessage(bytes, HEADER)
  const channelHeader = readMessage(header.bytes('channelHeader'), CHANNEL_HEADER)
  const extension = readMessage(channelHeader.bytes('extension'), HEADER_EXTENSION)
  return {
    channelHeader: header.bytes('channelHeader'),
    signatureHeader: header.bytes('signatureHeader'),
    type: channelHeader.number('type'),
    channel: channelHeader.text('channelId'),
    chaincode: nameIn(extension),
  }
}

/** Reads what a proposal calls (ChaincodeProposalPayload). @throws {@link FabricError} `FABRIC_INVALID`. */
export function readInvocation(bytes: Uint8Array) {
  const proposal = readMessage(bytes, PROPOSAL_PAYLOAD)
  const spec = readMessage(readMessage(proposal.bytes('input'), INVOCATION_SPEC).bytes('chaincodeSpec'), CHAINCODE_SPEC)
  const input = readMessage(spec.bytes('input'), CHAINCODE_INPUT)
  return {
    chaincode: nameIn(spec),
    arguments: input.repeated('args').map(textOf),
    /** Anything beside plain arguments: initialisation, decorations, a transient map. */
    plain:
      input.number('isInit') === 0 &&
      input.repeated('decorations').length === 0 &&
      proposal.repeated('transientMap').length === 0,
  }
}

/** Reads what a peer signed (ProposalResponsePayload). @throws {@link FabricError} `FABRIC_INVALID`. */
export function readAnswer(bytes: Uint8Array) {
  const answer = readMessage(bytes, RESPONSE_PAYLOAD)
  const action = readMessage(answer.bytes('extension'), CHAINCODE_ACTION)
  const response = readMessage(action.bytes('response'), RESPONSE)
  return {
    proposalHash: answer.bytes('proposalHash'),
    chaincode: nameIn(action),
    status: response.number('status'),
    result: response.bytes('payload'),
    /** Whether submitting it would change nothing: no write, private or public, in any namespace, and no event. */
    readOnly: action.bytes('events').length === 0 && writesNothing(action.bytes('results')),
  }
}

/** Reads who signed (SerializedIdentity). @throws {@link FabricError} `FABRIC_INVALID`. */
export function readIdentity(bytes: Uint8Array) {
  const identity = readMessage(bytes, SERIALIZED_IDENTITY)
  return { mspId: identity.text('mspId'), certificate: identity.text('certificate') }
}

function nameIn(message: Message<'chaincodeId'>): string {
  return readMessage(message.bytes('chaincodeId'), CHAINCODE_ID).text('name')
}

function writesNothing(results: Uint8Array): boolean {
  const set = readMessage(results, READ_WRITE_SET)
  if (set.number('dataModel') !== 0) return false
  return set.repeated('namespaces').every((bytes) => {
    const namespace = readMessage(bytes, NAMESPACE)
    const values = readMessage(namespace.bytes('set'), KEY_VALUE_SET)
    const written = [namespace.repeated('collections'), values.repeated('writes'), values.repeated('metadataWrites')]
    return written.every((list) => list.length === 0)
  })
}
