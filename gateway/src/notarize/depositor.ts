import { CodedError, type InstitutionId } from '@cinnabar/core'
import type { Appenders } from './appenders'
import type { Place } from './batch'
import { type BadEnd, badEndOf, INTERRUPTED } from './conclude'
import { deposit } from './deposit'
import { DEPOSIT_ENDED, type DepositJobRecord, type DepositPartRecord } from './deposit-records'
import { type DepositRequest, depositJobIdFor, takeDeposits } from './deposit-request'
import {
  endOf,
  keepHead,
  landedBefore,
  landingsOf,
  type PendingDeposit,
  reachPart,
  timestampPart,
} from './deposit-steps'
import { Gate } from './gate'
import type { LogMirror } from './log-mirror'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { Identified } from './receive'
import { type BatchRecord, findInStates } from './records'
import { patiently } from './retry'

/** Deposits of one institution on their way at once: while some are appended, the next get their tokens. */
const ROOM = 1500

/** What the flow of deposits shares with that of seals. */
export interface DepositorParts {
  readonly env: Surroundings
  readonly mirror: LogMirror
  readonly appenders: Appenders
  readonly stop: AbortSignal
}

/** Deposits at work: takes requests, carries their parts through, and takes up after a restart what it had acknowledged. */
export class Depositor {
  readonly #parts: DepositorParts
  readonly #gates = new Map<InstitutionId, Gate>()
  /** By part. */
  readonly #running = new Map<string, Promise<void>>()
  readonly #troubles = new Map<InstitutionId, string>()

  constructor(parts: DepositorParts) {
    this.#parts = parts
  }

  /**
   * Takes a request; the rest goes on by itself.
   * @param key - Idempotency-Key: a repeat is answered with the first job.
   * @throws {@link NotarizeError} `IDEMPOTENCY_KEY_REUSED`.
   */
  async request(request: DepositRequest, key?: string): Promise<Identified<DepositJobRecord>> {
    const { env } = this.#parts
    const id = await depositJobIdFor(env, request, key)
    const before = key === undefined ? undefined : await env.store.get<DepositJobRecord>('depositJobs', id)
    const job = before === undefined ? (await takeDeposits(env, request, id)).job : { id, value: before.value }
    await this.#takeUp(job.value)
    return job
  }

  /** @throws {@link NotarizeError} `JOB_UNKNOWN`, also for another institution's. */
  async job(institution: InstitutionId, id: string): Promise<Identified<DepositJobRecord>> {
    const found = await this.#parts.env.store.get<DepositJobRecord>('depositJobs', id)
    if (found?.value.institution !== institution) {
      throw new NotarizeError('JOB_UNKNOWN', 'there is no such job here', { job: id })
    }
    await this.#takeUp(found.value)
    return { id, value: found.value }
  }

  /** Resolves when the job has ended, or after `timeoutMs`. */
  async settled({ parts }: DepositJobRecord, timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs)
    })
    await Promise.race([Promise.all(parts.map((part) => this.#running.get(part))), late])
    clearTimeout(timer)
  }

  /** Why deposits that have not ended get no further at the moment. */
  troubleOf(institution: InstitutionId): string | undefined {
    return this.#parts.appenders.troubleOf(institution) ?? this.#troubles.get(institution)
  }

  /** Institutions whose deposits wait for tokens, and why. */
  troubles(): readonly { readonly institution: InstitutionId; readonly code: string }[] {
    return [...this.#troubles].map(([institution, code]) => ({ institution, code }))
  }

  /** Takes up all that a former run acknowledged. @param places - of the deposits whose batches go on already. */
  async recover(places: ReadonlyMap<string, Promise<Place>>): Promise<void> {
    const { store } = this.#parts.env
    const states = ['received', 'timestamped', 'submitted']
    for (const part of await findInStates<DepositPartRecord>(store, 'depositParts', states)) {
      // Of a request that was never acknowledged: nothing names it, and nobody waits for it.
      if (await this.#isNamed(part)) this.#begin(part, places)
    }
  }

  /** Whether the part's request was acknowledged: then its job names it. */
  async #isNamed({ id, value }: Identified<DepositPartRecord>): Promise<boolean> {
    const job = await this.#parts.env.store.get<DepositJobRecord>('depositJobs', value.job)
    return job?.value.parts.includes(id) ?? false
  }

  /** Told while a batch goes out; may be told again of the same. */
  async markSubmitted({ id, value }: Identified<BatchRecord>): Promise<void> {
    await Promise.all(value.parts.map((part) => reachPart(this.#parts.env, part, { state: 'submitted', batch: id })))
  }

  /** What is being carried now. */
  underWay(): readonly Promise<void>[] {
    return [...this.#running.values()]
  }

  /** Parts that nobody carries: of a new job, or left behind by a failure of the store. */
  async #takeUp({ parts }: DepositJobRecord): Promise<void> {
    for (const id of parts) {
      const part = await this.#openPart(id)
      if (part !== undefined) this.#begin(part)
    }
  }

  /**
   * Takes up a part that is stuck: one that nobody carries is carried on, or ends if its request was never acknowledged.
   * @returns whether nobody carried it.
   */
  async takeUpPart(id: string): Promise<boolean> {
    const found = await this.#openPart(id)
    if (found === undefined) return false
    const isNamed = await this.#isNamed(found)
    const part = await this.#openPart(id)
    if (part === undefined) return false
    if (isNamed) this.#begin(part)
    else await reachPart(this.#parts.env, id, endOf(part.value.deposits.map(() => INTERRUPTED)))
    return true
  }

  /** @returns undefined for a part that has ended, or that somebody carries. */
  async #openPart(id: string): Promise<Identified<DepositPartRecord> | undefined> {
    const { env, stop } = this.#parts
    if (this.#running.has(id) || stop.aborted) return undefined
    const part = await env.store.get<DepositPartRecord>('depositParts', id)
    const isOpen = part !== undefined && !DEPOSIT_ENDED.includes(part.value.state) && !this.#running.has(id)
    return isOpen ? { id, value: part.value } : undefined
  }

  #begin(part: Identified<DepositPartRecord>, places?: ReadonlyMap<string, Promise<Place>>): void {
    const { institution, deposits } = part.value
    const gate = this.#gates.get(institution) ?? new Gate(ROOM)
    this.#gates.set(institution, gate)
    const work = gate.pass(deposits.length, () => this.#carry(part, places))
    this.#running.set(
      part.id,
      work.finally(() => this.#running.delete(part.id)),
    )
  }

  async #carry(part: Identified<DepositPartRecord>, places?: ReadonlyMap<string, Promise<Place>>): Promise<void> {
    const { env, stop } = this.#parts
    if (stop.aborted) return
    const { institution } = part.value
    const anchor = (ends: readonly (Place | BadEnd)[]) => this.#untilDone(institution, () => this.#anchor(part, ends))
    try {
      await deposit(part, {
        timestamp: () => this.#timestamp(part),
        append: (_, uses) => this.#append(part, uses, places),
        anchor: (_, ends) => anchor(ends),
      })
    } catch (error) {
      if (stop.aborted) return
      env.report({ step: 'timestamp', institution, error })
      const end = badEndOf(error)
      // Only what nobody can see in the log ends so: once appended, it is anchored until that is done.
      await anchor(part.value.deposits.map(() => end)).catch((cause) =>
        env.report({ step: 'anchor', institution, error: cause }),
      )
    }
  }

  /** An authority that does not answer is waited for: what was acknowledged is not given up for that. */
  async #timestamp(part: Identified<DepositPartRecord>): Promise<readonly PendingDeposit[]> {
    const { env, stop } = this.#parts
    const { institution } = part.value
    const onFailure = (error: unknown) => {
      this.#troubles.set(institution, error instanceof CodedError ? error.code : 'INTERNAL')
      env.report({ step: 'timestamp', institution, error })
    }
    try {
      const uses = await patiently(() => timestampPart(env, part), { stop, onFailure })
      await this.#untilDone(institution, () => reachPart(env, part.id, { state: 'timestamped' }))
      return uses
    } finally {
      this.#troubles.delete(institution)
    }
  }

  async #append(
    part: Identified<DepositPartRecord>,
    uses: readonly PendingDeposit[],
    resumed?: ReadonlyMap<string, Promise<Place>>,
  ): Promise<readonly (Place | BadEnd)[]> {
    const { env, appenders } = this.#parts
    const { institution } = part.value
    const known = await this.#untilDone(institution, async () => {
      // It may have gone out since the record was read.
      const now = await env.store.get<DepositPartRecord>('depositParts', part.id)
      return landedBefore(env, now?.value ?? part.value)
    })
    const placeOf = async (pending: PendingDeposit) =>
      resumed?.get(pending.id) ?? known.get(pending.id) ?? appenders.of(institution).append(pending)
    const ends = await Promise.allSettled(uses.map(placeOf))
    return ends.map((end) => (end.status === 'fulfilled' ? end.value : badEndOf(end.reason)))
  }

  async #anchor(part: Identified<DepositPartRecord>, ends: readonly (Place | BadEnd)[]): Promise<void> {
    const { env, mirror } = this.#parts
    for (const landing of landingsOf(ends)) {
      await mirror.catchUp(landing.institution, landing.size)
      await keepHead(env, landing)
    }
    await reachPart(env, part.id, endOf(ends))
  }

  #untilDone<T>(institution: InstitutionId, work: () => Promise<T>): Promise<T> {
    const { env, stop } = this.#parts
    return patiently(work, {
      stop,
      every: true,
      onFailure: (error) => env.report({ step: 'anchor', institution, error }),
    })
  }
}
