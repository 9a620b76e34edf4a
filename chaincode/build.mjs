import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Usage: node chaincode/build.mjs [OUT]. Writes one file that `node` runs as a chaincode server and nothing else is needed.

const here = dirname(fileURLToPath(import.meta.url))

/**
 * fabric-shim prepares two log lines for each message of a peer, a thousand and more for a large append, and then drops
 * them: a tenth of an append's time. This logger drops them at once and writes errors as lines.
 */
const LOGGER = `
const none = () => {}
const write = (...parts) => process.stderr.write(new Date().toISOString() + ' ' + require('node:util').format(...parts) + '\\n')
const logger = { debug: none, info: none, warn: write, error: write, level: 'warn' }
module.exports = { getLogger: () => logger, setLevel: none }
`

const quietShim = {
  name: 'quiet-shim',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]fabric-(shim|contract-api)[\\/]lib[\\/]logger\.js$/ }, () => ({
      contents: LOGGER,
      loader: 'js',
    }))
  },
}

await build({
  entryPoints: [join(here, 'src', 'server.ts')],
  outfile: process.argv[2] ?? join(here, 'dist', 'chaincode.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  alias: { '@cinnabar/core': join(here, '..', 'core', 'src', 'index.ts') },
  plugins: [quietShim],
  legalComments: 'none',
  logLevel: 'warning',
})
