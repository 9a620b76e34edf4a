import { digest } from './digest'
import { institutionId, sealId } from './identifiers'
import { choice, format, integer, object, pattern, type TypeOf, text, word } from './schema'
import { time } from './time'

const type = pattern<'cinnabar.entry.v1'>(/^cinnabar\.entry\.v1$/, 'cinnabar.entry.v1')
const kind = <const K extends string>(name: K) => word<K>(name)

/** One use of a seal. Public: it holds no personal data, and its commitment cannot be guessed. */
export const sealSignatureEntry = object({
  /** The SealCertificate in force. */
  certificate: digest,
  /** Digest of the canonical {@link SealSignatureOpening}. */
  commitment: digest,
  institution: institutionId,
  kind: kind('sealSignature'),
  seal: sealId,
  /** Digest of the seal's record in force. */
  sealRecord: digest,
  /** genTime of the TimestampToken, digit for digit. */
  tokenTime: time,
  type,
  /** 用印编号, counted for each seal by the chaincode, from 1. */
  useNumber: integer(1),
})
export type SealSignatureEntry = TypeOf<typeof sealSignatureEntry>

/** Any file, by digest only. */
export const depositEntry = object({
  /** Digest of the canonical {@link DepositOpening}. */
  commitment: digest,
  institution: institutionId,
  kind: kind('deposit'),
  tokenTime: time,
  type,
})
export type DepositEntry = TypeOf<typeof depositEntry>

/** What a register change did. */
export const registerChange = word(
  'founded',
  'sealCaRegistered',
  'tsaRegistered',
  'tsaWithdrawn',
  'certificateRegistered',
  'certificateRevoked',
  'sealRegistered',
  'sealSuspended',
  'sealResumed',
  'sealRetired',
  'sealRenewed',
  'replacementProposed',
  'replacementApproved',
  'entriesRatified',
  'institutionChanged',
  'institutionWithdrawn',
  'sealCaWithdrawn',
)
export type RegisterChange = TypeOf<typeof registerChange>

/** A change of the institution's certificates, seals or authorities, in the same order as their uses. */
export const registerEntry = object({
  change: registerChange,
  institution: institutionId,
  kind: kind('register'),
  /** Digest of the record as it is after the change. */
  record: digest,
  /** The seal's id, or the certificate's digest, or the institution's id. */
  subject: text(80),
  type,
})
export type RegisterEntry = TypeOf<typeof registerEntry>

export const entrySchema = choice('kind', {
  sealSignature: sealSignatureEntry,
  deposit: depositEntry,
  register: registerEntry,
})
/** One leaf of an institution's log. It holds no transaction id and no clock of ours. */
export type LogEntry = TypeOf<typeof entrySchema>
export const EntryFormat = format<LogEntry>(entrySchema, 2048)
