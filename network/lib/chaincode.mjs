import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeWhole } from './files.mjs'
import { NetworkError } from './network-error.mjs'
import { ordering, peerCommand } from './peer-command.mjs'
import { endorsementPolicy } from './policy.mjs'
import { start } from './processes.mjs'
import { CHAINCODE, CHANNEL } from './settings.mjs'
import { tarOf } from './tar.mjs'

const VERSION = '1'
const SEQUENCE = '1'

/**
 * An organisation's package: it tells its peer where its chaincode server is. The code is not in it; the definition that
 * the organisations approve is name, version and policy.
 * @returns the package's file and id.
 */
export function makePackage({ inside, chaincode, roots, identity }) {
  const text = (file) => readFileSync(file, 'utf8')
  const client = identity('chaincode-client-tls')
  const connection = {
    address: `localhost:${chaincode.port}`,
    dial_timeout: '10s',
    tls_required: true,
    client_auth_required: true,
    client_key: text(client.key),
    client_cert: text(client.certificate),
    root_cert: text(roots.tls),
  }
  const bytes = tarOf({
    'code.tar.gz': tarOf({ 'connection.json': JSON.stringify(connection) }),
    'metadata.json': JSON.stringify({ type: 'ccaas', label: CHAINCODE }),
  })
  const file = inside('chaincode', 'package.tgz')
  writeWhole(file, bytes)
  return { file, id: `${CHAINCODE}:${createHash('sha256').update(bytes).digest('hex')}` }
}

/** Starts an organisation's chaincode server; again when the chaincode's bytes have changed. */
export async function startChaincode(plan, organisation) {
  const { chaincode, identity, roots } = organisation
  const { certificate, key } = identity('chaincode-tls')
  await start(plan, {
    ...chaincode,
    command: process.execPath,
    // In MB: an append of 1,000 uses is gone before its objects need be moved to the old ones.
    args: ['--max-semi-space-size=32', plan.chaincodeFile],
    env: {
      NODE_ENV: 'production',
      // Else fabric-shim writes a line for every call. It knows WARNING; anything else means INFO.
      CORE_CHAINCODE_LOGGING_LEVEL: 'WARNING',
      CHAINCODE_SERVER_ADDRESS: `127.0.0.1:${chaincode.port}`,
      CHAINCODE_ID: makePackage(organisation).id,
      CHAINCODE_TLS_CERT: certificate,
      CHAINCODE_TLS_KEY: key,
      CHAINCODE_CLIENT_CA_CERT: roots.tls,
    },
    files: [plan.chaincodeFile],
  })
}

/** Installs the organisation's package on its peer, unless it is there. */
export async function install(binaries, organisation) {
  const { file, id } = makePackage(organisation)
  const installed = await lifecycle(binaries, organisation, 'queryinstalled', [])
  if (installed.installed_chaincodes?.some(({ package_id }) => package_id === id)) return
  await peerCommand(binaries, organisation, ['lifecycle', 'chaincode', 'install', file])
}

/** Approves the definition for each organisation that has not, and commits it. */
export async function agree(plan, binaries) {
  const { organisations } = plan
  const first = organisations[0]
  const named = ['-C', CHANNEL, '-n', CHAINCODE]
  const committed = await lifecycle(binaries, first, 'querycommitted', ['-C', CHANNEL])
  if (committed.chaincode_definitions?.some(({ name }) => name === CHAINCODE)) return
  const definition = [...named, '--version', VERSION, '--sequence', SEQUENCE]
  definition.push('--signature-policy', endorsementPolicy(organisations))
  const { approvals } = await lifecycle(binaries, first, 'checkcommitreadiness', definition)
  const missing = organisations.filter(({ id }) => !approvals[id])
  const approve = (one) => [...definition, '--package-id', makePackage(one).id, ...ordering(one)]
  await Promise.all(missing.map((one) => submit(binaries, one, 'approveformyorg', approve(one))))
  const peers = organisations.flatMap(({ peer, roots }) => [
    ...['--peerAddresses', `localhost:${peer.port}`],
    ...['--tlsRootCertFiles', roots.tls],
  ])
  await submit(binaries, first, 'commit', [...definition, ...ordering(first), ...peers])
}

async function lifecycle(binaries, organisation, what, args) {
  return JSON.parse(await peerCommand(binaries, organisation, ['lifecycle', 'chaincode', what, ...args, '-O', 'json']))
}

/** Sends a lifecycle transaction, and again while the orderers have no leader yet. */
export async function submit(binaries, organisation, what, args) {
  const until = performance.now() + 30_000
  for (;;) {
    try {
      await peerCommand(binaries, organisation, ['lifecycle', 'chaincode', what, ...args])
      return
    } catch (error) {
      const leaderless = error instanceof NetworkError && /SERVICE_UNAVAILABLE|no Raft leader/.test(error.message)
      if (!leaderless || performance.now() > until) throw error
    }
  }
}
