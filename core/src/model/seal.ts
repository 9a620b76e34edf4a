import { digest } from './digest'
import { institutionId, sealId } from './identifiers'
import { format, integer, list, object, optional, pattern, type TypeOf, text, word } from './schema'
import { time } from './time'

/** 公章, 合同专用章, 财务专用章, 发票专用章, 法定代表人章. */
export const SEAL_KINDS = ['official', 'contract', 'finance', 'invoice', 'legalRepresentative'] as const
export const sealKind = word(...SEAL_KINDS)
export type SealKind = TypeOf<typeof sealKind>

export const SEAL_STATUSES = ['active', 'suspended', 'retired'] as const
export const sealStatus = word(...SEAL_STATUSES)
export type SealStatus = TypeOf<typeof sealStatus>

/** An institution's stamp, as the ledger's register has it. */
export const sealSchema = object({
  /** Digest of the registered picture; see FORMAT.md, "Picture". */
  appearance: digest,
  /** The SealCertificate it is used with. */
  certificate: digest,
  displayName: text(60),
  /** Height of the picture on the page, in micrometres. */
  heightUm: integer(1000, 200_000),
  id: sealId,
  institution: institutionId,
  kind: sealKind,
  notAfter: time,
  notBefore: time,
  /** When the status last changed; absent until it does. */
  since: optional(time),
  status: sealStatus,
  /** Times in which the seal was suspended, oldest first; the last one has no `to` while it lasts. */
  suspensions: list(object({ from: time, to: optional(time) }), 64),
  type: pattern<'cinnabar.seal.v1'>(/^cinnabar\.seal\.v1$/, 'cinnabar.seal.v1'),
  /** Width of the picture on the page, in micrometres. */
  widthUm: integer(1000, 200_000),
})
export type Seal = TypeOf<typeof sealSchema>
export const SealFormat = format<Seal>(sealSchema, 16_384)
