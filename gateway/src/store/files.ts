import { createHash, randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type FileStore, type IncomingFile, StoreError, type StreamedFile } from './store'
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
  const place: Place = { folder, temporary: () => join(unfinished, randomUUID()) }
  return {
    get: (sha256) => readChecked(folder, sha256),
    receive: (pieces) => receive(place, pieces),
    stream: (sha256) => streamOf(folder, sha256),
    extend: (sha256, added) => extend(place, sha256, added),
    pathOf: (sha256) => pathOf(folder, sha256),
    async put(bytes) {
      const sha256 = hexDigest(bytes)
      const path = pathOf(folder, sha256)
      await failingAs(`file ${sha256} cannot be written`, async () => {
        if (!(await holds(path, bytes))) await write(place.temporary(), path, bytes)
        // Also when it was there: whoever wrote it may have crashed before the folder reached the disk.
        await syncFolder(dirname(path))
      })
      return sha256
    },
  }
}

interface Place {
  readonly folder: string
  /** A name for a file that is not whole yet. */
  readonly temporary: () => string
}

function pathOf(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256.slice(2))
}

function hexDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readChecked(folder: string, sha256: string): Promise<Uint8Array | undefined> {
  if (!NAME.test(sha256)) return undefined
  const bytes = await failingAs(`file ${sha256} cannot be read`, () => readIfThere(pathOf(folder, sha256)))
  if (bytes !== undefined && hexDigest(bytes) !== sha256) throw damaged(sha256)
  return bytes
}

/** The digest becomes a path: anything else would leave the folder. */
const NAME = /^[0-9a-f]{64}$/

function damaged(sha256: string): StoreError {
  return new StoreError('STORE_DAMAGED', `file ${sha256} is not what was stored`, { sha256 })
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  const bytes = await ifThere(() => readFile(path))
  return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
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
  await moveTo(temporary, path)
}

async function moveTo(temporary: string, path: string): Promise<void> {
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncFolder(dirname(dirname(path)))
  await rename(temporary, path)
}

async function receive({ folder, temporary }: Place, pieces: AsyncIterable<Uint8Array>): Promise<IncomingFile> {
  const path = temporary()
  const hash = createHash('sha256')
  let bytes = 0
  const file = await failingAs('a file cannot be taken in', () => open(path, 'wx', 0o600))
  try {
    for await (const piece of pieces) {
      hash.update(piece)
      bytes += piece.length
      await failingAs('a file cannot be taken in', () => file.writeFile(piece))
    }
  } catch (cause) {
    await rm(path, { force: true })
    throw cause
  } finally {
    await file.close()
  }
  const sha256 = hash.digest('hex')
  return {
    sha256,
    bytes,
    path,
    async keep() {
      await failingAs(`file ${sha256} cannot be written`, () => keepAs(path, pathOf(folder, sha256)))
      return sha256
    },
    drop: () => rm(path, { force: true }),
  }
}

async function keepAs(temporary: string, path: string): Promise<void> {
  const file = await open(temporary, 'r+')
  await file.sync().finally(() => file.close())
  // Over one of the same name, too: that heals one whose bytes changed.
  await moveTo(temporary, path)
  await syncFolder(dirname(path))
}

const PIECE_BYTES = 1 << 20

async function streamOf(folder: string, sha256: string): Promise<StreamedFile | undefined> {
  if (!NAME.test(sha256)) return undefined
  const path = pathOf(folder, sha256)
  const found = await failingAs(`file ${sha256} cannot be read`, () => ifThere(() => stat(path)))
  return found && { bytes: found.size, pieces: checkedPieces(path, sha256) }
}

/** Holds each piece back until the next one is there, and the last one until all are known to be right. */
async function* checkedPieces(path: string, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let held: Uint8Array | undefined
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Uint8Array>) {
    if (held !== undefined) yield held
    hash.update(piece)
    held = piece
  }
  if (hash.digest('hex') !== sha256) throw damaged(sha256)
  if (held !== undefined) yield held
}

async function extend({ folder, temporary }: Place, sha256: string, added: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  const base = await streamOf(folder, sha256)
  if (base === undefined) throw new StoreError('STORE_UNAVAILABLE', `file ${sha256} is missing`, { sha256 })
  for await (const piece of base.pieces) hash.update(piece)
  const whole = hash.update(added).digest('hex')
  const path = temporary()
  await failingAs(`file ${whole} cannot be written`, async () => {
    // The kernel copies it, or, where the file system can, shares it.
    await copyFile(pathOf(folder, sha256), path, constants.COPYFILE_FICLONE)
    const file = await open(path, 'a')
    await file.writeFile(added).finally(() => file.close())
    await keepAs(path, pathOf(folder, whole))
  })
  return whole
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
