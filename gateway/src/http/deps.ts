import type { Trust } from '@cinnabar/core'
import type { SealAuthority } from '../authority/seal-authority'
import type { ChainCheck } from '../ledger/chain-check'
import type { Notarizer } from '../notarize/notarizer'
import type { Surroundings } from '../notarize/ports'
import type { Sessions } from '../people/sessions'
import type { LocalTsa } from '../tsa/local'

/** What the routes call. */
export interface AppDeps {
  readonly env: Surroundings
  readonly notarizer: Notarizer
  readonly sessions: Sessions
  readonly authority: Pick<SealAuthority, 'crl'>
  /** The authorities of this gateway; the first answers at `/tsa` itself. */
  readonly tsas: readonly LocalTsa[]
  /** What this gateway says is to be trusted: shown, and used to check with at `/v1/verifications`. */
  readonly trust: Trust | undefined
  /** Folder of the built page; undefined serves none. */
  readonly webFolder: string | undefined
  readonly maxPdfBytes: number
  /** Whether the gateway is reached by HTTPS: then browsers are told to insist on it. */
  readonly https: boolean
  /** How the check of the ledger at the start stands. */
  readonly chainCheck?: Pick<ChainCheck, 'state'>
  /** Whose X-Forwarded-For counts: so many proxies in front, or those at these addresses; nobody's unless given. */
  readonly trustProxy?: number | readonly string[]
  /** Told once when a proxy that nobody named is in front. */
  readonly onUnknownProxy?: () => void
  /** Told of each fault that is ours. */
  readonly onFault: (
    error: unknown,
    request: { readonly id: string; readonly method: string; readonly path: string },
  ) => void
}
