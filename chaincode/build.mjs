import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Usage: node chaincode/build.mjs [OUT]. Writes one file that `node` runs as a chaincode server and nothing else is needed.

const here = dirname(fileURLToPath(import.meta.url))

await build({
  entryPoints: [join(here, 'src', 'server.ts')],
  outfile: process.argv[2] ?? join(here, 'dist', 'chaincode.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  alias: { '@cinnabar/core': join(here, '..', 'core', 'src', 'index.ts') },
  legalComments: 'none',
  logLevel: 'warning',
})
