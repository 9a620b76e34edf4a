import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Digest, digestFromBytes } from '@cinnabar/core'
import { CliError } from './cli-error'
import { inputError } from './input-file'
import type { Surroundings } from './surroundings'

/**
 * SHA-256 of a file of any size, read piece by piece.
 * @throws {@link CliError} `FILE_NOT_FOUND`, `FILE_IS_FOLDER`, `FILE_UNREADABLE`.
 */
export async function digestOfFile(path: string, { folder }: Pick<Surroundings, 'folder'>): Promise<Digest> {
  const whole = resolve(folder, path)
  try {
    if ((await stat(whole)).isDirectory()) throw new CliError('FILE_IS_FOLDER', { path })
    const hash = createHash('sha256')
    for await (const part of createReadStream(whole)) hash.update(part)
    return digestFromBytes(new Uint8Array(hash.digest()))
  } catch (cause) {
    throw inputError(path, cause)
  }
}
