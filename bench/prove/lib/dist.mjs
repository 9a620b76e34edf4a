import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Compiled code of the checkout under test, by its path below the root. */
export async function compiled(root, path) {
  const module = await import(pathToFileURL(join(root, path)).href)
  return module.default ?? module
}
