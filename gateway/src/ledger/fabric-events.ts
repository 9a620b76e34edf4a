import { setTimeout as wait } from 'node:timers/promises'
import { APPEND_EVENT } from '@cinnabar/chaincode'
import { type Append, AppendFormat, FormatError, LedgerError, type LogEvent } from '@cinnabar/core'
import type { ChaincodeEvent, CloseableAsyncIterable } from '@hyperledger/fabric-gateway'
import { type Position, readCheckpoint, writeCheckpoint } from './fabric-checkpoint'
import { isFabricError } from './fabric-errors'
import { DEADLINE_MS, type Endpoint, type FabricPeers } from './fabric-peers'
import { chainHeight } from './fabric-qscc'
import { entriesOf, type ReadSource } from './reads'

type Listener = (event: LogEvent) => void

/** What the stream is made with. */
export interface EventOptions {
  /** Keeps the position across restarts, so that the first follower then hears what happened meanwhile. */
  readonly checkpointFile?: string
  /** Told of what interrupts the stream; it goes on by itself. */
  readonly report: (error: unknown) => void
}

const PAUSE_MS = 500

/** Appends as peers commit them, in order: from one peer, and after a failure from the next, where the last one stopped. */
export class FabricEvents {
  readonly #peers: FabricPeers
  readonly #source: ReadSource
  readonly #options: EventOptions
  readonly #listeners = new Map<Listener, bigint>()
  #position: Position | undefined
  #open: CloseableAsyncIterable<ChaincodeEvent> | undefined
  #running: Promise<void> | undefined

  constructor(peers: FabricPeers, source: ReadSource, options: EventOptions) {
    this.#peers = peers
    this.#source = source
    this.#options = options
  }

  /**
   * Hears each append of a block behind those that this client knows now. With a checkpoint the first follower hears what
   * was not heard before instead. A crash between an event and its checkpoint repeats that one event.
   */
  follow(listener: Listener): () => void {
    const own: Listener = (event) => listener(event)
    const resumes = this.#options.checkpointFile !== undefined && this.#listeners.size === 0
    this.#listeners.set(own, resumes ? 0n : this.#peers.height)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return () => {
      this.#listeners.delete(own)
      if (!this.#wanted()) this.#open?.close()
    }
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    this.#open?.close()
    await this.#running
  }

  #wanted(): boolean {
    return this.#listeners.size > 0 && !this.#peers.closed
  }

  async #run(): Promise<void> {
    const height = this.#peers.height
    while (this.#wanted()) {
      for (const endpoint of this.#peers.ordered()) {
        if (!this.#wanted()) return
        try {
          this.#position ??= await this.#start(endpoint, height)
          await this.#listenAt(endpoint, this.#position)
        } catch (error) {
          if (this.#wanted()) this.#interrupted(endpoint, error)
        }
      }
      if (this.#wanted()) await wait(PAUSE_MS)
    }
  }

  #interrupted(endpoint: Endpoint, error: unknown): void {
    if (isFabricError(error)) this.#peers.rest(endpoint)
    this.#options.report(error)
  }

  async #start(endpoint: Endpoint, height: bigint): Promise<Position> {
    const { checkpointFile } = this.#options
    const { channel } = this.#peers.connection
    const kept = checkpointFile === undefined ? undefined : await readCheckpoint(checkpointFile, channel)
    if (kept !== undefined) return kept
    if (height > 0n) return { block: height }
    const network = endpoint.networkFor(this.#peers.reader(endpoint))
    const { organisation } = endpoint
    return { block: await chainHeight(network, { organisation, ...this.#peers.deadline(DEADLINE_MS.evaluate) }) }
  }

  async #listenAt(endpoint: Endpoint, { block, transaction }: Position): Promise<void> {
    const network = endpoint.networkFor(this.#peers.reader(endpoint))
    const checkpoint = { getBlockNumber: () => block, getTransactionId: () => transaction }
    const events = await network.getChaincodeEvents(this.#peers.connection.chaincode, { checkpoint })
    this.#open = events
    try {
      for await (const event of events) {
        if (!this.#wanted()) return
        await this.#deliver(event)
      }
    } finally {
      this.#open = undefined
      events.close()
    }
  }

  async #deliver(event: ChaincodeEvent): Promise<void> {
    const { blockNumber, transactionId } = event
    if (event.eventName === APPEND_EVENT) {
      const append = appendIn(event)
      const entries = await entriesOf(this.#source, append)
      for (const [listener, since] of this.#listeners) {
        if (blockNumber < since) continue
        queueMicrotask(() => {
          if (this.#listeners.has(listener)) listener({ institution: append.institution, append, entries })
        })
      }
    }
    const position = { block: blockNumber, transaction: transactionId }
    // Listeners hear it before it counts as heard.
    await Promise.resolve()
    this.#position = position
    const { checkpointFile } = this.#options
    if (checkpointFile !== undefined) await writeCheckpoint(checkpointFile, this.#peers.connection.channel, position)
  }
}

/** @throws {@link LedgerError} `LEDGER_DAMAGED` when the peer's event is not that of its transaction. */
function appendIn({ payload, transactionId }: ChaincodeEvent): Append {
  const append = parsed(payload)
  if (append.transaction === transactionId) return append
  throw new LedgerError('LEDGER_DAMAGED', 'an event is of another transaction', { transaction: transactionId })
}

function parsed(payload: Uint8Array): Append {
  try {
    return AppendFormat.parse(payload)
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    throw new LedgerError('LEDGER_DAMAGED', 'an event holds no append', {}, cause)
  }
}
