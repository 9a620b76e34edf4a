import { existsSync, readFileSync } from 'node:fs'
import { inRoot } from './paths.mjs'
import { run } from './run.mjs'
import { say, step } from './say.mjs'

const OLDEST_NODE = [20, 19]

/** Installs the npm packages exactly as locked, unless they are there. */
export async function install() {
  refuseOldNode()
  if (isInstalledAsLocked()) return
  say(
    existsSync(inRoot('node_modules')) ? 'node_modules is not what package-lock.json says' : 'Nothing is installed yet',
  )
  await step('npm ci', () => run('npm', ['ci', '--include=dev'], { shell: process.platform === 'win32' }))
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  say(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}`)
  process.exit(1)
}

/** npm writes node_modules/.package-lock.json last, so it also tells that an installation was not cut short. */
function isInstalledAsLocked() {
  const installed = inRoot('node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const found = packagesOf(installed)
  return Object.entries(packagesOf(inRoot('package-lock.json'))).every(([path, wanted]) => {
    // Left out by npm where the platform does not need them.
    if (wanted.optional || wanted.devOptional) return true
    if (!path.includes('node_modules/')) return true
    return found[path] !== undefined && found[path].version === wanted.version && existsSync(inRoot(path))
  })
}

const packagesOf = (lockFile) => JSON.parse(readFileSync(lockFile, 'utf8')).packages
