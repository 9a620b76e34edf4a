import { fromBase64, latin1 } from '../encode/bytes'
import { readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf } from '../encode/der-fields'
import { readOid } from '../encode/der-values'
import { oid, sequence } from '../encode/der-write'
import type { Trust } from '../model/trust'
import { type Certificate, parseCertificate } from '../x509/certificate'
import { isLowS } from '../x509/ecdsa'
import { validatePath } from '../x509/path'
import { verifySignature } from '../x509/signature'
import { readIdentity } from './fabric-messages'
import { FabricError } from './fabric-protobuf'

/** A peer of an organisation of the trust file. */
export interface Peer {
  readonly organisation: Trust['organisations'][number]
  readonly certificate: Certificate
}

/** X.520 6.4.2. */
const ORGANIZATIONAL_UNIT = '2.5.4.11'
/** Fabric's roles of an identity. */
const NODE_UNITS: readonly string[] = ['client', 'peer', 'admin', 'orderer']
/** A role that nodes have. */
export type NodeUnit = 'peer' | 'orderer'
/** Fabric's SHA2-256 signatures, whatever the key's curve. */
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const PEM = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)-----END CERTIFICATE-----\n?$/

const roots = new WeakMap<Trust, ReadonlyMap<string, readonly Certificate[]>>()

/** The roots that the identities of an MSP lead to; none for one that nobody named. */
export type Anchors = (mspId: string) => readonly Certificate[] | undefined

/** A node of some organisation's. */
export interface Node {
  readonly mspId: string
  readonly certificate: Certificate
}

/**
 * The peer that a SerializedIdentity is of, at a time.
 * @returns undefined unless its certificate has a path to the roots of *its own* organisation, is valid at `at`, and has
 * exactly one NodeOU, `peer`.
 * @throws {@link FabricError}, DerError, X509Error, EncodingError when it cannot be read; X509Error also for the trust
 * file's own roots.
 */
export async function peerOf(identity: Uint8Array, trust: Trust, at: Date): Promise<Peer | undefined> {
  const roots = rootsOf(trust)
  const node = await nodeOf(identity, { unit: 'peer', anchors: (mspId) => roots.get(mspId), at })
  const organisation = trust.organisations.find(({ id }) => id === node?.mspId)
  return node && organisation && { organisation, certificate: node.certificate }
}

/**
 * The node that a SerializedIdentity is of: as {@link peerOf}, with the roots that `anchors` gives for its MSP.
 * @throws as {@link peerOf} does.
 */
export async function nodeOf(
  identity: Uint8Array,
  { unit, anchors: anchorsOf, at }: { readonly unit: NodeUnit; readonly anchors: Anchors; readonly at: Date },
): Promise<Node | undefined> {
  const { mspId, certificate: pem } = readIdentity(identity)
  const anchors = anchorsOf(mspId)
  if (anchors === undefined) return undefined
  const certificate = parseCertificate(fromPem(pem))
  if (!isOfUnit(certificate, unit)) return undefined
  // What is demanded of a seal's certificate is what a node's must be: it signs, is no CA and not for TLS alone.
  const path = await validatePath({ leaf: certificate, others: [], anchors, at, purpose: 'seal' })
  return path.ok && path.chain.length > 1 ? { mspId, certificate } : undefined
}

/** Whether the node signed the message: ECDSA with SHA-256, low s, as Fabric demands of itself. */
export async function nodeSigned(
  { certificate }: Pick<Node, 'certificate'>,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!(await verifySignature(ECDSA_WITH_SHA256, certificate.spki, message, signature))) return false
  return isLowS(signature)
}

function rootsOf(trust: Trust): ReadonlyMap<string, readonly Certificate[]> {
  const known = roots.get(trust)
  if (known !== undefined) return known
  const read = trust.organisations.map(
    ({ id, roots: ders }) => [id as string, ders.map((der) => parseCertificate(fromBase64(der)))] as const,
  )
  const all = new Map(read)
  roots.set(trust, all)
  return all
}

/** The DER of one PEM certificate. @throws {@link FabricError} `FABRIC_INVALID`; EncodingError. */
export function fromPem(pem: string): Uint8Array {
  const body = PEM.exec(pem)?.[1]
  if (body === undefined) throw new FabricError('FABRIC_INVALID', 'an identity holds no PEM certificate')
  return fromBase64(body.replaceAll('\n', ''))
}

/**
 * By the OID of the attribute and its whole value: a common name that reads `OU=peer` names nothing. Other
 * organizational units (a CA writes its affiliations so) do not matter.
 */
function isOfUnit({ subject }: Certificate, wanted: NodeUnit): boolean {
  const units = organizationalUnits(subject).filter((unit) => unit === undefined || NODE_UNITS.includes(unit))
  return units.length === 1 && units[0] === wanted
}

/** Values of the subject's organizational units; undefined for one in another string type than CAs write. */
function organizationalUnits(name: Uint8Array): readonly (string | undefined)[] {
  const sets = expectTag(readDer(name, { maxBytes: 65_536 }), TAG.sequence).children
  return sets
    .flatMap((set) => expectTag(set, TAG.set).children)
    .flatMap((attribute) => {
      const fields = fieldsOf(attribute)
      if (readOid(fields.take()) !== ORGANIZATIONAL_UNIT) return []
      const { tag, content } = fields.take()
      return [tag === TAG.utf8String || tag === TAG.printableString ? latin1(content) : undefined]
    })
}
