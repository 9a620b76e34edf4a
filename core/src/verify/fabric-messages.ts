import { FabricError, type Message, readMessage, textOf } from './fabric-protobuf'

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
const TIMESTAMP = { seconds: [1, 'number'], nanos: [2, 'number'] } as const
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
const KEY_WRITE = { key: [1, 'bytes'], isDelete: [2, 'number'], value: [3, 'bytes'] } as const
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
  return readEnvelope(readMessage(bytes, PREPARED_TRANSACTION).bytes('envelope')).data()
}

/** Reads qscc's answer to GetTransactionByID. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readProcessedTransaction(bytes: Uint8Array): EndorsedProposal & { readonly validationCode: number } {
  const processed = readMessage(bytes, PROCESSED_TRANSACTION)
  return { ...readEnvelope(processed.bytes('envelope')).data(), validationCode: processed.number('validationCode') }
}

/** Reads the number of blocks from qscc's answer to GetChainInfo. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readChainHeight(bytes: Uint8Array): number {
  return readMessage(bytes, CHAIN_INFO).number('height')
}

/** Reads an Envelope: its header, its content, and what `data` reads of a transaction. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readEnvelope(bytes: Uint8Array) {
  const payload = readMessage(readMessage(bytes, ENVELOPE).bytes('payload'), PAYLOAD)
  const header = payload.bytes('header')
  const content = payload.bytes('data')
  return { header, content, data: (): EndorsedProposal => ({ header, ...readEndorsed(content) }) }
}

function readEndorsed(bytes: Uint8Array): Omit<EndorsedProposal, 'header'> {
  const actions = readMessage(bytes, TRANSACTION).repeated('actions')
  // Peers refuse others; a second action would be endorsed and not read.
  if (actions.length !== 1) throw new FabricError('FABRIC_INVALID', `a transaction of ${actions.length} actions`)
  const inner = readMessage(readMessage(actions[0], TRANSACTION_ACTION).bytes('payload'), CHAINCODE_ACTION_PAYLOAD)
  const endorsed = readMessage(inner.bytes('action'), ENDORSED_ACTION)
  return {
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
    transactionId: channelHeader.text('transactionId'),
    /** google.protobuf.Timestamp: the client's word. */
    timestamp: channelHeader.bytes('timestamp'),
    chaincode: nameIn(extension),
  }
}

/** Reads when the client says that it made a proposal, to the millisecond. @throws {@link FabricError} `FABRIC_INVALID`. */
export function readTimestamp(header: Uint8Array): Date {
  const timestamp = readMessage(readProposalHeader(header).timestamp, TIMESTAMP)
  const at = new Date(timestamp.number('seconds') * 1000 + Math.floor(timestamp.number('nanos') / 1e6))
  if (Number.isNaN(at.getTime())) throw new FabricError('FABRIC_INVALID', 'a time is beyond all calendars')
  return at
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
    /** TxReadWriteSet, for {@link readWrites}. */
    results: action.bytes('results'),
    /** Whether submitting it would change nothing: no write, private or public, in any namespace, and no event. */
    readOnly: action.bytes('events').length === 0 && writesNothing(action.bytes('results')),
  }
}

/** Reads who signed (SerializedIdentity). @throws {@link FabricError} `FABRIC_INVALID`. */
export function readIdentity(bytes: Uint8Array) {
  const identity = readMessage(bytes, SERIALIZED_IDENTITY)
  return { mspId: identity.text('mspId'), certificate: identity.text('certificate') }
}

/** One key that a transaction writes; no value when it deletes it. */
export interface KeyWrite {
  readonly key: string
  readonly value?: Uint8Array
}

/**
 * Reads what a transaction writes in one chaincode's namespace (TxReadWriteSet).
 * @throws {@link FabricError} `FABRIC_INVALID`, also when there is private data or a key's own policy, which ours has not.
 */
export function readWrites(results: Uint8Array, chaincode: string): readonly KeyWrite[] {
  const all = readMessage(results, READ_WRITE_SET).repeated('namespaces')
  const own = all.map((bytes) => readMessage(bytes, NAMESPACE)).filter((one) => one.text('name') === chaincode)
  return own.flatMap((namespace) => {
    const set = readMessage(namespace.bytes('set'), KEY_VALUE_SET)
    if (namespace.repeated('collections').length > 0 || set.repeated('metadataWrites').length > 0) {
      throw new FabricError('FABRIC_INVALID', 'a transaction writes more than keys and values')
    }
    return set.repeated('writes').map((bytes) => {
      const write = readMessage(bytes, KEY_WRITE)
      return { key: write.text('key'), ...(write.number('isDelete') === 0 && { value: write.bytes('value') }) }
    })
  })
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
