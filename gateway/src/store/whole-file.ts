import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Writes a file whole or not at all, on the disk when this resolves; one of that name is replaced.
 * @param mode - permissions of the file, such as 0o600.
 * @throws the file system's own error.
 */
export async function writeWhole(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = join(folder, `.${randomUUID()}`)
  await writeSynced(temporary, bytes, mode)
  await rename(temporary, path)
  await syncFolder(folder)
}

/**
 * Writes a file whole or not at all unless there is one of that name, on the disk when this resolves: a crash leaves no
 * empty secret behind, and who comes second at once reads the first one's.
 * @param mode - permissions of the file, such as 0o600.
 * @returns whether it was written now.
 * @throws the file system's own error.
 */
export async function writeOnce(path: string, bytes: Uint8Array, mode: number): Promise<boolean> {
  const folder = dirname(path)
  const temporary = join(folder, `.${randomUUID()}`)
  await writeSynced(temporary, bytes, mode)
  try {
    await link(temporary, path)
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== 'EEXIST') throw cause
    return false
  } finally {
    await rm(temporary, { force: true })
    await syncFolder(folder)
  }
  return true
}

/** Writes a new file and waits for the disk; its name may not be on the disk yet. */
export async function writeSynced(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Waits until the names in a folder are on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
