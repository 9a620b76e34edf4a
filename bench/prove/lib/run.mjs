import { spawn } from 'node:child_process'

/** Runs a command to its end. @returns { code, stdout, stderr, ms }; it never throws for an exit code. */
export function runCommand(command, args, { cwd, env, timeoutMs = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    // A character may come in two pieces.
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8')
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => (stdout += text))
    child.stderr.on('data', (text) => (stderr += text))
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, stdout, stderr, ms: performance.now() - began })
    })
  })
}

/** A clean clone of the checkout's commit, with shared/ beside it as on CI. */
export async function cleanClone(root, scratch) {
  const { symlink } = await import('node:fs/promises')
  const { join } = await import('node:path')
  const clone = join(scratch, 'clone')
  const cloned = await runCommand('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
  if (cloned.code !== 0) throw new Error(cloned.stderr)
  await symlink(join(root, '../shared'), join(scratch, 'shared')).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  return clone
}

/** `cinnabar` of the checkout, with a home folder of its own. */
export function cinnabar(root, args, { home, env, timeoutMs } = {}) {
  const own = { HOME: home, XDG_CONFIG_HOME: `${home}/.config`, LANG: 'C.UTF-8', LC_ALL: '', ...env }
  return runCommand(process.execPath, [`${root}/cli/bin/cinnabar.js`, ...args], { cwd: home, env: own, timeoutMs })
}
