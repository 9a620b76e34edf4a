import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { startChaincode } from '../../../network/lib/chaincode.mjs'
import { planOf } from '../../../network/lib/plan.mjs'
import { ready } from '../../../network/lib/processes.mjs'
import { readSettings } from '../../../network/lib/settings.mjs'
import { inRoot } from '../../../scripts/lib/paths.mjs'

// Usage: node replace-chaincode.mjs ORGANISATION [LIE.json]
// Starts one organisation's chaincode server anew: a lying one, that says of one log at one size what LIE.json says, or,
// without a lie, the honest one again. For the drill of a rogue operator.

const [who, lieFile] = process.argv.slice(2)
const settings = readSettings(process.env)
const { port } = JSON.parse(readFileSync(join(settings.folder, 'network.json'), 'utf8'))
const plan = planOf({ ...settings, port })
const organisation = plan.organisations.find(({ id }) => id === who)
if (organisation === undefined) throw new Error(`no organisation ${who}`)
const chaincodeFile = lieFile
  ? await lyingChaincode(JSON.parse(readFileSync(lieFile, 'utf8')))
  : (settings.givenChaincode ?? inRoot('chaincode', 'dist', 'chaincode.js'))
await startChaincode({ ...plan, chaincodeFile }, organisation)
await ready(plan, organisation.chaincode)

/** The chaincode of this checkout whose `attest` and `appendOf` lie. @returns its file. */
async function lyingChaincode(lie) {
  const outfile = plan.at('lying-chaincode.js')
  await build({
    entryPoints: [inRoot('chaincode', 'src', 'server.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    alias: { '@cinnabar/core': inRoot('core', 'src', 'index.ts') },
    plugins: [lying('attest.ts', 'attest', lie), lying('queries.ts', 'queryAppendOf', lie)],
    logLevel: 'warning',
  })
  return outfile
}

/** Renames the honest rule, and puts one before it that changes the root in its answers. */
function lying(file, rule, { institution, size, root }) {
  const from = join('chaincode', 'src', 'rules', file)
  const lie = `
const told = (said) => Array.isArray(said)
  ? said.map(told)
  : said.institution === ${JSON.stringify(institution)} && said.size === ${JSON.stringify(size)}
    ? { ...said, root: ${JSON.stringify(root)} }
    : said
export const ${rule} = async (...asked) => told(await honest_${rule}(...asked))
`
  return {
    name: `lying-${rule}`,
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(`rules[\\\\/]${file.replace('.', '\\.')}$`) }, ({ path }) => {
        const honest = readFileSync(path, 'utf8')
        const renamed = honest.replace(`export async function ${rule}(`, `async function honest_${rule}(`)
        if (!path.endsWith(from) || renamed === honest) throw new Error(`${path} has no rule ${rule}`)
        return { contents: renamed + lie, loader: 'ts' }
      })
    },
  }
}
