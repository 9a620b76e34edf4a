import { randomBytes } from 'node:crypto'
import { access, constants, link, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CliError } from './cli-error'
import { systemCode } from './input-file'
import type { Surroundings } from './surroundings'

/** Where a result goes. */
export interface Output {
  readonly path: string
  /** Takes the place of a file that is there. */
  readonly force?: boolean
  /** For a file that is its owner's alone; else as the umask has it. */
  readonly mode?: 0o600
}

/**
 * Whether the result could be written, before the work whose result it is: a seal must not be used for nothing.
 * @returns the absolute path.
 * @throws {@link CliError} `OUTPUT_EXISTS`, `OUTPUT_NOT_WRITABLE`.
 */
export async function requireFree(output: Output, { folder }: Pick<Surroundings, 'folder'>): Promise<string> {
  const target = resolve(folder, output.path)
  const about = await stat(target).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw notWritable(output.path, error)
  })
  if (about?.isDirectory()) throw new CliError('OUTPUT_NOT_WRITABLE', { path: output.path, reason: 'EISDIR' })
  if (about !== undefined && !output.force) throw new CliError('OUTPUT_EXISTS', { path: output.path })
  await access(dirname(target), constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw notWritable(output.path, error)
  })
  return target
}

/**
 * Writes the whole file or none: beside it first, flushed, then under its name.
 * @throws {@link CliError} `OUTPUT_EXISTS` unless forced, `OUTPUT_NOT_WRITABLE`.
 */
export async function writeWhole(
  output: Output,
  bytes: Uint8Array,
  { folder }: Pick<Surroundings, 'folder'>,
): Promise<void> {
  const target = resolve(folder, output.path)
  const temporary = temporaryFor(target)
  try {
    await writeNew(temporary, bytes, output.mode ?? 0o666)
    if (output.force) await rename(temporary, target)
    // Unlike rename, link never replaces a file that came meanwhile.
    else await link(temporary, target)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw new CliError('OUTPUT_EXISTS', { path: output.path }, error)
    throw notWritable(output.path, error)
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * Keeps something of the user's own under `~/.config/cinnabar`, readable by nobody else.
 * @throws {@link CliError} `OUTPUT_NOT_WRITABLE`.
 */
export async function keepPrivately(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryFor(path)
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeNew(temporary, bytes, 0o600)
    await rename(temporary, path)
  } catch (error) {
    throw notWritable(path, error)
  } finally {
    await rm(temporary, { force: true })
  }
}

function temporaryFor(target: string): string {
  return join(dirname(target), `.${basename(target).slice(0, 200)}.${randomBytes(6).toString('hex')}`)
}

async function writeNew(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function notWritable(path: string, cause: unknown): CliError {
  return new CliError('OUTPUT_NOT_WRITABLE', { path, reason: systemCode(cause) }, cause)
}
