import { setTimeout as wait } from 'node:timers/promises'
import { CommandFailed, run } from '../../scripts/lib/run.mjs'
import { NetworkError } from './network-error.mjs'
import { CHAINCODE, CHANNEL } from './settings.mjs'

const WITHIN_MS = 60_000

/**
 * The channel's peers as one organisation's peer sees them: `[{ mspId, height, chaincodes }]`.
 * Empty when it is down, or not on the channel.
 */
export async function discovered(binaries, organisation) {
  const { id, roots, peer, identity } = organisation
  const { certificate, key } = identity('admin')
  const user = ['--peerTLSCA', roots.tls, '--MSP', id, '--userKey', key, '--userCert', certificate]
  const args = [...user, 'peers', '--channel', CHANNEL, '--server', `localhost:${peer.port}`]
  try {
    const found = JSON.parse(await run(binaries.discover, args, { timeoutMs: 20_000 }))
    return found.map(({ MSPID, LedgerHeight, Chaincodes }) => ({
      mspId: MSPID,
      height: LedgerHeight,
      chaincodes: Chaincodes ?? [],
    }))
  } catch (error) {
    if (error instanceof CommandFailed || error instanceof SyntaxError) return []
    throw error
  }
}

/** Whether a peer sees every organisation's peer with the chaincode installed. */
export const seesAll = (organisations, found) =>
  organisations.every(({ id }) => found.some(({ mspId, chaincodes }) => mspId === id && chaincodes.includes(CHAINCODE)))

/** Waits until every peer sees all: before, a gateway at one may not find enough peers to endorse. */
export async function waitForDiscovery(plan, binaries) {
  const until = performance.now() + WITHIN_MS
  for (const organisation of plan.organisations) {
    while (!seesAll(plan.organisations, await discovered(binaries, organisation))) {
      if (performance.now() > until) {
        throw new NetworkError(`${organisation.peer.name} does not see all peers after ${WITHIN_MS / 1000} s`)
      }
      await wait(200)
    }
  }
}
