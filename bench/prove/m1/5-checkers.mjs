import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'

export const line = 5
export const title =
  'Two seals on one file: pdfsig, pyHanko and EU DSS call both valid, DSS says PAdES-BASELINE-T; `openssl ts -verify` accepts the token'

export async function run({ root, scratch }) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { judgeByOthers } = await compiled(root, 'bench/dist/proof/others.js')
  const service = await startService({ root, data: join(scratch, 'data') })
  try {
    const rows = await judgeByOthers(service, scratch)
    const table = rows.map(({ checker, verdict, ok }) => `| ${checker} | ${verdict} | ${ok ? 'yes' : '**no**'} |`)
    return {
      ok: rows.every(({ ok }) => ok),
      measured: rows.map(({ checker, ok }) => `${checker} ${ok ? '✓' : '✗'}`).join(', '),
      detail: ['| checker | says | as wanted |', '|---|---|---|', ...table].join('\n'),
    }
  } finally {
    await service.stop()
  }
}
