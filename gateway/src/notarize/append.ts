import { digestFromBytes, EntryFormat, type InstitutionId, LedgerError, leafHash, toHex } from '@cinnabar/core'
import { batchOf, countThatFits, type Landing, type PendingUse, type Place, placesOf } from './batch'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { Identified } from './receive'
import { findRecorded } from './recorded'
import { type BatchRecord, change } from './records'
import { isRefusal, pause } from './retry'

/** What became of a batch. */
type Outcome =
  | { readonly kind: 'landed'; readonly landing: Landing }
  | { readonly kind: 'superseded' }
  /** The ledger refused the use at `index`, or, without one, the batch as such. */
  | { readonly kind: 'refused'; readonly index: number | undefined; readonly error: LedgerError }
  | { readonly kind: 'stopped' }

/** Two minutes. The authority's clock is ahead of the ledger's, by little: what was acknowledged need not end by that. */
const EARLY_ATTEMPTS = 29

interface Waiting extends PendingUse {
  readonly resolve: (place: Place) => void
  readonly reject: (error: unknown) => void
}

/** Told while a batch goes out: its uses are on their way, in this batch. May be told again of the same. */
export type OnSubmitted = (batch: Identified<BatchRecord>) => Promise<void>

/**
 * Brings one institution's uses into its log: strictly one append in flight, and while it runs the next batch gathers.
 * A batch is durable before it goes, so that after a crash, or an answer that never came, the ledger is asked what
 * became of it before anything is sent again.
 */
export class Appender {
  readonly #env: Surroundings
  readonly #institution: InstitutionId
  readonly #onSubmitted: OnSubmitted
  readonly #stop: AbortSignal
  #queue: Waiting[] = []
  readonly #resumed: { readonly batch: Identified<BatchRecord>; readonly uses: readonly Waiting[] }[] = []
  #inFlight = 0
  /** While above 0, uses go one by one: a whole batch was refused without saying which use is to blame. */
  #alone = 0
  /** Uses whose tokens were ahead of the ledger's time, and how often each was sent in vain. */
  readonly #early = new WeakMap<Waiting, number>()
  /** How many of them wait for their next turn. */
  #aside = 0
  #running: Promise<void> | undefined
  #trouble: string | undefined

  constructor(env: Surroundings, institution: InstitutionId, parts: { onSubmitted: OnSubmitted; stop: AbortSignal }) {
    this.#env = env
    this.#institution = institution
    this.#onSubmitted = parts.onSubmitted
    this.#stop = parts.stop
  }

  /** The code of the failure that keeps the queue waiting, if any. */
  get trouble(): string | undefined {
    return this.#trouble ?? (this.#aside > 0 ? 'TOKEN_IN_FUTURE' : undefined)
  }

  /** Uses that are not known to be in the log, those in flight included. */
  get waiting(): number {
    const resumed = this.#resumed.reduce((sum, { uses }) => sum + uses.length, 0)
    return this.#queue.length + resumed + this.#inFlight + this.#aside
  }

  /**
   * Resolves when the use is in the log.
   * @throws {@link LedgerError} with the rules' code when the use was refused: it is in no log and never will be.
   */
  append(use: PendingUse): Promise<Place> {
    const [waiting, place] = waitingFor(use)
    this.#queue.push(waiting)
    this.#start()
    return place
  }

  /** Takes up a batch that was sent before a restart. @returns a promise like {@link append}'s for each of its uses. */
  resume(batch: Identified<BatchRecord>, uses: readonly PendingUse[]): ReadonlyMap<string, Promise<Place>> {
    const pairs = uses.map(waitingFor)
    this.#resumed.push({ batch, uses: pairs.map(([waiting]) => waiting) })
    this.#start()
    return new Map(pairs.map(([waiting, place]) => [waiting.id, place]))
  }

  /** Resolves when nothing is in flight any more; `stop` must have been given. */
  async idle(): Promise<void> {
    await this.#running
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (this.#hasWork()) this.#start()
    })
  }

  #hasWork(): boolean {
    return !this.#stop.aborted && this.#queue.length + this.#resumed.length > 0
  }

  async #run(): Promise<void> {
    // Requests that arrive in the same turn of the event loop go together.
    await Promise.resolve()
    for (let attempt = 0; this.#hasWork(); ) {
      try {
        const resumed = this.#resumed.shift()
        if (resumed !== undefined) await this.#carry(resumed.batch, resumed.uses, 'sent')
        else await this.#carryNext()
        attempt = 0
        this.#trouble = undefined
      } catch (error) {
        this.#failed(error)
        await pause(attempt++, this.#stop)
      }
    }
  }

  #failed(error: unknown): void {
    this.#trouble = error instanceof LedgerError ? error.code : 'INTERNAL'
    this.#env.report({ step: 'append', institution: this.#institution, error })
  }

  async #carryNext(): Promise<void> {
    const uses = this.#queue.slice(0, this.#alone > 0 ? 1 : countThatFits(this.#queue))
    const value = await batchOf(this.#env.ledger, this.#institution, uses)
    const batch = { id: toHex(this.#env.randomBytes(16)), value }
    await this.#env.store.insert('batches', batch.id, value)
    this.#queue = this.#queue.slice(uses.length)
    this.#alone = Math.max(0, this.#alone - 1)
    await this.#carry(batch, uses, 'new')
  }

  async #carry(batch: Identified<BatchRecord>, uses: readonly Waiting[], state: 'new' | 'sent'): Promise<void> {
    this.#inFlight = uses.length
    try {
      const outcome = await this.#settle(batch, uses, state)
      if (outcome.kind === 'stopped') return
      if (outcome.kind === 'landed') {
        const { size, root } = outcome.landing
        await this.#end(batch, { state: 'landed', head: { size, root } })
        const places = placesOf(batch.value, outcome.landing)
        for (const use of uses) settle(use, places.get(use.id))
        return
      }
      await this.#end(batch, { state: 'superseded' })
      if (outcome.kind === 'superseded') this.#queue = [...uses, ...this.#queue]
      else await this.#refused(uses, outcome)
    } catch (error) {
      // The batch is durable: it is looked at again before anything else goes out.
      this.#resumed.unshift({ batch, uses })
      throw error
    } finally {
      this.#inFlight = 0
    }
  }

  async #refused(uses: readonly Waiting[], { index, error }: Extract<Outcome, { kind: 'refused' }>): Promise<void> {
    if (index === undefined && uses.length > 1) {
      this.#alone = uses.length
      this.#queue = [...uses, ...this.#queue]
      return
    }
    const blamed = uses[index ?? 0]
    const recorded = await findRecorded(this.#env, this.#institution, { use: blamed.use, error })
    this.#queue = [...uses.filter((use) => use !== blamed), ...this.#queue]
    if (recorded !== undefined) blamed.resolve(recorded)
    else if (!this.#setAside(blamed, error)) blamed.reject(error)
  }

  /** An early use waits by itself: those behind it are not early. @returns false when it has waited long enough. */
  #setAside(use: Waiting, error: LedgerError): boolean {
    const attempt = this.#early.get(use) ?? 0
    if (error.code !== 'TOKEN_IN_FUTURE' || attempt >= EARLY_ATTEMPTS) {
      this.#early.delete(use)
      return false
    }
    this.#early.set(use, attempt + 1)
    this.#env.report({ step: 'append', institution: this.#institution, error })
    this.#aside++
    void pause(attempt, this.#stop).then(() => {
      this.#aside--
      this.#queue.push(use)
      this.#start()
    })
    return true
  }

  /** Sends the batch until its fate is known. */
  async #settle(batch: Identified<BatchRecord>, uses: readonly Waiting[], state: 'new' | 'sent'): Promise<Outcome> {
    let look = state === 'sent'
    for (let attempt = 0; !this.#stop.aborted; attempt++) {
      try {
        const fate = look ? await this.#fateOf(batch.value) : undefined
        if (fate?.kind === 'superseded') return fate
        const [landing, marked] = await Promise.allSettled([
          fate?.landing ?? this.#send(batch.value, uses),
          this.#onSubmitted(batch),
        ])
        if (landing.status === 'rejected') throw landing.reason
        // Whoever looks for a use of a batch that landed goes by what is written there.
        if (marked.status === 'rejected') throw marked.reason
        return { kind: 'landed', landing: landing.value }
      } catch (error) {
        if (isRefusal(error)) return { kind: 'refused', index: indexOf(error, uses.length), error }
        look = true
        // Once: a peer that lags behind what it refuses by would be asked without end.
        if (attempt === 0 && error instanceof LedgerError && error.code === 'LOG_SIZE_MISMATCH') continue
        this.#failed(error)
        await pause(attempt, this.#stop)
      }
    }
    return { kind: 'stopped' }
  }

  async #send({ institution, expectedSize, entries }: BatchRecord, waiting: readonly Waiting[]): Promise<Landing> {
    const uses = waiting.map(({ use }) => use)
    const caller = { institution, role: 'sealer' } as const
    const { size, root } = await this.#env.ledger.append(caller, institution, expectedSize, entries, uses)
    return { institution, size, root }
  }

  /** @returns undefined while the log stands where the batch was made for: it may be sent, unchanged. */
  async #fateOf({
    institution,
    expectedSize,
    entries,
  }: BatchRecord): Promise<Extract<Outcome, { kind: 'landed' | 'superseded' }> | undefined> {
    const append = await this.#env.ledger.appendOf(institution, expectedSize)
    if (append === undefined) return undefined
    const leaves = entries.map((entry) => digestFromBytes(leafHash(EntryFormat.encode(entry))))
    const ours = append.from === expectedSize && append.leaves.join() === leaves.join()
    if (!ours) return { kind: 'superseded' }
    return { kind: 'landed', landing: { institution, size: append.size, root: append.root } }
  }

  async #end(batch: Identified<BatchRecord>, end: Pick<BatchRecord, 'state' | 'head'>): Promise<void> {
    await change<BatchRecord>(this.#env.store, 'batches', batch.id, (value) => ({ ...value, ...end }))
  }
}

function indexOf(error: LedgerError, count: number): number | undefined {
  const { index } = error.details
  return typeof index === 'number' && index >= 0 && index < count ? index : undefined
}

function waitingFor(use: PendingUse): readonly [Waiting, Promise<Place>] {
  let parts: Pick<Waiting, 'resolve' | 'reject'> | undefined
  const place = new Promise<Place>((resolve, reject) => {
    parts = { resolve, reject }
  })
  if (parts === undefined) throw new NotarizeError('INTERNAL', 'a promise did not start')
  return [{ ...use, ...parts }, place]
}

function settle(use: Waiting, place: Place | undefined): void {
  if (place === undefined) use.reject(new NotarizeError('INTERNAL', 'a batch lost one of its uses'))
  else use.resolve(place)
}
