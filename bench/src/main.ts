import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { comparisonTable } from './comparison'
import { milestone1 } from './milestone-1'

async function main(): Promise<void> {
  const root = join(__dirname, '../..')
  const scratch = await mkdtemp(join(tmpdir(), 'cinnabar-bench-'))
  try {
    const rows = await milestone1({ root, scratch, say: (text) => process.stderr.write(`${text}\n`) })
    process.stdout.write(`${comparisonTable(rows)}\n`)
    process.exitCode = rows.every(({ met }) => met) ? 0 : 1
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
