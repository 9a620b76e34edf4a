import { Worker } from 'node:worker_threads'
import { PdfError } from '@cinnabar/core'
import { CheckError } from './checks'
import type { Answers, Tasks } from './perform'
import type { WorkerAnswer, WorkerTask } from './worker'

/** What one file is given. */
export interface LaneOptions {
  /** The compiled `worker.js`. */
  readonly workerFile: string
  /** From the start of the work on a file to its answer, loading of the worker included. */
  readonly timeoutMs: number
  /** Of objects; the file's own bytes are outside it. */
  readonly memoryMb: number
  /** Tasks that wait; one more is `TOO_BUSY`. */
  readonly maxWaiting: number
}

interface Job extends WorkerTask {
  readonly resolve: (answer: Answers[keyof Tasks]) => void
  readonly reject: (error: unknown) => void
}

/** One worker thread, started with the first task, and those that wait for it. A task that it does not survive ends alone. */
export class Lane {
  readonly #options: LaneOptions
  #waiting: Job[] = []
  #current: Job | undefined
  #worker: Worker | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /**
   * @param input - its bytes move to the worker and cannot be used here any more.
   * @throws {@link CheckError}, {@link PdfError}.
   */
  run<T extends keyof Tasks>(task: T, input: Tasks[T]): Promise<Answers[T]> {
    if (this.#closed || this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(new CheckError('TOO_BUSY', 'too many files wait to be read'))
    }
    const answer = new Promise<Answers[keyof Tasks]>((resolve, reject) => {
      this.#waiting.push({ task, input, resolve, reject })
    })
    this.#next()
    return answer as Promise<Answers[T]>
  }

  async close(): Promise<void> {
    this.#closed = true
    const stopped = new CheckError('TOO_BUSY', 'the gateway stops')
    for (const { reject } of this.#waiting.splice(0)) reject(stopped)
    await this.#abandon(stopped)
  }

  #next(): void {
    if (this.#current !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    this.#current = job
    this.#worker ??= this.#start()
    const { timeoutMs } = this.#options
    const late = new CheckError('CHECK_TIMEOUT', `reading took over ${timeoutMs} ms`, { timeoutMs })
    this.#timer = setTimeout(() => void this.#abandon(late), timeoutMs)
    const { task, input } = job
    this.#worker.postMessage({ task, input } satisfies WorkerTask, [...buffersOf(input)])
  }

  #start(): Worker {
    const { workerFile, memoryMb } = this.#options
    const worker = new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } })
    const mine = (handle: () => void) => {
      if (this.#worker === worker) handle()
    }
    worker.on('message', (answer: WorkerAnswer) => mine(() => this.#settle(answer)))
    worker.on('error', (error) => mine(() => void this.#abandon(this.#named(error))))
    worker.on('exit', () => mine(() => void this.#abandon(new CheckError('CHECK_FAILED', 'a worker ended by itself'))))
    return worker
  }

  #settle(answer: WorkerAnswer): void {
    const job = this.#release()
    if ('answer' in answer) job?.resolve(answer.answer)
    else job?.reject(new PdfError(answer.refusal.code, answer.refusal.message, answer.refusal.details))
    this.#next()
  }

  /** The worker goes with its task: what it holds of memory and time is had back at once. */
  async #abandon(error: unknown): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#release()?.reject(error)
    if (!this.#closed) this.#next()
    await worker?.terminate()
  }

  #release(): Job | undefined {
    clearTimeout(this.#timer)
    const job = this.#current
    this.#current = undefined
    return job
  }

  #named(error: unknown): unknown {
    if ((error as { readonly code?: unknown }).code !== 'ERR_WORKER_OUT_OF_MEMORY') {
      return new CheckError('CHECK_FAILED', 'a worker failed', {}, error)
    }
    const { memoryMb } = this.#options
    return new CheckError('CHECK_OUT_OF_MEMORY', `reading took over ${memoryMb} MB`, { memoryMb }, error)
  }
}

/** Whole buffers move; of a shared one the part is copied. */
function* buffersOf(input: Tasks[keyof Tasks]): Generator<ArrayBuffer> {
  for (const { buffer, byteLength } of 'evidence' in input ? [input.pdf, ...input.evidence] : [input.pdf]) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) yield buffer
  }
}
