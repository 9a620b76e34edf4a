import { CommandFailed, run } from '../../scripts/lib/run.mjs'
import { NetworkError } from './network-error.mjs'

/** Runs Fabric's `peer` command as an organisation's administrator. @returns its output. */
export async function peerCommand(binaries, organisation, args) {
  const { id, inside, peer, roots } = organisation
  const env = {
    PATH: process.env.PATH,
    FABRIC_CFG_PATH: inside('config', 'peer'),
    FABRIC_LOGGING_SPEC: 'error',
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_LOCALMSPID: id,
    CORE_PEER_ADDRESS: `localhost:${peer.port}`,
    CORE_PEER_TLS_ROOTCERT_FILE: roots.tls,
    CORE_PEER_MSPCONFIGPATH: inside('msp', 'admin'),
  }
  try {
    return await run(binaries.peer, args, { env, timeoutMs: 120_000 })
  } catch (error) {
    if (error instanceof CommandFailed) throw new NetworkError(`${id}: ${error.message}\n${error.output.trim()}`)
    throw error
  }
}

/** Where a transaction is sent for ordering. */
export const ordering = ({ orderer, roots }) => ['-o', `localhost:${orderer.port}`, '--tls', '--cafile', roots.tls]
