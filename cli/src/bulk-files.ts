import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import type { Digest } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { digestOfFile } from './digest-file'
import { inputError } from './input-file'
import type { Surroundings } from './surroundings'

/** One of many files to be sealed. */
export interface BulkFile {
  /** As the user named it, or as it lies below the folder that the user named. */
  readonly path: string
  /** Its path below the folder of sealed files. */
  readonly name: string
  readonly digest: Digest
}

/** Whether what was named are many files: a folder, or more than one. */
export async function areMany(paths: readonly string[], { folder }: Pick<Surroundings, 'folder'>): Promise<boolean> {
  const [path] = paths
  if (path === undefined || paths.length > 1) return paths.length > 1
  const about = await stat(resolve(folder, path)).catch((cause) => {
    throw inputError(path, cause)
  })
  return about.isDirectory()
}

/**
 * The files named, and the PDFs in folders named, in an order that stays: hidden files and links in folders are passed over.
 * @throws {@link CliError} `NOTHING_TO_SEAL`; `NAMES_COLLIDE` when two would be written to the same place; `FILE_*`.
 */
export async function bulkFilesIn({ surroundings }: Context, paths: readonly string[]): Promise<readonly BulkFile[]> {
  const found = (await Promise.all(paths.map((path) => namesAt(path, surroundings)))).flat()
  if (found.length === 0) throw new CliError('NOTHING_TO_SEAL')
  const names = new Map<string, string>()
  const files: BulkFile[] = []
  for (const { path, name } of found) {
    const other = names.get(name)
    if (other !== undefined) throw new CliError('NAMES_COLLIDE', { path, other, name })
    names.set(name, path)
    files.push({ path, name, digest: await digestOfFile(path, surroundings) })
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function namesAt(path: string, { folder }: Pick<Surroundings, 'folder'>) {
  const whole = resolve(folder, path)
  try {
    if (!(await stat(whole)).isDirectory()) return [{ path, name: basename(path) }]
    const entries = await readdir(whole, { recursive: true, withFileTypes: true })
    return entries.flatMap((entry) => {
      const name = join(entry.parentPath, entry.name).slice(whole.length + 1)
      const isHidden = name.split(sep).some((part) => part.startsWith('.'))
      return entry.isFile() && !isHidden && /\.pdf$/i.test(name) ? [{ path: join(path, name), name }] : []
    })
  } catch (cause) {
    throw inputError(path, cause)
  }
}
