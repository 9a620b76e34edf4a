import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'

export const line = 4
export const title =
  'Every file of corpus/inputs: sealed twice by two institutions with both seals verified, or refused by name; qpdf finds no more fault; no sound file that permits another signature is refused'

export async function run({ root, corpus, scratch, say }) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { corpusFiles, corpusTable, sealCorpus } = await compiled(root, 'bench/dist/proof/corpus.js')
  const folder = join(corpus, 'inputs')
  const service = await startService({ root, data: join(scratch, 'data') })
  try {
    const files = await corpusFiles(folder)
    const outcomes = await sealCorpus(service, folder, { files, scratch, say })
    const by = {}
    for (const { outcome } of outcomes) by[outcome] = (by[outcome] ?? 0) + 1
    const wrong = outcomes.filter(({ ok }) => !ok)
    const counts = Object.entries(by).map(([outcome, count]) => `${count} ${outcome}`)
    return {
      ok: wrong.length === 0 && outcomes.length > 100,
      measured: `${outcomes.length} files: ${counts.join(', ')}; ${wrong.length} not permitted`,
      detail: corpusTable(outcomes),
    }
  } finally {
    await service.stop()
  }
}
