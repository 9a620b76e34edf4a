import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findGo, goAdvice } from '../../scripts/lib/go.mjs'
import { cache, inRoot } from '../../scripts/lib/paths.mjs'
import { run } from '../../scripts/lib/run.mjs'
import { say, step } from '../../scripts/lib/say.mjs'
import { isExecutable, pathOf } from '../../scripts/lib/which.mjs'
import { NetworkError } from './network-error.mjs'

/** What is built when no binaries are given. `module` in network/tools/SOURCE/go.mod is this version. */
const SOURCES = {
  fabric: {
    title: 'Hyperledger Fabric',
    commands: ['peer', 'orderer', 'configtxgen', 'discover'],
    setting: 'FABRIC_BIN',
    version: '2.5.0',
    module: 'github.com/hyperledger/fabric',
    // The module carries no version of its own: Fabric's release scripts set it in the same way.
    flags: '-s -w -X github.com/hyperledger/fabric/common/metadata.Version=v2.5.0',
    supported: /^(2\.5|3\.\d+)\./,
  },
  'fabric-ca': {
    title: 'Fabric CA',
    commands: ['fabric-ca-server', 'fabric-ca-client'],
    setting: 'FABRIC_CA_BIN',
    version: '1.5.21',
    module: 'github.com/hyperledger/fabric-ca',
    flags: '-s -w',
    supported: /^1\.5\./,
  },
}

/**
 * Finds Fabric's binaries, or builds them, and says which they are.
 * @returns the path of each command, by its name.
 * @throws NetworkError when given ones are incomplete or of a version that is not supported.
 */
export async function findBinaries({ fabricBin, fabricCaBin }, tell = say) {
  const fabric = await binariesOf('fabric', fabricBin, tell)
  return { ...fabric, ...(await binariesOf('fabric-ca', fabricCaBin ?? besides(fabricBin), tell)) }
}

/** Whether {@link findBinaries} would have to build something, which takes Go and minutes. */
export function mustBuild({ fabricBin, fabricCaBin }) {
  const given = { fabric: fabricBin, 'fabric-ca': fabricCaBin ?? besides(fabricBin) }
  return Object.entries(SOURCES).some(
    ([name, source]) => given[name] === undefined && !isOnPath(source) && !isBuilt(name, source),
  )
}

/** Official binaries of both are often unpacked into one folder. */
const besides = (folder) =>
  folder !== undefined && SOURCES['fabric-ca'].commands.every((name) => isExecutable(join(folder, name)))
    ? folder
    : undefined

async function binariesOf(name, given, tell) {
  const source = SOURCES[name]
  const { paths, where } = given === undefined ? await foundOrBuilt(name, source) : inFolder(given, source)
  const version = await versionOf(paths[source.commands[0]])
  if (!source.supported.test(version)) {
    throw new NetworkError(
      `${source.title} ${version} (${where}) is not supported; set ${source.setting} to a folder of another version`,
    )
  }
  tell(`${source.title} ${version} (${where})`)
  return paths
}

function inFolder(folder, { commands, setting }) {
  const missing = commands.filter((command) => !isExecutable(join(folder, command)))
  if (missing.length > 0) throw new NetworkError(`${setting} ${folder} has no ${missing.join(', ')}`)
  return { paths: Object.fromEntries(commands.map((command) => [command, join(folder, command)])), where: folder }
}

async function foundOrBuilt(name, source) {
  if (isOnPath(source)) {
    return {
      paths: Object.fromEntries(source.commands.map((command) => [command, pathOf(command)])),
      where: 'on the PATH',
    }
  }
  const folder = builtFolder(name, source)
  if (!isBuilt(name, source)) await build(name, source, folder)
  return inFolder(folder, source)
}

const isOnPath = ({ commands }) => commands.every((command) => pathOf(command) !== undefined)

const builtFolder = (name, { version }) => join(cache, `${name}-${version}`)

const isBuilt = (name, source) =>
  source.commands.every((command) => isExecutable(join(builtFolder(name, source), command)))

async function build(name, { title, version, commands, module, flags, setting }, folder) {
  const go = await findGo()
  if (go === undefined) {
    throw new NetworkError(
      `${title} is neither in ${setting} nor on the PATH, and there is nothing to build it with. ${goAdvice}`,
    )
  }
  say(`${title} is not here: building ${version} from its Go module into ${folder}, once`)
  const partial = `${folder}.${randomUUID()}`
  mkdirSync(partial, { recursive: true })
  const env = { ...process.env, GOFLAGS: '-mod=readonly -buildvcs=false' }
  try {
    for (const command of commands) {
      const args = ['build', '-ldflags', flags, '-o', join(partial, command), `${module}/cmd/${command}`]
      await step(`go build ${command}`, () => run(go, args, { cwd: inRoot('network', 'tools', name), env }))
    }
    rmSync(folder, { recursive: true, force: true })
    renameSync(partial, folder)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

async function versionOf(command) {
  const output = await run(command, ['version'])
  return /Version: v?(\S+)/.exec(output)?.[1] ?? 'of unknown version'
}
