import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanClone, runCommand } from '../lib/run.mjs'

export const line = 1
export const title =
  'Clean clone: `npm run network -- up` from nothing, binaries included, under 6 min; under 30 s when they are cached; under 1.2 GB of memory in all; `down` leaves nothing'

const FIRST_MS = 360_000
const CACHED_MS = 30_000
const MEMORY_BYTES = 1.2e9
/** Organisations' ports are below this distance from the first. */
const PORTS = 310

/** npm's, Go's and our own caches are empty. */
export async function run({ root, scratch, say }) {
  const clone = await cleanClone(root, scratch)
  const folder = join(scratch, 'network')
  const port = Number(process.env.CINNABAR_NETWORK_PORT || 24_000) + 400
  const env = {
    CINNABAR_CACHE: join(scratch, 'cache'),
    CINNABAR_NETWORK: folder,
    CINNABAR_NETWORK_PORT: String(port),
    FABRIC_BIN: '',
    FABRIC_CA_BIN: '',
    GOCACHE: join(scratch, 'go-build'),
    GOMODCACHE: join(scratch, 'go-mod'),
    npm_config_cache: join(scratch, 'npm-cache'),
  }
  const network = async (...args) => {
    const outcome = await runCommand('npm', ['run', '--silent', 'network', '--', ...args], {
      cwd: clone,
      env,
      timeoutMs: 20 * 60_000,
    })
    if (outcome.code !== 0) throw new Error(`${args.join(' ')}\n${outcome.stdout.slice(-3000)}\n${outcome.stderr}`)
    return outcome
  }
  try {
    say(
      'up from nothing: npm packages, Fabric and Fabric CA from their sources, three organisations; this takes minutes',
    )
    const first = await network('up')
    const idle = memoryOf(folder)
    const status = JSON.parse((await network('status', '--json')).stdout)
    say('batches of 1,000, for memory under load')
    const loaded = await underLoad(clone, env, folder)
    await network('down')
    const left = leftBy(folder, port)
    await network('down', '--purge')
    say('up with binaries cached, and everything else new')
    const cached = await network('up')
    await network('down', '--purge')
    const afterPurge = [...leftBy(folder, port), ...(existsSync(folder) ? [folder] : [])]
    const facts = {
      'three organisations see each other': status.up,
      'first in time': first.ms < FIRST_MS,
      'cached in time': cached.ms < CACHED_MS,
      'memory idle': idle.pss < MEMORY_BYTES,
      'memory under load': loaded.ok && loaded.pss < MEMORY_BYTES,
      'down leaves nothing': left.length + afterPurge.length === 0,
    }
    const wrong = Object.keys(facts).filter((name) => !facts[name])
    return {
      ok: wrong.length === 0,
      measured: `up from nothing ${seconds(first)} (npm packages and Fabric built included), with binaries cached ${seconds(cached)}; ${idle.count} processes, ${megabytes(idle)} idle, ${megabytes(loaded)} after batches of 1,000; down leaves ${left.length + afterPurge.length} processes, ports or files${wrong.length > 0 ? `; not: ${wrong.join(', ')}` : ''}`,
      detail: `Memory is PSS (shared pages counted once), resident in brackets. After \`down\`: ${[...left, ...afterPurge].join(', ') || 'nothing'}.\n\n\`\`\`\n${first.stdout.trim().slice(-1500)}\n\`\`\``,
    }
  } finally {
    await runCommand(process.execPath, [join(clone, 'scripts/network.mjs'), 'down', '--purge'], { env })
    // Go writes its module cache read-only.
    if (existsSync(env.GOMODCACHE)) await runCommand('chmod', ['-R', 'u+w', env.GOMODCACHE])
  }
}

async function underLoad(clone, env, folder) {
  const jest = join(clone, 'node_modules/jest/bin/jest.js')
  const args = [jest, '-i', '--testMatch', '<rootDir>/gateway/test/fabric/batches.network.ts']
  const { code } = await runCommand(process.execPath, args, { cwd: clone, env, timeoutMs: 300_000 })
  return { ok: code === 0, ...memoryOf(folder) }
}

/** Of every process that was given the network's folder, whoever keeps a list of them. */
function memoryOf(folder) {
  const pids = processesOf(folder)
  const sum = (file, field) => pids.map((pid) => kibibytes(`/proc/${pid}/${file}`, field)).reduce((a, b) => a + b, 0)
  return { count: pids.length, pss: sum('smaps_rollup', 'Pss') * 1024, rss: sum('status', 'VmRSS') * 1024 }
}

function processesOf(folder) {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && readOr(`/proc/${pid}/environ`).includes(folder))
    .filter((pid) => Number(pid) !== process.pid)
}

/** Processes, listening ports of the network's range, lock and records that are still there. */
function leftBy(folder, port) {
  const listening = readOr('/proc/net/tcp')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state]) => state === '0A')
    .map(([, local]) => Number.parseInt(local.split(':')[1], 16))
    .filter((one) => one >= port && one < port + PORTS)
  const files = ['lock', 'processes'].map((name) => join(folder, name)).filter(existsSync)
  return [...processesOf(folder).map((pid) => `process ${pid}`), ...listening.map((one) => `port ${one}`), ...files]
}

function kibibytes(file, field) {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readOr(file))?.[1] ?? 0)
}

/** Empty for a process that has ended or is not ours to look at. */
function readOr(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const seconds = ({ ms }) => `${(ms / 1000).toFixed(0)} s`
const megabytes = ({ pss, rss }) => `${(pss / 1e6).toFixed(0)} MB (${(rss / 1e6).toFixed(0)})`
