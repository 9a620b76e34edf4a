import { suite, withNetwork } from '../lib/network.mjs'
import { proveCommand } from '../m1/3-command.mjs'

export const line = 2
export const title =
  'The ledger contract suite on both adapters; `CINNABAR_LEDGER=fabric npm start` seals, verifies and gives evidence as on the embedded ledger, the report naming the three organisations and those that attested'

const ORGANISATIONS = ['JiangzhouBureau', 'JiangzhouCourt', 'YuanhangTech']
/** Every byte was flipped in milestone 1, and the file is the same on every ledger: here a sample. */
const FLIP_EVERY = 97

export function run(context) {
  return withNetwork(context.root, context.say, (connection) => prove(context, connection))
}

async function prove(context, connection) {
  const { root, say } = context
  say('contract suites')
  const suites = {
    embedded: await suite(root, 'gateway/src/ledger/embedded.test.ts'),
    fabric: await suite(root, 'gateway/test/fabric/ledger.network.ts'),
    certificates: await suite(root, 'gateway/test/fabric/seal-ca.network.ts'),
  }
  say('the product on Fabric')
  const attested = []
  const product = await proveCommand(context, {
    env: { CINNABAR_LEDGER: 'fabric', CINNABAR_FABRIC_CONNECTION: connection },
    every: FLIP_EVERY,
    isTrust: ({ ledger, organisations, singleOperator, demonstration }) =>
      ledger === 'fabric' &&
      singleOperator === false &&
      demonstration === true &&
      [...organisations].sort().join() === ORGANISATIONS.join(),
    isReport: ({ signatures }) => {
      attested.push(...(signatures[0]?.recorded?.attestedBy ?? []))
      return attested.length >= 2 && attested.every((id) => ORGANISATIONS.includes(id))
    },
  })
  const failed = Object.entries(suites).filter(([, { ok }]) => !ok)
  const counts = Object.entries(suites).map(([name, { text }]) => `${name}: ${text}`)
  return {
    ok: product.ok && failed.length === 0,
    measured: `${counts.join('; ')}; attested by ${attested.join(', ')}; ${product.measured}`,
    detail: [product.detail, ...failed.map(([, { output }]) => `\`\`\`\n${output.slice(-4000)}\n\`\`\``)].join('\n\n'),
  }
}
