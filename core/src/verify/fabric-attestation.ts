import { concat, EncodingError, equal, fromBase64 } from '../encode/bytes'
import { FormatError } from '../encode/canonical'
import { DerError } from '../encode/der'
import { sha256 } from '../encode/sha256'
import { type FabricAttestation, type Statement, StatementFormat } from '../model/attestation'
import { type Digest, digestOf } from '../model/digest'
import type { InstitutionId } from '../model/identifiers'
import type { Trust } from '../model/trust'
import { X509Error } from '../x509/x509-error'
import { readAnswer, readInvocation, readProposalHeader } from './fabric-messages'
import { nodeSigned, peerOf } from './fabric-peer'
import { FabricError } from './fabric-protobuf'

/** What one peer of the trust file's organisations said. */
export interface PeerWord {
  readonly statement: Statement
  readonly organisation: InstitutionId
  /** Digest of the peer's public key (SubjectPublicKeyInfo DER). */
  readonly key: Digest
}

/** HeaderType.ENDORSER_TRANSACTION of fabric-protos. */
const ENDORSER_TRANSACTION = 3
const OK = 200

/**
 * FORMAT.md 6: whether an attestation of kind `fabric` is the word of a peer of the trust file: its endorsement of a call of
 * `attest` on the pinned channel and chaincode that would change nothing.
 * @param at - peers' certificates are judged then.
 * @returns undefined when it is not, whatever the reason: what is not authentic is ignored.
 */
export async function peerWordOf(
  attestation: FabricAttestation,
  trust: Trust,
  at: Date,
): Promise<PeerWord | undefined> {
  const payload = fromBase64(attestation.payload)
  const endorser = fromBase64(attestation.endorser)
  try {
    const statement = statementOf(attestation, payload, trust)
    const peer = statement && (await peerOf(endorser, trust, at))
    if (statement === undefined || peer === undefined) return undefined
    if (!(await nodeSigned(peer, concat(payload, endorser), fromBase64(attestation.signature)))) return undefined
    return { statement, organisation: peer.organisation.id, key: digestOf(peer.certificate.spki) }
  } catch (refusal) {
    if (isUnreadable(refusal)) return undefined
    throw refusal
  }
}

/** What the signed answer states, if it is the answer to exactly the call that asks for it. */
function statementOf(
  { proposalHeader, proposalPayload }: FabricAttestation,
  payload: Uint8Array,
  trust: Trust,
): Statement | undefined {
  const proposal = fromBase64(proposalPayload)
  const header = readProposalHeader(fromBase64(proposalHeader))
  const invocation = readInvocation(proposal)
  const answer = readAnswer(payload)
  const asked =
    equal(answer.proposalHash, sha256(concat(header.channelHeader, header.signatureHeader, proposal))) &&
    header.type === ENDORSER_TRANSACTION &&
    header.channel === trust.channel &&
    [header, invocation, answer].every(({ chaincode }) => chaincode === trust.chaincode) &&
    invocation.plain
  if (!asked || answer.status !== OK || !answer.readOnly) return undefined
  const statement = StatementFormat.parse(answer.result)
  return statement.channel === trust.channel && isAnswerTo(statement, invocation.arguments) ? statement : undefined
}

/** The arguments of chaincode's `attest`: institution, size, seal, certificate, challenge; empty for what is absent. */
function isAnswerTo(statement: Statement, args: readonly string[]): boolean {
  const { institution, size, seal, certificate, challenge } = statement
  if (args.length !== 6) return false
  const [name, , , , named] = args
  // Unasked, the certificate is the seal's own.
  const expected = named === '' ? seal?.certificate : named
  const told = [institution, String(size), seal?.id ?? '', named, challenge ?? '']
  return name === 'attest' && args.slice(1).every((arg, i) => arg === told[i]) && certificate?.digest === expected
}

function isUnreadable(refusal: unknown): boolean {
  return [FabricError, FormatError, EncodingError, DerError, X509Error].some((kind) => refusal instanceof kind)
}
