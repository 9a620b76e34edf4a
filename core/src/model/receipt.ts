import { attestationSchema } from './attestation'
import { digest } from './digest'
import { entrySchema } from './entry'
import { openingSchema } from './opening'
import { base64, format, integer, list, object, optional, pattern, type TypeOf } from './schema'
import { sealSchema } from './seal'
import { time } from './time'

/** Proof that one entry is in an institution's log: checked without the server. */
export const receiptSchema = object({
  attestations: list(attestationSchema, 32, 1),
  /** RFC 3161 token over SHA-256 of the canonical list `attestations`: when they existed. */
  attestationsToken: optional(base64(32_768)),
  entry: entrySchema,
  index: integer(),
  opening: openingSchema,
  /** RFC 9162 2.1.3.1 inclusion path, leaf's sibling first. */
  proof: list(digest, 53),
  /** Transaction time of the append that recorded the entry. */
  recordedAt: time,
  /** The seal's record in force when the entry was recorded: entry.sealRecord is its digest. */
  seal: optional(sealSchema),
  /** Size of the attested head, more than `index`. */
  size: integer(1),
  type: pattern<'cinnabar.receipt.v1'>(/^cinnabar\.receipt\.v1$/, 'cinnabar.receipt.v1'),
})
export type Receipt = TypeOf<typeof receiptSchema>
export const ReceiptFormat = format<Receipt>(receiptSchema, 1 << 20)
