import { LedgerError } from '@cinnabar/core'
import type { Logger } from '../log'
import type { EmbeddedLedger } from './embedded'

/** The check of the whole chain that a start makes. */
export interface ChainCheck {
  /** `checking` until it is known. */
  readonly state: 'checking' | 'ok' | 'damaged'
  /** Ends it, known or not. */
  close(): Promise<void>
}

/** Some seconds of a start. */
const MAX_BLOCKS_AT_START = 10_000

/** @param maxBlocks - a longer chain is checked while the ledger works already. */
export interface ChainCheckOptions {
  readonly log: Logger
  readonly maxBlocks?: number
}

/**
 * Checks the chain before it is built on, or, if it is long, meanwhile: then damage is logged and shown at `/readyz`.
 * @throws {@link LedgerError} `LEDGER_DAMAGED` of a chain that is not long.
 */
export function checkChain(
  ledger: Pick<EmbeddedLedger, 'blocks' | 'verifyChain' | 'verifyChainMeanwhile'>,
  { log, maxBlocks = MAX_BLOCKS_AT_START }: ChainCheckOptions,
): ChainCheck {
  if (ledger.blocks() <= maxBlocks) {
    ledger.verifyChain()
    return { state: 'ok', close: async () => undefined }
  }
  const stop = new AbortController()
  const check = { state: 'checking' as ChainCheck['state'] }
  const checking = ledger.verifyChainMeanwhile(stop.signal).then(
    (audit) => {
      if (audit === undefined) return
      check.state = 'ok'
      log.info('the whole chain of the ledger is in order', { blocks: audit.blocks, keys: audit.keys })
    },
    (error: unknown) => {
      const isDamage = error instanceof LedgerError && error.code === 'LEDGER_DAMAGED'
      if (isDamage) check.state = 'damaged'
      const shown = error instanceof Error ? error : new Error(String(error))
      log.error(isDamage ? 'the ledger is damaged: restore it from a backup' : 'the ledger could not be checked', {
        error: shown,
      })
    },
  )
  return {
    get state() {
      return check.state
    },
    async close() {
      stop.abort()
      await checking
    },
  }
}
