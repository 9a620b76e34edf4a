import type { Digest, InstitutionId, Ledger, SealSignatureId, Signer } from '@cinnabar/core'
import type { Checks } from '../checks/checks'
import type { Clock } from '../clock'
import type { FileStore, Store } from '../store/store'
import type { TimestampAuthority } from '../tsa/authority'

/** The key of one SealCertificate that this gateway keeps. */
export interface SealKey {
  readonly signer: Signer
  /** X.509 DER, the SealCertificate first, then its issuers up to the seal CA. */
  readonly certificates: readonly Uint8Array[]
}

/** The seal keys that this gateway keeps, by certificate. */
export interface SealKeys {
  /** @returns undefined when the key of that certificate is not kept here. */
  find(institution: InstitutionId, certificate: Digest): Promise<SealKey | undefined>
  /** The newest CRLs (DER) of the CAs that issued the institution's SealCertificates. */
  crls(institution: InstitutionId): Promise<readonly Uint8Array[]>
}

/** Others who are to hear of what ended. */
export interface Telling {
  /** Whether anybody of the institution wants to hear; then what ends is marked as untold, in the write that ends it. */
  wants(institution: InstitutionId): boolean
  /** Something was marked. */
  ended(): void
}

/** All that the flow needs; `main` chooses the adapters. */
export interface Surroundings {
  readonly store: Store
  /** Documents, and the registered pictures of seals by their digest (see `picture.ts`). */
  readonly files: FileStore
  readonly ledger: Ledger
  readonly clock: Clock
  readonly sealKeys: SealKeys
  /** Reads files that take long. */
  readonly checks: Checks
  /** In order of preference; the sealing institution's own is passed over. */
  readonly timestampAuthorities: readonly TimestampAuthority[]
  /** Cryptographically random bytes. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Address of the verification page that QR codes lead to, without a slash at the end. */
  readonly publicUrl: string
  /** Told of failures that no caller waits for. */
  readonly report: (failure: BackgroundFailure) => void
  /** Nobody is told unless given. */
  readonly telling?: Telling
}

/** A failure met while nobody waited: it is tried again unless it ended the job. */
export interface BackgroundFailure {
  readonly step: 'seal' | 'timestamp' | 'append' | 'anchor' | 'preserve' | 'mirror'
  readonly institution: InstitutionId
  readonly sealSignature?: SealSignatureId
  readonly error: unknown
}
