import { type ChildProcess, fork } from 'node:child_process'
import { CheckError } from './checks'
import { isLarge } from './pdf-source'
import type { Answers, Tasks } from './perform'
import { refusalOf } from './refusal'
import type { WorkerAnswer, WorkerTask } from './worker'

/** What one file is given. */
export interface LaneOptions {
  /** The compiled `worker.js`. */
  readonly workerFile: string
  /** From the start of the work on a file to its answer, start of the process included. */
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

/**
 * One process, started with the first task, and those that wait for it. A task that it does not survive ends alone.
 * A process and no worker thread: a thread that runs out of memory within one large allocation takes the service with it.
 */
export class Lane {
  readonly #options: LaneOptions
  #waiting: Job[] = []
  #current: Job | undefined
  #worker: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** @throws {@link CheckError}, and what the task refuses with. */
  run<T extends keyof Tasks>(task: T, input: Tasks[T]): Promise<Answers[T]> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(new CheckError('TOO_BUSY', 'too many files wait to be read'))
    }
    return this.runInAnyCase(task, input)
  }

  /** As {@link run}, however many wait. */
  runInAnyCase<T extends keyof Tasks>(task: T, input: Tasks[T]): Promise<Answers[T]> {
    if (this.#closed) return Promise.reject(new CheckError('TOO_BUSY', 'the gateway stops'))
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
    const worker = this.#worker
    const gone = new Promise((resolve) => worker?.once('exit', resolve) ?? resolve(undefined))
    this.#abandon(stopped)
    await gone
  }

  #next(): void {
    if (this.#current !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    this.#current = job
    this.#worker ??= this.#start()
    const { timeoutMs } = this.#options
    const late = new CheckError('CHECK_TIMEOUT', `reading took over ${timeoutMs} ms`, { timeoutMs })
    this.#timer = setTimeout(() => this.#abandon(late), timeoutMs)
    const { task, input } = job
    // A worker that is gone already says so by its end.
    this.#worker.send({ task, input } satisfies WorkerTask, () => undefined)
  }

  #start(): ChildProcess {
    const { workerFile, memoryMb } = this.#options
    const execArgv = [`--max-old-space-size=${memoryMb}`]
    // Nothing of our surroundings is its business.
    const worker = fork(workerFile, [], { execArgv, env: {}, serialization: 'advanced', stdio: IPC_ALONE })
    const mine = (handle: () => void) => {
      if (this.#worker === worker) handle()
    }
    worker.on('message', (answer: WorkerAnswer) => mine(() => this.#settle(answer)))
    worker.on('error', (error) => mine(() => this.#abandon(failed('a worker failed', error))))
    worker.on('exit', (code, signal) => mine(() => this.#abandon(this.#endOf(code, signal))))
    return worker
  }

  #settle(answer: WorkerAnswer): void {
    const job = this.#release()
    if (job !== undefined && isLarge(job.input.pdf)) this.#retire()
    if ('answer' in answer) job?.resolve(answer.answer)
    else if ('fault' in answer) job?.reject(failed(answer.fault))
    else job?.reject(refusalOf(answer.refusal))
    this.#next()
  }

  /** The worker goes: what it holds of memory and time is had back at once. */
  #retire(): void {
    const worker = this.#worker
    this.#worker = undefined
    worker?.kill('SIGKILL')
  }

  #abandon(error: CheckError): void {
    this.#release()?.reject(error)
    this.#retire()
    if (!this.#closed) this.#next()
  }

  #release(): Job | undefined {
    clearTimeout(this.#timer)
    const job = this.#current
    this.#current = undefined
    return job
  }

  /** Out of memory V8 aborts; a shell or container may tell the signal as 128 + 6. */
  #endOf(code: number | null, signal: string | null): CheckError {
    const { memoryMb } = this.#options
    if (signal !== 'SIGABRT' && code !== 134) return failed(`a worker ended by itself: ${signal ?? code}`)
    return new CheckError('CHECK_OUT_OF_MEMORY', `reading took over ${memoryMb} MB`, { memoryMb })
  }
}

const IPC_ALONE = ['ignore', 'ignore', 'ignore', 'ipc'] as ['ignore', 'ignore', 'ignore', 'ipc']

function failed(what: string, cause?: unknown): CheckError {
  return new CheckError('CHECK_FAILED', what, {}, cause)
}
