import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { withNetwork } from '../lib/network.mjs'

export const line = 6
export const title = 'The examples page, run as written against a fresh service, on both ledgers'

export async function run(context) {
  const { root, scratch, say } = context
  const embedded = await examplesOn({ root, folder: join(scratch, 'embedded'), env: {} })
  const fabric = await withNetwork(root, say, (connection) =>
    examplesOn({
      root,
      folder: join(scratch, 'fabric'),
      env: { CINNABAR_LEDGER: 'fabric', CINNABAR_FABRIC_CONNECTION: connection },
    }),
  )
  const all = [
    ['embedded', embedded],
    ['fabric', fabric],
  ]
  const failed = all.flatMap(([ledger, outcomes]) =>
    outcomes.filter(({ code }) => code !== 0).map((outcome) => ({ ledger, ...outcome })),
  )
  const counts = all.map(
    ([ledger, outcomes]) =>
      `${ledger}: ${outcomes.map(({ language, blocks, code }) => `${language} ${blocks} blocks, exit ${code}`).join(', ')}`,
  )
  const detail = failed.map(
    ({ ledger, language, output }) => `${ledger}, ${language}:\n\n\`\`\`\n${output.slice(-3000)}\n\`\`\``,
  )
  return { ok: failed.length === 0, measured: counts.join('; '), detail: detail.join('\n\n') }
}

async function examplesOn({ root, folder, env }) {
  const { startService, demoLogins } = await compiled(root, 'bench/dist/proof/service.js')
  const { runExamples } = await compiled(root, 'bench/dist/proof/examples/run-examples.js')
  const service = await startService({ root, data: join(folder, 'data'), env, timeoutMs: 180_000 })
  try {
    const [{ user, password }] = await demoLogins(service.data)
    return await runExamples({ root, folder: join(folder, 'work'), url: service.url, user, password })
  } finally {
    await service.stop()
  }
}
