import { compiled } from '../lib/dist.mjs'

export const line = 3
export const title =
  '200,000 mutated PDFs, CMS blobs, tokens, receipts and evidence files: no crash, no hang, no `passed`; accepted inputs re-encode to themselves'

const COUNT = Number(process.env.MUTATIONS ?? 200_000)
const AT_ONCE = 10_000

export async function run({ root, say }) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { oneSeal } = await compiled(root, 'core/dist/testing/sealed-evidence.js')
  const { runMutations } = await compiled(root, 'core/dist/testing/mutation-run.js')
  const sample = await oneSeal(await newWorld(), { seal: { contentsBytes: 2600 } })
  const findings = new Map()
  const faults = []
  let slowest = 0
  for (let from = 1; from <= COUNT; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, COUNT - from + 1)
    const part = await runMutations(sample, { from, count, millis: () => performance.now() })
    for (const [found, times] of part.findings) findings.set(found, (findings.get(found) ?? 0) + times)
    faults.push(...part.faults)
    slowest = Math.max(slowest, part.slowestMs)
    say(`${from + count - 1} of ${COUNT}, ${faults.length} faults`)
  }
  const rows = [...findings].sort().map(([found, times]) => `| ${found} | ${times} |`)
  const listed = faults.slice(0, 20).map(({ kind, seed, fault }) => `${kind}, seed ${seed}: ${fault}`)
  return {
    ok: faults.length === 0,
    measured: `${COUNT} mutations, ${faults.length} faults, slowest ${Math.round(slowest)} ms, ${findings.size} different findings`,
    detail: [...listed, '', '| found | times |', '|---|---|', ...rows].join('\n'),
  }
}
