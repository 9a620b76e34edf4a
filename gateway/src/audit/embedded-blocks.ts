import { fromBase64, LedgerError, type RebuiltLedger } from '@cinnabar/core'
import { chainOrigin } from '../ledger/block'
import { parseBlock, verifyChain } from '../ledger/chain'
import { LedgerFile } from '../ledger/ledger-file'
import type { Findings } from './findings'

/** What the embedded ledger is rebuilt into. */
export interface EmbeddedOptions {
  readonly channel: string
  readonly ledger: RebuiltLedger
  readonly findings: Findings
  readonly progress: (done: number, of: number) => void
}

/**
 * Rebuilds the ledger from the blocks of a copy of the embedded ledger's file, and compares them with its state. One operator
 * wrote all of it: that shows damage and carelessness, and a forger who does not write the whole chain anew.
 * @returns blocks.
 * @throws {@link LedgerError} `LEDGER_UNAVAILABLE`; `LEDGER_DAMAGED` when it is no such file or of another channel.
 */
export function rebuildEmbedded(folder: string, { channel, ledger, findings, progress }: EmbeddedOptions): number {
  const file = LedgerFile.open(folder, channel, chainOrigin(channel))
  try {
    const { blocks } = file.head()
    damageNoted(findings, () => verifyChain(file, channel))
    for (let number = 0; number < blocks; number++) {
      damageNoted(findings, () => takeBlock(file, number, ledger))
      progress(number + 1, blocks)
    }
    return blocks
  } finally {
    file.close()
  }
}

/** Blocks in a copy of the embedded ledger's file. @throws as {@link rebuildEmbedded} does. */
export function blocksIn(folder: string, channel: string): number {
  const file = LedgerFile.open(folder, channel, chainOrigin(channel))
  try {
    return file.head().blocks
  } finally {
    file.close()
  }
}

function takeBlock(file: LedgerFile, number: number, ledger: RebuiltLedger): void {
  const stored = file.block(number)
  if (stored === undefined) throw new LedgerError('LEDGER_DAMAGED', 'a block is missing', { block: number })
  const block = parseBlock(stored.bytes, number)
  ledger.take({
    block: number,
    id: block.transaction,
    function: block.function,
    arguments: block.arguments,
    writes: block.writes.map(({ key, value }) => ({ key, value: fromBase64(value) })),
  })
}

function damageNoted(findings: Findings, work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'LEDGER_DAMAGED') throw error
    findings.note('CHAIN_DAMAGED', { ...error.details, found: error.message })
  }
}
