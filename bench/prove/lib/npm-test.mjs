import { cleanClone, runCommand } from './run.mjs'

/** Runs `npm test` in a clean clone as CI does. @returns also all that it printed, as `output`. */
export async function cleanCloneTest({ root, scratch, say }) {
  const clone = await cleanClone(root, scratch)
  say('npm test in a clean clone, as CI runs it; this takes minutes')
  const { code, stdout, stderr, ms } = await runCommand('bash', ['.ci/run'], {
    cwd: clone,
    env: { CI: 'true' },
    timeoutMs: 40 * 60_000,
  })
  const last = stdout.trim().split('\n').at(-1) ?? ''
  const ok = code === 0 && /^\d+ passed, 0 failed$/.test(last)
  const output = `${stdout}\n${stderr}`
  const detail = ok ? undefined : `\`\`\`\n${output.trim().slice(-4000)}\n\`\`\``
  return { ok, measured: `${last}; exit ${code}, ${(ms / 60_000).toFixed(1)} min`, detail, output }
}
