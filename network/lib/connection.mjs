import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { secretFileOf } from './authorities.mjs'
import { crlUrlOf, SEAL_PROFILE } from './ca-config.mjs'
import { certificateOf, writeJson } from './files.mjs'
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
  const sha256 = createHash('sha256').update(readFileSync(plan.genesis)).digest('hex')
  writeJson(plan.at('organisations.json'), {
    type: 'cinnabar.organisations.v1',
    ...common,
    quorum: QUORUM,
    genesis: { file: plan.genesis, sha256 },
    organisations: plan.organisations.map(({ id, kind, names, roots }) => ({
      id,
      kind,
      names,
      roots: [certificateOf(roots.msp)],
      sealCas: [certificateOf(roots.seal)],
      tsas: [],
    })),
  })
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
