import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { CheckerError } from './checker-error'

/** What tests use, we did not write and npm cannot give; the same list is in bench/checkers/tools.json. */
export type Tool =
  | 'corpus'
  | 'chromium'
  | 'cjk-fonts'
  | 'qpdf'
  | 'pdfsig'
  | 'openssl'
  | 'java'
  | 'maven'
  | 'python3'
  | 'dss'
  | 'pyhanko'
  /** Given, or built with Go. */
  | 'fabric'

interface Entry {
  readonly name: Tool
  /** Relative to the checkout. */
  readonly folder?: string
  /** Any one of these on the PATH will do. */
  readonly commands?: readonly string[]
  /** A file in the cache that is written once the tool is complete. */
  readonly ready?: string
}

/** Where foreign sources lie: the same place seen from src and from dist. */
export const checkerSources = join(__dirname, '..', '..', 'checkers')

const table: readonly Entry[] = JSON.parse(readFileSync(join(checkerSources, 'tools.json'), 'utf8'))

/** What is fetched or built once and outlives a checkout: `CINNABAR_CACHE`, else `~/.cache/cinnabar`. */
export function cacheFolder(): string {
  return process.env.CINNABAR_CACHE || join(homedir(), '.cache', 'cinnabar')
}

/** What `npm test` found, handed down in `CINNABAR_TOOLS` (names between commas); without it, what is found now. */
export function availableTools(): ReadonlySet<Tool> {
  const told = process.env.CINNABAR_TOOLS
  const isThere = (entry: Entry) => (told === undefined ? isFound(entry) : told.split(',').includes(entry.name))
  return new Set(table.filter(isThere).map((entry) => entry.name))
}

function isFound(entry: Entry): boolean {
  if (entry.folder !== undefined) return existsSync(join(checkerSources, '..', '..', entry.folder))
  if (entry.ready !== undefined) return existsSync(join(cacheFolder(), entry.ready))
  return entry.commands?.some((command) => onPath(command) !== undefined) ?? false
}

/**
 * The program's absolute path, such as `/usr/bin/chromium`.
 * @throws {@link CheckerError} `CHECKER_MISSING` when it is not on the PATH.
 */
export function toolPath(tool: Tool): string {
  const commands = table.find((entry) => entry.name === tool)?.commands ?? []
  for (const command of commands) {
    const path = onPath(command)
    if (path !== undefined) return path
  }
  throw new CheckerError('CHECKER_MISSING', `${tool} is not installed; npm test says how to install it`, { tool })
}

function onPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, command)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
