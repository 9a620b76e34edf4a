import { certificateSchema } from './certificate'
import { digest } from './digest'
import { institutionId } from './identifiers'
import { institutionSchema } from './institution'
import { base64, choice, format, integer, object, optional, pattern, type TypeOf, text, word } from './schema'
import { sealSchema } from './seal'
import { time } from './time'

/** What an attester says: the log's head at a size, and the register as it stood after that many entries. */
export const statementSchema = object({
  certificate: optional(certificateSchema),
  /** 16 to 64 bytes in hexadecimal that the asker chose; absent in statements made to be kept. */
  challenge: optional(pattern(/^(?:[0-9a-f]{2}){16,64}$/, '16 to 64 bytes in hexadecimal')),
  channel: text(64),
  /** Index of the first entry of the append that reached this size: `recordedAt` is theirs. */
  from: integer(),
  institution: institutionId,
  /** The attester's own size of the log when it answered; present exactly when `challenge` is. */
  latest: optional(integer(1)),
  /** Transaction time of the append that reached this size. */
  recordedAt: time,
  registered: institutionSchema,
  root: digest,
  seal: optional(sealSchema),
  size: integer(1),
  type: pattern<'cinnabar.attest.v1'>(/^cinnabar\.attest\.v1$/, 'cinnabar.attest.v1'),
})
export type Statement = TypeOf<typeof statementSchema>
export const StatementFormat = format<Statement>(statementSchema, 65_536)

/** Embedded ledger: the node's ECDSA P-256 signature (r ‖ s, low s) over the statement's canonical bytes. */
export const nodeAttestation = object({
  kind: word('node'),
  /** Digest of the node's public key (SubjectPublicKeyInfo DER). */
  key: digest,
  /** r ‖ s, s at most n/2. */
  signature: base64(64, 64),
  statement: statementSchema,
})
export type NodeAttestation = TypeOf<typeof nodeAttestation>

/** Fabric: one peer's endorsement of a call of `attest` that was never submitted. */
export const fabricAttestation = object({
  /** SerializedIdentity of the endorser. */
  endorser: base64(16_384),
  kind: word('fabric'),
  /** ProposalResponsePayload as signed. */
  payload: base64(131_072),
  /** Header of the proposal. */
  proposalHeader: base64(32_768),
  /** ChaincodeProposalPayload without the transient map. */
  proposalPayload: base64(32_768),
  signature: base64(256),
})
export type FabricAttestation = TypeOf<typeof fabricAttestation>

export const attestationSchema = choice('kind', { node: nodeAttestation, fabric: fabricAttestation })
export type Attestation = TypeOf<typeof attestationSchema>
