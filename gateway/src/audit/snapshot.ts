import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError } from '../store/store'

/** A copy of one SQLite file in a folder of its own. */
export interface Snapshot {
  readonly folder: string
  remove(): Promise<void>
}

const ATTEMPTS = 20

/**
 * Copies a SQLite file with its WAL, so that an audit never writes to what it audits, and a gateway may go on working. Between
 * two checkpoints the file itself does not change and its WAL only grows: unless a checkpoint came in between, which
 * shows in the file's time and in the WAL's salts, the copy is what a power cut at that moment would have left.
 * @throws {@link StoreError} `STORE_UNAVAILABLE` when there is no such file or it never stands still.
 */
export async function snapshotOf(folder: string, file: string): Promise<Snapshot> {
  const copy = await mkdtemp(join(tmpdir(), 'cinnabar-audit-'))
  const remove = () => rm(copy, { recursive: true })
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await copied(folder, file, copy)) return { folder: copy, remove }
    }
    throw new StoreError('STORE_UNAVAILABLE', `${file} in ${folder} changes too fast to be copied; stop the gateway`)
  } catch (cause) {
    await remove()
    if (cause instanceof StoreError) throw cause
    throw new StoreError('STORE_UNAVAILABLE', `${file} in ${folder} cannot be copied`, {}, cause)
  }
}

async function copied(folder: string, file: string, to: string): Promise<boolean> {
  const before = await markOf(folder, file)
  await copyFile(join(folder, file), join(to, file))
  if (before.salts === undefined) await rm(join(to, `${file}-wal`), { force: true })
  else await copyFile(join(folder, `${file}-wal`), join(to, `${file}-wal`))
  const after = await markOf(folder, file)
  return before.changed === after.changed && before.salts === after.salts
}

/** When the file was written last, and the WAL's salts (bytes 16 to 24 of its header); none without a WAL. */
async function markOf(folder: string, file: string) {
  const { mtimeNs, size } = await stat(join(folder, file), { bigint: true })
  return { changed: `${mtimeNs}/${size}`, salts: await saltsOf(join(folder, `${file}-wal`)) }
}

async function saltsOf(wal: string): Promise<string | undefined> {
  try {
    const handle = await open(wal, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(32), 0, 32, 0)
      return bytesRead < 32 ? '' : buffer.subarray(16, 24).toString('hex')
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}
