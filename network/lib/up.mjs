import { existsSync, mkdirSync } from 'node:fs'
import { duration, say, step } from '../../scripts/lib/say.mjs'
import { enrolAll, startCa, writeMsps } from './authorities.mjs'
import { findBinaries } from './binaries.mjs'
import { agree, install, startChaincode } from './chaincode.mjs'
import { joinOrderer, joinPeer, waitForLeader } from './channel.mjs'
import { writeConnection } from './connection.mjs'
import { discovered, seesAll, waitForDiscovery } from './discovery.mjs'
import { readJson, writeJson } from './files.mjs'
import { makeGenesis } from './genesis.mjs'
import { NetworkError } from './network-error.mjs'
import { startOrderer, startPeer } from './nodes.mjs'
import { ready } from './processes.mjs'
import { takeSnapshots } from './snapshots.mjs'

/** Brings up whatever of the network is not up. Every step looks at what is there, so it may be cut off anywhere. */
export async function up(plan) {
  const began = performance.now()
  if (!existsSync(plan.chaincodeFile)) throw new NetworkError(`there is no chaincode at ${plan.chaincodeFile}`)
  const binaries = await findBinaries(plan)
  openFolder(plan)
  const { organisations } = plan
  const each = (work) => Promise.all(organisations.map(work))
  await step('certificate authorities', async () => {
    await each((one) => startCa(plan, binaries, one))
    await each((one) => ready(plan, one.ca))
  })
  await step('certificates', () => each((one) => enrolAll(binaries, one)))
  organisations.forEach(writeMsps)
  await step('genesis block', () => makeGenesis(plan, binaries))
  await step('orderers and peers', () => startNodes(plan, binaries, each))
  if (!(await isWhole(plan, binaries))) {
    await step('channel', () => joinAll(plan, binaries, each))
    await step('chaincode: install', () => each((one) => install(binaries, one)))
    await step('chaincode: approve and commit', () => agree(plan, binaries))
  }
  await step('orderers: leader', () => waitForLeader(plan))
  await step('orderers: first snapshots', () => takeSnapshots(plan, binaries))
  await step('discovery', () => waitForDiscovery(plan, binaries))
  writeConnection(plan)
  say(`The network is up (${duration(performance.now() - began)}): ${plan.at('connection.json')}`)
}

async function startNodes(plan, binaries, each) {
  await each((one) => startOrderer(plan, binaries, one))
  await each((one) => startPeer(plan, binaries, one))
  await each((one) => startChaincode(plan, one))
  await each(async ({ orderer, peer, chaincode }) => {
    await ready(plan, orderer)
    await ready(plan, { ...orderer, port: orderer.adminPort })
    await ready(plan, peer)
    await ready(plan, chaincode)
  })
}

async function joinAll(plan, binaries, each) {
  await each((one) => joinOrderer(plan, one))
  await each((one) => joinPeer(plan, binaries, one))
}

/** One question spares many where nothing is left to do. */
async function isWhole(plan, binaries) {
  return seesAll(plan.organisations, await discovered(binaries, plan.organisations[0]))
}

/** Ports are in the channel's configuration: they stay as they were. */
function openFolder(plan) {
  mkdirSync(plan.folder, { recursive: true, mode: 0o700 })
  const made = readJson(plan.at('network.json'))
  if (made === undefined) writeJson(plan.at('network.json'), { port: plan.port })
  else if (made.port !== plan.port) {
    throw new NetworkError(
      `the network in ${plan.folder} was made with CINNABAR_NETWORK_PORT=${made.port}; set that, or remove the network with down --purge`,
    )
  }
}
