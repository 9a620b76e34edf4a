import type { Readable, Writable } from 'node:stream'

/** All that the command takes from the machine; `main.ts` gives the real ones, tests their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** Absolute; relative paths are taken from here. */
  readonly folder: string
  /** The user's home folder, absolute. */
  readonly home: string
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable
  readonly stderr: Writable
  readonly version: string
  /** Aborted when the user wants a command that goes on by itself to end; asked for by such commands only. */
  readonly stopped?: () => AbortSignal
  /** IANA name of the reader's time zone; undefined: the machine's. */
  readonly timeZone?: string
}
