import { findBinaries } from './binaries.mjs'
import { isLeader, ordererHeight } from './channel.mjs'
import { discovered, seesAll } from './discovery.mjs'
import { memoryOf, runningAs } from './processes.mjs'

/** The network as it is: every process, what orderers and peers have, and whether each peer sees all others. */
export async function statusOf(plan, tell) {
  const binaries = await findBinaries(plan, tell)
  const organisations = await Promise.all(plan.organisations.map((one) => organisationStatus(plan, binaries, one)))
  const processes = organisations.flatMap((one) => one.processes)
  return {
    folder: plan.folder,
    up: isUp(organisations, processes),
    memoryBytes: processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    organisations,
  }
}

const isUp = (organisations, processes) =>
  processes.every(({ pid }) => pid !== undefined) &&
  organisations.every((one) => one.seesAll) &&
  organisations.some(({ leads }) => leads)

async function organisationStatus(plan, binaries, organisation) {
  const { id, kind, ca, orderer, peer, chaincode } = organisation
  const processes = await Promise.all([ca, orderer, peer, chaincode].map((node) => processStatus(plan, node)))
  const found = processes[2].pid === undefined ? [] : await discovered(binaries, organisation)
  const own = found.find(({ mspId }) => mspId === id)
  return {
    id,
    kind,
    processes,
    ordererHeight: await ordererHeight(organisation),
    leads: await isLeader(organisation),
    peerHeight: own?.height,
    chaincodes: own?.chaincodes ?? [],
    discovers: found.map(({ mspId }) => mspId),
    seesAll: seesAll(plan.organisations, found),
  }
}

async function processStatus(plan, { name, port }) {
  const running = await runningAs(plan, name)
  return { name, port, pid: running?.pid, memoryBytes: running === undefined ? 0 : await memoryOf(running.pid) }
}

/** For people. */
export function statusText({ folder, up, memoryBytes, organisations }) {
  const mib = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`
  const lines = organisations.flatMap((one) => [
    `${one.id} (${one.kind})`,
    ...one.processes.map(
      ({ name, port, pid, memoryBytes: own }) =>
        `  ${name.padEnd(26)} ${pid === undefined ? 'down' : `pid ${pid}, port ${port}, ${mib(own)}`}`,
    ),
    `  height: orderer ${one.ordererHeight ?? '-'}${one.leads ? ' (leads)' : ''}, peer ${one.peerHeight ?? '-'}; chaincode: ${one.chaincodes.join(', ') || '-'}`,
    `  discovers: ${one.discovers.join(', ') || 'nobody'}`,
  ])
  return [...lines, `${up ? 'up' : 'NOT up'}, ${mib(memoryBytes)} of memory, ${folder}`].join('\n')
}
