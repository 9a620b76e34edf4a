import { digest } from './digest'
import { sealSignatureId } from './identifiers'
import { format, list, object, optional, pattern, type TypeOf } from './schema'
import { time } from './time'

/** A path inside the container: no `..`, no leading slash. */
export const path = pattern(/^(?!.*(?:^|\/)\.)[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+){0,3}$/, 'a relative path')

/** Known roles: receipt, certificate, crl, token, trust, report, document, ledger. Others are kept, never relied on. */
export const fileRole = pattern(/^[a-z][A-Za-z0-9-]{0,31}$/, 'a role')
export type FileRole = TypeOf<typeof fileRole>

/** `evidence.json`: what the container holds and what proves what. */
export const evidenceSchema = object({
  created: time,
  /** Digests only: any file, notarized without a seal. */
  deposits: list(object({ id: sealSignatureId, receipts: list(path, 8, 1), token: path }), 10_000),
  files: list(object({ digest, path, role: fileRole }), 40_000),
  signatures: list(
    object({
      /** Certificates from the seal certificate up, without a root's need. */
      certificates: list(path, 8),
      crls: list(path, 8),
      id: sealSignatureId,
      /** Of one use, at one or more sizes of the log. */
      receipts: list(path, 8, 1),
    }),
    1000,
  ),
  /** The issuer's trust file, to be shown; never used to judge. */
  trust: optional(path),
  type: pattern<'cinnabar.evidence.v1'>(/^cinnabar\.evidence\.v1$/, 'cinnabar.evidence.v1'),
})
export type EvidenceIndex = TypeOf<typeof evidenceSchema>
export const EvidenceFormat = format<EvidenceIndex>(evidenceSchema, 16 << 20)
