import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What is fetched or built once and outlives a checkout. */
export const cache = process.env.CINNABAR_CACHE || join(homedir(), '.cache', 'cinnabar')

/** A path inside the checkout. */
export const inRoot = (...parts) => join(root, ...parts)

/** The script of an installed npm command, to be run by this Node. */
export const npmCommand = {
  tsc: inRoot('node_modules', 'typescript', 'bin', 'tsc'),
  biome: inRoot('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  jest: inRoot('node_modules', 'jest', 'bin', 'jest.js'),
}
