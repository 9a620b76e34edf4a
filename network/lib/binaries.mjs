import { randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cache, inRoot } from '../../scripts/lib/paths.mjs'
import { run } from '../../scripts/lib/run.mjs'
import { say, step } from '../../scripts/lib/say.mjs'
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
  const onPath = Object.fromEntries(source.commands.map((command) => [command, pathOf(command)]))
  if (!Object.values(onPath).includes(undefined)) return { paths: onPath, where: 'on the PATH' }
  const folder = join(cache, `${name}-${source.version}`)
  if (!source.commands.every((command) => isExecutable(join(folder, command)))) await build(name, source, folder)
  return inFolder(folder, source)
}

async function build(name, { title, version, commands, module, flags, setting }, folder) {
  if (pathOf('go') === undefined) {
    throw new NetworkError(`${title} is neither in ${setting} nor on the PATH, and there is no Go to build it with`)
  }
  say(`${title} is not here: building ${version} from its Go module into ${folder}, once`)
  const partial = `${folder}.${randomUUID()}`
  mkdirSync(partial, { recursive: true })
  const env = { ...process.env, GOFLAGS: '-mod=readonly -buildvcs=false' }
  try {
    for (const command of commands) {
      const args = ['build', '-ldflags', flags, '-o', join(partial, command), `${module}/cmd/${command}`]
      await step(`go build ${command}`, () => run('go', args, { cwd: inRoot('network', 'tools', name), env }))
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

const pathOf = (command) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find(isExecutable)

function isExecutable(file) {
  if (!existsSync(file)) return false
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
