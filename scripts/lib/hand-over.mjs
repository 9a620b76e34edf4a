import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { inRoot } from './paths.mjs'
import { say } from './say.mjs'

/**
 * Runs a compiled program of ours in our place: our arguments, our terminal, our exit status.
 * Signals reach it once: a terminal's Ctrl-C goes to every process there by itself, others are passed on.
 */
export function handOver(...program) {
  const file = inRoot(...program)
  if (!existsSync(file)) {
    say(`${program.join('/')} does not exist`)
    process.exit(1)
  }
  const child = spawn(process.execPath, [file, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal)
    })
  }
  if (process.env.npm_lifecycle_event !== undefined) whenOrphaned(() => child.kill('SIGTERM'))
  child.on('error', (error) => {
    say(`${program.join('/')} could not start: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code) => process.exit(code ?? 1))
}

/** npm runs us in a shell, and a signal to npm ends that shell without reaching us: then our parent changes. */
function whenOrphaned(act) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    act()
  }, 300)
}
