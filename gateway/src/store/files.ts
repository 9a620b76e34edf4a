import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type FileStore, StoreError } from './store'
import { syncFolder, writeSynced } from './whole-file'

/**
 * The {@link FileStore} in a folder: `ab/cdef…` by SHA-256. A file appears under its name whole and on the disk, or not
 * at all; what a crash left half-written lies in `unfinished`, which is emptied here.
 * @throws {@link StoreError} `STORE_UNAVAILABLE`.
 */
export async function openFolder(folder: string): Promise<FileStore> {
  const unfinished = join(folder, 'unfinished')
  await failingAs('the folder of files cannot be opened', async () => {
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true, mode: 0o700 })
    await syncFolder(folder)
  })
  const get = (sha256: string) => readChecked(folder, sha256)
  return {
    get,
    async put(bytes) {
      const sha256 = hexDigest(bytes)
      const path = pathOf(folder, sha256)
      await failingAs(`file ${sha256} cannot be written`, async () => {
        if (!(await holds(path, bytes))) await write(join(unfinished, randomUUID()), path, bytes)
        // Also when it was there: whoever wrote it may have crashed before the folder reached the disk.
        await syncFolder(dirname(path))
      })
      return sha256
    },
  }
}

function pathOf(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256.slice(2))
}

function hexDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readChecked(folder: string, sha256: string): Promise<Uint8Array | undefined> {
  // The digest becomes a path: anything else would leave the folder.
  if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined
  const bytes = await failingAs(`file ${sha256} cannot be read`, () => readIfThere(pathOf(folder, sha256)))
  if (bytes !== undefined && hexDigest(bytes) !== sha256) {
    throw new StoreError('STORE_DAMAGED', `file ${sha256} is not what was stored`, { sha256 })
  }
  return bytes
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const there = await readIfThere(path)
  return there !== undefined && Buffer.compare(there, bytes) === 0
}

async function write(temporary: string, path: string, bytes: Uint8Array): Promise<void> {
  await writeSynced(temporary, bytes, 0o600)
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncFolder(dirname(dirname(path)))
  await rename(temporary, path)
}

function codeOf(cause: unknown): unknown {
  return (cause as { readonly code?: unknown }).code
}

async function failingAs<T>(text: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError('STORE_UNAVAILABLE', `${text}: ${reason}`, {}, cause)
  }
}
