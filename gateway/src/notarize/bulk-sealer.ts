import { type InstitutionId, type Time, timeOf } from '@cinnabar/core'
import type { SealRequest } from './admit'
import { BulkEnds, type Ended } from './bulk-ends'
import {
  BULK_AT_WORK,
  type BulkDocumentRecord,
  type BulkJobRecord,
  type BulkState,
  bulkDocumentId,
  documentsOfBulk,
} from './bulk-records'
import { bulkCounts } from './bulk-summary'
import {
  type BulkRequest,
  type BulkUpload,
  bulkOf,
  createBulk,
  receiveIntoBulk,
  recountBytes,
  requireOpen,
  unknownNumber,
} from './bulk-upload'
import { badEndOf } from './conclude'
import { Gate } from './gate'
import { newId } from './idempotency'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { Identified } from './receive'
import { change, findInStates, type JobRecord } from './records'
import { patiently } from './retry'

/** The flow of single documents, as bulk jobs use it. */
export interface SealFlow {
  /** Takes the request under this id, once however often it is asked. @throws as `take` does. */
  request(request: SealRequest, id: string): Promise<Identified<JobRecord>>
  /** Resolves when the job has ended; undefined when the service stops first. */
  ended(institution: InstitutionId, id: string): Promise<JobRecord | undefined>
}

/** What bulk jobs share with the flow of single documents. */
export interface BulkParts {
  readonly env: Surroundings
  readonly flow: SealFlow
  readonly stop: AbortSignal
}

/** Who has a bulk job begin. */
export interface BulkStarter {
  readonly institution: InstitutionId
  readonly user: string
}

/** Documents of one institution on their way at once: enough to fill an append while the next are sealed. */
const AT_ONCE = 64
/** Bytes of their files together. */
const ROOM = 64 << 20

/** Bulk jobs at work: each document is a job of its own, and goes through the flow as if it had been asked for alone. */
export class BulkSealer {
  readonly #parts: BulkParts
  readonly #gates = new Map<InstitutionId, Gate>()
  /** By bulk job. */
  readonly #running = new Map<string, Promise<void>>()
  /** Uploads under way, by bulk job: what was taken in time is sealed, too. */
  readonly #receiving = new Map<string, Set<Promise<unknown>>>()
  readonly #listeners = new Set<(bulk: string) => void>()

  constructor(parts: BulkParts) {
    this.#parts = parts
  }

  /** @throws as {@link createBulk} does. */
  create(request: BulkRequest, key?: string): Promise<Identified<BulkJobRecord>> {
    return createBulk(this.#parts.env, request, key)
  }

  /** @throws as {@link receiveIntoBulk} does. */
  async receive(upload: BulkUpload) {
    const receiving = receiveIntoBulk(this.#parts.env, upload)
    const others = this.#receiving.get(upload.bulk) ?? new Set()
    this.#receiving.set(upload.bulk, others.add(receiving))
    try {
      const received = await receiving
      if (received.isNew) this.#changed(upload.bulk)
      return received
    } finally {
      others.delete(receiving)
      if (others.size === 0) this.#receiving.delete(upload.bulk)
    }
  }

  /**
   * Begins to seal; asked again it changes nothing.
   * @param missing - documents that did not come are left out only where that is said.
   * @throws {@link NotarizeError} `BULK_JOB_UNKNOWN`, `BULK_JOB_INCOMPLETE`; `BULK_JOB_CLOSED` when it was cancelled.
   */
  async start(
    { institution, user: startedBy }: BulkStarter,
    id: string,
    missing: 'refuse' | 'leave' = 'refuse',
  ): Promise<Identified<BulkJobRecord>> {
    const { env } = this.#parts
    const before = await this.job(institution, id)
    if (before.value.state === 'open' && missing === 'refuse') await this.#requireComplete(before)
    const after = await reachBulk(env, id, { state: 'sealing', startedBy }, 'open')
    const { state } = after.value
    if (state === 'cancelled' || state === 'cancelling') requireOpen(after.value, id)
    this.#takeUp(after)
    this.#changed(id)
    return after
  }

  /** Begins no further document; those under way come to their end. Asked again it changes nothing. */
  async cancel(institution: InstitutionId, id: string): Promise<Identified<BulkJobRecord>> {
    const { env } = this.#parts
    await this.job(institution, id)
    await reachBulk(env, id, { state: 'cancelled' }, 'open')
    const after = await reachBulk(env, id, { state: 'cancelling' }, 'sealing')
    this.#changed(id)
    return after
  }

  /** @throws {@link NotarizeError} `BULK_JOB_UNKNOWN`, also for another institution's. */
  async job(institution: InstitutionId, id: string): Promise<Identified<BulkJobRecord>> {
    const found = await bulkOf(this.#parts.env, institution, id)
    this.#takeUp(found)
    return found
  }

  /** @throws {@link NotarizeError} `BULK_JOB_UNKNOWN`, `BULK_DOCUMENT_UNKNOWN`. */
  async document(institution: InstitutionId, bulk: string, number: number): Promise<Identified<BulkDocumentRecord>> {
    await this.job(institution, bulk)
    const id = bulkDocumentId(bulk, number)
    const found = await this.#parts.env.store.get<BulkDocumentRecord>('bulkDocuments', id)
    if (found === undefined) throw unknownNumber(bulk, number)
    return { id, value: found.value }
  }

  /** @param listener - told the id of each bulk job that changes. @returns ends that. */
  follow(listener: (bulk: string) => void): () => void {
    const own = (bulk: string) => listener(bulk)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** Takes up all that a former run began. */
  async recover(): Promise<void> {
    const { store } = this.#parts.env
    for (const { id } of await findInStates<BulkJobRecord>(store, 'bulkJobs', ['open'])) {
      await recountBytes({ store }, id)
    }
    for (const job of await findInStates<BulkJobRecord>(store, 'bulkJobs', BULK_AT_WORK)) this.#takeUp(job)
  }

  /**
   * Forgets bulk jobs made before then that were never started; the documents uploaded stay as uploads. Each is cancelled
   * first, so that nobody starts it meanwhile: one that a crash leaves half forgotten is forgotten by the next turn.
   * @returns how many.
   */
  async forgetUnstarted(before: Date): Promise<number> {
    const { env } = this.#parts
    const old: string[] = []
    for (const { id, value } of await findInStates<BulkJobRecord>(env.store, 'bulkJobs', ['open', 'cancelled'])) {
      const { open, sealing } = value.times
      if (sealing === undefined && open !== undefined && new Date(open) < before) old.push(id)
    }
    let forgotten = 0
    for (const id of old) {
      const { value } = await reachBulk(env, id, { state: 'cancelled' }, 'open')
      if (value.state !== 'cancelled') continue
      await Promise.allSettled(this.#receiving.get(id) ?? [])
      const documents = await documentsOfBulk(env.store, id)
      await env.store.remove(
        'bulkDocuments',
        documents.map((one) => one.id),
      )
      await env.store.remove('bulkJobs', [id])
      forgotten++
      this.#changed(id)
    }
    return forgotten
  }

  /** What is being carried now. */
  underWay(): readonly Promise<void>[] {
    return [...this.#running.values()]
  }

  async #requireComplete({ id, value: { count } }: Identified<BulkJobRecord>): Promise<void> {
    const documents = await documentsOfBulk(this.#parts.env.store, id)
    const missing = count - documents.length
    if (missing === 0) return
    throw new NotarizeError('BULK_JOB_INCOMPLETE', `${missing} documents are missing`, { bulkJob: id, missing })
  }

  #takeUp(job: Identified<BulkJobRecord>): void {
    const { stop } = this.#parts
    if (!BULK_AT_WORK.includes(job.value.state) || this.#running.has(job.id) || stop.aborted) return
    const work = this.#carry(job).finally(() => this.#running.delete(job.id))
    this.#running.set(job.id, work)
  }

  async #carry(job: Identified<BulkJobRecord>): Promise<void> {
    const { env, stop } = this.#parts
    const { institution } = job.value
    const untilDone = <T>(work: () => Promise<T>) => this.#untilDone(institution, work)
    const ends = new BulkEnds(env, job.id, untilDone, () => this.#changed(job.id))
    const gate = this.#gates.get(institution) ?? new Gate(ROOM)
    this.#gates.set(institution, gate)
    try {
      await Promise.allSettled(this.#receiving.get(job.id) ?? [])
      const documents = await untilDone(() => documentsOfBulk(env.store, job.id))
      const open = documents.filter(({ value }) => value.end === undefined)
      await Promise.all(
        open.map((one) =>
          gate.pass(Math.max(one.value.bytes, ROOM / AT_ONCE), async () => {
            const end = await this.#seal(job, one)
            if (end !== undefined) await ends.record(one.id, end)
          }),
        ),
      )
      if (!stop.aborted) await untilDone(() => endBulk(env, job.id))
      this.#changed(job.id)
    } catch (error) {
      // Stopped: the next start takes it up.
      if (!stop.aborted) env.report({ step: 'seal', institution, error })
    }
  }

  /** @returns undefined when it was not begun: the bulk job was cancelled, or the service stops. */
  async #seal(
    { id: bulk, value: job }: Identified<BulkJobRecord>,
    { id, value }: Identified<BulkDocumentRecord>,
  ): Promise<Ended | undefined> {
    const { env, flow, stop } = this.#parts
    const { institution } = job
    const isWanted = async (sealing: string) => {
      const now = await env.store.get<BulkJobRecord>('bulkJobs', bulk)
      return now?.value.state === 'sealing' || (await env.store.get('jobs', sealing)) !== undefined
    }
    for (let current = value; !stop.aborted; ) {
      if (!(await this.#untilDone(institution, () => isWanted(current.job)))) return undefined
      const onFailure = (error: unknown) => env.report({ step: 'seal', institution, error })
      try {
        await patiently(() => flow.request(requestFor(job, current), current.job), { stop, onFailure })
      } catch (error) {
        if (stop.aborted) return undefined
        const end = badEndOf(error)
        if (end.state === 'failed') onFailure(error)
        return end
      }
      const ended = await this.#untilDone(institution, () => flow.ended(institution, current.job))
      if (ended?.code !== 'REQUEST_INTERRUPTED') return ended && endOf(ended)
      // That job never took its document: it has sealed nothing, and never will.
      current = await this.#untilDone(institution, () => renewJob(env, id, current))
    }
    return undefined
  }

  #untilDone<T>(institution: InstitutionId, work: () => Promise<T>): Promise<T> {
    const { env, stop } = this.#parts
    const onFailure = (error: unknown) => env.report({ step: 'seal', institution, error })
    return patiently(work, { stop, every: true, onFailure })
  }

  #changed(bulk: string): void {
    for (const listener of this.#listeners) listener(bulk)
  }
}

function requestFor(job: BulkJobRecord, { document }: BulkDocumentRecord): SealRequest {
  const { institution, requestedBy, startedBy: user = requestedBy, seal, page, xMm, yMm, reason } = job
  return { institution, user, document, seal, page, xMm, yMm, reason }
}

function endOf({ state, code, detail }: JobRecord): Ended {
  const end = state === 'anchored' || state === 'refused' ? state : 'failed'
  return { state: end, ...(code !== undefined && { code }), ...(detail !== undefined && { detail }) }
}

async function renewJob(
  env: Surroundings,
  id: string,
  { job, ...rest }: BulkDocumentRecord,
): Promise<BulkDocumentRecord> {
  const after = await change<BulkDocumentRecord>(env.store, 'bulkDocuments', id, (now) =>
    now.job === job ? { ...now, job: newId(env) } : undefined,
  )
  return after ?? { job, ...rest }
}

async function endBulk(env: Surroundings, id: string): Promise<void> {
  for (const [state, from] of ENDS) {
    const now = await env.store.get<BulkJobRecord>('bulkJobs', id)
    if (now?.value.state !== from) continue
    const { value } = now
    const counts = await bulkCounts(env, { id, value: { ...value, state } })
    const isAwaited = env.telling?.wants(value.institution)
    await reachBulk(env, id, { state, counts, ...(isAwaited && { untold: 'yes' as const }) }, from)
  }
  env.telling?.ended()
}

/** A bulk job at work may be cancelled while its end is written. */
const ENDS = [
  ['ended', 'sealing'],
  ['cancelled', 'cancelling'],
] as const

/** Moves a bulk job on from one state, and notes when; in any other it stays. */
async function reachBulk(
  env: Surroundings,
  id: string,
  to: Pick<BulkJobRecord, 'state' | 'startedBy' | 'counts' | 'untold'>,
  from: BulkState,
): Promise<Identified<BulkJobRecord>> {
  const now = timeOf(env.clock.now()) as Time
  const value = await change<BulkJobRecord>(env.store, 'bulkJobs', id, (job) =>
    job.state === from ? { ...job, ...to, times: { ...job.times, [to.state]: now } } : undefined,
  )
  if (value === undefined) throw new NotarizeError('BULK_JOB_UNKNOWN', 'there is no such bulk job', { bulkJob: id })
  return { id, value }
}
