import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { secretFileOf } from './authorities.mjs'
import { crlUrlOf, SEAL_PROFILE } from './ca-config.mjs'
import { certificateOf, writeJson } from './files.mjs'
import { NetworkError } from './network-error.mjs'
import { QUORUM } from './policy.mjs'
import { CHAINCODE, CHANNEL } from './settings.mjs'

/** Writes what gateways and the trust file need to know. One owner holds every key here: `demonstration: true`. */
export function writeConnection(plan) {
  const common = { channel: CHANNEL, chaincode: CHAINCODE, demonstration: true }
  writeJson(plan.at('connection.json'), {
    type: 'cinnabar.connection.v1',
    ...common,
    institutions: plan.organisations.map((organisation) => institutionOf(plan, organisation)),
  })
  const genesis = readFileSync(plan.genesis)
  writeJson(plan.at('organisations.json'), {
    type: 'cinnabar.organisations.v1',
    ...common,
    quorum: QUORUM,
    genesis: { file: plan.genesis, sha256: sha256(genesis), header: `sha256:${sha256(headerOf(genesis))}` },
    organisations: plan.organisations.map(({ id, kind, names, roots }) => ({
      id,
      kind,
      names,
      ordererRoots: [certificateOf(roots.msp)],
      roots: [certificateOf(roots.msp)],
      sealCas: [certificateOf(roots.seal)],
      tsas: [],
    })),
  })
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/**
 * What is hashed of the channel's first block: DER of SEQUENCE { number 0, previousHash empty, dataHash }. A block begins with its
 * header (fields 1 and 2 are left out when 0 and empty), so that its bytes are 0a 22 1a 20 and the data hash.
 */
function headerOf(block) {
  if (block.subarray(0, 4).toString('hex') !== '0a221a20')
    throw new NetworkError('the genesis block is in no form known here')
  return Buffer.concat([Buffer.from('30270201000400' + '0420', 'hex'), block.subarray(4, 36)])
}

function institutionOf(plan, organisation) {
  const { id, kind, names, peer, ca, roots, identity } = organisation
  const registrar = (which) => ({ id: 'registrar', secretFile: secretFileOf(organisation, which) })
  return {
    mspId: id,
    kind,
    names,
    peers: [{ address: `localhost:${peer.port}`, hostOverride: 'localhost', tlsRoot: roots.tls }],
    clients: { registrar: identity('registrar'), sealer: identity('sealer') },
    ca: {
      url: `https://localhost:${ca.port}`,
      tlsRoot: roots.tls,
      msp: { name: 'msp', certificate: roots.msp, registrar: registrar('msp') },
      seal: {
        name: 'seal',
        profile: SEAL_PROFILE,
        certificate: roots.seal,
        registrar: registrar('seal'),
        crlUrl: crlUrlOf(plan, organisation),
      },
    },
  }
}
