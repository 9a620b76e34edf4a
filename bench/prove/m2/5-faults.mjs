import { compiled } from '../lib/dist.mjs'
import { withNetwork } from '../lib/network.mjs'

export const line = 5
export const title =
  'Faults under a steady 50 documents a second: leader orderer, each peer, own chaincode server, all nodes and the gateway killed; nothing acknowledged lost, nothing recorded twice, service resumes by itself'

const PER_SECOND = 50
const PACE = { awayMs: 15_000, afterMs: 12_000 }

export function run(context) {
  return withNetwork(context.root, context.say, (connection) => prove(context, connection))
}

async function prove({ root, scratch, say }, connection) {
  const { runFaults } = await compiled(root, 'bench/dist/proof/faults/run.js')
  const { faultsTable, faultsVerdict } = await compiled(root, 'bench/dist/proof/faults/verdict.js')
  const outcome = await runFaults({
    root,
    scratch,
    connection,
    users: ['bureau', 'yuanhang'],
    perSecond: PER_SECOND,
    quietMs: 20_000,
    pace: PACE,
    sample: 60,
    seed: 5,
    say,
  })
  return { ...faultsVerdict(outcome), detail: faultsTable(outcome) }
}
