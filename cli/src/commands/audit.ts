import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { findTrust } from '../trust'

/** What `cinnabar audit` was told. */
export interface AuditOptions {
  readonly trust?: string
  readonly connection?: string
  readonly data?: string
  readonly openings?: string
  readonly restore?: boolean
  readonly json?: boolean
}

const EXITS: readonly Exit[] = [EXIT.passed, EXIT.failed, EXIT.indeterminate, EXIT.usage]

/**
 * Compares ledger, peers and store. The auditor reads peers and databases, which this command has no libraries for: it is a
 * program of the gateway's package, run beside this one. Its exit codes are this command's.
 */
export async function auditLedger(context: Context, options: AuditOptions): Promise<Exit> {
  const { env, folder } = context.surroundings
  const trust = await findTrust(context, options.trust)
  if (trust === undefined) throw new CliError('TRUST_NEEDED')
  const connection = options.connection ?? env.CINNABAR_FABRIC_CONNECTION
  const data = options.data ?? env.CINNABAR_DATA
  if (connection === undefined && data === undefined) throw new CliError('NOTHING_TO_AUDIT')
  const path = (name: string, given: string | undefined) => (given ? [`--${name}=${resolve(folder, given)}`] : [])
  const args = [
    ...path('trust', trust.path),
    ...path('connection', connection),
    ...path('data', data),
    ...path('openings', options.openings),
    ...(options.restore ? ['--restore'] : []),
    ...(options.json ? ['--json'] : []),
    `--lang=${context.texts.language}`,
  ]
  return runAuditor(context, args, options.json === true ? tellAsJson : undefined)
}

/** What is done with each line that the auditor writes to standard error. */
type LineReader = (context: Context, line: string) => void

function tellAsJson({ voice }: Context, line: string): void {
  const [, detail, code = 'INTERNAL'] = /^error: (.*?)(?: \[([A-Z][A-Z0-9_]+)\])?$/.exec(line) ?? []
  const exit = code === 'USAGE' ? EXIT.usage : EXIT.indeterminate
  if (detail === undefined) voice.note(line)
  else voice.problem({ type: `urn:cinnabar:problem:${code}`, code, detail, exit })
}

function runAuditor(context: Context, args: readonly string[], read: LineReader | undefined): Promise<Exit> {
  const { stdout, stderr, folder } = context.surroundings
  return new Promise((ended, failed) => {
    const child = spawn(process.execPath, [auditorFile(), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.pipe(stdout, { end: false })
    if (read === undefined) child.stderr.pipe(stderr, { end: false })
    else createInterface({ input: child.stderr }).on('line', (line) => read(context, line))
    child.once('error', failed)
    child.once('close', (code) => ended(EXITS.find((exit) => exit === code) ?? EXIT.internal))
  })
}

/** @throws {@link CliError} `AUDITOR_MISSING` when the gateway's package is not installed beside this one, or not built. */
function auditorFile(): string {
  try {
    const file = join(dirname(require.resolve('@cinnabar/gateway/package.json')), 'dist', 'audit', 'main.js')
    if (existsSync(file)) return file
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause
  }
  throw new CliError('AUDITOR_MISSING')
}
