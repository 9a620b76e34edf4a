import { createHash } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Digest } from '@cinnabar/core'
import { CliError } from './cli-error'
import { systemCode } from './input-file'

/** A file as it was when it was looked at. */
export interface Sighting {
  /** Below the folder, with slashes. */
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
}

/** A file that is to be, or was, deposited. */
export interface Listed extends Sighting {
  readonly digest: Digest
}

/** One line of the list: a request before it is sent, or its end. */
type Line =
  | { readonly sends: string; readonly files: readonly Listed[] }
  | { readonly done: string; readonly ids: readonly string[] }

/** What a watched folder's list says. */
export interface WatchList {
  /** The last state that was deposited, by path. */
  readonly deposited: ReadonlyMap<string, Listed>
  /** Requests that were begun and of which no end is known: to be sent again as they were. */
  readonly open: ReadonlyMap<string, readonly Listed[]>
  /** Writes down that a request goes out; on the disk when it resolves. */
  sends(key: string, files: readonly Listed[]): Promise<void>
  /** Writes down that the gateway has acknowledged it. */
  done(key: string, ids: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Names a list by folder and gateway. */
export function listName(folder: string, url: string): string {
  return `deposits-${createHash('sha256').update(`${folder}\n${url}`).digest('hex').slice(0, 32)}.jsonl`
}

/**
 * Opens the list of a watched folder, so that a restart deposits nothing again. Lines are only added; one that a crash cut
 * off was never acted upon.
 * @throws {@link CliError} `OUTPUT_NOT_WRITABLE`, `WATCH_LIST_INVALID`.
 */
export async function openWatchList(path: string): Promise<WatchList> {
  const lines = linesOf(await textOf(path), path)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const handle = await open(path, 'a', 0o600).catch((cause) => {
    throw new CliError('OUTPUT_NOT_WRITABLE', { path, reason: systemCode(cause) }, cause)
  })
  const deposited = new Map<string, Listed>()
  const pending = new Map<string, readonly Listed[]>()
  const take = (line: Line) => {
    if ('sends' in line) {
      pending.set(line.sends, line.files)
      return
    }
    for (const file of pending.get(line.done) ?? []) deposited.set(file.path, file)
    pending.delete(line.done)
  }
  for (const line of lines) take(line)
  const add = async (line: Line) => {
    // The line feed first ends a line that a crash cut off.
    await handle.write(`\n${JSON.stringify(line)}`)
    await handle.sync()
    take(line)
  }
  return {
    deposited,
    open: pending,
    sends: (key, files) => add({ sends: key, files }),
    done: (key, ids) => add({ done: key, ids }),
    close: () => handle.close(),
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw new CliError('FILE_UNREADABLE', { path, reason: systemCode(error) }, error)
  }
}

function linesOf(text: string, path: string): readonly Line[] {
  const all = text.split('\n')
  return all.flatMap((line, i) => {
    if (line === '') return []
    const value = parsed(line)
    if (value !== undefined && ('sends' in value || 'done' in value)) return [value]
    if (i === all.length - 1 || cutOff(line)) return []
    throw new CliError('WATCH_LIST_INVALID', { path, line: i + 1 })
  })
}

function parsed(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** What a crash leaves of a line begins as one of ours and does not end as one. */
function cutOff(line: string): boolean {
  return '{"sends":'.startsWith(line.slice(0, 9)) || '{"done":"'.startsWith(line.slice(0, 9))
}
