import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a command lies on the PATH; undefined when it does not. */
export function pathOf(command) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find(isExecutable)
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
