import {
  digestOfDocument,
  type EvidenceContents,
  type InstitutionId,
  type SealId,
  type SealSignatureId,
} from '@cinnabar/core'
import type { SealRequest } from './admit'
import { anchor } from './anchor'
import { Appenders, type Trouble } from './appenders'
import { type PendingUse, type Place, placesOf } from './batch'
import { BulkSealer } from './bulk-sealer'
import { badEndOf, conclude, giveUp, INTERRUPTED, reach } from './conclude'
import { containerOf } from './container'
import { depositEvidence } from './deposit-evidence'
import { depositsOf } from './deposit-steps'
import { Depositor } from './depositor'
import { type EvidenceOptions, evidence } from './evidence'
import { idForKey, newId } from './idempotency'
import { LogMirror } from './log-mirror'
import { notarize, type Steps } from './notarize'
import { NotarizeError } from './notarize-error'
import type { BackgroundFailure, Surroundings } from './ports'
import { type Identified, receive, type Upload } from './receive'
import {
  type BatchRecord,
  type DocumentRecord,
  ENDED,
  findAll,
  findInStates,
  type JobRecord,
  type SealSignatureRecord,
} from './records'
import { jobIdFor, take } from './request'
import { patiently, pause } from './retry'
import { seal } from './seal'

/** A timestamp authority that does not answer is asked this often, about 6 s in all, before the job fails. */
const SEAL_ATTEMPTS = 6

/** The flow at work: takes requests, carries them through, and takes up after a restart what it had acknowledged. */
export class Notarizer {
  readonly #env: Surroundings
  readonly #mirror: LogMirror
  readonly #stop = new AbortController()
  readonly #appenders: Appenders
  /** Files deposited without a seal, into the same logs. */
  readonly deposits: Depositor
  /** Many documents sealed with one seal. */
  readonly bulk: BulkSealer
  readonly #running = new Map<string, Promise<void>>()
  /** Requests being taken, by job: the same one sent twice at once is taken once. */
  readonly #taking = new Map<string, Promise<Identified<JobRecord>>>()
  /** Containers of evidence in the making, by what was asked for. */
  readonly #making = new Map<string, Promise<Uint8Array>>()
  /** Seals whose requests wait, by institution and id. */
  readonly #held = new Map<string, Promise<unknown>>()
  readonly #unfollow: () => void

  private constructor(env: Surroundings) {
    this.#env = env
    this.#mirror = new LogMirror(env.store, env.ledger)
    const stop = this.#stop.signal
    this.#appenders = new Appenders(env, { stop, onSubmitted: (batch) => this.#markSubmitted(batch) })
    this.deposits = new Depositor({ env, mirror: this.#mirror, appenders: this.#appenders, stop })
    const flow = {
      request: (request: SealRequest, id: string) => this.#requestAs(request, id),
      ended: (institution: InstitutionId, id: string) => this.#ended(institution, id),
    }
    this.bulk = new BulkSealer({ env, flow, stop })
    this.#unfollow = env.ledger.follow(({ institution, append }) => {
      this.#mirror.advance(append).catch((error) => env.report({ step: 'mirror', institution, error }))
    })
  }

  /** Starts the flow and resumes every job that has not ended. */
  static async start(env: Surroundings): Promise<Notarizer> {
    const notarizer = new Notarizer(env)
    await notarizer.#recover()
    return notarizer
  }

  /**
   * Runs the work while no job of the seal is under way: new requests for it wait, those taken come to their end first.
   * @throws {@link NotarizeError} `RECORD_CONTENDED` when they do not within `timeoutMs`; whatever the work throws.
   */
  async drained<T>(institution: InstitutionId, seal: SealId, work: () => Promise<T>, timeoutMs: number): Promise<T> {
    const name = `${institution}/${seal}`
    for (let before = this.#held.get(name); before; before = this.#held.get(name)) await settledOf(before)
    const held = this.#drain(timeoutMs).then(work)
    this.#held.set(name, held)
    try {
      return await held
    } finally {
      this.#held.delete(name)
    }
  }

  /**
   * Takes a document in.
   * @param key - Idempotency-Key: a repeat is answered with the first document.
   * @throws as {@link receive} and {@link idForKey} do.
   */
  async receive(upload: Upload, key?: string): Promise<Identified<DocumentRecord>> {
    if (key === undefined) return receive(this.#env, upload)
    const { institution, user, name } = upload
    const digest = 'file' in upload ? `sha256:${upload.file.sha256}` : await digestOfDocument(upload.bytes)
    const asked = ['document', name, digest]
    return receive(this.#env, upload, await idForKey(this.#env, { institution, user, key, asked }))
  }

  /**
   * Takes a request to seal; the rest goes on by itself.
   * @param key - Idempotency-Key: a repeat is answered with the first job.
   * @throws as {@link take} and {@link jobIdFor} do.
   */
  async request(request: SealRequest, key?: string): Promise<Identified<JobRecord>> {
    return this.#requestAs(request, key === undefined ? newId(this.#env) : await jobIdFor(this.#env, request, key))
  }

  async #requestAs(request: SealRequest, id: string): Promise<Identified<JobRecord>> {
    const name = sealName(request)
    // Nothing may come between the last look and the entry below.
    for (let held = this.#held.get(name); held; held = this.#held.get(name)) await settledOf(held)
    const underWay = this.#taking.get(id) ?? this.#take(request, id).finally(() => this.#taking.delete(id))
    this.#taking.set(id, underWay)
    return underWay
  }

  /** @throws {@link NotarizeError} `JOB_UNKNOWN`, also for another institution's. */
  async job(institution: InstitutionId, id: string): Promise<Identified<JobRecord>> {
    const found = await this.#env.store.get<JobRecord>('jobs', id)
    if (found?.value.institution === institution) return this.#takeUp({ id, value: found.value })
    throw new NotarizeError('JOB_UNKNOWN', 'there is no such job here', { job: id })
  }

  /**
   * Takes up a job, or a part of a deposit, that has not ended and that nobody carries: a failure of the store may have
   * left it behind. @returns whether it was.
   */
  async takeUp(collection: 'jobs' | 'depositParts', id: string): Promise<boolean> {
    if (collection === 'depositParts') return this.deposits.takeUpPart(id)
    const found = await this.#env.store.get<JobRecord>('jobs', id)
    if (found === undefined || this.#isCared(id, found.value) || this.#taking.has(id)) return false
    await this.#takeUp({ id, value: found.value })
    return true
  }

  /** Resolves when the job has ended, or after `timeoutMs`. */
  async settled(id: string, timeoutMs: number): Promise<void> {
    const running = this.#running.get(id)
    if (running === undefined) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs)
    })
    await Promise.race([running, late])
    clearTimeout(timer)
  }

  /** Of a use of a seal or of a deposit. @throws as {@link evidence} and {@link depositEvidence} do. */
  evidence(id: SealSignatureId, options: EvidenceOptions = {}): Promise<Uint8Array> {
    const asked = [id, options.container, options.block, options.document, options.trust !== undefined].join(' ')
    // Asked for several times at once it is made, and timestamped, once.
    const making =
      this.#making.get(asked) ?? this.#evidence({ ...options, id }).finally(() => this.#making.delete(asked))
    this.#making.set(asked, making)
    return making
  }

  async #evidence(request: EvidenceOptions & { readonly id: SealSignatureId }): Promise<Uint8Array> {
    const deposited = await depositEvidence(this.#env, this.#mirror, request)
    return deposited ?? evidence(this.#env, this.#mirror, request)
  }

  /** Evidence of several uses in one container with a time assertion. @throws as {@link containerOf} does. */
  container(institution: InstitutionId, contents: EvidenceContents): Promise<Uint8Array> {
    return containerOf(this.#env, institution, contents, 'asic-e')
  }

  /** Institutions whose uses wait for the ledger, and why. */
  troubles(): readonly Trouble[] {
    return this.#appenders.troubles()
  }

  /** What waits: uses that are not known to be in their log, and jobs under way. */
  queue(): { readonly uses: number; readonly jobs: number } {
    return { uses: this.#appenders.waiting(), jobs: this.#running.size + this.deposits.underWay().length }
  }

  /** Why a job that has not ended gets no further at the moment. */
  troubleOf(institution: InstitutionId): string | undefined {
    return this.#appenders.troubleOf(institution)
  }

  /** Stops: what is in flight comes to the end of its step; everything else is resumed by the next start. */
  async close(): Promise<void> {
    this.#unfollow()
    this.#stop.abort()
    await this.#appenders.idle()
    const underWay = [...this.#running.values(), ...this.deposits.underWay(), ...this.bulk.underWay()]
    await Promise.race([Promise.all(underWay), nextTurns()])
  }

  /** Resolves when what is being taken and carried now has ended. */
  async #drain(timeoutMs: number): Promise<void> {
    const ended = Promise.allSettled(this.#taking.values()).then(() => Promise.all(this.#running.values()))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const error = new NotarizeError('RECORD_CONTENDED', 'jobs under way do not come to their end')
      timer = setTimeout(() => reject(error), timeoutMs)
    })
    try {
      await Promise.race([ended, late])
    } finally {
      clearTimeout(timer)
    }
  }

  /** As {@link settled}, however long it takes. */
  async #ended(institution: InstitutionId, id: string): Promise<JobRecord | undefined> {
    const stop = this.#stop.signal
    for (let attempt = 0; !stop.aborted; attempt++) {
      await this.#running.get(id)
      const { value } = await this.job(institution, id)
      if (ENDED.includes(value.state)) return value
      if (!this.#running.has(id)) await pause(attempt, stop)
    }
    return undefined
  }

  async #take(request: SealRequest, id: string): Promise<Identified<JobRecord>> {
    const repeated = await this.#env.store.get<JobRecord>('jobs', id)
    if (repeated !== undefined && this.#isCared(id, repeated.value)) return { id, value: repeated.value }
    const { isNew, ...job } = await take(this.#env, request, id)
    if (isNew || !this.#isCared(id, job.value)) this.#begin(job)
    return job
  }

  /** Whether the job has ended or somebody carries it. */
  #isCared(id: string, { state }: JobRecord): boolean {
    return ENDED.includes(state) || this.#running.has(id)
  }

  /** A job that a failure of the store left behind is carried, or ended if it was never acknowledged. */
  async #takeUp(job: Identified<JobRecord>): Promise<Identified<JobRecord>> {
    if (this.#isCared(job.id, job.value) || this.#taking.has(job.id) || this.#stop.signal.aborted) return job
    const acknowledged = await this.#wasAcknowledged(job)
    if (this.#isCared(job.id, job.value) || this.#taking.has(job.id)) return job
    if (acknowledged) this.#begin(job)
    else await giveUp(this.#env, job, INTERRUPTED)
    const now = await this.#env.store.get<JobRecord>('jobs', job.id)
    return now === undefined ? job : { id: job.id, value: now.value }
  }

  #begin(job: Identified<JobRecord>, place?: Promise<Place>): void {
    const work = this.#carry(job, place).finally(() => this.#running.delete(job.id))
    this.#running.set(job.id, work)
  }

  async #carry(job: Identified<JobRecord>, place?: Promise<Place>): Promise<void> {
    const { institution, sealSignature } = job.value
    try {
      await notarize(job, this.#steps(place))
    } catch (error) {
      if (this.#stop.signal.aborted) return
      const end = badEndOf(error)
      if (end.state === 'failed') this.#report({ step: 'seal', institution, sealSignature, error })
      await this.#keepTrying('seal', job, () => giveUp(this.#env, job, end)).catch((cause) =>
        this.#report({ step: 'seal', institution, sealSignature, error: cause }),
      )
    }
  }

  #steps(resumed?: Promise<Place>): Steps {
    const env = this.#env
    return {
      seal: async (job) => {
        const sealed = await this.#keepTrying('seal', job, () => seal(env, job), SEAL_ATTEMPTS)
        await this.#keepTrying('seal', job, () => reach(env, job.id, { state: 'sealed' }))
        return sealed
      },
      append: (job, sealed) => resumed ?? this.#append(job, sealed),
      // It is in the log: giving up, here and below, would deny what everybody can see there.
      anchor: (sealed, place) => this.#untilDone(sealed, () => anchor(env, this.#mirror, { use: sealed.use, place })),
      conclude: (job, receipt) => this.#untilDone(job.value, () => conclude(env, job, receipt)),
    }
  }

  async #append(job: Identified<JobRecord>, sealed: SealSignatureRecord): Promise<Place> {
    const { institution, batch: id, sealSignature } = job.value
    const read = () => this.#env.store.get<BatchRecord>('batches', id ?? '')
    // It may be in the log already.
    const batch = id === undefined ? undefined : (await this.#untilDone(job.value, read))?.value
    const place =
      batch?.head === undefined ? undefined : placesOf(batch, { institution, ...batch.head }).get(sealSignature)
    return place ?? this.#appenders.of(institution).append({ id: sealSignature, use: sealed.use })
  }

  #keepTrying<T>(
    step: BackgroundFailure['step'],
    { value: { institution, sealSignature } }: Identified<JobRecord>,
    work: () => Promise<T>,
    attempts?: number,
  ): Promise<T> {
    const onFailure = (error: unknown) => this.#report({ step, institution, sealSignature, error })
    const patience = { stop: this.#stop.signal, onFailure, ...(attempts === undefined ? {} : { attempts }) }
    return patiently(work, patience)
  }

  #untilDone<T>({ institution }: Pick<JobRecord, 'institution'>, work: () => Promise<T>): Promise<T> {
    const onFailure = (error: unknown) => this.#report({ step: 'anchor', institution, error })
    return patiently(work, { stop: this.#stop.signal, onFailure, every: true })
  }

  #report(failure: BackgroundFailure): void {
    this.#env.report(failure)
  }

  async #markSubmitted(batch: Identified<BatchRecord>): Promise<void> {
    const { uses, entries } = batch.value
    const sealed = uses.filter((_, i) => entries[i]?.kind === 'sealSignature')
    const marking = sealed.map(async (id) => {
      const signed = await this.#env.store.get<SealSignatureRecord>('sealSignatures', id)
      if (signed !== undefined) await reach(this.#env, signed.value.job, { state: 'submitted', batch: batch.id })
    })
    await Promise.all([...marking, this.deposits.markSubmitted(batch)])
  }

  async #recover(): Promise<void> {
    const places = await this.#resumeBatches()
    for (const job of await findInStates<JobRecord>(this.#env.store, 'jobs', ['received', 'sealed', 'submitted'])) {
      if (await this.#wasAcknowledged(job)) this.#begin(job, places.get(job.value.sealSignature))
      else await giveUp(this.#env, job, INTERRUPTED)
    }
    await this.deposits.recover(places)
    await this.bulk.recover()
  }

  async #wasAcknowledged({ id, value }: Identified<JobRecord>): Promise<boolean> {
    if (value.state !== 'received') return true
    const document = await this.#env.store.get<DocumentRecord>('documents', value.document)
    return document?.value.busyWith === id
  }

  async #resumeBatches(): Promise<ReadonlyMap<string, Promise<Place>>> {
    const places = new Map<string, Promise<Place>>()
    const open = await findAll<BatchRecord>(this.#env.store, 'batches', 'state', 'submitted')
    for (const batch of [...open].sort((a, b) => a.value.expectedSize - b.value.expectedSize)) {
      const deposits = await depositsOf(this.#env, batch.value)
      const uses = await Promise.all(batch.value.uses.map((id) => deposits.get(id) ?? this.#useOf(id)))
      const resumed = this.#appenders.of(batch.value.institution).resume(batch, uses)
      for (const [id, place] of resumed) {
        // Whoever carries the job sees the outcome; of a job that has ended nobody asks.
        place.catch(() => undefined)
        places.set(id, place)
      }
    }
    return places
  }

  async #useOf(id: SealSignatureId): Promise<PendingUse> {
    const signed = await this.#env.store.get<SealSignatureRecord>('sealSignatures', id)
    if (signed === undefined) throw new NotarizeError('INTERNAL', 'a use in a batch is missing from the store', { id })
    return { id, use: signed.value.use }
  }
}

/** Its failure is its caller's to see. */
async function settledOf(work: Promise<unknown>): Promise<void> {
  await Promise.allSettled([work])
}

/** `INSTITUTION/ID`, however the request names the seal. */
function sealName({ institution, seal }: SealRequest): string {
  return seal.includes('/') ? seal : `${institution}/${seal}`
}

/** Steps that wait for the appender never end after a stop: the others have this long to be durable. */
function nextTurns(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200).unref())
}
