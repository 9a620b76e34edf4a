import { join, resolve } from 'node:path'
import { runCommand } from './run.mjs'

/** Runs `work` with the network up: brought up for it, and down after it, unless it was up before. */
export async function withNetwork(root, say, work) {
  const network = (command) =>
    runCommand(process.execPath, [join(root, 'scripts/network.mjs'), command], { cwd: root, timeoutMs: 420_000 })
  const wasUp = (await network('status')).code === 0
  if (!wasUp) {
    say('bringing the network up')
    const { code, stdout, stderr } = await network('up')
    if (code !== 0) throw new Error(`${stdout}\n${stderr}`)
  }
  try {
    return await work(join(resolve(root, process.env.CINNABAR_NETWORK || '.network'), 'connection.json'))
  } finally {
    if (!wasUp) await network('down')
  }
}

/** Runs one test suite against the network that is up. @returns whether it passed, jest's count, and all it printed. */
export async function suite(root, file, env = {}) {
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const args = [jest, '-i', '--testMatch', `<rootDir>/${file}`]
  const { code, stderr } = await runCommand(process.execPath, args, { cwd: root, env, timeoutMs: 300_000 })
  const text = /^Tests: +(.*)$/m.exec(stderr)?.[1] ?? `ended with ${code}`
  return { ok: code === 0, text, output: stderr }
}
