import type { Claim } from './claims'
import type { Digest } from './digest'
import type { InstitutionId, SealId, SealSignatureId } from './identifiers'
import type { InstitutionKind, Names } from './institution'
import type { SealKind, SealStatus } from './seal'
import type { Time } from './time'

/** EN 319 102-1 5.1.3: TOTAL-PASSED, TOTAL-FAILED, INDETERMINATE. */
export type Outcome = 'passed' | 'failed' | 'indeterminate'

/** The six facts of a sealed document, in the order of the flow. */
export const CHECKS = ['integrity', 'signature', 'certificate', 'timestamp', 'seal', 'anchor'] as const
export type CheckName = (typeof CHECKS)[number]

/** One fact, judged by itself. */
export interface Check {
  readonly check: CheckName
  readonly outcome: Outcome
  /** Stable; `OK` when passed. */
  readonly code: string
  /** The clause of the standard that decides it. */
  readonly clause: string
  /** One sentence for people, in English; the page has its own words for each code. */
  readonly detail: string
}

/** EN 319 102-1 5.1.3, the sub-indications this verifier uses. */
export type SubIndication =
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND_NO_POE'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'OUT_OF_BOUNDS_NOT_REVOKED'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'REVOKED'
  | 'REVOKED_NO_POE'
  | 'TRY_LATER'
  | 'NO_POE'
  | 'SIGNED_DATA_NOT_FOUND'
  | 'REVOKED_CA_NO_POE'
  | 'TIMESTAMP_ORDER_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'

/** Where a seal stands: default user space units of the page, and the page's number from 1. */
export interface Place {
  readonly page: number
  readonly rect: readonly [number, number, number, number]
}

/** What the ledger says of one use, shown only as far as the anchor check passed. */
export interface Recorded {
  readonly useNumber: number
  readonly index: number
  /** Null when the attested head is not that of the append that holds the entry. */
  readonly recordedAt: Time | null
  /** Seconds from the token's time to the recording. */
  readonly delaySeconds: number | null
  /** The register's word is "as of this many entries". */
  readonly asOfSize: number
  readonly attestedBy: readonly string[]
  /** Null when the evidence says nothing of a block, as on an embedded ledger. */
  readonly block: RecordedBlock | null
  /** The seal's status now, as of that size. */
  readonly sealStatus: SealStatus | null
}

/** What the evidence's block of an entry shows beside the attestations (Fabric; FORMAT.md 12). */
export interface RecordedBlock {
  readonly number: number
  /** False when the evidence names the block and does not hold it: then nothing else was judged. */
  readonly carried: boolean
  /** MSPs whose orderers signed it; none when the trust file says nothing of orderers. */
  readonly orderers: readonly string[]
  /** Organisations whose peers endorsed the append. */
  readonly endorsers: readonly string[]
  /** Block of the configuration in force, followed from the channel's pinned first block; null when it was not. */
  readonly configuration: number | null
  /** Organisations whose roots in that configuration are others than in the trust file. */
  readonly differs: readonly string[]
}

/** A published list, as a report names it. */
export interface ListNamed {
  readonly name: Names
  readonly operator: Names
  /** Digest of the operator's key (DER SubjectPublicKeyInfo). */
  readonly key: Digest
  /** Its version. */
  readonly sequence: number
  readonly issued: Time
  readonly expires: Time
}

/** A trust file, or a consortium of a published list, as a report names it. */
export interface Recognition {
  readonly name: Names
  /** The published list that names the consortium; null for a trust file. */
  readonly list: ListNamed | null
  /** Where a list says that the consortium is, ISO 3166. */
  readonly region: string | null
  /** Of the policies that the list demands, the one that the seal's certificate asserts; null where it demands none. */
  readonly policy: string | null
  /** From when on the list recognises nothing more of it. */
  readonly withdrawnAt: Time | null
  /** Of the trust file, or of what the list has in its place. */
  readonly fingerprint: Digest
}

/** What one of several sources of trust makes of a seal or deposit. */
export interface ListVerdict extends Recognition {
  readonly outcome: Outcome
  readonly code: string
}

/** EN 319 102-1 5.1.3. */
export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'

/** One timestamp over a signature, by itself or with the whole file, as the standard judges it. */
export interface AdesTimestamp {
  readonly kind: 'signature' | 'document'
  /** Of a document timestamp. */
  readonly field: string | null
  readonly time: Time
  /** Object identifier of the policy that the token was issued under. */
  readonly policy: string
  /** How far `time` may be off, as the token says. */
  readonly accuracyMs: number | null
  /** The authority says that its tokens' order is that of their times (RFC 3161 2.4.2). */
  readonly ordering: boolean
  /** The authority as its certificate calls itself; null unless that leads to an anchor. */
  readonly authority: string | null
  readonly indication: Indication
  readonly subIndication: SubIndication | null
  readonly detail: string
}

/**
 * A signature as EN 319 102-1 judges any: by certificate paths, revocation, timestamps and proofs of existence alone. The ledger
 * counts for nothing here, and this counts for nothing in `outcome`.
 */
export interface AdesValidation {
  readonly indication: Indication
  readonly subIndication: SubIndication | null
  readonly detail: string
  /** The process that led there: of clause 5.3, 5.5 or 5.6. */
  readonly process: 'basic' | 'time' | 'long-term'
  /** By when the signature existed, as timestamps prove it; null when none does. */
  readonly bestSignatureTime: Time | null
  readonly timestamps: readonly AdesTimestamp[]
}

/** The verdict on one signature field. */
export interface SignatureReport {
  readonly field: string
  /** From 1; the revision that this signature covers. */
  readonly revision: number
  readonly outcome: Outcome
  readonly subIndication: SubIndication | null
  readonly id: SealSignatureId | null
  readonly sealId: SealId | null
  readonly sealKind: SealKind | null
  readonly sealName: string | null
  readonly institution: InstitutionId | null
  readonly institutionNames: Names | null
  readonly institutionKind: InstitutionKind | null
  /** The signer as its certificate calls itself: a claim until `certificate` passes. */
  readonly signer: string | null
  readonly provenTime: Time | null
  readonly level: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA' | null
  /** What it was made with, such as `ECDSA P-256 with SHA-256`; null for what is unknown or cannot be read. */
  readonly algorithm: string | null
  readonly place: Place | null
  readonly recorded: Recorded | null
  readonly ades: AdesValidation
  readonly checks: readonly Check[]
  /** Where several trust files or lists judge: the one by which it passed, and what each said. */
  readonly recognisedBy?: Recognition | null
  readonly judgements?: readonly ListVerdict[]
}

/** The facts of a deposited file: it has no seal, and so no signature and no certificate. */
export const DEPOSIT_CHECKS = ['integrity', 'timestamp', 'anchor'] as const satisfies readonly CheckName[]

/** The verdict on one deposit of a file. */
export interface DepositReport {
  readonly id: SealSignatureId
  readonly outcome: Outcome
  readonly subIndication: SubIndication | null
  /** Who deposited it: a claim until `anchor` passes. */
  readonly institution: InstitutionId
  readonly institutionNames: Names | null
  readonly institutionKind: InstitutionKind | null
  readonly provenTime: Time | null
  readonly recorded: Omit<Recorded, 'useNumber' | 'sealStatus'> | null
  readonly checks: readonly Check[]
  readonly recognisedBy?: Recognition | null
  readonly judgements?: readonly ListVerdict[]
}

/** Whether a container's time assertion holds. */
export interface AssertionReport {
  readonly outcome: Outcome
  readonly code: string
  readonly detail: string
  /** The token's genTime: proven only where `outcome` is passed. */
  readonly time: Time
  /** Whose authority made it; null unless it is one of the trust file's. */
  readonly organisation: string | null
}

/** What is to be said of one evidence container. It informs: `outcome` follows from the facts, not from this. */
export interface ContainerReport {
  readonly sha256: Digest
  readonly bytes: number
  /** `OK`, or why nothing in it was relied on. */
  readonly code: string
  readonly detail: string
  /** By its writer's clock. */
  readonly created: Time | null
  /** Null in a container that is no ASiC-E. */
  readonly assertion: AssertionReport | null
  /** Whether the document lies in it, and is this file. */
  readonly document: 'this' | 'other' | 'absent' | null
  /** For each fact of this file's uses and deposits: the members that prove it. */
  readonly claims: readonly Claim[]
  /** Members that this version does not read: kept, never relied on. */
  readonly unknown: readonly { readonly path: string; readonly role: string }[]
}

/** What verification found: the same object from the library, the command, the route and the page. */
export interface Report {
  readonly outcome: Outcome
  readonly code: string
  readonly detail: string
  readonly file: { readonly sha256: Digest; readonly bytes: number; readonly revisions: number }
  readonly signatures: readonly SignatureReport[]
  /** Where the evidence holds deposits: those of this file, or, if none is, what they are of instead. */
  readonly deposits?: readonly DepositReport[]
  /** One for each evidence container that was given. */
  readonly evidence?: readonly ContainerReport[]
  readonly trust: {
    readonly ledger: 'fabric' | 'embedded' | 'none'
    readonly fingerprint: Digest | null
    readonly organisations: readonly string[]
    readonly singleOperator: boolean
    readonly demonstration: boolean
    /** All that were judged by, where there are several, or a published list. */
    readonly sources?: readonly Recognition[]
  }
}
