import { concat, fromUtf8, utf8 } from '../encode/bytes'
import { encodeCanonical, type Json } from '../encode/canonical'
import { sha256 } from '../encode/sha256'
import type { LogEntry } from '../model/entry'
import { blockHeaderDer } from '../verify/fabric-block'
import {
  type AnsweredCall,
  answeredCall,
  bytes,
  type EndorsementChanges,
  endorse,
  newIdentity,
  number,
  type PeerIdentity,
  type PeerOrganisation,
  pemOf,
  readSet,
  serialized,
} from './fabric-peers'
import { randomBytes } from './keys'

const NONE = new Uint8Array(0)

/** What is otherwise in a block than in a real one, so that a test can make one thing wrong. */
export interface BlockChanges {
  readonly number?: number
  readonly previousHash?: Uint8Array
  /** The configuration in force that the orderer signs; the block's own number in one of a configuration. */
  readonly lastConfiguration?: number
  readonly flags?: Uint8Array
  /** Who orders, and under which MSP's name. */
  readonly orderer?: PeerIdentity
  readonly mspId?: string
  /** Envelopes that are put in after hashing and signing. */
  readonly recut?: readonly Uint8Array[]
}

/** A block of these envelopes, signed by an orderer of the organisation. */
export async function blockOf(
  organisation: PeerOrganisation,
  envelopes: readonly Uint8Array[],
  changes: BlockChanges = {},
): Promise<Uint8Array> {
  const { number: height = 7, previousHash = sha256(utf8('before')), lastConfiguration = 0, mspId } = changes
  const header = { number: height, previousHash, dataHash: sha256(concat(...envelopes)) }
  const value = bytes(1, number(1, lastConfiguration))
  const orderer = changes.orderer ?? (await newIdentity(organisation, { units: ['orderer'] }))
  const signatureHeader = concat(bytes(1, serialized(mspId ?? organisation.id, orderer)), bytes(2, randomBytes(24)))
  const signature = await orderer.key.signer.sign(concat(value, signatureHeader, blockHeaderDer(header)))
  const signed = concat(bytes(1, value), bytes(2, concat(bytes(1, signatureHeader), bytes(2, signature))))
  const flags = changes.flags ?? new Uint8Array(envelopes.length)
  return blockWith(header, changes.recut ?? envelopes, [height === 0 ? NONE : signed, NONE, flags])
}

function blockWith(
  header: Parameters<typeof blockHeaderDer>[0],
  envelopes: readonly Uint8Array[],
  metadata: readonly Uint8Array[],
): Uint8Array {
  return concat(
    bytes(1, concat(number(1, header.number), bytes(2, header.previousHash), bytes(3, header.dataHash))),
    bytes(2, concat(...envelopes.map((one) => bytes(1, one)))),
    bytes(3, concat(...metadata.map((one) => bytes(1, one)))),
  )
}

/** The transaction of an append, endorsed by these organisations. */
export async function appendEnvelope(
  endorsers: readonly PeerOrganisation[],
  { expectedSize, entries }: { readonly expectedSize: number; readonly entries: readonly LogEntry[] },
  changes: EndorsementChanges & { readonly identity?: PeerIdentity } = {},
): Promise<Uint8Array> {
  const [entry] = entries
  const args = ['append', entry.institution, String(expectedSize), fromUtf8(encodeCanonical(entries as Json))]
  const written = readSet(bytes(3, concat(bytes(1, utf8('log')), bytes(3, utf8('range')))))
  const call = answeredCall({ args, result: utf8('head'), readWriteSet: written, ...changes })
  return envelopeOf(call, await Promise.all(endorsers.map((one) => endorse(one, call, changes))))
}

function envelopeOf(
  call: AnsweredCall,
  endorsements: readonly { readonly endorser: Uint8Array; readonly signature: Uint8Array }[],
): Uint8Array {
  const endorsed = concat(
    bytes(1, call.payload),
    ...endorsements.map(({ endorser, signature }) => bytes(2, concat(bytes(1, endorser), bytes(2, signature)))),
  )
  const action = bytes(2, concat(bytes(1, call.proposalPayload), bytes(2, endorsed)))
  return signedEnvelope(concat(bytes(1, call.proposalHeader), bytes(2, bytes(1, action))))
}

/** An envelope around a payload; nobody here checks its signature. */
export function signedEnvelope(payload: Uint8Array): Uint8Array {
  return concat(bytes(1, payload), bytes(2, utf8('signature')))
}

/** A channel's configuration. */
export interface TestConfiguration {
  readonly sequence: number
  readonly orderers: readonly PeerOrganisation[]
  readonly members: readonly PeerOrganisation[]
  readonly channel?: string
  /** Seconds since 1970. */
  readonly at?: number
}

/** The envelope of a configuration. */
export function configurationEnvelope({
  sequence,
  orderers,
  members,
  channel = 'cinnabar',
  at = 1_790_000_000,
}: TestConfiguration): Uint8Array {
  const channelHeader = concat(number(1, 1), bytes(3, number(1, at)), bytes(4, utf8(channel)))
  const channelGroup = concat(
    bytes(2, entry('Orderer', groupOf(orderers))),
    bytes(2, entry('Application', groupOf(members))),
  )
  const config = concat(...(sequence === 0 ? [] : [number(1, sequence)]), bytes(2, channelGroup))
  return signedEnvelope(concat(bytes(1, bytes(1, channelHeader)), bytes(2, bytes(1, config))))
}

function groupOf(organisations: readonly PeerOrganisation[]): Uint8Array {
  return concat(...organisations.map((one) => bytes(2, entry(one.id, bytes(3, entry('MSP', bytes(2, mspOf(one))))))))
}

function mspOf({ id, certificate }: PeerOrganisation): Uint8Array {
  return bytes(2, concat(bytes(1, utf8(id)), bytes(2, utf8(pemOf(certificate)))))
}

function entry(key: string, value: Uint8Array): Uint8Array {
  return concat(bytes(1, utf8(key)), bytes(2, value))
}
