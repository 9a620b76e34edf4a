import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findBinaries, mustBuild } from '../../network/lib/binaries.mjs'
import { readSettings } from '../../network/lib/settings.mjs'
import { prepareChecker } from './checkers.mjs'
import { findGo } from './go.mjs'
import { cache, inRoot } from './paths.mjs'
import { CommandFailed, run, showOutput } from './run.mjs'
import { say, step } from './say.mjs'
import { pathOf } from './which.mjs'

const table = JSON.parse(readFileSync(inRoot('bench', 'checkers', 'tools.json'), 'utf8'))

/**
 * Finds the programs that tests use and that npm cannot give, and makes ready what we keep in our cache.
 * With `system: true` it installs Debian packages as well.
 * @returns names of those present, and of those missing with the command that installs each.
 */
export async function readyTools({ system }) {
  if (system) await installDebianPackages()
  const present = []
  const missing = []
  for (const tool of table) {
    const reason = await whyMissing(tool, present)
    if (reason === undefined) present.push(tool.name)
    else missing.push({ name: tool.name, command: reason })
  }
  return { present, missing }
}

async function whyMissing(tool, present) {
  if (tool.folder) return existsSync(inRoot(tool.folder)) ? undefined : `put the public test files at ${tool.folder}`
  if (tool.debian) return (await isInstalled(tool)) ? undefined : `sudo apt-get install ${tool.debian.join(' ')}`
  if (tool.name === 'fabric') return whyNoFabric(present)
  const lacking = tool.needs.filter((name) => !present.includes(name))
  if (lacking.length > 0) return `install ${lacking.join(' and ')} first`
  try {
    await prepareChecker(tool.name)
    return undefined
  } catch (error) {
    say(`${tool.name} could not be made ready: ${error.message}`)
    if (error instanceof CommandFailed) say(error.output.trim().split('\n').slice(-8).join('\n'))
    return AGAIN
  }
}

const AGAIN = 'npm test, once its packages can be fetched (the reason stands above)'

/** Builds Fabric's binaries unless they are given, on the PATH or in our cache; with a Go of our cache where need be. */
async function whyNoFabric(present) {
  const settings = readSettings(process.env)
  try {
    const lacksGo = mustBuild(settings) && (await findGo()) === undefined
    if (lacksGo && present.includes('python3')) await prepareChecker('go')
    await findBinaries(settings)
    return undefined
  } catch (error) {
    if (error instanceof CommandFailed) showOutput(error)
    say(error.message)
    return AGAIN
  }
}

async function isInstalled(tool) {
  const found = tool.commands.map(pathOf).find((path) => path !== undefined)
  if (found === undefined) return false
  if (tool.name === 'python3') return canMakeEnvironments(found)
  if (tool.lists === undefined) return true
  return new RegExp(tool.lists).test(await run(found, []))
}

/** Debian splits what `python3 -m venv` needs into another package. */
const canMakeEnvironments = (python) =>
  existsSync(join(cache, 'pyhanko', 'ready')) ||
  run(python, ['-c', 'import ensurepip, venv']).then(
    () => true,
    () => false,
  )

async function installDebianPackages() {
  const wanted = []
  for (const tool of table) if (tool.debian && !(await isInstalled(tool))) wanted.push(...tool.debian)
  if (wanted.length === 0) return
  if (pathOf('apt-get') === undefined) {
    say(`No apt-get here to install ${wanted.join(' ')}`)
    return
  }
  const sudo = process.getuid() === 0 ? [] : ['sudo', '-n']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args]
    return run(command, rest, { env })
  }
  try {
    await step('apt-get update', () => apt('update', '-q'))
    await step(`apt-get install ${wanted.join(' ')}`, () =>
      apt('install', '-q', '-y', '--no-install-recommends', ...wanted),
    )
  } catch (error) {
    // What is missing is reported, and fails the run, tool by tool.
    say(
      `Debian packages could not be installed: ${error.message}\n${error.output.trim().split('\n').slice(-8).join('\n')}`,
    )
  }
}
