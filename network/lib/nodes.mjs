import { writeJson } from './files.mjs'
import { ordererConfig, peerConfig } from './node-config.mjs'
import { start } from './processes.mjs'

export async function startOrderer(plan, binaries, organisation) {
  const { inside, orderer } = organisation
  const file = inside('config', 'orderer', 'orderer.yaml')
  writeJson(file, ordererConfig(organisation, plan.organisations))
  await start(plan, {
    ...orderer,
    command: binaries.orderer,
    args: [],
    env: { FABRIC_CFG_PATH: inside('config', 'orderer'), FABRIC_LOGGING_SPEC: 'info' },
    files: [file],
  })
}

export async function startPeer(plan, binaries, organisation) {
  const { inside, peer } = organisation
  const file = inside('config', 'peer', 'core.yaml')
  writeJson(file, peerConfig(organisation))
  await start(plan, {
    ...peer,
    command: binaries.peer,
    args: ['node', 'start'],
    env: { FABRIC_CFG_PATH: inside('config', 'peer'), FABRIC_LOGGING_SPEC: 'info' },
    files: [file],
  })
}
