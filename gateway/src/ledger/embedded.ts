import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  appendCall,
  attestCall,
  type Call,
  changeCall,
  invoke,
  type State,
  type Transaction,
} from '@cinnabar/chaincode'
import {
  type Append,
  AppendFormat,
  type Attestation,
  type AttestRequest,
  type Caller,
  type Digest,
  digestOf,
  ecdsaSignatureToRaw,
  HeadFormat,
  type InstitutionId,
  type Ledger,
  LedgerError,
  type LogEvent,
  type LogHead,
  type Signer,
  StatementFormat,
  timeOf,
  toBase64,
} from '@cinnabar/core'
import type { Clock } from '../clock'
import { type Block, BlockFormat, chainOrigin } from './block'
import { auditSteps, type ChainAudit, parseBlock, verifyChain, verifyTail } from './chain'
import { LedgerFile } from './ledger-file'
import { asLedgerError, entriesOf, ledgerReads, type ReadSource } from './reads'

/** What an embedded ledger is opened with. */
export interface EmbeddedLedgerOptions {
  /** Holds `ledger.db`; made if need be. */
  readonly folder: string
  readonly channel: string
  /** The node's key, ECDSA P-256: signs attestations. The trust file pins it as `singleOperator`. */
  readonly signer: Signer
  readonly clock: Clock
}

/** The ledger of one node, with what only such a ledger can do. */
export interface EmbeddedLedger extends Ledger {
  /**
   * Replays every block and compares the outcome with the state.
   * @throws {@link LedgerError} `LEDGER_DAMAGED`: what was found first.
   */
  verifyChain(): ChainAudit
  /**
   * The same while the ledger goes on working.
   * @returns undefined when `stop` came first.
   * @throws {@link LedgerError} `LEDGER_DAMAGED`.
   */
  verifyChainMeanwhile(stop: AbortSignal): Promise<ChainAudit | undefined>
  /** Blocks so far. */
  blocks(): number
}

/** Blocks that are checked each time the ledger is opened. */
const TAIL_BLOCKS = 100
/** Of an audit, between two turns of the event loop: some milliseconds. */
const STEPS_AT_ONCE = 8

/**
 * The ledger in this process: chaincode's rules over one SQLite file, a transaction a block, blocks chained by digest.
 * For trying out, for tests, for one organisation: it proves nothing against the operator of this node.
 * @throws {@link LedgerError} `LEDGER_LOCKED` when another process has it open; `LEDGER_DAMAGED`; `LEDGER_UNAVAILABLE`.
 */
export async function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
  const { folder, channel } = options
  const file = LedgerFile.open(folder, channel, chainOrigin(channel))
  try {
    verifyTail(file, channel, TAIL_BLOCKS)
  } catch (cause) {
    file.close()
    throw cause
  }
  return embeddedLedger(new EmbeddedNode(file, options), options)
}

function embeddedLedger(node: EmbeddedNode, { channel, signer }: EmbeddedLedgerOptions): EmbeddedLedger {
  const key = digestOf(signer.spki)
  return {
    kind: 'embedded',
    channel,
    change: (caller, change) => node.submit(caller, changeCall(change)),
    append: (caller, institution, expectedSize, entries, uses) =>
      node.submit(caller, appendCall(institution, expectedSize, entries, uses)),
    ...ledgerReads(node),
    attest: async (request) => [await attest(node, signer, key, request)],
    // Its blocks are one node's word, as its statements are.
    blocksBehind: async () => undefined,
    follow: (listener) => node.follow(listener),
    verifyChain: () => node.verifyChain(),
    verifyChainMeanwhile: (stop) => node.verifyChainMeanwhile(stop),
    blocks: () => node.blocks(),
    close: () => node.close(),
  }
}

async function attest(node: EmbeddedNode, signer: Signer, key: Digest, request: AttestRequest): Promise<Attestation> {
  const bytes = await node.query(attestCall(request))
  const signature = ecdsaSignatureToRaw(await signer.sign(bytes), 'P-256')
  return { key, kind: 'node', signature: toBase64(signature), statement: StatementFormat.parse(bytes) }
}

/** One node's chain: one transaction at a time; its writes are hidden, from itself too, until its block is on the disk. */
class EmbeddedNode implements ReadSource {
  readonly #file: LedgerFile
  readonly #channel: string
  readonly #clock: Clock
  readonly #listeners = new Set<(event: LogEvent) => void>()
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(file: LedgerFile, { channel, clock }: EmbeddedLedgerOptions) {
    this.#file = file
    this.#channel = channel
    this.#clock = clock
  }

  submit(caller: Caller, call: Call): Promise<LogHead> {
    const turn = this.#last.then(() => this.#run(caller, call))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async query({ name, args }: Call): Promise<Uint8Array> {
    this.#requireOpen()
    return this.#invoke(this.#stateWith(new Map()), this.#next(READER).transaction, { name, args })
  }

  async argumentsOf(transaction: string): Promise<readonly string[]> {
    this.#requireOpen()
    const stored = this.#file.blockOf(transaction)
    if (stored === undefined) throw new LedgerError('LEDGER_DAMAGED', 'a block is missing', { transaction })
    return parseBlock(stored.bytes, stored.number).arguments
  }

  follow(listener: (event: LogEvent) => void): () => void {
    // A listener may be given twice; each gets its own place.
    const own = (event: LogEvent) => listener(event)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  verifyChain(): ChainAudit {
    this.#requireOpen()
    return verifyChain(this.#file, this.#channel)
  }

  async verifyChainMeanwhile(stop: AbortSignal): Promise<ChainAudit | undefined> {
    const steps = auditSteps(this.#file, this.#channel)
    while (!this.#closed && !stop.aborted) {
      for (let i = 0; i < STEPS_AT_ONCE; i++) {
        const { done, value } = steps.next()
        if (done === true) return value
      }
      await nextTurn()
    }
    return undefined
  }

  blocks(): number {
    this.#requireOpen()
    return this.#file.head().blocks
  }

  /** Behind all that was submitted before. */
  close(): Promise<void> {
    const closing = this.#last.then(() => {
      if (!this.#closed) this.#file.close()
      this.#closed = true
    })
    this.#last = closing
    return closing
  }

  async #run(caller: Caller, call: Call): Promise<LogHead> {
    this.#requireOpen()
    const { number, previous, transaction } = this.#next(caller)
    const writes = new Map<string, Uint8Array>()
    const result = await this.#invoke(this.#stateWith(writes), transaction, call)
    const block: Block = {
      arguments: call.args,
      caller: { ...caller },
      function: call.name,
      number,
      previous,
      time: transaction.time,
      transaction: transaction.id,
      type: 'cinnabar.block.v1',
      writes: Array.from(writes, ([key, value]) => ({ key, value: toBase64(value) })),
    }
    const bytes = BlockFormat.encode(block)
    this.#file.commit({ block: { number, digest: digestOf(bytes), bytes }, transaction: transaction.id, writes })
    await this.#publish(writes, call)
    return HeadFormat.parse(result)
  }

  async #invoke(state: State, transaction: Transaction, { name, args, transient }: Call): Promise<Uint8Array> {
    try {
      return await invoke(state, transaction, name, args, transient ?? new Map())
    } catch (cause) {
      throw asLedgerError(cause)
    }
  }

  /** The committed state; writes go to `writes` and are not read back. */
  #stateWith(writes: Map<string, Uint8Array>): State {
    const file = this.#file
    return {
      get: async (key) => file.get(key),
      put: async (key, value) => void writes.set(key, value),
      range: async function* (start, end) {
        yield* file.range(start, end)
      },
    }
  }

  /** A transaction's id is the digest of the block before it: unique, and nothing random. */
  #next(caller: Transaction['caller']) {
    const { blocks, digest } = this.#file.head()
    const time = timeOf(this.#clock.now())
    const transaction: Transaction = { id: digest.slice('sha256:'.length), time, channel: this.#channel, caller }
    return { number: blocks, previous: digest, transaction }
  }

  async #publish(writes: ReadonlyMap<string, Uint8Array>, call: Call): Promise<void> {
    for (const [key, value] of writes) {
      if (!key.startsWith('append/')) continue
      const append: Append = AppendFormat.parse(value)
      const event = {
        institution: append.institution,
        append,
        entries: await entriesOf({ argumentsOf: async () => call.args }, append),
      }
      for (const listener of this.#listeners) queueMicrotask(() => listener(event))
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw new LedgerError('LEDGER_UNAVAILABLE', 'the ledger is closed')
  }
}

/** Queries are open to every member of the channel. */
const READER = { institution: 'reader' as InstitutionId }
