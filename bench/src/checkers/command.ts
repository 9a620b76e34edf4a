import { execFile } from 'node:child_process'
import { CheckerError } from './checker-error'

/** What a command said and how it ended. */
export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

const MAX_OUTPUT_BYTES = 16 << 20

/**
 * Runs a command once, without a shell, in the C locale; any exit status is a result.
 * @throws {@link CheckerError} `CHECKER_TIMEOUT`, `CHECKER_MISSING`, or `CHECKER_FAILED` when a signal ended it.
 */
export function runCommand(command: string, args: readonly string[], timeoutMs = 30_000): Promise<CommandResult> {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent' }
  return new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, killSignal: 'SIGKILL' } as const
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr })
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr })
      else reject(refusal(command, error, timeoutMs))
    })
  })
}

function refusal(
  command: string,
  error: Error & { code?: unknown; killed?: boolean },
  timeoutMs: number,
): CheckerError {
  if (error.code === 'ENOENT') return new CheckerError('CHECKER_MISSING', `${command} is not installed`, {}, error)
  if (error.killed) {
    return new CheckerError('CHECKER_TIMEOUT', `${command} took over ${timeoutMs} ms`, { timeoutMs }, error)
  }
  return new CheckerError('CHECKER_FAILED', `${command}: ${error.message}`, {}, error)
}
