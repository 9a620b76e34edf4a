import { compiled } from '../../lib/dist.mjs'
import { ledgerScene } from '../../lib/ledger-scene.mjs'

/** What the parts of this line share: batches of uses, appended by the adapter or step by step. */
export async function appendScene(root, connectionFile) {
  const { MAX_APPEND_BYTES, MAX_ENTRIES, appendCall } = await compiled(root, 'chaincode/dist/index.js')
  const { fillAppend } = await compiled(root, 'core/dist/testing/fill-append.js')
  const { useOf } = await compiled(root, 'core/dist/testing/scene.js')
  const { sealEntries } = await compiled(root, 'core/dist/testing/uses.js')
  const scene = await ledgerScene(root, connectionFile)
  const { ledger, held, cast, connection, peers, sealer } = scene
  const { institution } = held.pki
  const recorded = async () => (await ledger.seal(institution, held.seal.id)).uses
  const proposal = (name, options) =>
    peers.ordered()[0].networkFor(peers.identityOf(sealer)).getContract(connection.chaincode).newProposal(name, options)
  return {
    ...scene,
    MAX_APPEND_BYTES,
    MAX_ENTRIES,
    proposal,
    size: async () => (await ledger.head(institution)).size,
    async batch(count) {
      const uses = await Promise.all(Array.from({ length: count }, () => useOf(held, cast.court, new Date())))
      return { uses, entries: sealEntries(uses, held.seal, await recorded()) }
    },
    filled: async (count, bytes) =>
      fillAppend({ held, stampedBy: cast.court, recorded: await recorded(), at: new Date(), count, bytes }),
    async append({ entries, uses }) {
      const { size } = await ledger.head(institution)
      const began = performance.now()
      const head = await ledger.append(sealer, institution, size, entries, uses)
      return { ms: performance.now() - began, grown: head.size - size }
    },
    async proposalOf({ entries, uses }, endorsingOrganizations) {
      const { args, transient } = appendCall(institution, await this.size(), entries, uses)
      const transientData = Object.fromEntries(transient)
      return proposal('append', { arguments: args, transientData, endorsingOrganizations })
    },
  }
}

export const within = (ms) => ({ deadline: Date.now() + ms })

/** Milliseconds that the work took, and what it gave. */
export async function timed(work) {
  const began = performance.now()
  const value = await work()
  return { ms: performance.now() - began, value }
}
