import { CodedError } from '../encode/coded-error'
import type { Attestation } from './attestation'
import type { CertificateRecord, RevocationReason, TsaRecord } from './certificate'
import type { Digest } from './digest'
import type { LogEntry } from './entry'
import type { Append, LogHead } from './head'
import type { InstitutionId, SealId } from './identifiers'
import type { Institution } from './institution'
import type { Use } from './opening'
import type { Seal, SealKind } from './seal'
import type { Time } from './time'

/** Who submits: a ledger identity of an institution. A seal certificate is never one. */
export interface Caller {
  readonly institution: InstitutionId
  readonly role: 'registrar' | 'sealer'
}

/**
 * A register change, made by the institution's own registrar. DER is base64. Only `found` is another's: the first
 * institution, an agency or a court, founds itself; every later one is admitted by a registered agency or court.
 */
export type Change =
  | { readonly change: 'found'; readonly institution: Omit<Institution, 'sealCas'> }
  | { readonly change: 'registerSealCa'; readonly institution: InstitutionId; readonly certificate: string }
  | { readonly change: 'registerTsa'; readonly institution: InstitutionId; readonly certificate: string }
  | {
      readonly change: 'withdrawTsa'
      readonly institution: InstitutionId
      readonly certificate: Digest
      readonly at: Time
    }
  | { readonly change: 'registerCertificate'; readonly institution: InstitutionId; readonly certificate: string }
  | {
      readonly change: 'revokeCertificate'
      readonly institution: InstitutionId
      readonly certificate: Digest
      readonly reason: RevocationReason
      readonly invalidityDate: Time
    }
  | { readonly change: 'registerSeal'; readonly institution: InstitutionId; readonly seal: NewSeal }
  | { readonly change: 'suspendSeal'; readonly institution: InstitutionId; readonly seal: SealId }
  | { readonly change: 'resumeSeal'; readonly institution: InstitutionId; readonly seal: SealId }
  | { readonly change: 'retireSeal'; readonly institution: InstitutionId; readonly seal: SealId }
  | {
      readonly change: 'renewSeal'
      readonly institution: InstitutionId
      readonly seal: SealId
      readonly certificate: Digest
    }

/** What the registrar says of a new seal; the ledger adds its state. */
export interface NewSeal {
  readonly id: SealId
  readonly kind: SealKind
  readonly displayName: string
  readonly appearance: Digest
  readonly certificate: Digest
  readonly widthUm: number
  readonly heightUm: number
  readonly notBefore: Time
  readonly notAfter: Time
}

/** A seal with its count of uses so far. */
export interface SealState {
  readonly seal: Seal
  readonly uses: number
}

/** What to attest. Without `seal` the statement is of the log and the institution only. */
export interface AttestRequest {
  readonly institution: InstitutionId
  readonly size: number
  readonly seal?: SealId
  /** A certificate other than the seal's own at that size. */
  readonly certificate?: Digest
  /** 16 to 64 bytes, hexadecimal. */
  readonly challenge?: string
}

/** A committed transaction's facts about one institution's log. */
export interface LogEvent {
  readonly institution: InstitutionId
  readonly append: Append
  readonly entries: readonly LogEntry[]
}

/** Fabric: the block of one append and those of the configurations up to it, the channel's first first; bytes as peers keep them. */
export interface LedgerBlocks {
  readonly number: number
  /** Id of the append's transaction. */
  readonly transaction: string
  readonly block: Uint8Array
  readonly configurations: readonly Uint8Array[]
}

/** Codes that the ledger itself answers with; rule violations keep the rules' own codes. */
export type LedgerCode =
  | 'LEDGER_UNAVAILABLE'
  | 'LEDGER_UNKNOWN_OUTCOME'
  | 'LEDGER_NO_IDENTITY'
  /** The ledger's peers do not accept the caller's certificate: ended, revoked, or of nobody they know. */
  | 'LEDGER_IDENTITY_REFUSED'
  | 'HEAD_UNKNOWN'

/** A refusal or failure of the ledger. `code` is a {@link LedgerCode} or a code of chaincode/rules. */
export class LedgerError extends CodedError<string> {}

/**
 * The consortium's ledger, as the gateway needs it. Every adapter passes `core/src/testing/ledger-contract.ts`.
 * Reads of what does not exist resolve to `undefined`; they do not prove that it never existed.
 */
export interface Ledger {
  readonly kind: 'embedded' | 'fabric'
  readonly channel: string

  /**
   * Makes one register change; resolves when it is final on the ledger.
   * @returns the institution's head after the change's entry.
   * @throws {@link LedgerError} with the rules' code: nothing changed. `LEDGER_UNKNOWN_OUTCOME`: read before retrying.
   */
  change(caller: Caller, change: Change): Promise<LogHead>

  /**
   * Appends entries to the institution's log; resolves when they are final, not when merely submitted.
   * @param expectedSize - entries already in the log; compare-and-append.
   * @param entries - as the caller expects the rules to make them, one for each use and in order.
   * @param uses - 1 to 1,000 uses with all that the rules verify.
   * @throws {@link LedgerError} `LOG_SIZE_MISMATCH` (details.size is the log's size): nothing appended.
   * @throws {@link LedgerError} `LEDGER_UNKNOWN_OUTCOME`: sent, fate unknown; read {@link append} at the size expected.
   * @throws {@link LedgerError} any code of the rules: the whole batch was refused; details.index names the entry.
   */
  append(
    caller: Caller,
    institution: InstitutionId,
    expectedSize: number,
    entries: readonly LogEntry[],
    uses: readonly Use[],
  ): Promise<LogHead>

  /** The log's present head; size 0 with the empty tree's root before the first entry. */
  head(institution: InstitutionId): Promise<LogHead>
  /** The append that holds the entry at `index`. */
  appendOf(institution: InstitutionId, index: number): Promise<Append | undefined>
  /** Entries `from` (inclusive) to `to` (exclusive), at most 1,000, as they are on the ledger. */
  entries(institution: InstitutionId, from: number, to: number): Promise<readonly LogEntry[]>

  institution(institution: InstitutionId): Promise<Institution | undefined>
  institutions(): Promise<readonly Institution[]>
  seal(institution: InstitutionId, seal: SealId): Promise<SealState | undefined>
  seals(institution: InstitutionId): Promise<readonly SealState[]>
  certificate(institution: InstitutionId, certificate: Digest): Promise<CertificateRecord | undefined>
  certificates(institution: InstitutionId): Promise<readonly CertificateRecord[]>
  tsas(): Promise<readonly TsaRecord[]>

  /**
   * Signed statements of a head and of the register at that head, from as many organisations as can be reached.
   * @throws {@link LedgerError} `HEAD_UNKNOWN`: no append ended at this size, here and now.
   */
  attest(request: AttestRequest): Promise<readonly Attestation[]>

  /**
   * The blocks behind the append that holds the entry at `index`: evidence beside the attestations.
   * @returns undefined when there is no such entry, or this ledger's blocks are of no use to others.
   */
  blocksBehind(institution: InstitutionId, index: number): Promise<LedgerBlocks | undefined>

  /** Calls `listener` for each append committed after the call, in order. @returns stops it. */
  follow(listener: (event: LogEvent) => void): () => void

  close(): Promise<void>
}
