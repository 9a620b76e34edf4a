import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CliError } from './cli-error'
import type { Surroundings } from './surroundings'

type Terminal = Pick<Surroundings, 'stdin' | 'stderr'>

const MAX_LINE_BYTES = 4096

/** Asks for a line. @throws {@link CliError} `TERMINAL_MISSING`, `INTERRUPTED`. */
export function askLine(terminal: Terminal, question: string): Promise<string> {
  return prompt(terminal, question, terminal.stderr)
}

/** Asks for a line that does not appear on the terminal. @throws {@link CliError} `TERMINAL_MISSING`, `INTERRUPTED`. */
export async function askSecret(terminal: Terminal, question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  terminal.stderr.write(question)
  try {
    return await prompt(terminal, '', silent)
  } finally {
    terminal.stderr.write('\n')
  }
}

function prompt({ stdin }: Terminal, question: string, echo: Writable): Promise<string> {
  if (!stdin.isTTY) throw new CliError('TERMINAL_MISSING')
  const lines = createInterface({ input: stdin, output: echo, terminal: true, historySize: 0 })
  return new Promise((resolve, reject) => {
    lines.on('SIGINT', () => lines.close())
    lines.on('close', () => reject(new CliError('INTERRUPTED')))
    lines.question(question, (answer) => {
      resolve(answer)
      lines.close()
    })
  })
}

/** The password on standard input: its first line. @throws {@link CliError} `FILE_TOO_LARGE`. */
export async function secretFromInput({ stdin }: Terminal): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of stdin) {
    const chunk = Buffer.from(part)
    bytes += chunk.length
    if (bytes > MAX_LINE_BYTES) {
      throw new CliError('FILE_TOO_LARGE', { path: '-', bytes, maxBytes: MAX_LINE_BYTES })
    }
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8').split(/\r?\n/, 1)[0]
}
