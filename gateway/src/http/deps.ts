import type { Seal, Trust, TrustList } from '@cinnabar/core'
import type { SealAuthority } from '../authority/seal-authority'
import type { Replacement } from '../authority/seal-renewal'
import type { Notarizer } from '../notarize/notarizer'
import type { Surroundings } from '../notarize/ports'
import type { Readiness } from '../operation/readiness'
import type { People } from '../people/people'
import type { LocalTsa } from '../tsa/local'
import type { Webhooks } from '../webhooks/webhooks'
import type { CallerLimits } from './caller-limits'
import type { MetricsAnswer } from './metrics-route'
import type { RequestWatch } from './request-watch'

/** What the routes call. */
export interface AppDeps {
  readonly env: Surroundings
  readonly notarizer: Notarizer
  readonly people: People
  readonly webhooks: Webhooks
  readonly authority: Pick<SealAuthority, 'crl' | 'revoke'>
  /** Gives a seal another certificate over a new key. @throws as `replaceSealCertificate` does. */
  readonly replaceSealCertificate: (
    replacement: Replacement,
  ) => Promise<{ readonly seal: Seal; readonly isChanged: boolean }>
  /** The authorities of this gateway; the first answers at `/tsa` itself. */
  readonly tsas: readonly LocalTsa[]
  /** What this gateway says is to be trusted: shown, and used to check with at `/v1/verifications`. */
  readonly trust: Trust | undefined
  /** Published lists that it verifies by as well; none unless given. */
  readonly lists?: readonly TrustList[]
  /** Folder of the built page; undefined serves none. */
  readonly webFolder: string | undefined
  readonly maxPdfBytes: number
  /** The most documents that one bulk job may have. */
  readonly maxBulkDocuments: number
  /** The most bytes that they may have together. */
  readonly maxBulkBytes: number
  /** A sender of a file may pause so long; 30 s unless given. */
  readonly idleTimeoutMs?: number
  /** How much one caller may ask for; nobody is limited unless given. */
  readonly limits?: CallerLimits
  /** Whether the gateway is reached by HTTPS: then browsers are told to insist on it. */
  readonly https: boolean
  /** Whether requests can be served. */
  readonly readiness: () => Promise<Readiness>
  /** Told of every request; nobody is unless given. */
  readonly watch?: RequestWatch
  /** What `/metrics` answers; there is no such address unless given. */
  readonly metrics?: MetricsAnswer
  /** Whose X-Forwarded-For counts: so many proxies in front, or those at these addresses; nobody's unless given. */
  readonly trustProxy?: number | readonly string[]
  /** Told once when a proxy that nobody named is in front. */
  readonly onUnknownProxy?: () => void
  /** Told of each fault that is ours. */
  readonly onFault: (
    error: unknown,
    request: { readonly id: string; readonly method: string; readonly route: string },
  ) => void
}
