import { encodeCanonical, FormatError, type Json } from '../encode/canonical'
import { attestationSchema } from './attestation'
import { digest } from './digest'
import { entrySchema } from './entry'
import { openingSchema } from './opening'
import { base64, format, integer, list, object, optional, pattern, type Schema, type TypeOf } from './schema'
import { sealSchema } from './seal'

/** Proof that one entry is in an institution's log: checked without the server. */
export const receiptSchema = object({
  attestations: list(attestationSchema, 32, 1),
  entry: entrySchema,
  index: integer(),
  opening: openingSchema,
  /** When the attestations existed, and what was known of their signers then. */
  preservation: optional(
    object({
      /** CRLs of the attesting peers' organisations, DER. */
      crls: list(base64(1 << 20), 16),
      /** RFC 3161 tokens, oldest first, each over the digest of the {@link preservationRecord} before it. */
      tokens: list(base64(32_768), 16, 1),
    }),
  ),
  /** RFC 9162 2.1.3.1 inclusion path, leaf's sibling first. */
  proof: list(digest, 53),
  /** The seal's record in force when the entry was recorded: entry.sealRecord is its digest. */
  seal: optional(sealSchema),
  /** Size of the attested head, more than `index`. */
  size: integer(1),
  type: pattern<'cinnabar.receipt.v1'>(/^cinnabar\.receipt\.v1$/, 'cinnabar.receipt.v1'),
})
export type Receipt = TypeOf<typeof receiptSchema>

/** A receipt is of a use: its entry, its opening and the seal's record belong together. */
const pairedReceipt: Schema<Receipt> = (value, path) => {
  const receipt = receiptSchema(value, path)
  const paired =
    receipt.entry.kind === 'sealSignature'
      ? receipt.opening.type === 'cinnabar.opening.v1' && receipt.seal !== undefined
      : receipt.entry.kind === 'deposit' && receipt.opening.type === 'cinnabar.depositOpening.v1' && !receipt.seal
  if (!paired) throw new FormatError('FORMAT_INVALID', 'entry, opening and seal of the receipt are not of one kind')
  return receipt
}
export const ReceiptFormat = format<Receipt>(pairedReceipt, 4 << 20)

/**
 * The canonical bytes whose SHA-256 the next preservation token covers.
 * @param tokens - those that the receipt has already, oldest first, base64.
 */
export function preservationRecord(receipt: Receipt, crls: readonly string[], tokens: readonly string[]): Uint8Array {
  return encodeCanonical({ attestations: receipt.attestations as Json, crls, tokens, type: 'cinnabar.preservation.v1' })
}
