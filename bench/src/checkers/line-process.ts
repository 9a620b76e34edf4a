import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { CheckerError } from './checker-error'

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: CheckerError) => void
  readonly timer: NodeJS.Timeout
}

const COMPLAINT_CHARACTERS = 4000

/**
 * A long-lived program that answers one JSON line with one JSON line, in order.
 * It starts at the first question, and again at the next one after it was stopped for being slow.
 */
export class LineProcess {
  private child: ChildProcess | undefined
  private waiting: Waiting[] = []
  private complaints = ''

  private readonly command: string
  private readonly args: readonly string[]

  constructor(command: string, args: readonly string[]) {
    this.command = command
    this.args = args
  }

  /**
   * @param timeoutMs - counted from now, so it includes the questions before this one.
   * @throws {@link CheckerError} `CHECKER_TIMEOUT`: the program was stopped, and so were the other questions to it;
   *   `CHECKER_FAILED`: it ended or said that it could not answer; `CHECKER_MISSING`: it could not start.
   */
  async ask<Answer>(question: object, timeoutMs: number): Promise<Answer> {
    const child = this.child ?? this.start()
    const answer = await new Promise<unknown>((resolve, reject) => {
      const late = () => this.end('CHECKER_TIMEOUT', `took over ${timeoutMs} ms`)
      this.waiting.push({ resolve, reject, timer: setTimeout(late, timeoutMs) })
      child.stdin?.write(`${JSON.stringify(question)}\n`)
    })
    const { error } = answer as { readonly error: string | null }
    if (error !== null) throw new CheckerError('CHECKER_FAILED', error)
    return answer as Answer
  }

  /** Ends the program and waits until it is gone. */
  async stop(): Promise<void> {
    const child = this.child
    if (child === undefined || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    this.end('CHECKER_FAILED', 'was stopped')
    await gone
  }

  private start(): ChildProcess {
    const child = spawn(this.command, this.args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.child = child
    this.complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaints = (this.complaints + text).slice(-COMPLAINT_CHARACTERS)
    })
    createInterface({ input: child.stdout }).on('line', (line) => this.take(child, line))
    // A program that is gone is reported by its exit, with what it said last.
    child.stdin.on('error', () => undefined)
    child.on('error', (cause) => this.lose(child, 'CHECKER_MISSING', `could not start: ${cause.message}`))
    child.on('exit', (code) => this.lose(child, 'CHECKER_FAILED', `ended with ${code}: ${this.complaints.trim()}`))
    return child
  }

  private take(child: ChildProcess, line: string): void {
    if (child !== this.child) return
    const first = this.waiting.shift()
    if (first === undefined) return
    clearTimeout(first.timer)
    first.resolve(JSON.parse(line))
  }

  private end(code: 'CHECKER_TIMEOUT' | 'CHECKER_FAILED', text: string): void {
    const child = this.child
    if (child === undefined) return
    this.lose(child, code, text)
    child.kill('SIGKILL')
  }

  private lose(child: ChildProcess, code: CheckerError['code'], text: string): void {
    if (child !== this.child) return
    this.child = undefined
    const lost = this.waiting
    this.waiting = []
    for (const { reject, timer } of lost) {
      clearTimeout(timer)
      reject(new CheckerError(code, `${this.command} ${text}`))
    }
  }
}
