import type { Digest, InstitutionId, Receipt, Salt, SealSignatureId, Time } from '@cinnabar/core'

/** States of a deposit; `refused` and `failed` are bad ends. */
export type DepositState = 'received' | 'timestamped' | 'submitted' | 'anchored' | 'refused' | 'failed'

/** States that no part is carried on from. */
export const DEPOSIT_ENDED: readonly DepositState[] = ['anchored', 'refused', 'failed']

/** One request to deposit; never changed. That it is there means that the request was acknowledged. */
export interface DepositJobRecord {
  readonly institution: InstitutionId
  readonly requestedBy: string
  readonly receivedAt: Time
  readonly count: number
  /** In order; each holds at most {@link PART_DEPOSITS} of its deposits. */
  readonly parts: readonly string[]
}

/** Deposits that go through the flow together. A third of an append: others' uses find room beside them. */
export const PART_DEPOSITS = 500

/** What became of one deposit. */
export type DepositOutcome =
  /** Its entry's index, and the size of the head that it landed with. */
  | { readonly index: number; readonly size: number }
  | { readonly state: 'refused' | 'failed'; readonly code: string; readonly detail: string }

/** Some of a job's deposits on their way. */
export interface DepositPartRecord {
  readonly institution: InstitutionId
  readonly job: string
  /** Of all its deposits; at the end, `anchored` if all are, else the worst of its outcomes. */
  readonly state: DepositState
  readonly deposits: readonly { readonly id: SealSignatureId; readonly digest: Digest; readonly salt: Salt }[]
  /** The batches that some of them went to the ledger in. */
  readonly batches: readonly string[]
  /** In the order of `deposits`, once it has ended. */
  readonly outcomes?: readonly DepositOutcome[]
  /** When it came into each state. */
  readonly times: Readonly<Partial<Record<DepositState, Time>>>
  /** It ended, and who wants to hear of that was not told yet. */
  readonly untold?: 'yes'
}

/** One deposited file; never changed. Without its job, or in a part that its job does not name, it is none. */
export interface DepositRecord {
  readonly institution: InstitutionId
  readonly job: string
  readonly part: string
  readonly position: number
  /** SHA-256 of the file. */
  readonly digest: Digest
  /** {@link fileKey}: by it the institution finds the deposit again. */
  readonly file: string
  /** As the user calls the file. */
  readonly name?: string
}

/** A file as one institution's deposits are found by it; nobody finds another's. */
export function fileKey(institution: InstitutionId, digest: Digest): string {
  return `${institution} ${digest}`
}

/** A token with what is asked of it again and again. */
export interface KeptToken {
  /** DER in base64. */
  readonly token: string
  /** Of the DER. */
  readonly digest: Digest
  readonly genTime: Time
}

/** The tokens of a part, in the order of its deposits; written once. */
export interface DepositTokensRecord {
  readonly institution: InstitutionId
  readonly tokens: readonly KeptToken[]
}

/** What was signed of a head; written once, under {@link headKey}. */
export interface HeadRecord extends Pick<Receipt, 'attestations' | 'preservation'> {
  readonly institution: InstitutionId
}

export function headKey(institution: InstitutionId, size: number): string {
  return `${institution}/${size}`
}
