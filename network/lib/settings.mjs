import { resolve } from 'node:path'
import { inRoot } from '../../scripts/lib/paths.mjs'
import { NetworkError } from './network-error.mjs'

/** Channel and chaincode have the name that the trust file pins. */
export const CHANNEL = 'cinnabar'
export const CHAINCODE = 'cinnabar'

/**
 * What the person who runs the network decides.
 * @throws NetworkError that names every setting in the way.
 */
export function readSettings(env) {
  const problems = []
  const port = Number(env.CINNABAR_NETWORK_PORT || 7100)
  // Three hundred ports above it, below those that systems give out.
  if (!Number.isInteger(port) || port < 1024 || port > 32_000) {
    problems.push('CINNABAR_NETWORK_PORT is not a number from 1024 to 32000')
  }
  const publicUrl = (env.CINNABAR_PUBLIC_URL || 'http://127.0.0.1:8080').replace(/\/+$/, '')
  if (!/^https?:\/\/[^\s"\\]+$/.test(publicUrl)) problems.push('CINNABAR_PUBLIC_URL is not an http(s) address')
  if (problems.length > 0) throw new NetworkError(problems.join('; '))
  return {
    folder: resolve(env.CINNABAR_NETWORK || inRoot('.network')),
    port,
    publicUrl,
    /** Undefined: the one built here. */
    givenChaincode: env.CINNABAR_CHAINCODE ? resolve(env.CINNABAR_CHAINCODE) : undefined,
    fabricBin: env.FABRIC_BIN ? resolve(env.FABRIC_BIN) : undefined,
    fabricCaBin: env.FABRIC_CA_BIN ? resolve(env.FABRIC_CA_BIN) : undefined,
  }
}
