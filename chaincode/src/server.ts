import { readFileSync } from 'node:fs'
import { verifySignaturesAtOnce } from '@cinnabar/core'
import { type ChaincodeInterface, Shim } from 'fabric-shim'
import { clientIdentity } from './client-identity'
import { newChaincode } from './contract'

/**
 * Chaincode as a service: one organisation's peer connects here, both sides by TLS with certificates. Settings are the
 * environment's; the last three are paths of PEM files.
 */
const SETTINGS = [
  'CHAINCODE_ID',
  'CHAINCODE_SERVER_ADDRESS',
  'CHAINCODE_TLS_KEY',
  'CHAINCODE_TLS_CERT',
  'CHAINCODE_CLIENT_CA_CERT',
] as const

/**
 * A peer sends the arguments and the proposal with them again: so twice the orderers' AbsoluteMaxBytes of 10 MB, and
 * some. gRPC's own limit for a server is 4 MiB.
 */
const MAX_MESSAGE_BYTES = 32 << 20

function settings(): Readonly<Record<(typeof SETTINGS)[number], string>> {
  const found = SETTINGS.map((name) => [name, process.env[name] ?? ''] as const)
  const missing = found.filter(([, value]) => value === '').map(([name]) => name)
  if (missing.length > 0) {
    process.stderr.write(`chaincode: not set: ${missing.join(', ')}\n`)
    process.exit(64)
  }
  return Object.fromEntries(found) as Record<(typeof SETTINGS)[number], string>
}

async function main(): Promise<void> {
  const given = settings()
  verifySignaturesAtOnce()
  const chaincode = newChaincode({
    now: Date.now,
    identityOf: clientIdentity,
    report: (fault) => process.stderr.write(`${fault instanceof Error ? fault.stack : String(fault)}\n`),
  })
  const server = Shim.server(chaincode as unknown as ChaincodeInterface, {
    ccid: given.CHAINCODE_ID,
    address: given.CHAINCODE_SERVER_ADDRESS,
    tlsProps: {
      key: readFileSync(given.CHAINCODE_TLS_KEY),
      cert: readFileSync(given.CHAINCODE_TLS_CERT),
      clientCACerts: readFileSync(given.CHAINCODE_CLIENT_CA_CERT),
    },
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  })
  process.once('SIGTERM', () => process.exit(0))
  process.once('SIGINT', () => process.exit(0))
  await server.start()
  process.stdout.write(`chaincode ${given.CHAINCODE_ID} listens on ${given.CHAINCODE_SERVER_ADDRESS}\n`)
}

main().catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof Error ? fault.stack : String(fault)}\n`)
  process.exit(1)
})
