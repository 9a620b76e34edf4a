import { concat, equal } from '../encode/bytes'
import { sha256OfDocument } from '../encode/sha256'
import { blockHeaderDer, type FabricBlock } from './fabric-block'
import { FabricError, fieldBytes, readMessage } from './fabric-protobuf'

const METADATA = { value: [1, 'bytes'], signatures: [2, 'repeated'] } as const
const METADATA_SIGNATURE = { header: [1, 'bytes'], signature: [2, 'bytes'], identifier: [3, 'bytes'] } as const
const ORDERER_METADATA = { lastConfiguration: [1, 'bytes'], consenter: [2, 'bytes'] } as const
const LAST_CONFIGURATION = { index: [1, 'number'] } as const
const SIGNATURE_HEADER = { creator: [1, 'bytes'], nonce: [2, 'bytes'] } as const
const ENVELOPE = { payload: [1, 'bytes'], signature: [2, 'bytes'] } as const

/** Place of the orderers' signatures in a block's metadata (common.BlockMetadataIndex). */
const SIGNATURES = 0

/** One orderer's signature: over what, and by whom (SerializedIdentity). Not verified. */
export interface BlockSignature {
  readonly creator: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** What orderers sign of a block. */
export interface BlockSignatures {
  readonly signatures: readonly BlockSignature[]
  /** Number of the block of the configuration in force, which they sign too; a configuration's own block names itself. */
  readonly lastConfiguration: number | undefined
}

/**
 * Reads the orderers' signatures: each over metadata value ‖ signature header ‖ DER of the block's header. Signatures by a
 * consenter's number (BFT) name no identity and are left out.
 * @throws {@link FabricError} `FABRIC_INVALID`.
 */
export function blockSignatures({ header, metadata }: FabricBlock): BlockSignatures {
  const signed = readMessage(metadata[SIGNATURES] ?? new Uint8Array(0), METADATA)
  const value = signed.bytes('value')
  const der = blockHeaderDer(header)
  const signatures = signed.repeated('signatures').flatMap((bytes): BlockSignature[] => {
    const one = readMessage(bytes, METADATA_SIGNATURE)
    const signatureHeader = one.bytes('header')
    if (signatureHeader.length === 0) return []
    const creator = readMessage(signatureHeader, SIGNATURE_HEADER).bytes('creator')
    return [{ creator, message: concat(value, signatureHeader, der), signature: one.bytes('signature') }]
  })
  return { signatures, lastConfiguration: lastConfigurationIn(value) }
}

function lastConfigurationIn(value: Uint8Array): number | undefined {
  if (value.length === 0) return undefined
  const last = readMessage(value, ORDERER_METADATA).bytes('lastConfiguration')
  return readMessage(last, LAST_CONFIGURATION).number('index')
}

/**
 * Whether the header commits to exactly these envelopes.
 *
 * The data hash is over the envelopes' concatenation and not over where each one ends: somebody could put an envelope that was
 * never ordered into an argument of one that was, and cut the same bytes anew. So each must be exactly a payload and a
 * signature in their one form, which leaves one way to cut. The first block's only envelope alone may be unsigned.
 */
export async function hasItsEnvelopes({ header, envelopes }: FabricBlock): Promise<boolean> {
  const unsigned = header.number === 0 && envelopes.length === 1
  if (!envelopes.every((envelope) => isWhole(envelope, unsigned))) return false
  return equal(await sha256OfDocument(concat(...envelopes)), header.dataHash)
}

function isWhole(bytes: Uint8Array, unsigned: boolean): boolean {
  const read = wholeEnvelope(bytes)
  if (read === undefined || read.payload.length === 0) return false
  return unsigned || read.signature.length > 0
}

function wholeEnvelope(bytes: Uint8Array) {
  try {
    const envelope = readMessage(bytes, ENVELOPE)
    const [payload, signature] = [envelope.bytes('payload'), envelope.bytes('signature')]
    const again = concat(fieldBytes(1, payload), ...(signature.length === 0 ? [] : [fieldBytes(2, signature)]))
    return equal(again, bytes) ? { payload, signature } : undefined
  } catch (refusal) {
    if (refusal instanceof FabricError) return undefined
    throw refusal
  }
}
