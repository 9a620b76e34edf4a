import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CliError } from './cli-error'
import { systemCode } from './input-file'
import { pause } from './wait'

/** Whoever holds it longer was cut off. */
const STALE_MS = 60_000
const EVERY_MS = 50

/**
 * Runs the work while nobody else on this machine does: a refresh token is good once, and two commands that used it at the
 * same time would look like a theft.
 * @param path - the file that is there meanwhile, and says since when.
 * @throws {@link CliError} `OUTPUT_NOT_WRITABLE`; whatever the work throws.
 */
export async function alone<T>(path: string, now: () => Date, work: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; !(await taken(path, now())); waitedMs += EVERY_MS) {
    const since = await heldSince(path)
    // Cut off before it wrote since when: as old as it was waited for.
    const ageMs = since === undefined ? waitedMs : now().getTime() - since
    if (ageMs > STALE_MS) await rm(path, { force: true })
    else await pause(EVERY_MS)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function taken(path: string, now: Date): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(now.toISOString()).finally(() => file.close())
    return true
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return false
    throw new CliError('OUTPUT_NOT_WRITABLE', { path, reason: systemCode(cause) }, cause)
  }
}

/** Milliseconds since 1970; undefined when it does not say, or is gone. */
async function heldSince(path: string): Promise<number | undefined> {
  try {
    const since = Date.parse(await readFile(path, 'utf8'))
    return Number.isNaN(since) ? undefined : since
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined
    throw cause
  }
}
