import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { adminRequest } from './admin-request.mjs'
import { NetworkError } from './network-error.mjs'
import { peerCommand } from './peer-command.mjs'
import { CHANNEL } from './settings.mjs'

const CHANNELS = '/participation/v1/channels'
const LEADER_WITHIN_MS = 40_000

/** Makes an organisation's orderer a member of the channel, unless it is one. */
export async function joinOrderer(plan, organisation) {
  if ((await ordererHeight(organisation)) !== undefined) return
  const boundary = 'cinnabar-genesis-block'
  const disposition = 'Content-Disposition: form-data; name="config-block"; filename="genesis.block"'
  const head = `--${boundary}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), readFileSync(plan.genesis), Buffer.from(`\r\n--${boundary}--\r\n`)])
  const type = `multipart/form-data; boundary=${boundary}`
  const { adminPort, name } = organisation.orderer
  const answer = await adminRequest(organisation, { port: adminPort, path: CHANNELS, body, type })
  if (answer?.status !== 201) throw new NetworkError(`${name} does not join the channel: ${JSON.stringify(answer)}`)
}

/** Blocks that an organisation's orderer has; undefined when it is down or not on the channel. */
export async function ordererHeight(organisation) {
  if (!existsSync(organisation.identity('admin-tls').key)) return undefined
  const { adminPort } = organisation.orderer
  const answer = await adminRequest(organisation, { port: adminPort, path: `${CHANNELS}/${CHANNEL}` })
  return answer?.status === 200 ? JSON.parse(answer.text).height : undefined
}

/** Whether an organisation's orderer leads the others. */
export async function isLeader(organisation) {
  if (!existsSync(organisation.identity('admin-tls').key)) return false
  const answer = await adminRequest(organisation, { port: organisation.orderer.operationsPort, path: '/metrics' })
  return new RegExp(`^consensus_etcdraft_is_leader\\{channel="${CHANNEL}"\\} 1$`, 'm').test(answer?.text ?? '')
}

/** Waits until the orderers have chosen a leader: before, they take no transaction. */
export async function waitForLeader({ organisations }) {
  const until = performance.now() + LEADER_WITHIN_MS
  while (!(await Promise.all(organisations.map(isLeader))).includes(true)) {
    if (performance.now() > until) throw new NetworkError(`no orderer leads after ${LEADER_WITHIN_MS / 1000} s`)
    await wait(100)
  }
}

/** Makes an organisation's peer a member of the channel, unless it is one. */
export async function joinPeer(plan, binaries, organisation) {
  const listed = await peerCommand(binaries, organisation, ['channel', 'list'])
  if (listed.split('\n').includes(CHANNEL)) return
  await peerCommand(binaries, organisation, ['channel', 'join', '-b', plan.genesis])
}
