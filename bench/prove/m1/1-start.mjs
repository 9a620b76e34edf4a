import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { cinnabar, cleanClone, runCommand } from '../lib/run.mjs'

export const line = 1
export const title =
  'Clean clone, Node alone: `npm start` gets to a running service with a sealed, recorded and verified sample, under 4 min the first time, under 10 s after; all is still there'

const MINUTES_4 = 240_000

/** Only Node, npm and what an operating system has on these paths; npm's cache is empty. */
export async function run({ root, scratch, say }) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { fetchEvidence, logIn } = await compiled(root, 'bench/dist/proof/client.js')
  const clone = await cleanClone(root, scratch)
  const env = { npm_config_cache: join(scratch, 'npm-cache'), NODE_ENV: '' }
  const options = { root: clone, data: join(clone, '.data'), by: 'start', env }
  say('first start, from nothing')
  const first = await startService({ ...options, timeoutMs: MINUTES_4 })
  const printed = first.output()
  const sealedPath = join(first.data, 'demo/contract-sealed.pdf')
  const trustPath = join(first.data, 'trust.json')
  const names = { page: first.url, user: 'bureau', sealed: 'contract-sealed.pdf', trust: 'trust.json' }
  const missing = Object.entries(names).filter(([, text]) => !printed.includes(text))
  const page = await fetch(first.url)
  const evidencePath = join(first.data, 'demo/evidence.zip')
  const verified = await cinnabar(
    clone,
    ['verify', sealedPath, '--trust', trustPath, '--evidence', evidencePath, '--json'],
    { home: scratch },
  )
  const client = await logIn(first, 'bureau')
  const document = await client.upload(new Uint8Array(await readFile(sealedPath)), 'kept.pdf')
  const stopped = await first.stop()
  say('second start')
  const second = await startService({ ...options, timeoutMs: 60_000 })
  const kept = await (await logIn(second, 'bureau')).file(document)
  const sealed = new Uint8Array(await readFile(sealedPath))
  const evidence = await fetchEvidence(second, sealed)
  await second.stop()
  const facts = {
    printed: missing.length === 0,
    page: page.ok,
    verified: verified.code === 0,
    stopped: stopped === 0,
    kept: Buffer.compare(Buffer.from(kept), Buffer.from(sealed)) === 0 && evidence.length > 0,
    firstInTime: first.readyMs < MINUTES_4,
    secondInTime: second.readyMs < 10_000,
  }
  const wrong = Object.keys(facts).filter((name) => !facts[name])
  const node = (await runCommand(process.execPath, ['--version'])).stdout.trim()
  return {
    ok: wrong.length === 0,
    measured: `first start ${(first.readyMs / 1000).toFixed(0)} s with an empty npm cache (${node}), second ${(second.readyMs / 1000).toFixed(1)} s${wrong.length ? `; not: ${wrong.join(', ')}` : ''}`,
    detail: `\`\`\`\n${printed
      .trim()
      .slice(-2500)
      .replaceAll(/\b[a-z2-9]{4}(-[a-z2-9]{4}){3}\b/g, '…')}\n\`\`\``,
  }
}
