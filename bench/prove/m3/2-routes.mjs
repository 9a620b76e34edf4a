import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { runCommand } from '../lib/run.mjs'

export const line = 2
export const title =
  'The authorisation matrix with its test; every route fuzzed from the OpenAPI document: 20,000 requests, no 500, no state change where refused'

const REQUESTS = 20_000

export async function run({ root, scratch, say }) {
  say('every route as every caller')
  const matrix = await matrixTest(root)
  say(`${REQUESTS} requests`)
  const { fuzz, trialPdf } = await compiled(root, 'bench/dist/proof/fuzz/fuzz.js')
  const plan = { folder: join(scratch, 'data'), pdf: await trialPdf(root), requests: REQUESTS, seed: 20, say }
  const outcome = await fuzz(plan)
  const { accepted, refused, compared, statuses, faults, neverAccepted } = outcome
  const measured = [
    `matrix: ${matrix.text}`,
    `${REQUESTS} requests, ${accepted} accepted, ${refused} refused, ${faults.length} faults`,
    `state compared ${compared} times after refusals`,
  ].join('; ')
  return {
    ok: matrix.ok && faults.length === 0 && neverAccepted.length === 0,
    measured,
    detail: detailOf({ statuses, faults, neverAccepted }),
  }
}

async function matrixTest(root) {
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const { code, stderr } = await runCommand(process.execPath, [jest, '-i', 'gateway/src/http/authorisation'], {
    cwd: root,
    timeoutMs: 300_000,
  })
  return { ok: code === 0, text: /^Tests: +(.*)$/m.exec(stderr)?.[1] ?? `ended with ${code}` }
}

function detailOf({ statuses, faults, neverAccepted }) {
  const rows = Object.entries(statuses).map(([status, count]) => `| ${status} | ${count} |`)
  const table = ['| status | answers |', '| --- | --- |', ...rows].join('\n')
  const never =
    neverAccepted.length === 0
      ? 'Every operation was accepted at least once.'
      : `Never accepted: ${neverAccepted.join(', ')}.`
  return [table, never, ...faults.map((one) => `- ${one}`)].join('\n\n')
}
