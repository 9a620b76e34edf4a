import { readdir, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { CliError } from './cli-error'
import type { Context } from './context'
import { keyOf, requestDeposits } from './deposits'
import { digestOfFile } from './digest-file'
import { EXIT, type Exit } from './exit'
import { inputError, systemCode } from './input-file'
import { watchListPath } from './places'
import { type Access, requireAccess } from './session'
import { tell } from './tell-error'
import { pause } from './wait'
import { type Listed, openWatchList, type Sighting, type WatchList } from './watch-list'

const EVERY_MS = 1000
/** Files in one request. */
const AT_ONCE = 500

/**
 * Deposits what is in a folder and what comes into it or changes there, each state of a file once, also after a restart,
 * until told to stop. A file that is being written is waited for: it must look the same twice, a second apart. Hidden
 * files, links and what is no file are passed over. A gateway that does not answer is asked again.
 * @throws {@link CliError} `FILE_NOT_FOUND` when there is no such folder; `OUTPUT_NOT_WRITABLE`, `WATCH_LIST_INVALID`;
 * `PROBLEM` when the gateway refuses.
 */
export async function watchFolder(
  context: Context,
  access: Access,
  { path, json }: { readonly path: string; readonly json?: boolean | undefined },
): Promise<Exit> {
  const { surroundings, texts, voice } = context
  const folder = resolve(surroundings.folder, path)
  await requireFolder(folder, path)
  const stop = surroundings.stopped?.()
  const list = await openWatchList(watchListPath(surroundings, folder, access.url))
  voice.note(texts.note.watching(path, access.url))
  const touched = new Map<string, Sighting>()
  try {
    for (let before = new Map<string, Sighting>(); !stop?.aborted; await pause(EVERY_MS)) {
      const now = await sightingsIn(folder)
      const still = [...now.values()].filter((one) => same(one, before.get(one.path)))
      await round(context, access.url, { folder, list, still, touched, json })
      before = now
    }
  } finally {
    await list.close()
  }
  return EXIT.passed
}

interface Watched {
  readonly folder: string
  readonly list: WatchList
  readonly still: readonly Sighting[]
  /** Files that were only touched, as they were when that was found. */
  readonly touched: Map<string, Sighting>
  readonly json: boolean | undefined
}

async function round(context: Context, url: string, watched: Watched): Promise<void> {
  const { folder, list, json } = watched
  try {
    // Asked for anew: a token lasts minutes, a folder may be watched for days.
    const access = await requireAccess(context)
    if (access.url !== url) throw new CliError('NOT_LOGGED_IN', { url })
    for (const [key, files] of list.open) await send(context, access, { list, key, files, json })
    const fresh = await changedAmong(context, watched)
    for (let at = 0; at < fresh.length; at += AT_ONCE) {
      const files = fresh.slice(at, at + AT_ONCE)
      const key = keyOf(files, `${folder}\n${files.map(({ modifiedMs }) => modifiedMs).join()}`)
      await list.sends(key, files)
      await send(context, access, { list, key, files, json })
    }
  } catch (error) {
    const passes =
      error instanceof CliError && (error.code === 'GATEWAY_UNREACHABLE' || error.exit === EXIT.unavailable)
    if (!passes) throw error
    context.voice.note(tell(error, context.texts).sentence)
  }
}

interface Sending {
  readonly list: WatchList
  readonly key: string
  readonly files: readonly Listed[]
  readonly json: boolean | undefined
}

async function send(context: Context, access: Access, { list, key, files, json }: Sending): Promise<void> {
  const { texts, voice } = context
  const job = await requestDeposits(context, access, { files, key })
  await list.done(
    key,
    job.deposits.map(({ id }) => id),
  )
  if (json) {
    // It ends when it is stopped: a document for each file, a line each.
    for (const [i, { path, digest }] of files.entries()) {
      voice.jsonLine({ file: path, digest, id: job.deposits[i]?.id ?? '', job: job.id, state: job.state })
    }
  } else voice.print(files.map(({ path }, i) => texts.deposited(path, job.deposits[i]?.id ?? '', job.state)))
}

/** Those whose content was not deposited yet; a file that is only touched is not read as another. */
async function changedAmong(context: Context, { folder, list, still, touched }: Watched): Promise<readonly Listed[]> {
  const fresh: Listed[] = []
  for (const one of still) {
    const known = list.deposited.get(one.path)
    if (same(one, known) || same(one, touched.get(one.path))) continue
    const digest = await digestOrNone(context, join(folder, one.path))
    if (digest === undefined) continue
    if (digest === known?.digest) touched.set(one.path, one)
    else fresh.push({ ...one, digest })
  }
  return fresh
}

async function digestOrNone({ surroundings, texts, voice }: Context, path: string) {
  try {
    return await digestOfFile(path, surroundings)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    // Gone or locked since it was seen; if it is still there, the next round sees it.
    voice.note(tell(error, texts).sentence)
    return undefined
  }
}

function same(a: Sighting, b: Sighting | undefined): boolean {
  return b !== undefined && a.bytes === b.bytes && a.modifiedMs === b.modifiedMs
}

async function sightingsIn(folder: string): Promise<Map<string, Sighting>> {
  const found = new Map<string, Sighting>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const whole = join(entry.parentPath, entry.name)
    const path = whole
      .slice(folder.length + 1)
      .split(sep)
      .join('/')
    if (!entry.isFile() || path.split('/').some((part) => part.startsWith('.'))) continue
    const about = await stat(whole).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    })
    if (about !== undefined) found.set(path, { path, bytes: about.size, modifiedMs: about.mtimeMs })
  }
  return found
}

async function requireFolder(folder: string, path: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return
  } catch (cause) {
    throw inputError(path, cause)
  }
  throw new CliError('NOT_A_FOLDER', { path })
}
