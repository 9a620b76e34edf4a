import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const declared = JSON.parse(readFileSync(new URL('../organisations.json', import.meta.url), 'utf8'))

/** Every name, folder and port of the network, from its settings alone. */
export function planOf(settings) {
  const at = (...parts) => join(settings.folder, ...parts)
  return {
    ...settings,
    at,
    genesis: at('channel', 'genesis.block'),
    organisations: declared.map((one, index) => organisationOf(one, settings.port + index * 100, at)),
  }
}

function organisationOf({ id, kind, names }, port, at) {
  const inside = (...parts) => at('organisations', id, ...parts)
  const identity = (name) => ({
    certificate: inside('identities', name, 'cert.pem'),
    key: inside('identities', name, 'key.pem'),
  })
  return {
    id,
    kind,
    names,
    inside,
    identity,
    /** Roots: of its peers, orderers, administrators and clients; of its seal certificates; of its TLS certificates. */
    roots: {
      msp: inside('ca', 'msp', 'ca-cert.pem'),
      seal: inside('ca', 'seal', 'ca-cert.pem'),
      tls: inside('ca', 'ca-cert.pem'),
    },
    peer: { name: `peer-${id}`, port: port + 1, chaincodePort: port + 2, operationsPort: port + 3 },
    chaincode: { name: `chaincode-${id}`, port: port + 4 },
    orderer: { name: `orderer-${id}`, port: port + 5, adminPort: port + 6, operationsPort: port + 7 },
    ca: { name: `ca-${id}`, port: port + 8, operationsPort: port + 9 },
  }
}
