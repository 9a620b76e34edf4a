import { concat, toBase64, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { type FabricAttestation, type Statement, StatementFormat } from '../model/attestation'
import type { InstitutionId } from '../model/identifiers'
import { buildCertificate, type CertificateProfile, keyIdentifier } from '../x509/build'
import { distinguishedName } from '../x509/name'
import { newKey, randomBytes, type TestKey } from './keys'

/** An organisation of a Fabric channel: its root and one peer's identity. */
export interface PeerOrganisation {
  readonly id: InstitutionId
  readonly root: TestKey
  /** The root's certificate, DER. */
  readonly certificate: Uint8Array
  readonly peer: PeerIdentity
}

/** A key with the certificate that its CA wrote. */
export interface PeerIdentity {
  readonly key: TestKey
  readonly certificate: Uint8Array
}

/** What is otherwise in an identity than in a real peer's. */
export interface IdentityChanges {
  readonly units?: readonly string[]
  readonly commonName?: string
  readonly profile?: CertificateProfile
  readonly key?: TestKey
  readonly notAfter?: Date
}

/** What is otherwise in an endorsement, so that a test can make one thing wrong. */
export interface EndorsementChanges {
  readonly type?: number
  /** The client's word; none unless given. */
  readonly at?: Date
  readonly channel?: string
  /** The chaincode's name in the header, the call and the answer. */
  readonly names?: readonly [header: string, call: string, answer: string]
  readonly args?: readonly string[]
  readonly status?: number
  readonly result?: Uint8Array
  readonly readWriteSet?: Uint8Array
  readonly event?: Uint8Array
  /** More fields of ChaincodeInput, of the proposal's payload and of the answer. */
  readonly input?: Uint8Array
  readonly proposal?: Uint8Array
  readonly answer?: Uint8Array
  readonly mspId?: string
  readonly identity?: PeerIdentity
  /** PEM, if it is not the certificate's. */
  readonly pem?: string
}

const FROM = new Date('2021-01-01T00:00:00Z')
const UNTIL = new Date('2039-01-01T00:00:00Z')

/** A fresh root and a peer under it. */
export async function newPeerOrganisation(id: string): Promise<PeerOrganisation> {
  const root = await newKey()
  const subject = distinguishedName([{ type: 'CN', value: `${id} MSP CA` }])
  const certificate = await certify({ subject, key: root, profile: 'ca', notAfter: UNTIL }, { subject, key: root })
  const organisation = { id: id as InstitutionId, root, certificate }
  return { ...organisation, peer: await newIdentity(organisation) }
}

/** An identity that the organisation's CA issues, a peer's unless said otherwise. */
export async function newIdentity(
  { id, root }: Pick<PeerOrganisation, 'id' | 'root'>,
  changes: IdentityChanges = {},
): Promise<PeerIdentity> {
  const { units = ['peer'], commonName = 'peer0', profile = 'seal', notAfter = UNTIL } = changes
  const key = changes.key ?? (await newKey())
  const attributes = [
    ...units.map((value) => ({ type: 'OU', value }) as const),
    { type: 'CN', value: commonName } as const,
  ]
  const issuer = { subject: distinguishedName([{ type: 'CN', value: `${id} MSP CA` }]), key: root }
  return { key, certificate: await certify({ subject: distinguishedName(attributes), key, profile, notAfter }, issuer) }
}

/** A proposal and a peer's answer to it, unsigned. */
export interface AnsweredCall {
  readonly proposalHeader: Uint8Array
  readonly proposalPayload: Uint8Array
  readonly payload: Uint8Array
}

/** A call of the chaincode and what a peer answers, as Fabric makes them. */
export function answeredCall(
  changes: EndorsementChanges & Required<Pick<EndorsementChanges, 'args' | 'result'>>,
): AnsweredCall {
  const [header, call, answer] = changes.names ?? ['cinnabar', 'cinnabar', 'cinnabar']
  const channelHeader = concat(
    number(1, changes.type ?? 3),
    ...(changes.at === undefined ? [] : [bytes(3, number(1, Math.floor(changes.at.getTime() / 1000)))]),
    bytes(4, utf8(changes.channel ?? 'cinnabar')),
    bytes(5, utf8(TRANSACTION)),
    bytes(7, bytes(2, chaincodeId(header))),
  )
  const signatureHeader = concat(bytes(1, utf8('creator')), bytes(2, randomBytes(24)))
  const input = concat(...changes.args.map((arg) => bytes(1, utf8(arg))), changes.input ?? NONE)
  const spec = concat(number(1, 2), bytes(2, chaincodeId(call)), bytes(3, input))
  const proposalPayload = concat(bytes(1, bytes(1, spec)), changes.proposal ?? NONE)
  const response = concat(number(1, changes.status ?? 200), bytes(3, changes.result))
  const action = concat(
    bytes(1, changes.readWriteSet ?? readSet()),
    bytes(2, changes.event ?? NONE),
    bytes(3, response),
    bytes(4, chaincodeId(answer)),
  )
  const hash = sha256(concat(channelHeader, signatureHeader, proposalPayload))
  return {
    proposalHeader: concat(bytes(1, channelHeader), bytes(2, signatureHeader)),
    proposalPayload,
    payload: concat(bytes(1, hash), bytes(2, action), changes.answer ?? NONE),
  }
}

/** Id of the transaction that every call here would make. */
export const TRANSACTION = 'ab'.repeat(32)

/** An identity as Fabric writes it (SerializedIdentity). */
export function serialized(mspId: string, { certificate }: PeerIdentity, pem = pemOf(certificate)): Uint8Array {
  return concat(bytes(1, utf8(mspId)), bytes(2, utf8(pem)))
}

/** A peer's signature over its answer. */
export async function endorse(
  organisation: PeerOrganisation,
  { payload }: AnsweredCall,
  { mspId = organisation.id, identity = organisation.peer, pem }: EndorsementChanges = {},
) {
  const endorser = serialized(mspId, identity, pem)
  return { endorser, signature: await identity.key.signer.sign(concat(payload, endorser)) }
}

/** A peer's endorsement of the call of `attest` that has this statement for its answer, as Fabric makes it. */
export async function endorsementOf(
  organisation: PeerOrganisation,
  statement: Statement,
  changes: EndorsementChanges = {},
): Promise<FabricAttestation> {
  const { args = argsOf(statement), result = StatementFormat.encode(statement) } = changes
  const call = answeredCall({ ...changes, args, result })
  const { endorser, signature } = await endorse(organisation, call, changes)
  return {
    endorser: toBase64(endorser),
    kind: 'fabric',
    payload: toBase64(call.payload),
    proposalHeader: toBase64(call.proposalHeader),
    proposalPayload: toBase64(call.proposalPayload),
    signature: toBase64(signature),
  }
}

/** The arguments of the call that asks for this statement. */
export function argsOf({ institution, size, seal, challenge }: Statement): readonly string[] {
  return ['attest', institution, String(size), seal?.id ?? '', '', challenge ?? '']
}

/** A TxReadWriteSet of one namespace with one read and these more fields of its KVRWSet and of the namespace. */
export function readSet(set: Uint8Array = NONE, namespace: Uint8Array = NONE): Uint8Array {
  const reads = concat(bytes(1, bytes(1, utf8('append/JiangzhouBureau/0000000000000009'))), set)
  const lifecycle = concat(bytes(1, utf8('_lifecycle')), bytes(2, bytes(1, bytes(1, utf8('namespaces')))))
  return concat(bytes(2, lifecycle), bytes(2, concat(bytes(1, utf8('cinnabar')), bytes(2, reads), namespace)))
}

/** A protobuf field of bytes, a text or a message. */
export function bytes(field: number, value: Uint8Array): Uint8Array {
  return concat(varint(field * 8 + 2), varint(value.length), value)
}

/** A protobuf field of a number. */
export function number(field: number, value: number): Uint8Array {
  return concat(varint(field * 8), varint(value))
}

const NONE = new Uint8Array(0)

function chaincodeId(name: string): Uint8Array {
  return bytes(2, utf8(name))
}

function varint(value: number): Uint8Array {
  const all: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) all.push((rest % 128) | 128)
  return Uint8Array.of(...all, rest)
}

/** PEM of a certificate, as CAs write it. */
export function pemOf(der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

interface Named {
  readonly subject: Uint8Array
  readonly key: TestKey
}

function certify(
  { subject, key, profile, notAfter }: Named & { readonly profile: CertificateProfile; readonly notAfter: Date },
  issuer: Named,
): Promise<Uint8Array> {
  const serial = randomBytes(16)
  serial[0] = 1 + (serial[0] & 0x3f)
  const issuerKeyId = keyIdentifier(issuer.key.spki)
  const request = { serial, issuer: issuer.subject, subject, spki: key.spki, notBefore: FROM, notAfter, profile }
  return buildCertificate({ ...request, issuerKeyId }, issuer.key.signer)
}
