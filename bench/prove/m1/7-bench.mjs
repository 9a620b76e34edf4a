import { compiled } from '../lib/dist.mjs'

export const line = 7
export const title = 'The bench table'

export async function run({ root, scratch, say }) {
  const { milestone1 } = await compiled(root, 'bench/dist/milestone-1.js')
  const { comparisonTable } = await compiled(root, 'bench/dist/comparison.js')
  const rows = await milestone1({ root, scratch, say })
  return {
    ok: rows.every(({ met }) => met),
    measured: rows.map(({ what, factor }) => `${what}: ${factor}`).join('; '),
    detail: comparisonTable(rows),
  }
}
