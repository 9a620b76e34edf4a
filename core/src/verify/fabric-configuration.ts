import { toBase64 } from '../encode/bytes'
import { type Digest, digestFromBytes } from '../model/digest'
import type { InstitutionId } from '../model/identifiers'
import type { Organisation, Trust } from '../model/trust'
import { blockHash, type FabricBlock, HEADER_TYPE } from './fabric-block'
import { type Configuration, type Msps, readConfiguration } from './fabric-config-messages'
import { readEnvelope, readProposalHeader } from './fabric-messages'
import { nodeOf, nodeSigned } from './fabric-peer'
import { FabricError, readMessage } from './fabric-protobuf'
import { blockSignatures, hasItsEnvelopes } from './fabric-signed-block'

const TIMESTAMP = { seconds: [1, 'number'], nanos: [2, 'number'] } as const

/** A configuration and the block that holds it. */
export interface InForce {
  readonly configuration: Configuration
  readonly number: number
}

/** From where a channel's configuration is followed. */
export interface ChannelOrigin {
  readonly channel: string
  /** SHA-256 of the header of the channel's first block. */
  readonly genesis: Digest
}

/**
 * The configuration after the last of `blocks`, followed from the channel's pinned first block: each next one has the next
 * sequence number and is signed by an orderer of the one before.
 * @returns undefined when a step is not shown.
 * @throws FabricError, EncodingError, DerError, X509Error when a block cannot be read.
 */
export async function followConfigurations(
  [first, ...changes]: readonly FabricBlock[],
  { channel, genesis }: ChannelOrigin,
): Promise<InForce | undefined> {
  if (first === undefined || digestFromBytes(blockHash(first.header)) !== genesis) return undefined
  const start = await configurationIn(first, channel)
  let inForce = start && { configuration: start.configuration, number: 0 }
  for (const block of changes) {
    if (inForce === undefined) return undefined
    inForce = await nextConfiguration(block, channel, inForce)
  }
  return inForce
}

async function nextConfiguration(block: FabricBlock, channel: string, before: InForce): Promise<InForce | undefined> {
  const { number } = block.header
  const next = await configurationIn(block, channel)
  if (next === undefined || number <= before.number) return undefined
  if (next.configuration.sequence !== before.configuration.sequence + 1) return undefined
  // The block's own time is its orderer's claim: it keeps a certificate that has run out since from spoiling the walk.
  const signers = await signersOf(block, before.configuration.orderers, next.at)
  return signers.length > 0 ? { configuration: next.configuration, number } : undefined
}

async function configurationIn(block: FabricBlock, channel: string) {
  const [envelope] = block.envelopes
  if (block.envelopes.length !== 1 || !(await hasItsEnvelopes(block))) return undefined
  const { header, content } = readEnvelope(envelope)
  const read = readProposalHeader(header)
  if (read.type !== HEADER_TYPE.config || read.channel !== channel) return undefined
  return { configuration: readConfiguration(content), at: dateIn(read.timestamp) }
}

function dateIn(timestamp: Uint8Array): Date {
  const seconds = readMessage(timestamp, TIMESTAMP).number('seconds')
  const at = new Date(seconds * 1000)
  if (Number.isNaN(at.getTime())) throw new FabricError('FABRIC_INVALID', 'a time that no calendar has')
  return at
}

/**
 * The MSPs whose orderers signed a block, each once.
 * @param orderers - roots of each MSP's orderers.
 * @param at - their certificates are judged then.
 */
export async function signersOf(block: FabricBlock, orderers: Msps, at: Date): Promise<readonly string[]> {
  const found: string[] = []
  for (const { creator, message, signature } of blockSignatures(block).signatures.slice(0, MAX_SIGNATURES)) {
    const node = await nodeOf(creator, { unit: 'orderer', anchors: (mspId) => orderers.get(mspId), at })
    if (node !== undefined && (await nodeSigned(node, message, signature))) found.push(node.mspId)
  }
  return [...new Set(found)]
}

/** Of a raft cluster one signs. */
const MAX_SIGNATURES = 32

/** Organisations of the trust file that have other roots in the configuration than there, or none. */
export function differing(members: Msps, { organisations }: Trust): readonly InstitutionId[] {
  const differs = ({ id, roots }: Organisation) => {
    const inForce = members.get(id)?.map(({ der }) => toBase64(der)) ?? []
    return inForce.length !== roots.length || inForce.some((der) => !roots.includes(der))
  }
  return organisations.filter(differs).map(({ id }) => id)
}
