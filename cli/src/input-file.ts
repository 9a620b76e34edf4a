import { type FileHandle, open } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { CliError } from './cli-error'
import type { Surroundings } from './surroundings'

/** In one call: Node reads at most 2 GiB. */
const READ_BYTES = 1 << 26

/** Larger documents do not fit into memory twice; no gateway takes half as much. */
export const MAX_DOCUMENT_BYTES = 1 << 30

/**
 * The bytes of a file that was named.
 * @param maxBytes - more is refused unread.
 * @throws {@link CliError} `FILE_NOT_FOUND`, `FILE_IS_FOLDER`, `FILE_TOO_LARGE`, `FILE_UNREADABLE`.
 */
export async function readInput(
  path: string,
  maxBytes: number,
  { folder }: Pick<Surroundings, 'folder'>,
): Promise<Uint8Array> {
  try {
    const handle = await open(resolve(folder, path), 'r')
    try {
      const about = await handle.stat()
      if (about.isDirectory()) throw new CliError('FILE_IS_FOLDER', { path })
      if (about.size > maxBytes) throw new CliError('FILE_TOO_LARGE', { path, bytes: about.size, maxBytes })
      // A pipe has no place to read from.
      if (!about.isFile()) return await readAll(path, handle.createReadStream({ autoClose: false }), maxBytes)
      const whole = await readWhole(handle, about.size)
      return whole ?? (await readAll(path, handle.createReadStream({ autoClose: false, start: 0 }), maxBytes))
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw inputError(path, cause)
  }
}

/** Into one array, without a copy beside it; `undefined` when the file is no longer of that size. */
async function readWhole(handle: FileHandle, size: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(size + 1)
  let at = 0
  while (at <= size) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(size + 1 - at, READ_BYTES), at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return at === size ? bytes.subarray(0, size) : undefined
}

async function readAll(path: string, stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of stream) {
    bytes += part.length
    if (bytes > maxBytes) throw new CliError('FILE_TOO_LARGE', { path, bytes, maxBytes })
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** What kept a named file from being read. */
export function inputError(path: string, cause: unknown): CliError {
  if (cause instanceof CliError) return cause
  const reason = systemCode(cause)
  if (reason === 'ENOENT' || reason === 'ENOTDIR') return new CliError('FILE_NOT_FOUND', { path }, cause)
  if (reason === 'EISDIR') return new CliError('FILE_IS_FOLDER', { path }, cause)
  return new CliError('FILE_UNREADABLE', { path, reason }, cause)
}

/** The operating system's name for what went wrong, such as `EACCES`. @throws what has none: a fault of ours. */
export function systemCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (typeof code === 'string') return code
  throw error
}

/** The file's name as a gateway takes it: at most 200 characters, all of them visible, no backslash. */
export function documentName(path: string): string {
  const visible = [...basename(path).replace(/[\p{Cc}\p{Cf}\\]/gu, '_')]
  return visible.slice(-100).join('')
}
