import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { utf8 } from '@cinnabar/core'
import { writeOnce } from '../store/whole-file'
import { KeyError } from './keeper'

/**
 * The key-encryption key: 32 bytes, as 64 hexadecimal digits in a file that nobody but its owner can read.
 * @throws {@link KeyError} `KEK_INVALID`.
 */
export async function readKek(path: string): Promise<Uint8Array> {
  const text = (await readOwnersFile(path)).trim()
  if (!/^[0-9a-fA-F]{64}$/.test(text)) {
    throw new KeyError('KEK_INVALID', `${path}: expected 32 bytes as 64 hexadecimal digits`, { path })
  }
  return new Uint8Array(Buffer.from(text, 'hex'))
}

async function readOwnersFile(path: string): Promise<string> {
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new KeyError('KEK_INVALID', `${path} can be read by others; run: chmod 600 ${path}`, { path })
    }
    return await readFile(path, 'latin1')
  } catch (cause) {
    if (cause instanceof KeyError) throw cause
    throw new KeyError('KEK_INVALID', `${path} cannot be read`, { path }, cause)
  }
}

/**
 * Writes a fresh key-encryption key unless the file exists.
 * @returns whether it was made now.
 * @throws {@link KeyError} `KEK_INVALID` when it cannot be written.
 */
export async function makeKek(path: string): Promise<boolean> {
  try {
    return !existsSync(path) && (await writeOnce(path, utf8(`${randomBytes(32).toString('hex')}\n`), 0o600))
  } catch (cause) {
    throw new KeyError('KEK_INVALID', `${path} cannot be written`, { path }, cause)
  }
}
