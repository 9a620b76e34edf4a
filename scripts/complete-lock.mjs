import { readFileSync, writeFileSync } from 'node:fs'
import { inRoot } from './lib/paths.mjs'
import { say } from './lib/say.mjs'

/**
 * Adds the other platforms' packages that package-lock.json lacks. A registry that serves one platform only makes
 * `npm install` leave the others out; `npm ci` then refuses the lock everywhere ("Missing: … from lock file").
 * Run it after adding a package that has binaries. npm adds the hashes where it can fetch those packages.
 */
const PLATFORM = /-(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-([a-z]+))?$/
const file = inRoot('package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = Object.entries(lock.packages).flatMap(([path, entry]) => missingBelow(path, entry))
if (added.length > 0) {
  const all = Object.entries({ ...lock.packages, ...Object.fromEntries(added) })
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
}
say(`${added.length} added to package-lock.json`)

function missingBelow(path, { optionalDependencies = {}, dev, optional }) {
  return Object.entries(optionalDependencies)
    .filter(([name]) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`])
    .filter(([name]) => PLATFORM.test(name))
    .map(([name, version]) => [`node_modules/${name}`, platformEntry(name, version, dev && !optional)])
}

function platformEntry(name, version, dev) {
  const [, os, cpu, abi] = PLATFORM.exec(name)
  const libc = os !== 'linux' ? {} : { libc: [abi?.startsWith('musl') ? 'musl' : 'glibc'] }
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, optional: true, os: [os] }
}
