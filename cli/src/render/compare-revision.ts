import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import {
  COMPARE_LIMITS,
  type CompareRemark,
  concluded,
  type PageComparison,
  type RevisionComparison,
  type SealedRevision,
} from '@cinnabar/core'
import type { PagePictures, RenderAnswer } from './messages'

/** What bounds one comparison; tests set less. */
export interface RenderLimits {
  readonly maxPages: number
  readonly openMs: number
  readonly pageMs: number
  readonly totalMs: number
  readonly maxFileBytes: number
}

/** How a revision is compared. */
export interface RenderOptions {
  readonly limits?: Partial<RenderLimits>
  /** Told each differing page's pictures, if given. */
  readonly onPictures?: (page: PageComparison, pictures: PagePictures) => void
  /** The compiled `child.js`. */
  readonly childFile?: string
}

/** Compiled; from the sources of a built tree it is found as well. */
const CHILD_FILE = join(__dirname, '..', '..', 'dist', 'render', 'child.js')
const HEAP_MB = 1024

/** Compares a sealed revision with the file as it is now, in processes that are ended when they take too long. Never throws for a file. */
export async function compareRevision(
  file: Uint8Array,
  revision: SealedRevision,
  options: RenderOptions = {},
): Promise<RevisionComparison> {
  const limits: RenderLimits = { ...COMPARE_LIMITS, ...options.limits }
  const blank = { field: revision.field, bytes: revision.end, pagesBefore: 0, pagesAfter: 0, pagesCompared: 0 }
  if (revision.end === file.length) return { ...blank, state: 'unchanged', differing: [], remarks: [] }
  if (file.length > limits.maxFileBytes) {
    const remark = { code: 'TOO_LARGE', detail: `${file.length} > ${limits.maxFileBytes}` } as const
    return { ...blank, state: 'unread', differing: [], remarks: [remark] }
  }
  return new Comparison(file, revision, { ...options, limits }).run()
}

interface Settings extends RenderOptions {
  readonly limits: RenderLimits
}

/** Why a process was ended by us. */
type Cut = 'PAGE_TOO_SLOW' | 'OUT_OF_TIME'

/** One comparison and its processes: a class, since answers arrive one by one. */
class Comparison {
  readonly #file: Uint8Array
  readonly #revision: SealedRevision
  readonly #settings: Settings
  readonly #differing: PageComparison[] = []
  readonly #remarks: CompareRemark[] = []
  #pages: { readonly before: number; readonly after: number } | undefined
  #compared = 0
  #next = 1
  #done = false

  constructor(file: Uint8Array, revision: SealedRevision, settings: Settings) {
    this.#file = file
    this.#revision = revision
    this.#settings = settings
  }

  async run(): Promise<RevisionComparison> {
    const { maxPages, totalMs } = this.#settings.limits
    const total = new AbortController()
    const timer = setTimeout(() => total.abort(), totalMs)
    // A page that ends its process is passed over by the next one: what comes after it is looked at all the same.
    while (!this.#done) await this.#oneProcess(total.signal)
    clearTimeout(timer)
    const { before = 0, after = 0 } = this.#pages ?? {}
    const pages = Math.max(before, after)
    if (pages > maxPages) this.#remarks.push({ code: 'TOO_MANY_PAGES', detail: `${pages} > ${maxPages}` })
    return concluded({
      opened: this.#pages !== undefined,
      field: this.#revision.field,
      bytes: this.#revision.end,
      pagesBefore: before,
      pagesAfter: after,
      pagesCompared: this.#compared,
      differing: this.#differing,
      remarks: this.#remarks,
    })
  }

  #oneProcess(total: AbortSignal): Promise<void> {
    const { limits, childFile = CHILD_FILE, onPictures } = this.#settings
    return new Promise((resolve) => {
      const child = start(childFile)
      let cut: Cut | undefined
      const end = (why: Cut) => {
        cut ??= why
        child.kill('SIGKILL')
      }
      const outOfTime = () => end('OUT_OF_TIME')
      let deadline = setTimeout(() => end('PAGE_TOO_SLOW'), limits.openMs)
      child.on('message', (answer: RenderAnswer) => {
        if (cut !== undefined) return
        clearTimeout(deadline)
        deadline = setTimeout(() => end('PAGE_TOO_SLOW'), limits.pageMs)
        this.#take(answer)
      })
      child.on('error', (error) => over(error.message))
      // Answers may still be on their way when the process is gone: its channel closes after them.
      const exited = new Promise<string>((told) => child.on('exit', (code, signal) => told(String(signal ?? code))))
      child.on('disconnect', () => void exited.then(over))
      let ended = false
      const over = (fault: string) => {
        if (ended) return
        ended = true
        clearTimeout(deadline)
        total.removeEventListener('abort', outOfTime)
        if (!this.#done) this.#tellEnd(cut, fault)
        resolve()
      }
      total.addEventListener('abort', outOfTime)
      if (total.aborted) outOfTime()
      const { maxPages } = limits
      const task = { file: this.#file, end: this.#revision.end, from: this.#next, maxPages }
      // A process that is gone already says so by its end.
      child.send({ ...task, pictures: onPictures !== undefined }, () => undefined)
    })
  }

  #take(answer: RenderAnswer): void {
    if (answer.kind === 'opened') this.#pages = answer
    else if (answer.kind === 'page') {
      const { page, pictures } = answer
      this.#compared++
      this.#next = page.page + 1
      if (page.state !== 'same') this.#differing.push(page)
      if (pictures !== undefined) this.#settings.onPictures?.(page, pictures)
    } else if (answer.kind === 'remark') this.#remark(answer.remark)
    else {
      if (answer.kind === 'refused') this.#remarks.push(answer.remark)
      this.#done = true
    }
  }

  /** What is no page's is told once, however many processes there were. */
  #remark(remark: CompareRemark): void {
    if (remark.page !== undefined) this.#next = remark.page + 1
    else if (this.#remarks.some(({ code }) => code === remark.code)) return
    this.#remarks.push(remark)
  }

  /** A process ended without a word: by its deadline, by its memory, or by a fault of the engine. */
  #tellEnd(cut: Cut | undefined, fault: string): void {
    const code = cut ?? (/SIGKILL|SIGABRT|^134$/.test(fault) ? 'OUT_OF_MEMORY' : 'ENGINE_FAILED')
    const page = this.#pages === undefined ? {} : { page: this.#next }
    this.#remarks.push({ code, ...page, detail: cut === undefined ? fault : '' })
    this.#next++
    const last = Math.min(Math.max(this.#pages?.before ?? 0, this.#pages?.after ?? 0), this.#settings.limits.maxPages)
    this.#done = code === 'OUT_OF_TIME' || this.#next > last
  }
}

function start(childFile: string): ChildProcess {
  // No eval, whatever the engine's own settings, and nothing of our surroundings.
  const execArgv = [`--max-old-space-size=${HEAP_MB}`, '--disallow-code-generation-from-strings']
  return fork(childFile, [], {
    execArgv,
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}
