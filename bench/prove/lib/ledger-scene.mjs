import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compiled } from './dist.mjs'

/**
 * The running network as a client of it sees it: its ledger, its peers, and a seal of the agency stamped by the court.
 * Seal CAs and authorities are kept beside the connection, where the network's tests keep them, too.
 */
export async function ledgerScene(root, connectionFile) {
  const { openFabricLedger } = await compiled(root, 'gateway/dist/ledger/fabric.js')
  const { FabricPeers } = await compiled(root, 'gateway/dist/ledger/fabric-peers.js')
  const { readConnection } = await compiled(root, 'gateway/dist/ledger/fabric-config.js')
  const { systemClock: clock } = await compiled(root, 'gateway/dist/clock.js')
  const scene = await compiled(root, 'core/dist/testing/scene.js')
  const connection = readConnection(connectionFile)
  const cast = await castOf(root, connection, join(dirname(connectionFile), 'test-cast.json'))
  const ledger = openFabricLedger({ connection, clock, report: () => undefined })
  await scene.foundCast(ledger, cast)
  const held = await scene.registerSeal(ledger, cast.agency)
  const peers = new FabricPeers(connection, clock)
  return {
    connection,
    ledger,
    cast,
    held,
    peers,
    sealer: scene.sealer(cast.agency),
    close: async () => {
      peers.close()
      await ledger.close()
    },
  }
}

async function castOf(root, { organisations }, file) {
  const { newPki, readPki, savePki } = await compiled(root, 'core/dist/testing/pki.js')
  if (!existsSync(file)) {
    const made = await Promise.all(organisations.map(({ id }) => newPki(id)))
    writeFileSync(file, JSON.stringify(made.map(savePki)), { mode: 0o600 })
  }
  const pkis = await Promise.all(JSON.parse(readFileSync(file, 'utf8')).map(readPki))
  const of = (kind) => {
    const { id } = organisations.find((one) => one.kind === kind)
    return pkis.find(({ institution }) => institution === id)
  }
  return { agency: of('agency'), enterprise: of('enterprise'), court: of('court') }
}
