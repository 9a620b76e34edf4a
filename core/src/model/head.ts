import { digest } from './digest'
import { registerEntry } from './entry'
import { institutionId } from './identifiers'
import { format, integer, list, object, optional, pattern, type TypeOf, text } from './schema'
import { time } from './time'

/** An institution's log at one size. */
export const headSchema = object({
  institution: institutionId,
  /** RFC 9162 2.1.1 tree hash of the first `size` leaves. */
  root: digest,
  size: integer(),
  type: pattern<'cinnabar.head.v1'>(/^cinnabar\.head\.v1$/, 'cinnabar.head.v1'),
})
export type LogHead = TypeOf<typeof headSchema>
export const HeadFormat = format<LogHead>(headSchema, 512)

/** What one append wrote, never changed again; keyed on the ledger by institution and size. */
export const appendSchema = object({
  /** Register entries only: the chaincode made them, so they are in no argument. */
  entries: optional(list(registerEntry, 16)),
  /** Log index of the first leaf. */
  from: integer(),
  institution: institutionId,
  /** RFC 9162 leaf hashes, in order. */
  leaves: list(digest, 1000, 1),
  /** Transaction time. It orders; it is no evidence of time. */
  recordedAt: time,
  root: digest,
  size: integer(1),
  /** Transaction id: where to find the entries' bytes. */
  transaction: text(128),
  type: pattern<'cinnabar.append.v1'>(/^cinnabar\.append\.v1$/, 'cinnabar.append.v1'),
})
export type Append = TypeOf<typeof appendSchema>
export const AppendFormat = format<Append>(appendSchema, 1 << 20)
