import { institutionId } from './identifiers'
import { institutionKind, names } from './institution'
import { base64, flag, format, integer, list, object, optional, pattern, type TypeOf, text } from './schema'
import { time } from './time'

const der = base64(16_384)

/** One organisation whose word the holder of the trust file accepts, and for what. */
export const organisationSchema = object({
  id: institutionId,
  kind: institutionKind,
  names,
  /** Roots of the organisation's peers (MSP), X.509 DER. */
  roots: list(der, 8),
  /** Roots of its seal certificates. */
  sealCas: list(der, 16),
  /** Its timestamp authorities: their certificates, or the roots of those. */
  tsas: list(der, 16),
})
export type Organisation = TypeOf<typeof organisationSchema>

/** Everything the verifier takes on trust. It comes from the person who verifies, never from evidence. */
export const trustSchema = object({
  chaincode: text(64),
  channel: text(64),
  /** One owner holds several organisations' keys: nothing here proves independence. */
  demonstration: flag,
  issued: time,
  name: names,
  organisations: list(organisationSchema, 256, 1),
  /** How many organisations must attest a head, and of which kinds one of them, not the owner, must be. */
  quorum: object({ independentKinds: list(institutionKind, 3), organisations: integer(1, 64) }),
  /** Embedded ledger: one node's word is accepted, and the report says so. */
  singleOperator: optional(object({ key: der, name: names })),
  type: pattern<'cinnabar.trust.v1'>(/^cinnabar\.trust\.v1$/, 'cinnabar.trust.v1'),
  version: integer(1),
})
export type Trust = TypeOf<typeof trustSchema>
export const TrustFormat = format<Trust>(trustSchema, 4 << 20)
