import { randomBytes } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
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
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(`${randomBytes(32).toString('hex')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    return true
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'EEXIST') return false
    throw new KeyError('KEK_INVALID', `${path} cannot be written`, { path }, cause)
  }
}
