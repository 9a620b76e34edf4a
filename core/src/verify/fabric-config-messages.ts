import { fromUtf8 } from '../encode/bytes'
import { type Certificate, parseCertificate } from '../x509/certificate'
import { fromPem } from './fabric-peer'
import { FabricError, readMessage, textOf } from './fabric-protobuf'

/** Messages of configurations (fabric-protos 0.3), every field that they have. */
const CONFIG_ENVELOPE = { config: [1, 'bytes'], lastUpdate: [2, 'bytes'] } as const
const CONFIG = { sequence: [1, 'number'], channel: [2, 'bytes'] } as const
const GROUP = {
  version: [1, 'number'],
  groups: [2, 'repeated'],
  values: [3, 'repeated'],
  policies: [4, 'repeated'],
  modPolicy: [5, 'bytes'],
} as const
const ENTRY = { key: [1, 'bytes'], value: [2, 'bytes'] } as const
const VALUE = { version: [1, 'number'], value: [2, 'bytes'], modPolicy: [3, 'bytes'] } as const
const MSP = { type: [1, 'number'], config: [2, 'bytes'] } as const
const FABRIC_MSP = {
  name: [1, 'bytes'],
  roots: [2, 'repeated'],
  intermediates: [3, 'repeated'],
  admins: [4, 'repeated'],
  revoked: [5, 'repeated'],
  signing: [6, 'bytes'],
  units: [7, 'repeated'],
  crypto: [8, 'bytes'],
  tlsRoots: [9, 'repeated'],
  tlsIntermediates: [10, 'repeated'],
  nodeUnits: [11, 'bytes'],
} as const

/** msp.MSPConfig.type of X.509 identities. */
const X509 = 0

/** The roots of an MSP's identities, its intermediate CAs among them. */
export type Msps = ReadonlyMap<string, readonly Certificate[]>

/** What a channel's configuration says of who is who. */
export interface Configuration {
  /** From 0, one more with each change. */
  readonly sequence: number
  readonly orderers: Msps
  /** Organisations with peers. */
  readonly members: Msps
}

/**
 * Reads a ConfigEnvelope, the content of a block of a configuration.
 * @throws {@link FabricError} `FABRIC_INVALID`; EncodingError, DerError, X509Error for certificates.
 */
export function readConfiguration(bytes: Uint8Array): Configuration {
  const config = readMessage(readMessage(bytes, CONFIG_ENVELOPE).bytes('config'), CONFIG)
  const { groups } = readGroup(config.bytes('channel'))
  const mspsOf = (name: string) => mspsIn(groups.get(name) ?? missing(`a configuration without ${name}`))
  return { sequence: config.number('sequence'), orderers: mspsOf('Orderer'), members: mspsOf('Application') }
}

function mspsIn(group: Uint8Array): Msps {
  const organisations = [...readGroup(group).groups.values()]
  const all = organisations.map((bytes) => {
    const value = readGroup(bytes).values.get('MSP') ?? missing('an organisation without MSP')
    return mspIn(readMessage(value, VALUE).bytes('value'))
  })
  const msps = new Map(all)
  if (msps.size < all.length) throw new FabricError('FABRIC_INVALID', 'one MSP twice')
  return msps
}

function mspIn(bytes: Uint8Array): readonly [string, readonly Certificate[]] {
  const msp = readMessage(bytes, MSP)
  if (msp.number('type') !== X509) throw new FabricError('FABRIC_INVALID', 'an MSP without certificates')
  const config = readMessage(msp.bytes('config'), FABRIC_MSP)
  const pems = [...config.repeated('roots'), ...config.repeated('intermediates')]
  return [config.text('name'), pems.map((pem) => parseCertificate(fromPem(fromUtf8(pem))))]
}

function readGroup(bytes: Uint8Array) {
  const group = readMessage(bytes, GROUP)
  return { groups: mapOf(group.repeated('groups')), values: mapOf(group.repeated('values')) }
}

/** A map's entries; where a key is there twice, readers differ in which one counts. */
function mapOf(entries: readonly Uint8Array[]): ReadonlyMap<string, Uint8Array> {
  const read = entries.map((bytes) => readMessage(bytes, ENTRY))
  const map = new Map(read.map((entry) => [textOf(entry.bytes('key')), entry.bytes('value')]))
  if (map.size < read.length) throw new FabricError('FABRIC_INVALID', 'one key twice')
  return map
}

function missing(what: string): never {
  throw new FabricError('FABRIC_INVALID', what)
}
