import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { run } from '../src/program'

/** A folder with an empty home beside it, for one test. */
export interface Place {
  readonly folder: string
  readonly home: string
  path(name: string): string
  put(name: string, bytes: Uint8Array | string): Promise<string>
  remove(): Promise<void>
}

export async function newPlace(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'cinnabar-cli-'))
  const [folder, home] = [join(root, 'work'), join(root, 'home')]
  await Promise.all([mkdir(folder), mkdir(home)])
  const path = (name: string) => join(folder, name)
  return {
    folder,
    home,
    path,
    async put(name, bytes) {
      await mkdir(join(path(name), '..'), { recursive: true })
      await writeFile(path(name), bytes)
      return path(name)
    },
    remove: () => rm(root, { recursive: true }),
  }
}

/** What a command did. */
export interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly at?: string
  /** For a clock that goes on; else it stands at `at`. */
  readonly now?: () => Date
  /** What a command that goes on by itself is stopped by. */
  readonly stop?: AbortSignal
}

/** Runs one command line in this process, as `main.ts` would, at a fixed time and in a fixed time zone. */
export async function runCli(place: Place, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [out, err] = [collector(), collector()]
  const exit = await run(args, {
    env: options.env ?? {},
    now: options.now ?? (() => new Date(options.at ?? '2026-12-01T00:00:00Z')),
    folder: place.folder,
    home: place.home,
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout: out.stream,
    stderr: err.stream,
    version: '0.0.0',
    timeZone: 'Asia/Shanghai',
    ...(options.stop && { stopped: () => options.stop as AbortSignal }),
  })
  return { exit, out: out.text(), err: err.text() }
}

function collector() {
  const parts: Buffer[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      parts.push(Buffer.from(chunk))
      done()
    },
  })
  return { stream, text: () => Buffer.concat(parts).toString('utf8') }
}
