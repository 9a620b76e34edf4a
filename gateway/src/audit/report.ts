import type { Difference, Digest, InstitutionId, Time } from '@cinnabar/core'
import type { Gap } from './findings'
import type { OpeningsChecked } from './openings-check'
import type { StoreChecked } from './store-check'

/** What `cinnabar audit --json` prints. `outcome` is computed from differences and gaps. */
export interface AuditReport {
  readonly type: 'cinnabar.audit.v1'
  /** `incomplete`: nothing differs in what could be compared, but not all could. */
  readonly outcome: 'agreed' | 'differences' | 'incomplete'
  readonly at: Time
  readonly ledger: 'fabric' | 'embedded'
  readonly channel: string
  readonly trust: {
    readonly fingerprint: Digest
    readonly demonstration: boolean
    /** Embedded ledger: whoever runs it could have written all of it anew. */
    readonly singleOperator: boolean
  }
  readonly peers: readonly {
    readonly organisation: InstitutionId
    readonly address: string
    readonly blocks: number
    readonly silent: boolean
  }[]
  readonly blocks: number
  readonly transactions: number
  /** Transactions that may have changed the channel's configuration or a chaincode's definition: to be looked at by people. */
  readonly governance: readonly { readonly block: number; readonly transaction: string }[]
  readonly logs: readonly { readonly institution: InstitutionId; readonly size: number; readonly root: Digest }[]
  readonly register: {
    readonly institutions: number
    readonly certificates: number
    readonly seals: number
    readonly tsas: number
    /** Kinds of keys that this auditor does not know: written, not judged. */
    readonly unjudged: readonly string[]
  }
  readonly store?: StoreChecked
  readonly openings?: OpeningsChecked
  /** Uses whose receipts were made again. */
  readonly restored?: number
  /** Of each code at most the first 1,000; `differenceCount` counts all. */
  readonly differences: readonly Difference[]
  readonly differenceCount: number
  readonly gaps: readonly Gap[]
}

/** sysexits.h has the last one. */
export const EXIT = { agreed: 0, differences: 1, incomplete: 2, usage: 64 } as const
