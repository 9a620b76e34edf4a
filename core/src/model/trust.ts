import { FormatError } from '../encode/canonical'
import { digest } from './digest'
import { institutionId } from './identifiers'
import { institutionKind, names } from './institution'
import {
  base64,
  flag,
  format,
  integer,
  list,
  object,
  optional,
  pattern,
  type Schema,
  type TypeOf,
  text,
  word,
} from './schema'
import { time } from './time'

const der = base64(16_384)

/** One organisation whose word the holder of the trust file accepts, and for what. */
export const organisationSchema = object({
  id: institutionId,
  kind: institutionKind,
  names,
  /** Roots of the organisation's orderers (MSP), X.509 DER; absent when it runs none, or blocks are not to be judged. */
  ordererRoots: optional(list(der, 8)),
  /** Roots of the organisation's peers (MSP), X.509 DER. */
  roots: list(der, 8),
  /** Roots of its seal certificates. */
  sealCas: list(der, 16),
  /** Its timestamp authorities: their certificates, or roots that are its own. */
  tsas: list(object({ certificate: der, withdrawnAt: optional(time) }), 16),
})
export type Organisation = TypeOf<typeof organisationSchema>

/** Everything the verifier takes on trust. It comes from the person who verifies, never from evidence. */
export const trustSchema = object({
  chaincode: text(64),
  channel: text(64),
  /** One owner holds several organisations' keys: nothing here proves independence. */
  demonstration: flag,
  /** Fabric: SHA-256 of the header of the channel's first block, from which its configuration is followed. */
  genesis: optional(digest),
  issued: time,
  name: names,
  organisations: list(organisationSchema, 256, 1),
  /** How many organisations must attest a head, and of which kinds one of them, not the owner, must be. */
  quorum: object({ independentKinds: list(word('agency', 'court'), 2, 1), organisations: integer(2, 64) }),
  /** Embedded ledger: one node's word is accepted, and the report says so. */
  singleOperator: optional(object({ key: der, name: names })),
  type: pattern<'cinnabar.trust.v1'>(/^cinnabar\.trust\.v1$/, 'cinnabar.trust.v1'),
  version: integer(1),
})
export type Trust = TypeOf<typeof trustSchema>

/** The record, each organisation once. */
export const uniqueTrust: Schema<Trust> = (value, path) => {
  const trust = trustSchema(value, path)
  const ids = new Set(trust.organisations.map(({ id }) => id))
  if (ids.size < trust.organisations.length) throw new FormatError('FORMAT_INVALID', 'an organisation is named twice')
  return trust
}
export const TrustFormat = format<Trust>(uniqueTrust, 4 << 20)

/** Reads a trust file: the record, and one line feed that an editor may have added. @throws FormatError */
export function parseTrust(file: Uint8Array): Trust {
  return TrustFormat.parse(file[file.length - 1] === 0x0a ? file.subarray(0, -1) : file)
}
