import { existsSync, renameSync } from 'node:fs'
import { run } from '../../scripts/lib/run.mjs'
import { writeJson } from './files.mjs'
import { CHANNEL } from './settings.mjs'

/** Makes the channel's genesis block, once. */
export async function makeGenesis(plan, binaries) {
  if (existsSync(plan.genesis)) return
  writeJson(plan.at('channel', 'configtx.yaml'), { Profiles: { cinnabar: profile(plan.organisations) } })
  const partial = `${plan.genesis}.partial`
  const args = ['-profile', 'cinnabar', '-channelID', CHANNEL, '-outputBlock', partial]
  await run(binaries.configtxgen, args, { env: { PATH: process.env.PATH, FABRIC_CFG_PATH: plan.at('channel') } })
  renameSync(partial, plan.genesis)
}

/** Capabilities that 2.5 and 3.x share. */
function profile(organisations) {
  return {
    Policies: policies(),
    Capabilities: { V2_0: true },
    Orderer: {
      OrdererType: 'etcdraft',
      Addresses: organisations.map(({ orderer }) => `localhost:${orderer.port}`),
      BatchTimeout: '100ms',
      // An append of 1,000 has 0.75 MB: what is larger than is preferred is ordered at once, waiting for no other.
      BatchSize: { MaxMessageCount: 500, AbsoluteMaxBytes: '10 MB', PreferredMaxBytes: '512 KB' },
      EtcdRaft: raft(organisations),
      Organizations: organisations.map(ordererOrganisation),
      Policies: { ...policies(), BlockValidation: { Type: 'ImplicitMeta', Rule: 'ANY Writers' } },
      Capabilities: { V2_0: true },
    },
    Application: {
      Organizations: organisations.map(peerOrganisation),
      Policies: {
        ...policies(),
        // Every change of the chaincode is approved by all, and committed with a majority's endorsement.
        LifecycleEndorsement: { Type: 'ImplicitMeta', Rule: 'MAJORITY Endorsement' },
        Endorsement: { Type: 'ImplicitMeta', Rule: 'MAJORITY Endorsement' },
      },
      Capabilities: { V2_5: true },
    },
  }
}

function policies() {
  return {
    Readers: { Type: 'ImplicitMeta', Rule: 'ANY Readers' },
    Writers: { Type: 'ImplicitMeta', Rule: 'ANY Writers' },
    Admins: { Type: 'ImplicitMeta', Rule: 'MAJORITY Admins' },
  }
}

/**
 * Small snapshots: an orderer of 2.5.0 can deadlock when it replays the membership entries at the start of its log
 * (fabric issue 4199); after a snapshot it does not see them again. `takeSnapshots` sees to the first.
 */
function raft(organisations) {
  const consenter = ({ orderer, identity }) => {
    const { certificate } = identity('orderer-tls')
    return { Host: 'localhost', Port: orderer.port, ClientTLSCert: certificate, ServerTLSCert: certificate }
  }
  return {
    Consenters: organisations.map(consenter),
    Options: {
      TickInterval: '250ms',
      ElectionTick: 10,
      HeartbeatTick: 1,
      MaxInflightBlocks: 5,
      SnapshotIntervalSize: '64 KB',
    },
  }
}

const signature = (Rule) => ({ Type: 'Signature', Rule })

function ordererOrganisation(organisation) {
  const { id, inside, orderer } = organisation
  return {
    Name: id,
    ID: id,
    MSPDir: inside('msp', 'channel'),
    OrdererEndpoints: [`localhost:${orderer.port}`],
    Policies: {
      Readers: signature(`OR('${id}.member')`),
      Writers: signature(`OR('${id}.orderer')`),
      Admins: signature(`OR('${id}.admin')`),
    },
  }
}

function peerOrganisation({ id, inside, peer }) {
  return {
    Name: id,
    ID: id,
    MSPDir: inside('msp', 'channel'),
    AnchorPeers: [{ Host: 'localhost', Port: peer.port }],
    Policies: {
      Readers: signature(`OR('${id}.admin','${id}.peer','${id}.client')`),
      Writers: signature(`OR('${id}.admin','${id}.client')`),
      Admins: signature(`OR('${id}.admin')`),
      Endorsement: signature(`OR('${id}.peer')`),
    },
  }
}
