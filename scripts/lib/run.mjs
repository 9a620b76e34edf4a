import { spawn } from 'node:child_process'
import { root } from './paths.mjs'

/** A command that could not be started, was stopped or ended with another status than 0. */
export class CommandFailed extends Error {
  constructor(command, outcome, output) {
    super(`${command} ${outcome}`)
    this.output = output
  }
}

/**
 * Runs a command without standard input; its output is kept, and is shown line by line
 * with `prefix` as it comes when a prefix is given.
 * @returns the output, standard error included.
 * @throws CommandFailed with the output.
 */
export function run(command, args, { prefix, cwd = root, env = process.env, timeoutMs = 0, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, shell })
    let output = ''
    let pending = ''
    const take = (chunk) => {
      output += chunk
      if (prefix === undefined) return
      const lines = (pending + chunk).split('\n')
      pending = lines.pop()
      for (const line of lines) process.stdout.write(`${prefix}${line}\n`)
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    child.on('error', (cause) => reject(new CommandFailed(command, `could not start: ${cause.message}`, output)))
    child.on('close', (code, signal) => {
      if (pending !== '') process.stdout.write(`${prefix}${pending}\n`)
      if (code === 0) resolve(output)
      else
        reject(
          new CommandFailed(
            [command, ...args].join(' '),
            signal ? `stopped by ${signal}` : `ended with ${code}`,
            output,
          ),
        )
    })
  })
}

/** Runs a command on this terminal. @returns its exit status; 128 + the signal's number when a signal ended it. */
export function runOpenly(command, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

const HEAD_LINES = 12

/** Shows how a failed command's output begins and ends, indented under what failed. */
export function showOutput(error, tailLines = 40) {
  const text = error instanceof CommandFailed ? `${error.output}\n${error.message}` : String(error.stack ?? error)
  const lines = text.trim().split('\n')
  const left = lines.length - HEAD_LINES - tailLines
  if (left > 0) lines.splice(HEAD_LINES, left, `… ${left} lines left out`)
  for (const line of lines) process.stdout.write(`    ${line}\n`)
}
