import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../scripts/lib/run.mjs'
import { caFiles, IDENTITIES } from './ca-config.mjs'
import { readJson, writeJson, writeWhole } from './files.mjs'
import { start } from './processes.mjs'

/** Where a registrar's password is, for whoever registers identities with a CA. */
export const secretFileOf = ({ inside }, which) => inside('ca', `${which}-registrar.secret`)

/** Starts an organisation's CA server. */
export async function startCa(plan, binaries, organisation) {
  const { inside, ca } = organisation
  const secrets = secretsOf(organisation)
  const files = Object.entries(caFiles(plan, organisation, secrets)).map(([path, value]) => {
    const file = inside('ca', path)
    writeJson(file, value)
    return file
  })
  for (const which of ['msp', 'seal']) writeWhole(secretFileOf(organisation, which), secrets[which].registrar)
  await start(plan, {
    ...ca,
    command: binaries['fabric-ca-server'],
    args: ['start'],
    env: { FABRIC_CA_SERVER_HOME: inside('ca') },
    files,
  })
}

/** Enrols whoever of an organisation has no certificate yet. A key is made where it stays. */
export async function enrolAll(binaries, organisation) {
  const secrets = secretsOf(organisation)
  for (const [which, identities] of Object.entries(IDENTITIES)) {
    if (which === 'seal') continue
    for (const name of Object.keys(identities)) await enrol(binaries, organisation, which, name, secrets[which][name])
  }
}

/** Folder name of an identity: a node has one key to be known by and another for TLS. */
export const identityName = (which, name) => (which === 'tls' ? `${name}-tls` : name)

async function enrol(binaries, { id, ca, roots, inside }, which, name, secret) {
  const folder = inside('identities', identityName(which, name))
  if (existsSync(folder)) return
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  const hosts = which === 'tls' ? 'localhost,127.0.0.1,' : ''
  const subject = ['--csr.names', `O=${id}`, '--csr.hosts', `${hosts}${name}.${id.toLowerCase()}.test`]
  const args = ['enroll', '--caname', which, '--tls.certfiles', roots.tls, '-M', join(partial, 'msp'), ...subject]
  if (which === 'tls') args.push('--enrollment.profile', 'tls')
  // Not among the arguments, which every user of the machine can read.
  const url = `https://${name}:${secret}@localhost:${ca.port}`
  const env = { PATH: process.env.PATH, FABRIC_CA_CLIENT_HOME: partial, FABRIC_CA_CLIENT_URL: url }
  await run(binaries['fabric-ca-client'], args, { env })
  const only = (part) => join(partial, 'msp', part, readdirSync(join(partial, 'msp', part))[0])
  renameSync(only('signcerts'), join(partial, 'cert.pem'))
  renameSync(only('keystore'), join(partial, 'key.pem'))
  for (const left of readdirSync(partial)) {
    if (!left.endsWith('.pem')) rmSync(join(partial, left), { recursive: true })
  }
  renameSync(partial, folder)
}

function secretsOf({ inside }) {
  const file = inside('ca', 'secrets.json')
  const known = readJson(file)
  if (known !== undefined) return known
  const made = Object.fromEntries(Object.entries(IDENTITIES).map(([which, all]) => [which, passwordsFor(all)]))
  writeJson(file, made)
  return made
}

const passwordsFor = (identities) =>
  Object.fromEntries(Object.keys(identities).map((name) => [name, randomBytes(24).toString('hex')]))

/**
 * MSP folders: the organisation's own, as the channel knows it, and one for each node and the administrator.
 * The identifiers of NodeOU name no certificate, so that a further root can be added to the MSP.
 */
export function writeMsps({ inside, roots, identity }) {
  const unit = (OrganizationalUnitIdentifier) => ({ OrganizationalUnitIdentifier })
  const config = {
    NodeOUs: {
      Enable: true,
      ClientOUIdentifier: unit('client'),
      PeerOUIdentifier: unit('peer'),
      AdminOUIdentifier: unit('admin'),
      OrdererOUIdentifier: unit('orderer'),
    },
  }
  for (const name of ['channel', 'peer', 'orderer', 'admin']) {
    const folder = (...parts) => inside('msp', name, ...parts)
    writeJson(folder('config.yaml'), config)
    writeWhole(folder('cacerts', 'msp-ca.pem'), readFileSync(roots.msp))
    writeWhole(folder('tlscacerts', 'tls-ca.pem'), readFileSync(roots.tls))
    if (name === 'channel') continue
    writeWhole(folder('signcerts', 'cert.pem'), readFileSync(identity(name).certificate))
    writeWhole(folder('keystore', 'key.pem'), readFileSync(identity(name).key))
  }
}
